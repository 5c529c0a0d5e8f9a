"""Gives a program its MongoDB and Kafka: the given ones, else containers, else real engines on this machine."""

import fcntl
import json
import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from embedded.kafka import kafka
from embedded.mongod import mongod, url
from embedded.ports import free_port, is_free
from embedded.process import EngineProcess, PortTaken, sweep
from embedded.trouble import Trouble, check_space, of_disk

Kind = Literal["given", "docker", "embedded"]
Say = Callable[[str], None]
ALL: tuple[Kind, ...] = ("given", "docker", "embedded")
ROOM = 300  # megabytes
PORT_NAMES = ("mongo", "kafka", "controller")


class Engine(Protocol):
    """One running engine of ours: a process or a container."""

    name: str

    @property
    def pid(self) -> int: ...
    @property
    def alive(self) -> bool: ...
    def start(self, within: float = ...) -> None: ...
    def kill9(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def restart(self, within: float = ...) -> None: ...
    def stop(self, grace: float = ...) -> None: ...


@dataclass(frozen=True)
class Engines:
    """Where the engines answer; `processes` ("mongod", "Kafka") are ours to kill, empty when given."""

    mongo_url: str
    kafka_bootstrap: str
    kind: Kind
    processes: dict[str, Engine]


def given() -> Engines | None:
    """The engines named by NHIPCAU_MONGO_URL and NHIPCAU_KAFKA (or NHIPCAU_KAFKA_BOOTSTRAP)."""
    mongo = os.environ.get("NHIPCAU_MONGO_URL")
    bootstrap = os.environ.get("NHIPCAU_KAFKA") or os.environ.get("NHIPCAU_KAFKA_BOOTSTRAP")
    if mongo and bootstrap:
        return Engines(mongo, bootstrap, "given", {})
    if mongo or bootstrap:
        raise Trouble(
            "Only one of NHIPCAU_MONGO_URL and NHIPCAU_KAFKA is set",
            "set both to use your own engines, or neither",
        )
    return None


@contextmanager
def engines(
    data: Path,
    *,
    kinds: Sequence[Kind] = ALL,
    throwaway: bool = False,
    say: Say = lambda _: None,
) -> Generator[Engines]:
    """Running engines, of the first of `kinds` that there is; embedded ones keep their data in `data`.

    NHIPCAU_ENGINES chooses one kind. `throwaway` engines are killed at the end, which is quicker.
    Raises Trouble.
    """
    wanted = os.environ.get("NHIPCAU_ENGINES")
    kinds = [kind for kind in kinds if wanted in {None, "", kind}]
    if "given" in kinds and (found := given()):
        yield found
    elif "docker" in kinds and (wanted == "docker" or _docker_answers()):
        with _in_containers() as running:
            yield running
    elif "embedded" in kinds:
        with embedded(data, throwaway=throwaway, say=say) as running:
            yield running
    else:
        raise Trouble(
            f"NHIPCAU_ENGINES={wanted} leaves no engines to use",
            "set it to given (with NHIPCAU_MONGO_URL and NHIPCAU_KAFKA), docker or embedded",
        )


def _docker_answers() -> bool:
    if not os.environ.get("DOCKER_HOST") and not Path("/var/run/docker.sock").exists():
        return False
    from embedded.containers import docker_answers  # noqa: PLC0415 - a second that most starts save

    return docker_answers()


@contextmanager
def _in_containers() -> Generator[Engines]:
    from embedded.containers import containers  # noqa: PLC0415 - as above

    with containers() as (mongo_port, kafka_port, both):
        yield Engines(url(mongo_port), f"127.0.0.1:{kafka_port}", "docker", {**both})


@contextmanager
def embedded(
    data: Path, *, throwaway: bool = False, say: Say = lambda _: None
) -> Generator[Engines]:
    """mongod and Kafka as child processes on `data`, at ports remembered there."""
    data = data.absolute()
    with ExitStack() as stack:
        try:
            data.mkdir(parents=True, exist_ok=True)
            check_space(data, ROOM, "engines")
            stack.enter_context(_locked(data))
            running = _start_both(data, say)
        except OSError as error:
            raise of_disk(error, data) from error
        for process in running.processes.values():
            stack.callback(process.kill9 if throwaway else process.stop)
        yield running


@contextmanager
def _locked(data: Path) -> Generator[None]:
    """Two programs on one data folder would end each other's engines."""
    with (data / "lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise Trouble(
                f"Process {lock.read().strip()} already runs engines on {data}",
                "end it first, or set NHIPCAU_DATA to another folder",
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _start_both(data: Path, say: Say) -> Engines:
    try:
        return _start_once(data, say)
    except PortTaken:
        return _start_once(data, say)


def _start_once(data: Path, say: Say) -> Engines:
    for home in (data / "mongo", data / "kafka"):
        sweep(home)
    ports = _ports(data)
    made: dict[str, EngineProcess] = {}

    def start(make: Callable[[], EngineProcess]) -> None:
        process = make()
        made[process.name] = process
        process.start()

    makers = (
        lambda: mongod(data / "mongo", ports["mongo"]),
        lambda: kafka(data / "kafka", ports["kafka"], ports["controller"], say),
    )
    try:
        with ThreadPoolExecutor(len(makers)) as threads:
            for begun in [threads.submit(start, make) for make in makers]:
                begun.result()
    except BaseException:
        for process in made.values():
            process.kill9()
        raise
    return Engines(url(ports["mongo"]), f"127.0.0.1:{ports['kafka']}", "embedded", {**made})


def _ports(data: Path) -> dict[str, int]:
    """The ports of the last run on this data, each replaced if another program has taken it."""
    file = data / "ports.json"
    try:
        known: dict[str, int] = json.loads(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        known = {}
    ports = {
        name: known[name] if name in known and is_free(known[name]) else free_port()
        for name in PORT_NAMES
    }
    file.write_text(json.dumps(ports), encoding="ascii")
    return ports
