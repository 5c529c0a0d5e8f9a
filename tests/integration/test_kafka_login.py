"""A Kafka that asks who is there: right credentials work everywhere, wrong ones are named in a line."""

import asyncio
import ipaddress
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from common.kafka import Arrived, LoginRefused, Partition, PublishFailed, Record, TopicSpec
from common.kafka.engine import KafkaCluster
from common.kafka.login import Login, Mechanism, Protocol
from common.service import cluster_of
from common.settings import ServiceSettings
from embedded.kafka import cluster_id, kafka
from embedded.ports import free_port

pytestmark = [pytest.mark.engine, pytest.mark.timeout(120)]
USER, RIGHT = "nhipcau", "right-password"


@dataclass(frozen=True)
class Guarded:
    """A broker with three doors: passwords in the clear, passwords in TLS, TLS alone."""

    ports: Mapping[str, int]
    ca_file: Path

    def settings(self, protocol: Protocol, mechanism: Mechanism = "PLAIN") -> dict[str, str]:
        """What a service is told to come in; credentials where the door asks for them."""
        asked = protocol.startswith("SASL")
        return {
            "kafka_bootstrap": f"127.0.0.1:{self.ports[protocol]}",
            "kafka_security": protocol,
            "kafka_mechanism": mechanism,
            "kafka_username": USER if asked else "",
            "kafka_password": RIGHT if asked else "",
            "kafka_ca_file": str(self.ca_file),
        }


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Generator[Guarded]:
    home = tmp_path_factory.mktemp("guarded")
    ports = {name: free_port() for name in ("SASL_PLAINTEXT", "SASL_SSL", "SSL")}
    broker = kafka(home, free_port(), free_port())
    a_certificate(home)
    settings = home / "server.properties"
    settings.write_text(with_doors(settings.read_text(), ports, home))
    format_with_user(broker._recipe.argv, home)
    broker.start()
    try:
        yield Guarded(ports, home / "ca.pem")
    finally:
        broker.kill9()


def with_doors(text: str, ports: Mapping[str, int], home: Path) -> str:
    doors = ",".join(f"{name}://127.0.0.1:{port}" for name, port in ports.items())
    lines = [
        f"{line},{doors}" if line.startswith(("listeners=", "advertised.listeners=")) else line
        for line in text.splitlines()
        if not line.startswith("listener.security.protocol.map=")
    ]
    named = ",".join(f"{name}:{name}" for name in ("PLAINTEXT", *ports))
    plain = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    for name in ("sasl_plaintext", "sasl_ssl"):
        lines += [
            f'listener.name.{name}.plain.sasl.jaas.config={plain} user_{USER}="{RIGHT}";',
            f"listener.name.{name}.scram-sha-512.sasl.jaas.config={scram}",
        ]
    return "\n".join(
        [
            *lines,
            f"listener.security.protocol.map=CONTROLLER:PLAINTEXT,{named}",
            "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512",
            "ssl.keystore.type=PEM",
            f"ssl.keystore.location={home / 'broker.pem'}",
            "ssl.client.auth=none",
        ]
    )


def a_certificate(home: Path) -> None:
    """An authority that signs itself and serves as the broker's own certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker of a test")])
    now = datetime.now(UTC)
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (home / "ca.pem").write_bytes(pem)
    (home / "broker.pem").write_bytes(private + pem)


def format_with_user(argv: Sequence[str], home: Path) -> None:
    """SCRAM's user stands in the cluster's own data from the beginning."""
    shutil.rmtree(home / "data")
    user = f"SCRAM-SHA-512=[name={USER},password={RIGHT}]"
    tool = ["kafka.tools.StorageTool", "format", "-t", cluster_id(), "-c", argv[-1]]
    subprocess.run([*argv[:-2], *tool, "--add-scram", user], check=True, capture_output=True)


class Heard:
    """A subscription's handler that keeps what comes."""

    def __init__(self) -> None:
        self.values: list[bytes | None] = []
        self.came = asyncio.Event()

    async def start_from(self, partitions: Sequence[Partition]) -> Mapping[Partition, int]:
        return dict.fromkeys(partitions, 0)

    async def take(self, batch: Sequence[Arrived]) -> None:
        self.values += [arrived.value for arrived in batch]
        self.came.set()


