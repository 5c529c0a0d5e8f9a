"""A cluster in memory: partitions by key, groups with one reader a partition, rebalances.

An idempotent producer's records land once and in order unless `Faults` says that the outcome is
lost: then the chunk may be there wholly, in part, or not at all, and the producer is broken: used
again it acknowledges and leaves holes, as was measured with a real one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

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
from common.testing.mongo import Faults, NoFaults

POLL = 1.0
RETRY = 0.2


@dataclass
class MemoryCluster:
    """What outlives a client."""

    logs: dict[Partition, list[Record]] = field(default_factory=dict[Partition, list[Record]])
    groups: dict[str, list["MemorySubscription"]] = field(
        default_factory=dict[str, "list[MemorySubscription]"]
    )
    databases: dict[str, Any] = field(default_factory=dict[str, Any])
    """What services of one house share besides, such as the blobs, by name."""
    news: list[asyncio.Event] = field(default_factory=list[asyncio.Event])
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def partition(self, topic: str, key: str) -> Partition:
        count = self.counts.get(topic)
        if not count:
            raise PublishFailed(f"unknown topic {topic}")
        return Partition(topic, crc32(key.encode()) % count)

    def make(self, topic: TopicSpec) -> None:
        self.counts[topic.name] = max(self.counts.get(topic.name, 0), topic.partitions)
        for number in range(topic.partitions):
            self.logs.setdefault(Partition(topic.name, number), [])

    def append(self, record: Record) -> None:
        self.logs[self.partition(record.topic, record.key)].append(record)
        for event in self.news:
            event.set()

    def left_behind(self, records: Sequence[Record]) -> None:
        """A producer failed or died while these were on their way; here they never arrive."""

    def of_topics(self, topics: Sequence[str]) -> list[Partition]:
        return sorted(p for p in self.logs if p.topic in topics)


class MemoryBroker(Broker):
    """A client of a `MemoryCluster`."""

    def __init__(
        self, cluster: MemoryCluster | None = None, faults: Faults | None = None, batch: int = 50
    ) -> None:
        self.cluster = cluster or MemoryCluster()
        self._faults = faults or NoFaults()
        self._batch = batch
        self.subscriptions: list[MemorySubscription] = []

    async def producer(self) -> Producer:
        await _as_publish(self._faults.before("producer"))
        return _MemoryProducer(self.cluster, self._faults)

    def subscribe(
        self, group: str, topics: Sequence[str], handler: Handler
    ) -> "MemorySubscription":
        subscription = MemorySubscription(
            self.cluster, self._faults, (group, tuple(topics)), handler, self._batch
        )
        self.subscriptions.append(subscription)
        return subscription

    async def migrate(self, topics: Sequence[TopicSpec]) -> None:
        for topic in topics:
            self.cluster.make(topic)

    async def missing(self, topics: Sequence[TopicSpec]) -> list[str]:
        return [
            t.name for t in topics if Partition(t.name, t.partitions - 1) not in self.cluster.logs
        ]

    async def ping(self) -> None:
        await _as_publish(self._faults.before("ping"))


class _MemoryProducer(Producer):
    def __init__(self, cluster: MemoryCluster, faults: Faults) -> None:
        self._cluster = cluster
        self._faults = faults
        self._failed: Sequence[Record] = ()
        self._closed = False

    async def publish(self, records: Sequence[Record]) -> None:
        if self._closed:
            raise AssertionError("a closed producer was used")
        sent = 0
        try:
            await self._faults.before("publish")
            for record in records:
                sent += 1
                if record not in self._failed:
                    self._cluster.append(record)
                await self._faults.before("publish-next")
            await self._faults.after("publish")
        except BaseException as error:
            self._failed = records[sent:]
            self._cluster.left_behind(self._failed)
            if isinstance(error, Exception):
                raise PublishFailed(str(error)) from error
            raise

    async def close(self) -> None:
        self._closed = True


class MemorySubscription(Subscription):
    def __init__(
        self,
        cluster: MemoryCluster,
        faults: Faults,
        reads: tuple[str, tuple[str, ...]],
        handler: Handler,
        batch: int,
    ) -> None:
        self._cluster = cluster
        self._faults = faults
        self._group, self._topics = reads
        self._handler = handler
        self._batch = batch
        self._assigned: dict[Partition, int] = {}
        self.rebalance = asyncio.Event()
        self._stopped = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())
        self.join()

    async def stop(self) -> None:
        self._stopped = True
        self.leave()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def join(self) -> None:
        members = self._cluster.groups.setdefault(self._group, [])
        if self not in members and not self._stopped:
            members.append(self)
        self._tell_members()

    def leave(self) -> None:
        """Also what the group does with a member it has not heard of for too long."""
        members = self._cluster.groups.get(self._group, [])
        if self in members:
            members.remove(self)
        self._tell_members()

    async def ends(self) -> Mapping[Partition, int]:
        return {p: len(self._cluster.logs[p]) for p in self._cluster.of_topics(self._topics)}

    def _tell_members(self) -> None:
        for member in self._cluster.groups.get(self._group, []):
            member.rebalance.set()
        for event in self._cluster.news:
            event.set()

    async def _run(self) -> None:
        while True:
            if self.rebalance.is_set():
                await self._assign()
            batch = await self._poll()
            if batch:
                await self._handler.take(batch)
            else:
                await self._news()

    async def _assign(self) -> None:
        self.rebalance.clear()
        self._assigned = {}
        members = self._cluster.groups[self._group]
        if self in members:
            mine = self._cluster.of_topics(self._topics)[members.index(self) :: len(members)]
            self._assigned = dict(await self._handler.start_from(mine))

    async def _poll(self) -> list[Arrived]:
        try:
            await self._faults.before("poll")
        except Exception:  # noqa: BLE001 - whatever the world does: a client polls again
            await asyncio.sleep(RETRY)
            return []
        batch: list[Arrived] = []
        for partition, offset in self._assigned.items():
            records = self._cluster.logs[partition][offset : offset + self._batch]
            batch.extend(
                Arrived(partition, offset + n, r.key.encode(), r.value, r.headers)
                for n, r in enumerate(records)
            )
            self._assigned[partition] = offset + len(records)
        return batch

    async def _news(self) -> None:
        if self.rebalance.is_set():
            return
        event = asyncio.Event()
        self._cluster.news.append(event)
        try:
            async with asyncio.timeout(POLL):
                await event.wait()
        except TimeoutError:
            return
        finally:
            self._cluster.news.remove(event)


async def _as_publish(work: object) -> None:
    try:
        await work  # pyright: ignore[reportGeneralTypeIssues] - any coroutine of a fault
    except Exception as error:
        raise PublishFailed(str(error)) from error


__all__ = ["MemoryBroker", "MemoryCluster", "MemorySubscription"]
