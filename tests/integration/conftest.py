"""A house of real processes: each service its own, on engines of its own, to be killed and frozen."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser

from embedded.engines import Engines
from embedded.process import tethered
from pages.testing.browser import a_browser

from .running import Running, run_house

AGAIN_SECONDS = 0.1  # about how long a client waits before it asks a house again that is away
DATED = Path(__file__).with_name("dated_process.py")
ISSUER = (
    "import sys, uvicorn; from pathlib import Path; from embedded.issuer import create_issuer; "
    "url, port, keys = sys.argv[1:]; "
    "uvicorn.run(create_issuer(url, environment='development', keys_file=Path(keys)), "
    "port=int(port), log_level='warning')"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Process:
    """A child that can be killed -9, frozen and started again on the same port; it dies with us."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    url: str
    child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.child = tethered(self.command, self.environment, log)

    def kill9(self) -> None:
        self._signal(signal.SIGKILL)
        assert self.child is not None
        self.child.wait()
        self.child = None

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def restart(self) -> None:
        self.start()

    def stop(self) -> None:
        if self.child is not None:
            self._signal(signal.SIGTERM)
            try:
                self.child.wait(20)
            except subprocess.TimeoutExpired:
                self.kill9()
            self.child = None

    def _signal(self, number: int) -> None:
        assert self.child is not None
        os.kill(self.child.pid, number)


def set_ahead(hand: Path, seconds: float) -> None:
    """From now on the clocks that follow this file are so far ahead of the real one."""
    new = hand.with_suffix(".new")
    new.write_text(str(seconds))
    new.replace(hand)


@dataclass
class House:
    """`hand` is the file that sets the clock of all its processes; None: the real one."""

    engines: Engines
    folder: Path
    prefix: str
    hand: Path | None = None
    processes: dict[str, Process] = field(default_factory=dict[str, Process])
    token: str = ""
    told: bool = False
    """Whether its directory knows the demo's people."""

    def service(self, name: str, service: str | None = None, hand: Path | None = None) -> Process:
        """A process of a service, started; `name` tells two of one service apart.

        `hand` sets its own clock, else it goes with the house's.
        """
        port = free_port()
        environment = os.environ | {
            "SERVICE": service or name,
            "NHIPCAU_PORT": str(port),
            "NHIPCAU_MONGO_URL": self.engines.mongo_url,
            "NHIPCAU_KAFKA_BOOTSTRAP": self.engines.kafka_bootstrap,
            "NHIPCAU_MONGO_PREFIX": self.prefix,
            "NHIPCAU_TOPIC_PREFIX": f"{self.prefix}.",
            "NHIPCAU_OIDC_ISSUER": self.processes["issuer"].url,
            "NHIPCAU_RATE_LIMIT": "1000000/minute",
            "NHIPCAU_DRAIN_SECONDS": "1",
        }
        dated = self._dated(service or name, port, hand or self.hand)
        command = dated or [sys.executable, "-m", "common.serve"]
        url = f"http://127.0.0.1:{port}"
        process = Process(name, command, environment, self.folder / f"{name}.log", url)
        process.start()
        self.processes[name] = process
        return process

    def issuer(self) -> None:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        keys = str(self.folder / "keys.json")
        command = self._dated("issuer", port, self.hand) or [
            sys.executable,
            "-c",
            ISSUER,
            url,
            str(port),
            keys,
        ]
        process = Process("issuer", command, dict(os.environ), self.folder / "issuer.log", url)
        self.processes["issuer"] = process
        process.start()

    def _dated(self, name: str, port: int, hand: Path | None) -> list[str]:
        return [sys.executable, str(DATED), name, str(port), str(hand)] if hand else []

    def set_clock(self, moment: datetime) -> None:
        """It is this moment now in every process of the house, and time goes on from there."""
        assert self.hand is not None
        set_ahead(self.hand, (moment - datetime.now(UTC)).total_seconds())

    def sign_in(self) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": "nhipcau-demo",
            "client_secret": "demo-secret",
        }
        answer = httpx.post(f"{self.processes['issuer'].url}/token", data=form)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def wait_ready(self, *names: str, within: float = 60) -> None:
        for name in names:
            self.wait_for(f"{self.processes[name].url}/health/ready", within)

    def wait_for(self, url: str, within: float = 60) -> None:
        """Until this address answers 200; says what its process said when it does not."""
        deadline = time.monotonic() + within
        while not _answers(url):
            if time.monotonic() > deadline:
                process = next(p for p in self.processes.values() if url.startswith(p.url))
                said = process.log.read_text()[-2000:]
                raise AssertionError(f"{url} does not: {_answer(url)}\n{said}")
            time.sleep(0.05)

    def environment(self, service: str) -> dict[str, str]:
        """What the command line needs to act on a service of this house."""
        return self.processes[service].environment

    def command(
        self, service: str, *words: str, within: float = 60
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "nhipcau", *words],
            env=self.environment(service),
            capture_output=True,
            text=True,
            timeout=within,
            check=False,
        )


