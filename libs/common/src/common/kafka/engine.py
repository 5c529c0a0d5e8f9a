"""The door over a real Kafka: FastStream subscribes, aiokafka publishes and makes topics.

FastStream's defaults lose messages (it acknowledges first), so the subscription here owns its
offsets: they stand in MongoDB beside the effect, the group's own serve to show lag. The handler
returns only when a batch is done with, so nothing is acknowledged before its effect.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.message import StreamMessage

from common.kafka.door import (
    Arrived,
    Broker,
    Handler,
    Partition,
    Producer,
    PublishFailed,
    Record,
    Subscription,
    TopicSpec,
)
from common.kafka.login import OPEN, Login

POLL_MS = 1_000
STOP_SECONDS = 3.0
BATCH = 500
LAG_SECONDS = 5.0
REQUEST_MS = 10_000
LEADER_TRIES = 100

_Raw = Any  # aiokafka's ConsumerRecord of bytes
COPIES = 3


class KafkaCluster(Broker):
    """A cluster by its bootstrap address; `prefix` of topics is the caller's business."""

    def __init__(self, bootstrap: str, client_id: str, login: Login = OPEN) -> None:
        self._bootstrap = bootstrap
        self._client_id = client_id
        self._login = login

    async def producer(self) -> Producer:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            client_id=self._client_id,
            acks="all",
            enable_idempotence=True,
            linger_ms=0,
            max_batch_size=256 * 1024,
            request_timeout_ms=REQUEST_MS,
            **self._login.options(),
        )
        try:
            await producer.start()
        except (KafkaError, OSError) as error:
            await _quietly(producer.stop())
            raise await self._login.failure(self._bootstrap, error) from error
        return _KafkaProducer(producer)

    def subscribe(self, group: str, topics: Sequence[str], handler: Handler) -> Subscription:
        connection = {"client_id": self._client_id, **self._login.options()}
        return _KafkaSubscription(self._bootstrap, connection, (group, tuple(topics)), handler)

    async def migrate(self, topics: Sequence[TopicSpec]) -> None:
        admin = await self._admin()
        try:
            there = set(await admin.list_topics())
            copies = min(COPIES, len((await admin.describe_cluster())["brokers"]))
            wanted = [_new_topic(topic, copies) for topic in topics if topic.name not in there]
            if wanted:
                await _created(admin, wanted)
            await _led(admin, [topic.name for topic in topics])
        except (KafkaError, OSError) as error:
            raise PublishFailed(str(error)) from error
        finally:
            await _quietly(admin.close())

    async def missing(self, topics: Sequence[TopicSpec]) -> list[str]:
        admin = await self._admin()
        try:
            described = await admin.describe_topics([topic.name for topic in topics])
            there = {d["topic"] for d in described if not d["error_code"]}
            wrong = await _wrong(admin, [topic for topic in topics if topic.name in there])
        except (KafkaError, OSError) as error:
            raise PublishFailed(str(error)) from error
        finally:
            await _quietly(admin.close())
        partitions = {d["topic"]: len(d["partitions"]) for d in described if not d["error_code"]}
        return [t.name for t in topics if partitions.get(t.name, 0) < t.partitions] + wrong

    async def ping(self) -> None:
        admin = await self._admin()
        await _quietly(admin.close())

    async def _admin(self) -> AIOKafkaAdminClient:
        admin = AIOKafkaAdminClient(
            bootstrap_servers=self._bootstrap,
            client_id=self._client_id,
            request_timeout_ms=REQUEST_MS,
            **self._login.options(),
        )
        try:
            await admin.start()
        except (KafkaError, OSError) as error:
            await _quietly(admin.close())
            raise await self._login.failure(self._bootstrap, error) from error
        return admin


class _KafkaProducer(Producer):
    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def publish(self, records: Sequence[Record]) -> None:
        futures: list[asyncio.Future[Any]] = []
        try:
            for record in records:
                futures.append(  # noqa: PERF401 - on an error those already sent are awaited
                    await self._producer.send(
                        record.topic,
                        value=record.value,
                        key=record.key.encode(),
                        headers=list(record.headers),
                    )
                )
        except (KafkaError, OSError) as error:
            await asyncio.gather(*futures, return_exceptions=True)
            raise PublishFailed(str(error)) from error
        outcomes = await asyncio.gather(*futures, return_exceptions=True)
        failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if failed:
            raise PublishFailed(str(failed[0])) from failed[0]

    async def close(self) -> None:
        await _quietly(asyncio.wait_for(self._producer.stop(), timeout=5))


class _PromptConsumer(AIOKafkaConsumer):
    """FastStream sleeps after an empty poll; this one polls on until there is something."""

    async def getmany(
        self, *partitions: Any, timeout_ms: int = 0, max_records: int | None = None
    ) -> Any:
        del timeout_ms
        while True:
            found = await super().getmany(*partitions, timeout_ms=POLL_MS, max_records=max_records)
            if found:
                return found


