"""A real Keycloak on this machine, for the test that signs in at one: its distribution, built once, and a realm.

Building it (its own step before a first start) and importing a realm take half a minute; both are kept in
the user's cache, under the distribution's digest and the realm's, so that a later start takes seconds.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from embedded.jars import Jar, fetched, user_cache
from embedded.kafka import find_java
from embedded.process import EngineProcess, Recipe
from embedded.trouble import Trouble, of_disk
from embedded.versions import KEYCLOAK, KEYCLOAK_SHA256

DISTRIBUTION = Jar("org.keycloak", "keycloak-quarkus-dist", KEYCLOAK, KEYCLOAK_SHA256, "zip")
ADMIN = "admin"
JVM = (
    "-Xms64m",
    "-Xmx384m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:MaxMetaspaceSize=256m",
    "-XX:+ExitOnOutOfMemoryError",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "--add-opens=java.base/java.util=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--add-opens=java.base/java.security=ALL-UNNAMED",
    "-Dfile.encoding=UTF-8",
    "-Duser.language=en",
    "-Duser.country=US",
    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
    "-Dpicocli.disable.closures=true",
    "-Dquarkus-log-max-startup-records=10000",
)
STEP_SECONDS = 180
Say = Callable[[str], None]


def keycloak(
    home: Path, port: int, realm: Path, say: Say = lambda _: None, cache: Path | None = None
) -> EngineProcess:
    """A Keycloak on 127.0.0.1:`port` with `realm` imported, its data in `home`; not yet started.

    Its administrator is admin / admin. Raises Trouble when the distribution cannot be had.
    """
    place = (cache or user_cache()) / f"keycloak-{KEYCLOAK}"
    try:
        product = _built(place, say)
        data = _with_realm(place, product, realm, say)
        home.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(data, home / data.name)
    except OSError as error:
        raise of_disk(error, place) from error
    words = (
        "start",
        "--optimized",
        "--http-enabled=true",
        f"--http-port={port}",
        "--http-host=127.0.0.1",
        "--hostname-strict=false",
        "--cache=local",
    )
    return EngineProcess(
        Recipe(
            name="Keycloak",
            argv=_command(product, *words),
            home=home,
            log=home / "output.log",
            ready=lambda: _answers(f"http://127.0.0.1:{port}/realms/master"),
            env=_environment(home),
        )
    )


def _built(place: Path, say: Say) -> Path:
    """The unpacked distribution, built for a database in a file."""
    product = place / f"keycloak-{KEYCLOAK}"
    if product.is_dir():
        return product
    say(f"Keycloak: fetching its distribution into {place} …")
    archive = fetched(place, DISTRIBUTION)
    with tempfile.TemporaryDirectory(dir=place, prefix=".building-") as room:
        say("Keycloak: building it for its first start …")
        with zipfile.ZipFile(archive) as content:
            content.extractall(room)
        unpacked = Path(room) / product.name
        words = ("build", "--db=dev-file", "--health-enabled=false", "--metrics-enabled=false")
        _step("Keycloak could not be built", _command(unpacked, *words), _environment(Path(room)))
        _settle(unpacked, product)
    archive.unlink()  # 160 MB that nobody needs any more
    return product


def _with_realm(place: Path, product: Path, realm: Path, say: Say) -> Path:
    """A database file that holds the realm as its file says."""
    digest = hashlib.sha256(realm.read_bytes()).hexdigest()[:16]
    kept = place / f"realm-{digest}" / "keycloakdb.mv.db"
    if kept.exists():
        return kept
    with tempfile.TemporaryDirectory(dir=place, prefix=".importing-") as room:
        say(f"Keycloak: importing {realm.name} …")
        folder = Path(room) / "data"
        folder.mkdir()
        command = _command(product, "import", "--optimized", "--file", str(realm.absolute()))
        _step(f"Keycloak could not import {realm.name}", command, _environment(folder))
        _settle(folder, kept.parent)
    return kept


def _settle(made: Path, final: Path) -> None:
    """Another run may have made the same meanwhile: then that one is as good."""
    try:
        made.replace(final)
    except OSError:
        if not final.is_dir():
            raise


def _command(product: Path, *words: str) -> list[str]:
    """What bin/kc.sh runs, without the shell between."""
    places = (f"-Dkc.home.dir={product}", f"-Djboss.server.config.dir={product / 'conf'}")
    entry = ("-cp", str(product / "lib/quarkus-run.jar"), "io.quarkus.bootstrap.runner.QuarkusEntryPoint")  # fmt: skip
    return [find_java(), *JVM, *places, *entry, *words]


def _environment(data: Path) -> dict[str, str]:
    return {
        "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN,
        "KC_BOOTSTRAP_ADMIN_PASSWORD": ADMIN,
        "KC_DB_URL": f"jdbc:h2:file:{data.absolute()}/keycloakdb;NON_KEYWORDS=VALUE",
    }


def _step(failure: str, command: Sequence[str], environment: dict[str, str]) -> None:
    try:
        ended = subprocess.run(  # noqa: S603 - our own program and arguments
            command,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=STEP_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Trouble(f"{failure} within {STEP_SECONDS} s", "try again") from error
    if ended.returncode:
        said = (ended.stdout + ended.stderr).strip().splitlines()
        fault = next((line for line in said if "ERROR" in line), "; ".join(said[-2:]))
        raise Trouble(f"{failure}: {fault[:300]}", "delete the folder and try again")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False
