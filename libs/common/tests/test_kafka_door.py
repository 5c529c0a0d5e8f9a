"""One suite for the fake and the real broker."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from common.kafka import Arrived, Broker, Partition, Record, TopicSpec
from common.kafka.engine import KafkaCluster
from embedded.engines import Engines


class Listener:
    """A handler that remembers what it was given and where it was told to start."""

    def __init__(self, offsets: Mapping[Partition, int] | None = None) -> None:
        self.got: list[Arrived] = []
        self.offsets = dict(offsets or {})
        self.assigned: set[Partition] = set()

    async def start_from(self, partitions: Sequence[Partition]) -> Mapping[Partition, int]:
        self.assigned = set(partitions)
        return {partition: self.offsets.get(partition, 0) for partition in partitions}

    async def take(self, batch: Sequence[Arrived]) -> None:
        assert len({a.partition for a in batch}) >= 1
        self.got.extend(batch)
        for arrived in batch:
            self.offsets[arrived.partition] = arrived.offset + 1


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - a broker sends no event
            await asyncio.sleep(0.01)


@pytest.fixture
def topic(request: pytest.FixtureRequest, broker: Broker) -> str:
    del broker
    if "kafka" in request.node.callspec.id:
        return request.getfixturevalue("topic_prefix") + "facts"
    return f"{uuid4()}-facts"


@asynccontextmanager
async def listening(broker: Broker, topic: str, listener: Listener) -> AsyncGenerator[None]:
    subscription = broker.subscribe(f"{topic}-group", [topic], listener)
    await subscription.start()
    try:
        yield
    finally:
        await subscription.stop()


async def test_a_chunk_arrives_in_the_order_of_each_key(broker: Broker, topic: str):
    await broker.migrate([TopicSpec(topic, 3)])
    producer = await broker.producer()
    sent = [Record(topic, f"k{n % 7}", b"%d" % n, [("h", b"\xff")]) for n in range(500)]

    await producer.publish(sent[:250])
    await producer.publish(sent[250:])
    await producer.close()

    listener = Listener()
    async with listening(broker, topic, listener):
        await until(lambda: len(listener.got) == 500)
    for key in {record.key for record in sent}:
        mine = [a.value for a in listener.got if a.key == key.encode()]
        assert mine == [record.value for record in sent if record.key == key]
    assert listener.got[0].headers == (("h", b"\xff"),) or list(listener.got[0].headers) == [
        ("h", b"\xff")
    ]


async def test_a_reader_starts_where_its_handler_says(broker: Broker, topic: str):
    await broker.migrate([TopicSpec(topic, 1)])
    producer = await broker.producer()
    await producer.publish([Record(topic, "k", b"%d" % n, []) for n in range(10)])
    await producer.close()

    listener = Listener({Partition(topic, 0): 7})
    async with listening(broker, topic, listener):
        await until(lambda: len(listener.got) == 3)

    assert [a.value for a in listener.got] == [b"7", b"8", b"9"]


async def test_two_members_share_the_partitions_and_one_takes_over(broker: Broker, topic: str):
    await broker.migrate([TopicSpec(topic, 4)])
    shared: dict[Partition, int] = {}
    one, two = Listener(), Listener()
    one.offsets = two.offsets = shared
    producer = await broker.producer()
    async with listening(broker, topic, one):
        async with listening(broker, topic, two):
            await until(lambda: len(one.assigned) == 2 and len(two.assigned) == 2)
            await producer.publish([Record(topic, f"k{n}", b"x", []) for n in range(40)])
            await until(lambda: len(one.got) + len(two.got) == 40)
        await until(lambda: len(one.assigned) == 4)
        await producer.publish([Record(topic, f"k{n}", b"y", []) for n in range(40)])
        await until(lambda: len(one.got) + len(two.got) == 80)
    await producer.close()

    assert len([a for a in one.got if a.value == b"y"]) == 40


async def test_an_idle_reader_reacts_at_once(broker: Broker, topic: str):
    await broker.migrate([TopicSpec(topic, 1)])
    listener = Listener()
    producer = await broker.producer()
    async with listening(broker, topic, listener):
        await producer.publish([Record(topic, "k", b"first", [])])
        await until(lambda: len(listener.got) == 1)
        await asyncio.sleep(1.5)
        began = asyncio.get_running_loop().time()
        await producer.publish([Record(topic, "k", b"now", [])])
        await until(lambda: len(listener.got) == 2)
        took = asyncio.get_running_loop().time() - began
    await producer.close()

    assert took < 0.4, took


async def test_ends_and_missing_topics_are_told(broker: Broker, topic: str):
    spec = TopicSpec(topic, 2)
    assert await broker.missing([spec]) == [topic]
    await broker.migrate([spec])
    await broker.migrate([spec])
    assert await broker.missing([spec]) == []
    producer = await broker.producer()
    await producer.publish([Record(topic, f"k{n}", b"x", []) for n in range(9)])
    await producer.close()

    listener = Listener()
    subscription = broker.subscribe(f"{topic}-group", [topic], listener)
    await subscription.start()
    ends = await subscription.ends()
    await subscription.stop()

    assert sum(ends.values()) == 9
    assert set(ends) == {Partition(topic, 0), Partition(topic, 1)}
    await broker.ping()


@pytest.mark.engine
async def test_topics_keep_every_fact_for_ever_and_are_never_compacted(
    engines: Engines, topic_prefix: str
):
    cluster = KafkaCluster(engines.kafka_bootstrap, "door-suite")
    name = topic_prefix + "kept"

    await cluster.migrate([TopicSpec(name, 2)])

    assert await settings_of(engines, name) == {
        "cleanup.policy": "delete",
        "retention.ms": "-1",
        "retention.bytes": "-1",
    }
    assert await cluster.missing([TopicSpec(name, 2)]) == []


@pytest.mark.engine
@pytest.mark.parametrize(
    ("setting", "value"),
    [("cleanup.policy", "compact"), ("retention.ms", "604800000"), ("retention.bytes", "1000000")],
)
async def test_a_topic_that_would_lose_facts_is_named_until_somebody_mends_it(
    engines: Engines, topic_prefix: str, setting: str, value: str
):
    cluster = KafkaCluster(engines.kafka_bootstrap, "door-suite")
    name = topic_prefix + setting
    await created_by_somebody(engines, name, {setting: value})

    await cluster.migrate([TopicSpec(name, 1)])
    missing = await cluster.missing([TopicSpec(name, 1)])

    assert f"{name} ({setting}={value})" in missing


@pytest.mark.engine
async def test_a_producer_waits_for_all_copies_and_numbers_what_it_sends(engines: Engines):
    cluster = KafkaCluster(engines.kafka_bootstrap, "door-suite")

    producer: Any = await cluster.producer()

    sender = producer._producer._sender
    assert (sender._acks, sender._txn_manager is not None) == (-1, True)
    await producer.close()


async def settings_of(engines: Engines, topic: str) -> dict[str, str]:
    asked = ConfigResource(ConfigResourceType.TOPIC, topic)
    async with admin_of(engines) as admin:
        (answer,) = await admin.describe_configs([asked])
    (resource,) = answer.resources
    found = {entry[0]: entry[1] for entry in resource[4]}
    return {name: found[name] for name in ("cleanup.policy", "retention.ms", "retention.bytes")}


async def created_by_somebody(engines: Engines, topic: str, settings: dict[str, str]) -> None:
    async with admin_of(engines) as admin:
        await admin.create_topics([NewTopic(topic, 1, 1, topic_configs=settings)])


@asynccontextmanager
async def admin_of(engines: Engines) -> AsyncGenerator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=engines.kafka_bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()