def the_cluster(values: Mapping[str, str]) -> KafkaCluster:
    return cluster_of(ServiceSettings.model_validate({"service": "portal", **values}), "login")


@pytest.mark.parametrize(
    ("protocol", "mechanism"),
    [
        ("SASL_PLAINTEXT", "PLAIN"),
        ("SASL_PLAINTEXT", "SCRAM-SHA-512"),
        ("SASL_SSL", "SCRAM-SHA-512"),
        ("SSL", "PLAIN"),
    ],
)
async def test_right_credentials_make_topics_publish_and_subscribe(
    guarded: Guarded, protocol: Protocol, mechanism: Mechanism
):
    cluster = the_cluster(guarded.settings(protocol, mechanism))
    topic = f"said-{protocol}-{mechanism}"
    heard = Heard()

    await cluster.migrate([TopicSpec(topic, 1)])
    producer = await cluster.producer()
    await producer.publish([Record(topic, "key", b"xin chao", ())])
    await producer.close()
    subscription = cluster.subscribe(f"group-{topic}", [topic], heard)
    await subscription.start()
    try:
        async with asyncio.timeout(30):
            await heard.came.wait()
    finally:
        await subscription.stop()

    assert heard.values == [b"xin chao"]


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        pytest.param(
            {"kafka_password": "wrong"},
            "Kafka refuses the user nhipcau or its password: "
            "check NHIPCAU_KAFKA_USERNAME and NHIPCAU_KAFKA_PASSWORD.",
            id="password",
        ),
        pytest.param(
            {"kafka_mechanism": "SCRAM-SHA-256"},
            "Kafka does not offer SCRAM-SHA-256: check NHIPCAU_KAFKA_MECHANISM.",
            id="mechanism",
        ),
        pytest.param(
            {"kafka_ca_file": ""},
            "Kafka's certificate is not trusted (CERTIFICATE_VERIFY_FAILED): "
            "check NHIPCAU_KAFKA_CA_FILE.",
            id="authority",
        ),
        pytest.param(
            {"kafka_ca_file": "/nowhere.pem"},
            "NHIPCAU_KAFKA_CA_FILE=/nowhere.pem is no readable PEM file.",
            id="file",
        ),
    ],
)
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"  # the client leaves a refused socket open
)
async def test_wrong_credentials_are_refused_with_what_to_do(
    guarded: Guarded, wrong: dict[str, str], line: str
):
    cluster = the_cluster(guarded.settings("SASL_SSL", "SCRAM-SHA-512") | wrong)

    with pytest.raises(LoginRefused) as at_once:
        await cluster.ping()
    with pytest.raises(LoginRefused) as publishing:
        await cluster.producer()

    assert str(at_once.value) == str(publishing.value) == line


async def test_a_cluster_that_is_away_is_no_refusal(guarded: Guarded):
    login = Login("SASL_PLAINTEXT", "PLAIN", USER, RIGHT)

    with pytest.raises(PublishFailed) as away:
        await KafkaCluster(f"127.0.0.1:{free_port()}", "login", login).ping()

    assert not isinstance(away.value, LoginRefused)


def test_the_migration_step_says_in_a_line_that_kafka_refuses(
    guarded: Guarded, engines, database_prefix: str
):
    values = guarded.settings("SASL_PLAINTEXT") | {"kafka_password": "wrong"}
    told = {f"NHIPCAU_{name.upper()}": value for name, value in values.items()}
    told |= {"NHIPCAU_MONGO_URL": engines.mongo_url, "NHIPCAU_MONGO_PREFIX": "login"}

    ended = subprocess.run(
        [sys.executable, "-m", "nhipcau", "migrate", "-s", "directory"],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 1
    assert "Kafka refuses the user nhipcau or its password" in ended.stderr
    assert "Traceback" not in ended.stderr
