"""Ten thousand damaged facts through real Kafka, the real consumers and real MongoDB."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from random import Random

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from common.catalogue import Contracts
from common.consumer.consumption import Consumption
from common.consumer.hears import Hears
from common.consumer.positions import OFFSETS
from common.kafka import Arrived, Partition
from common.service import Service, all_hears, assemble, parts_of
from common.settings import ServiceSettings
from common.testing.fuzz import (
    Fuzz,
    Sent,
    differences,
    examples_of,
    outcome,
    refused_by,
    unjustified,
)
from contracts.place import ROOT
from embedded.engines import Engines

pytestmark = [pytest.mark.engine, pytest.mark.timeout(120)]
CONTRACTS = Contracts("portal")
SHARES = {"portal": 7_000, "portal-authority": 2_000, "portal-heartbeats": 1_000}


@dataclass(frozen=True)
class Portal:
    """The portal's backbone with all of its consumers running on real engines."""

    service: Service
    settings: ServiceSettings

    async def send(self, records: Sequence[Sent]) -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=self.settings.kafka_bootstrap, max_request_size=2_000_000
        )
        await producer.start()
        try:
            for first in range(0, len(records), 500):
                futures = [
                    await producer.send(
                        self.settings.topic_prefix + sent.topic,
                        value=sent.value,
                        key=sent.key,
                        headers=sent.headers,
                    )
                    for sent in records[first : first + 500]
                ]
                await asyncio.gather(*futures)
        finally:
            await producer.stop()

    async def done(self, consumption: Consumption) -> None:
        """Until the offsets in MongoDB stand behind the last record of every partition."""
        while True:
            reader = consumption.reader
            assert reader is not None
            assert reader.halted is None, reader.halted
            subscription = self.service.broker.subscriptions[
                f"{self.settings.topic_prefix}{consumption.hears.name}@1"
            ]
            found = await self.service.database.find(
                OFFSETS, {"consumer": f"{consumption.hears.name}@1"}
            )
            reached = {Partition(d["topic"], d["partition"]): d["next"] for d in found}
            ends = await subscription.ends()
            if all(reached.get(partition, 0) == end for partition, end in ends.items()):
                return
            await asyncio.sleep(0.1)

    async def logged(self, hears: Hears) -> list[Arrived]:
        """Every record of a consumer's topics as the broker keeps it, partition by partition."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.settings.kafka_bootstrap, enable_auto_commit=False
        )
        await consumer.start()
        arrived: list[Arrived] = []
        try:
            for topic in (self.settings.topic_prefix + topic for topic in hears.topics):
                numbers = await consumer._client.fetch_all_metadata()
                for number in sorted(numbers.partitions_for_topic(topic) or ()):
                    arrived += await _read(consumer, TopicPartition(topic, number))
        finally:
            await consumer.stop()
        return arrived


async def _read(consumer: AIOKafkaConsumer, partition: TopicPartition) -> list[Arrived]:
    consumer.assign([partition])
    await consumer.seek_to_beginning(partition)
    end = (await consumer.end_offsets([partition]))[partition]
    arrived: list[Arrived] = []
    while len(arrived) < end:
        for record in (await consumer.getmany(partition, timeout_ms=1_000)).get(partition, []):
            place = Partition(record.topic, record.partition)
            arrived.append(
                Arrived(place, record.offset, record.key, record.value, tuple(record.headers))
            )
    return arrived


@pytest.fixture
async def portal(
    engines: Engines, database_prefix: str, topic_prefix: str
) -> AsyncGenerator[Portal]:
    settings = ServiceSettings(
        service="portal",
        mongo_url=engines.mongo_url,
        kafka_bootstrap=engines.kafka_bootstrap,
        mongo_prefix=database_prefix.replace("-", "_"),
        topic_prefix=topic_prefix,
    )
    service = assemble(settings, parts_of("portal"))
    async with service.running():
        yield Portal(service, settings)


async def test_ten_thousand_damaged_facts_are_each_applied_parked_or_skipped(portal: Portal):
    hears = {h.name: h for h in all_hears(portal.settings, portal.service.parts)}
    prefix = portal.settings.topic_prefix
    for name, count in SHARES.items():
        fuzz = Fuzz(Random(name), examples_of(hears[name], ROOT / "examples"))
        await portal.send(list(fuzz.records(count)))

    async with asyncio.timeout(60):
        for consumption in portal.service.consumptions:
            await portal.done(consumption)

    for consumption in portal.service.consumptions:
        name = consumption.hears.name
        arrived = await portal.logged(consumption.hears)
        refused = await refused_by(portal.service.database, f"{name}@1")
        expected = outcome(arrived, consumption.hears, CONTRACTS, prefix=prefix, refused=refused)
        assert unjustified(refused, arrived) == []
        assert bool(refused) == (name == "portal")  # the other one stores three fields of its own
        assert len(arrived) >= SHARES[name]  # topics that several consumers hear count for each
        assert await differences(portal.service.database, f"{name}@1", expected) == []
        assert expected.counts["applied"] > SHARES[name] / 5