def _answers(url: str) -> bool:
    return _answer(url).startswith("200")


def _answer(url: str) -> str:
    try:
        answer = httpx.get(url, timeout=5)
    except httpx.TransportError as error:
        return f"no answer: {error!r}"
    return f"{answer.status_code} {answer.text}"


@contextmanager
def open_house(engines: Engines, folder: Path, since: datetime | None = None) -> Generator[House]:
    """Directory and portal in processes of their own, signed in and ready; `since` sets their clock."""
    hand = None if since is None else folder / "clock"
    house = House(engines, folder, f"h{uuid4().hex[:8]}", hand)
    if since is not None:
        house.set_clock(since)
    with ExitStack() as stack:
        stack.callback(lambda: [process.stop() for process in house.processes.values()])
        house.issuer()
        house.wait_for(f"{house.processes['issuer'].url}/jwks")
        house.token = house.sign_in()
        house.service("directory")
        house.service("portal")
        house.wait_ready("directory", "portal")
        yield house


@pytest.fixture(scope="module")
def house(own_engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Generator[House]:
    """Directory and portal on engines of this module's own, to be killed and frozen."""
    with open_house(own_engines, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="module")
def quiet_house(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Generator[House]:
    """Directory and portal on the session's engines, for stories without violence."""
    with open_house(engines, tmp_path_factory.mktemp("quiet-house")) as house:
        yield house


@pytest.fixture(scope="module")
def dated_house(
    engines: Engines, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Generator[House]:
    """The same, where it is the moment that the module names BEGINS."""
    folder = tmp_path_factory.mktemp("dated-house")
    with open_house(engines, folder, request.module.BEGINS) as house:
        yield house


@pytest.fixture(scope="session")
def running(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    """What `make run` serves, for all stories in a browser; they keep out of each other's way."""
    name = f"t{uuid4().hex[:10]}-"
    with run_house(engines, name, name, tmp_path_factory.mktemp("running")) as house:
        yield house


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with a_browser() as browser:
        yield browser


@dataclass
class Load:
    """Clients that register agencies and never give up: what was acknowledged is remembered."""

    house: House
    http: httpx.AsyncClient
    random: Random
    name: str
    acknowledged: dict[str, str] = field(default_factory=dict[str, str])
    made: int = 0
    stopping: bool = False

    def numbers(self) -> Iterator[int]:
        while not self.stopping:
            self.made += 1
            yield self.made

    async def client(self, service: str = "directory") -> None:
        for number in self.numbers():
            await self.register(f"{self.name}.n{number}", service)

    async def register(self, agency: str, service: str = "directory") -> httpx.Response:
        """The same request with the same key until it is answered."""
        key = f"load-{agency}"
        body = an_agency(agency)
        while True:
            answer = await self.post("/agencies", body, key, service)
            if answer is not None and answer.status_code < 500:
                assert answer.status_code == 201, answer.text
                self.acknowledged[agency] = key
                return answer
            await asyncio.sleep(self.random.random() * AGAIN_SECONDS)

    async def post(
        self, path: str, body: Any, key: str, service: str = "directory"
    ) -> httpx.Response | None:
        """One try; None when no answer came."""
        headers = {"Authorization": f"Bearer {self.house.token}", "Idempotency-Key": key}
        url = self.house.processes[service].url + path
        try:
            return await self.http.post(url, json=body, headers=headers)
        except httpx.TransportError:
            return None


def an_agency(id: str) -> dict[str, Any]:
    return {
        "agency_id": id,
        "site": "hanam",
        "jurisdiction": "hanam",
        "name_vi": f"Sở thử {id}",
        "kind": "department",
        "valid_from": "2019-08-15",
    }


@pytest.fixture
async def load(house: House) -> AsyncGenerator[Load]:
    timeout = httpx.Timeout(5)
    async with httpx.AsyncClient(timeout=timeout) as http:
        yield Load(house, http, Random(7), f"t{uuid4().hex[:6]}")
