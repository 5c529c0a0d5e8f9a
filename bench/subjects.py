"""The two chains under test as processes: how they start, where they take commands, where it shows."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import httpx

from embedded.engines import Engines
from embedded.issuer import DEMO_GRANT
from embedded.ports import free_port

ADMINISTRATOR = "quan-tri"
START_SECONDS, STOP_SECONDS = 90, 30
Driver = Literal["pymongo", "motor"]
Place = tuple[str, str]  # database, collection


@dataclass(frozen=True)
class Subject:
    """A chain that runs; `projections` are all places that a command reaches, the last one counts."""

    pid: int
    port: int
    path: str
    projections: tuple[Place, ...]
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def issuer(self) -> str:
        return f"{self.url}/dev-issuer"

    @property
    def pids(self) -> tuple[int, ...]:
        """Every process of the services."""
        return (self.pid,)

    @property
    def doors(self) -> Mapping[str, tuple[int, str]]:
        """Port and path of each service."""
        return {name: (self.port, f"/api/{name}") for name in ("intake", "editorial", "portal")}


@contextmanager
def raw_chain(engines: Engines, folder: Path, prefix: str) -> Generator[Subject]:
    """The baseline (`bench.raw_chain`)."""
    port = free_port()
    words = ["bench.raw_chain", str(port), engines.mongo_url, engines.kafka_bootstrap, prefix]
    with _running(words, {}, folder / f"{prefix}.log", port) as pid:
        places = tuple((f"{prefix}_{service}", "agencies") for service in ("first", "second"))
        yield Subject(pid, port, "/api/first/agencies", places)


@contextmanager
def house(  # noqa: PLR0913 - which house, and how it is run
    engines: Engines,
    folder: Path,
    prefix: str,
    driver: Driver = "pymongo",
    *,
    python: str = sys.executable,
    sampled: Path | None = None,
) -> Generator[Subject]:
    """What `make run` runs, without demo data, signed in at its development issuer.

    python   another checkout's interpreter runs that checkout's house
    sampled  where `bench.sampled` writes its stacks
    """
    port = free_port()
    environment = _on(engines, prefix) | {
        "PORT": str(port),
        "MONGO_DRIVER": driver,
        "NHIPCAU_DATA": str(folder / prefix),
        "NHIPCAU_DEMO": "off",
        "NHIPCAU_ENGINES": "given",
    }
    (folder / prefix).mkdir(exist_ok=True)
    words = ["bench.sampled", str(sampled), "embedded.run"] if sampled else ["embedded.run"]
    with _running(words, environment, folder / f"{prefix}.log", port, python) as pid:
        token = sign_in(f"http://127.0.0.1:{port}", ADMINISTRATOR)
        yield Subject(
            pid,
            port,
            "/api/directory/agencies",
            tuple(projections_of(prefix)),
            {"Authorization": f"Bearer {token}"},
        )


def projections_of(prefix: str) -> list[Place]:
    """The house's projections of agencies: the directory's own, then the portal's."""
    return [(f"{prefix}_{service}", "agencies@1") for service in ("directory", "portal")]


@contextmanager
def one_service(
    engines: Engines, folder: Path, service: str, prefix: str, *, python: str = sys.executable
) -> Generator[Subject]:
    """A service as a process of its own, the way a cluster runs it."""
    port = free_port()
    environment = _on(engines, prefix) | {
        "SERVICE": service,
        "NHIPCAU_PORT": str(port),
        "NHIPCAU_OIDC_ISSUER": "http://127.0.0.1:1",
        "NHIPCAU_DRAIN_SECONDS": "1",
    }
    log = folder / f"{prefix}-{service}.log"
    with _running(["common.serve"], environment, log, port, python) as pid:
        yield Subject(pid, port, "", ())


@contextmanager
def bare_page(engines: Engines, folder: Path, prefix: str, place: Place) -> Generator[Subject]:
    """A page of the same stack without anything around it (`bench.bare`)."""
    port = free_port()
    words = ["bench.bare", str(port), engines.mongo_url, *place]
    with _running(words, {}, folder / f"{prefix}-bare.log", port) as pid:
        yield Subject(pid, port, "", ())


def _on(engines: Engines, prefix: str) -> dict[str, str]:
    return {
        "NHIPCAU_MONGO_URL": engines.mongo_url,
        "NHIPCAU_KAFKA_BOOTSTRAP": engines.kafka_bootstrap,
        "NHIPCAU_MONGO_PREFIX": prefix,
        "NHIPCAU_TOPIC_PREFIX": f"{prefix}.",
        "NHIPCAU_RATE_LIMIT": "100000000/minute",
    }


@contextmanager
def _running(
    words: list[str],
    environment: Mapping[str, str],
    log: Path,
    port: int,
    python: str = sys.executable,
) -> Generator[int]:
    with log.open("ab") as output:
        child = subprocess.Popen(
            [python, "-m", *words],
            env=os.environ | environment,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_ready(child, f"http://127.0.0.1:{port}/health/ready", log)
        yield child.pid
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_ready(child: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(url):
        if child.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(encoding="utf-8", errors="replace")[-1500:]
            raise RuntimeError(f"the chain did not start: {said}")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False


def sign_in(url: str, person: str) -> str:
    """A token of the development issuer for one of the demo's people."""
    form = {"grant_type": DEMO_GRANT, "person": person}
    answer = httpx.post(f"{url}/dev-issuer/token", data=form, timeout=10)
    return answer.raise_for_status().json()["access_token"]
