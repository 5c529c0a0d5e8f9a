"""The two doors, measured: everything a service does passes them, so the core counts nothing itself.

    database = MeasuredDatabase(database, metrics, world)
    broker = MeasuredBroker(broker, metrics)

Inserts into the log, chunks of the relay and batches of consumers are counted and timed; what a
door answers is passed on unchanged.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from common.kafka import (
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
from common.log.committer import COLLECTION as COMMITS
from common.metrics import ConsumerMetrics, Metrics, RelayMetrics
from common.moments import from_wire
from common.mongo import (
    Batch,
    Database,
    Document,
    Filter,
    Index,
    Inserted,
    Lease,
    Session,
    Sort,
    Transient,
    Watch,
    Write,
)
from common.world import World

T = TypeVar("T")


class MeasuredDatabase(Database):
    """Counts and times what goes into the log, and how old it is when the relay sees it."""

    def __init__(self, database: Database, metrics: Metrics, world: World) -> None:
        self._database = database
        self._metrics = metrics
        self._world = world

    async def insert(self, collection: str, documents: Sequence[Document]) -> Inserted:
        if collection != COMMITS:
            return await self._database.insert(collection, documents)
        started, log = time.perf_counter(), self._metrics.log
        try:
            inserted = await self._database.insert(collection, documents)
        except Transient:
            log.commits.labels("unknown").inc(len(documents))
            raise
        log.append_seconds.observe(time.perf_counter() - started)
        log.batch_size.observe(len(documents))
        landed = sum(inserted.landed)
        log.commits.labels("appended").inc(landed)
        log.conflicts.inc(len(documents) - landed)
        return inserted

    async def find(
        self,
        collection: str,
        where: Filter,
        *,
        sort: Sort = (),
        limit: int = 0,
        without: Sequence[str] = (),
    ) -> list[Document]:
        return await self._database.find(collection, where, sort=sort, limit=limit, without=without)

    async def count(self, collection: str, where: Filter) -> int:
        return await self._database.count(collection, where)

    async def write(self, writes: Sequence[Write]) -> None:
        await self._database.write(writes)

    async def delete(self, collection: str, where: Filter) -> int:
        return await self._database.delete(collection, where)

    async def transaction(self, work: Callable[[Session], Awaitable[T]]) -> T:
        return await self._database.transaction(work)

    async def watch(self, collection: str, token: Mapping[str, Any] | None) -> Watch:
        watch = await self._database.watch(collection, token)
        if collection != COMMITS:
            return watch
        return _MeasuredWatch(watch, self._metrics.relay, self._world)

    async def lease(self, name: str, holder: str, seconds: float) -> Lease | None:
        return await self._database.lease(name, holder, seconds)

    async def release(self, lease: Lease) -> None:
        await self._database.release(lease)

    async def migrate(self, indexes: Sequence[Index]) -> None:
        await self._database.migrate(indexes)

    async def missing(self, indexes: Sequence[Index]) -> list[str]:
        return await self._database.missing(indexes)

    async def ping(self) -> None:
        await self._database.ping()


class _MeasuredWatch(Watch):
    def __init__(self, watch: Watch, metrics: RelayMetrics, world: World) -> None:
        self._watch = watch
        self._metrics = metrics
        self._world = world

    async def next(self, wait: float) -> Batch:
        batch = await self._watch.next(wait)
        lag = 0.0
        if batch.documents:
            decided = from_wire(batch.documents[0]["at"])
            lag = max(0.0, (self._world.now() - decided).total_seconds())
        self._metrics.lag_seconds.set(lag)
        return batch

    async def close(self) -> None:
        await self._watch.close()


class MeasuredBroker(Broker):
    """Counts and times what is published and consumed; `subscriptions` is read for the lag."""

    def __init__(self, broker: Broker, metrics: Metrics) -> None:
        self._broker = broker
        self._metrics = metrics
        self.subscriptions: dict[str, Subscription] = {}

    async def producer(self) -> Producer:
        return _MeasuredProducer(await self._broker.producer(), self._metrics.relay)

    def subscribe(self, group: str, topics: Sequence[str], handler: Handler) -> Subscription:
        measured = _MeasuredHandler(handler, self._metrics.consumers, group)
        subscription = self._broker.subscribe(group, topics, measured)
        return _Listed(subscription, group, self.subscriptions)

    async def migrate(self, topics: Sequence[TopicSpec]) -> None:
        await self._broker.migrate(topics)

    async def missing(self, topics: Sequence[TopicSpec]) -> list[str]:
        return await self._broker.missing(topics)

    async def ping(self) -> None:
        await self._broker.ping()


class _MeasuredProducer(Producer):
    def __init__(self, producer: Producer, metrics: RelayMetrics) -> None:
        self._producer = producer
        self._metrics = metrics

    async def publish(self, records: Sequence[Record]) -> None:
        try:
            await self._producer.publish(records)
        except PublishFailed:
            self._metrics.failed_chunks.inc()
            raise
        self._metrics.chunk_size.observe(len(records))
        self._metrics.published.inc(len(records))

    async def close(self) -> None:
        await self._producer.close()


class _MeasuredHandler(Handler):
    def __init__(self, handler: Handler, metrics: ConsumerMetrics, consumer: str) -> None:
        self._handler = handler
        self._records = metrics.records.labels(consumer)
        self._seconds = metrics.batch_seconds.labels(consumer)

    async def start_from(self, partitions: Sequence[Partition]) -> Mapping[Partition, int]:
        return await self._handler.start_from(partitions)

    async def take(self, batch: Sequence[Arrived]) -> None:
        started = time.perf_counter()
        await self._handler.take(batch)
        self._seconds.observe(time.perf_counter() - started)
        self._records.inc(len(batch))


class _Listed(Subscription):
    """Stands in the broker's list while it runs."""

    def __init__(
        self, subscription: Subscription, group: str, running: dict[str, Subscription]
    ) -> None:
        self._subscription = subscription
        self._group = group
        self._running = running

    async def start(self) -> None:
        await self._subscription.start()
        self._running[self._group] = self._subscription

    async def stop(self) -> None:
        if self._running.get(self._group) is self._subscription:
            del self._running[self._group]
        await self._subscription.stop()

    async def ends(self) -> Mapping[Partition, int]:
        return await self._subscription.ends()
