"""Fetches the jars of Apache Kafka once per user, in parallel, and checks every byte of them by SHA-256."""

import errno
import hashlib
import os
import shutil
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from embedded.trouble import Trouble, of_disk

THREADS = 8
TRIES = 3
TIMEOUT = 20  # seconds for a connection, and between two pieces of an answer
MIRROR = "NHIPCAU_MAVEN_URL"


@dataclass(frozen=True)
class Jar:
    group: str
    artifact: str
    version: str
    sha256: str
    packaging: str = "jar"

    @property
    def file(self) -> str:
        return f"{self.artifact}-{self.version}.{self.packaging}"


Fetch = Callable[[Jar, Path], Path]
"""Fetches one jar into an empty folder and returns the file; any exception means "try again"."""


class Damaged(Exception):
    """What came is not what the manifest names."""


def manifest() -> tuple[Jar, ...]:
    text = resources.files("embedded").joinpath("kafka_home/jars.toml").read_text(encoding="utf-8")
    return tuple(Jar(**entry) for entry in tomllib.loads(text)["jar"])


def user_cache() -> Path:
    """Where downloads shared by all checkouts of this user are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "nhipcau"


def fetch_with_jgo(jar: Jar, into: Path) -> Path:
    from jgo.maven import MavenContext  # noqa: PLC0415 - 0.4 s that only a first start needs

    mirror = os.environ.get(MIRROR)
    context = MavenContext(
        repo_cache=into,
        local_repos=[],
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
        timeout=TIMEOUT,
    )
    return Path(
        context.project(jar.group, jar.artifact)
        .at_version(jar.version)
        .artifact(packaging=jar.packaging)
        .resolve()
    )


def kafka_jars(
    cache: Path,
    jars: Iterable[Jar],
    *,
    fetch: Fetch = fetch_with_jgo,
    say: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """The class path: every jar in `cache`, whole; what is missing or damaged is fetched first."""
    jars = tuple(jars)
    missing = [jar for jar in jars if not _is_whole(cache / jar.file, jar)]
    if missing:
        try:
            _fetch_all(missing, cache, fetch, say)
        except OSError as error:
            raise of_disk(error, cache) from error
    return [cache / jar.file for jar in jars]


def fetched(cache: Path, jar: Jar, *, fetch: Fetch = fetch_with_jgo) -> Path:
    """One artifact in `cache`, whole; raises Trouble when it cannot be had."""
    try:
        if not _is_whole(cache / jar.file, jar):
            cache.mkdir(parents=True, exist_ok=True)
            _fetch_one(jar, cache, fetch)
    except OSError as error:
        raise of_disk(error, cache) from error
    return cache / jar.file


def _fetch_all(missing: list[Jar], cache: Path, fetch: Fetch, say: Callable[[str], None]) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    say(f"Apache Kafka: fetching {len(missing)} jars into {cache} …")
    with ThreadPoolExecutor(THREADS) as threads:
        waiting = [threads.submit(_fetch_one, jar, cache, fetch) for jar in missing]
        try:
            for count, done in enumerate(as_completed(waiting), 1):
                done.result()
                if count % 15 == 0 or count == len(missing):
                    say(f"Apache Kafka: {count} of {len(missing)} jars")
        finally:
            threads.shutdown(wait=True, cancel_futures=True)


def _fetch_one(jar: Jar, cache: Path, fetch: Fetch) -> None:
    damaged = 0
    for tried in range(1, TRIES + 1):
        try:
            _fetch_once(jar, cache, fetch)
        except Damaged as error:
            damaged += 1
            if damaged == 2:  # noqa: PLR2004 - fetched again once, then said
                raise Trouble(
                    f"{jar.file} came damaged twice (SHA-256 differs from the manifest)",
                    "a proxy or mirror changes downloads: try another network, or set "
                    f"{MIRROR} to a repository you trust",
                ) from error
        except OSError as error:
            if _is_of_disk(error):
                raise
            _wait_or_give_up(jar, tried, error)
        except Exception as error:  # noqa: BLE001 - whatever the client met, the answer is the same
            _wait_or_give_up(jar, tried, error)
        else:
            return


def _fetch_once(jar: Jar, cache: Path, fetch: Fetch) -> None:
    room = Path(tempfile.mkdtemp(prefix=".fetching-", dir=cache))
    try:
        fetched = fetch(jar, room)
        if not _is_whole(fetched, jar):
            raise Damaged(jar.file)
        fetched.replace(cache / jar.file)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _wait_or_give_up(jar: Jar, tried: int, error: Exception) -> None:
    if tried == TRIES:
        raise Trouble(
            f"{jar.file} could not be fetched in {TRIES} tries ({_reason(error)})",
            f"check the network (or set {MIRROR} to a Maven mirror) and start again; "
            "what was fetched is kept",
        ) from error
    time.sleep(0.5 * 2**tried)


def _is_of_disk(error: OSError) -> bool:
    """True for our own writes; network errors are OSErrors too, but carry no file name."""
    return error.filename is not None or error.errno in {errno.ENOSPC, errno.EDQUOT}


def _reason(error: Exception) -> str:
    root: BaseException = error
    while root.__cause__ or root.__context__:
        root = root.__cause__ or root.__context__ or root
    return f"{type(error).__name__}: {root}"[:160]


def _is_whole(file: Path, jar: Jar) -> bool:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == jar.sha256
    except OSError:
        return False
