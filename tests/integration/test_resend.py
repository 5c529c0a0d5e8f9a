"""`nhipcau relay resend` on the real engines: a hole in a topic that nobody else would fill is mended by it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from .conftest import House, an_agency
from .waiting import until

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]
CUT, AFTER = "resend.cut", "resend.after"
STREAM = f"/directory/agency/{CUT}"
PARTITIONS = range(4)
CHANGE = {"valid_from": "2021-01-01", "changes": {"name_vi": "Sở thử mới"}}


@asynccontextmanager
async def topic(house: House) -> AsyncGenerator["Topic"]:
    servers = house.engines.kafka_bootstrap
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    consumer = AIOKafkaConsumer(bootstrap_servers=servers)
    await admin.start()
    await consumer.start()
    yield Topic(f"{house.prefix}.directory.agency", admin, consumer)
    await consumer.stop()
    await admin.close()


class Topic:
    """The agencies' topic, whose records somebody deletes."""

    def __init__(self, name: str, admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer) -> None:
        self._partitions = [TopicPartition(name, number) for number in PARTITIONS]
        self._admin = admin
        self._consumer = consumer

    async def ends(self) -> dict[TopicPartition, int]:
        return await self._consumer.end_offsets(self._partitions)

    async def cut(self) -> None:
        """Everything that stands in it."""
        ends = await self.ends()
        await self._admin.delete_records(
            {partition: RecordsToDelete(end) for partition, end in ends.items() if end}
        )

    async def grows(self, before: dict[TopicPartition, int]) -> None:
        async def longer() -> bool:
            return await self.ends() != before

        await until(longer)


class Desk:
    """Acts at the directory and looks at the portal."""

    def __init__(self, house: House, http: httpx.AsyncClient) -> None:
        self._house = house
        self._http = http

    async def act(self, path: str, body: object, key: str) -> None:
        headers = {"Authorization": f"Bearer {self._house.token}", "Idempotency-Key": key}
        url = f"{self._house.processes['directory'].url}{path}"
        answer = await self._http.post(url, json=body, headers=headers)
        assert answer.is_success, answer.text

    async def name(self, agency: str) -> str | None:
        url = f"{self._house.processes['portal'].url}/agencies/{agency}"
        answer = await self._http.get(url)
        return answer.json()["name_vi"] if answer.status_code == 200 else None

    async def shows(self, agency: str, name: str) -> None:
        async def is_named() -> bool:
            return await self.name(agency) == name

        await until(is_named)


async def test_a_hole_in_a_topic_is_mended_by_sending_its_stream_again(quiet_house: House):
    house, portal = quiet_house, quiet_house.processes["portal"]
    portal.kill9()
    async with topic(house) as agencies, httpx.AsyncClient(timeout=10) as http:
        desk, before = Desk(house, http), await agencies.ends()
        await desk.act("/agencies", an_agency(CUT), "resend-registered")
        await agencies.grows(before)
        await agencies.cut()
        await desk.act(f"/agencies/{CUT}/changes", CHANGE, "resend-changed")
        portal.restart()
        house.wait_ready("portal")
        await desk.act("/agencies", an_agency(AFTER), "resend-after")
        await desk.shows(AFTER, f"Sở thử {AFTER}")
        waits = await desk.name(CUT)

        asked = house.command("directory", "relay", "resend", "-s", "directory", STREAM)

        assert waits is None
        assert (asked.returncode, asked.stderr) == (0, "")
        assert f"asked: {STREAM} from version 1" in asked.stdout
        await desk.shows(CUT, "Sở thử mới")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-s", "directory", "/directory/agency/nobody"), "the log of directory has no stream"),
        (("-s", "nothing", STREAM), "there is no service nothing"),
        (("-s", "portal", STREAM), "portal decides nothing"),
        (("-s", "directory", STREAM, "--first", "0"), "greater than or equal to 1"),
    ],
    ids=["stream", "service", "service-without-a-log", "version"],
)
def test_what_cannot_be_sent_again_is_refused_in_a_sentence(
    quiet_house: House, words: tuple[str, ...], said: str
):
    refused = quiet_house.command("directory", "relay", "resend", *words)

    assert refused.returncode == 2
    assert said in " ".join(refused.stderr.replace("│", " ").split())
    assert "Traceback" not in refused.stderr
