"""MongoDB and Kafka in containers, where a Docker socket answers: the same engines by another way."""

import contextlib
import time
from collections.abc import Callable, Generator
from typing import Any

import docker
from docker.errors import DockerException
from docker.models.containers import Container
from testcontainers.core.container import DockerContainer

from embedded.kafka import broker_answers
from embedded.mongod import is_primary
from embedded.ports import free_port
from embedded.trouble import Trouble
from embedded.versions import KAFKA_IMAGE, MONGO_IMAGE

SOCKET_TIMEOUT = 2


class EngineContainer:
    """One engine in a container, to kill and freeze like an EngineProcess."""

    def __init__(self, name: str, container: DockerContainer, ready: Callable[[], bool]) -> None:
        self.name = name
        self.container = container
        self._ready = ready

    @property
    def _docker(self) -> Container:
        return self.container.get_wrapped_container()

    @property
    def pid(self) -> int:
        self._docker.reload()
        return int(self._docker.attrs["State"]["Pid"])

    @property
    def alive(self) -> bool:
        self._docker.reload()
        return bool(self._docker.attrs["State"]["Running"])

    def start(self, within: float = 120) -> None:
        try:
            self._docker.start()
        except DockerException as error:
            raise Trouble(
                f"Docker did not start {self.name} ({error})", "see `docker ps -a`"
            ) from error
        self.wait(within)

    def wait(self, within: float = 120) -> None:
        deadline = time.monotonic() + within
        while not self._ready():
            if time.monotonic() > deadline:
                raise Trouble(
                    f"{self.name} in its container did not answer within {within:.0f} s",
                    "see `docker logs`, or set NHIPCAU_ENGINES=embedded",
                )
            time.sleep(0.1)

    def kill9(self) -> None:
        self.resume()
        with contextlib.suppress(DockerException):
            self._docker.kill("SIGKILL")
            self._docker.wait(timeout=30)

    def pause(self) -> None:
        self._docker.pause()

    def resume(self) -> None:
        with contextlib.suppress(DockerException):
            self._docker.unpause()

    def restart(self, within: float = 120) -> None:
        self.stop()
        self.start(within)

    def stop(self, grace: float = 15) -> None:
        self.resume()
        self._docker.stop(timeout=int(grace))


def docker_answers() -> bool:
    """Whether a Docker daemon answers within two seconds."""
    try:
        client = docker.from_env(timeout=SOCKET_TIMEOUT)
    except DockerException:
        return False
    try:
        return bool(client.ping())
    except (DockerException, OSError):
        return False
    finally:
        client.close()


def _mongo(port: int) -> DockerContainer:
    command = [
        *("mongod", "--replSet", "nhipcau", "--bind_ip_all", "--port", str(port)),
        *(
            "--wiredTigerCacheSizeGB",
            "0.25",
            "--setParameter",
            "transactionLifetimeLimitSeconds=10",
        ),
    ]
    return DockerContainer(MONGO_IMAGE).with_command(command).with_bind_ports(port, port)


def _kafka(port: int) -> DockerContainer:
    settings: dict[str, Any] = {
        "NODE_ID": 1,
        "PROCESS_ROLES": "broker,controller",
        "LISTENERS": f"PLAINTEXT://0.0.0.0:{port},CONTROLLER://0.0.0.0:9093",
        "ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "OFFSETS_TOPIC_REPLICATION_FACTOR": 1,
        "TRANSACTION_STATE_LOG_REPLICATION_FACTOR": 1,
        "TRANSACTION_STATE_LOG_MIN_ISR": 1,
        "GROUP_INITIAL_REBALANCE_DELAY_MS": 0,
        "AUTO_CREATE_TOPICS_ENABLE": "false",
        "BROKER_SESSION_TIMEOUT_MS": 2000,
        "BROKER_HEARTBEAT_INTERVAL_MS": 500,
        "HEAP_OPTS": "-Xms64m -Xmx256m",
    }
    container = DockerContainer(KAFKA_IMAGE).with_bind_ports(port, port)
    for name, value in settings.items():
        container.with_env(f"KAFKA_{name}", str(value))
    return container


@contextlib.contextmanager
def containers() -> Generator[tuple[int, int, dict[str, EngineContainer]]]:
    """Both engines in fresh containers, removed at the end: (mongo port, Kafka port, containers)."""
    mongo_port, kafka_port = free_port(), free_port()
    engines = {
        "mongod": EngineContainer("mongod", _mongo(mongo_port), lambda: is_primary(mongo_port)),
        "Kafka": EngineContainer("Kafka", _kafka(kafka_port), lambda: broker_answers(kafka_port)),
    }
    with contextlib.ExitStack() as stack:
        for engine in engines.values():
            stack.enter_context(_begun(engine))
        for engine in engines.values():
            engine.wait()
        yield mongo_port, kafka_port, engines


@contextlib.contextmanager
def _begun(engine: EngineContainer) -> Generator[None]:
    container = engine.container
    try:
        container.start()
    except DockerException as error:
        raise Trouble(
            f"Docker answers but does not start {engine.name} ({' '.join(str(error).split())[:200]})",
            "make the image available, or set NHIPCAU_ENGINES=embedded",
        ) from error
    try:
        yield
    finally:
        engine.resume()
        container.stop()