class _KafkaSubscription(Subscription, ConsumerRebalanceListener):
    def __init__(
        self,
        bootstrap: str,
        connection: Mapping[str, Any],
        reads: tuple[str, tuple[str, ...]],
        handler: Handler,
    ) -> None:
        group, topics = reads
        self._topics = topics
        self._handler = handler
        self._shown_at = 0.0
        self._connection = connection
        self._broker = KafkaBroker(
            bootstrap,
            consumer_only=True,
            apply_types=False,
            graceful_timeout=STOP_SECONDS,
            request_timeout_ms=REQUEST_MS,
            logger=_LOGGER,
        )
        self._subscriber = self._broker.subscriber(
            *topics,
            batch=True,
            group_id=group,
            max_records=BATCH,
            batch_timeout_ms=POLL_MS,
            auto_offset_reset="earliest",
            session_timeout_ms=10_000,
            heartbeat_interval_ms=1_000,
            ack_policy=AckPolicy.MANUAL,
            listener=self,
            parser=_as_it_came,
            decoder=_undecoded,
            no_reply=True,
        )
        self._subscriber(self._take)

    async def start(self) -> None:
        await self._broker.connect()
        config = self._broker.config.broker_config
        connected: Any = config.builder
        config.builder = partial(_PromptConsumer, **{**connected.keywords, **self._connection})
        await self._broker.start()

    async def stop(self) -> None:
        await self._broker.stop()

    async def ends(self) -> Mapping[Partition, int]:
        consumer = self._consumer()
        try:
            partitions = [
                TopicPartition(topic, number)
                for topic in self._topics
                for number in consumer.partitions_for_topic(topic) or ()
            ]
            ends = await consumer.end_offsets(partitions)
        except KafkaError as error:
            raise PublishFailed(str(error)) from error
        return {Partition(tp.topic, tp.partition): offset for tp, offset in ends.items()}

    async def on_partitions_assigned(self, assigned: list[TopicPartition]) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - the library awaits either kind
        """Where MongoDB says; the group's own offsets are for the eye."""
        if not assigned:
            return
        partitions = [Partition(tp.topic, tp.partition) for tp in assigned]
        offsets = await self._handler.start_from(partitions)
        consumer = self._consumer()
        for partition, offset in offsets.items():
            consumer.seek(TopicPartition(*partition), offset)

    async def on_partitions_revoked(self, revoked: list[TopicPartition]) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - the library awaits either kind
        """Nothing to hand over: what the next owner needs stands in MongoDB."""

    async def _take(self, batch: list[_Raw]) -> None:
        await self._handler.take([_arrived(record) for record in batch])
        await self._show_lag(batch)

    async def _show_lag(self, batch: Sequence[_Raw]) -> None:
        if time.monotonic() - self._shown_at < LAG_SECONDS:
            return
        self._shown_at = time.monotonic()
        offsets: dict[TopicPartition, int] = {}
        for record in batch:
            offsets[TopicPartition(record.topic, record.partition)] = record.offset + 1
        await _quietly(self._consumer().commit(offsets))

    def _consumer(self) -> AIOKafkaConsumer:
        consumer = self._subscriber.consumer
        if consumer is None:
            raise PublishFailed("the subscription is not started")
        return consumer


_LOGGER = logging.getLogger("common.kafka")
_LOGGER.addHandler(logging.NullHandler())


async def _as_it_came(batch: tuple[_Raw, ...]) -> StreamMessage[Any]:
    """FastStream's parser decodes headers and dies of one that is not UTF-8; this reads nothing."""
    return StreamMessage(raw_message=batch, body=b"", message_id=str(batch[0].offset))


async def _undecoded(message: StreamMessage[Any]) -> Any:
    return list(message.raw_message)


def _arrived(record: _Raw) -> Arrived:
    return Arrived(
        Partition(record.topic, record.partition),
        record.offset,
        record.key,
        record.value,
        tuple(record.headers),
    )


def _new_topic(topic: TopicSpec, copies: int) -> NewTopic:
    return NewTopic(
        topic.name,
        topic.partitions,
        copies,
        topic_configs=_kept(topic),
    )


def _kept(topic: TopicSpec) -> dict[str, str]:
    """What keeps every fact: a topic with other settings loses some, and nobody would notice."""
    return {
        "cleanup.policy": "delete",
        "retention.ms": str(topic.retention_ms),
        "retention.bytes": "-1",
    }


async def _wrong(admin: AIOKafkaAdminClient, topics: Sequence[TopicSpec]) -> list[str]:
    """Topics that somebody made otherwise, each with the setting that would lose facts.

    Where we may not read the settings nothing is known against them.
    """
    if not topics:
        return []
    wanted = {topic.name: _kept(topic) for topic in topics}
    asked = [
        ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(kept, ""))
        for name, kept in wanted.items()
    ]
    answers: list[Any] = await admin.describe_configs(asked)
    return [
        f"{name} ({key}={value})"
        for answer in answers
        for _, _, _, name, entries in answer.resources
        for key, value, *_ in entries
        if wanted[name].get(key, value) != value
    ]


async def _created(admin: AIOKafkaAdminClient, topics: Sequence[NewTopic]) -> None:
    answer: Any = await admin.create_topics(list(topics))
    for name, code, *message in answer.topic_errors:
        if code not in (0, TopicAlreadyExistsError.errno):
            raise PublishFailed(f"topic {name}: error {code} {message}")


async def _led(admin: AIOKafkaAdminClient, names: Sequence[str]) -> None:
    """A topic just made has no leader for a moment; sending then only fails and is tried again."""
    for _ in range(LEADER_TRIES):
        described = await admin.describe_topics(list(names))
        if all(
            not d["error_code"] and all(p["leader"] >= 0 for p in d["partitions"])
            for d in described
        ):
            return
        await asyncio.sleep(0.1)
    raise PublishFailed("topics have no leader")


async def _quietly(work: Any) -> None:
    """Closing a broken client may fail in any way; there is nothing left to do about it."""
    try:
        await work
    except (KafkaError, OSError, TimeoutError, AssertionError):
        _LOGGER.debug("a client did not close cleanly", exc_info=True)
