"""The two doors, measured: everything a service does passes them, so the core counts nothing itself.

    database = MeasuredDatabase(database, metrics, world, telemetry)
    broker = MeasuredBroker(broker, metrics, telemetry)
    log = CountedLog(metrics.log, …)
    relay = CountedRelay(metrics.relay, …)

Inserts into the log, chunks of the relay and batches of consumers are counted and timed, and leave
a span where their trace is sampled; what a door answers is passed on unchanged.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from opentelemetry.trace import SpanKind

from common.cause import Cause
from common.errors import (
    Conflict,
    DomainError,
    NotFound,
    Refused,
    Unavailable,
    Unprocessable,
)
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
from common.log.log import CommitLog
from common.log.model import Commit
from common.log.streams import Loaded
from common.metrics import ConsumerMetrics, LogMetrics, Metrics, RelayMetrics
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
from common.relay.relay import Relay
from common.relay.restoring import Life
from common.telemetry import Telemetry, is_sampled
from common.world import World

T = TypeVar("T")
S = TypeVar("S")
ENDINGS: Mapping[type[DomainError], str] = {
    Refused: "refused",
    NotFound: "not-found",
    Conflict: "conflict",
    Unprocessable: "unprocessable",
    Unavailable: "unavailable",
}


class MeasuredDatabase(Database):
    """Counts and times what goes into the log, and how old it is when the relay sees it."""

    def __init__(
        self,
        database: Database,
        metrics: Metrics,
        world: World,
        telemetry: Telemetry | None = None,
        life: Life | None = None,
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._world = world
        self._telemetry = telemetry
        self._life = life

    async def insert(self, collection: str, documents: Sequence[Document]) -> Inserted:
        """Raises Unavailable for commits of a log that was restored under this process."""
        if collection != COMMITS:
            return await self._database.insert(collection, documents)
        if self._life is not None:
            await self._life.sure()
        started, log, began = time.perf_counter(), self._metrics.log, time.time_ns()
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
        self._trace(documents, inserted, began)
        return inserted

    def _trace(self, documents: Sequence[Document], inserted: Inserted, began: int) -> None:
        if self._telemetry is None:
            return
        for document, landed in zip(documents, inserted.landed, strict=True):
            traceparent: str = document.get("traceparent") or ""
            if landed and is_sampled(traceparent):
                size: dict[str, Any] = {"db.operation.batch.size": len(documents)}
                self._telemetry.record("commit", traceparent, began, **size)

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

    async def leased(self, name: str) -> Lease | None:
        return await self._database.leased(name)

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

    def __init__(
        self, broker: Broker, metrics: Metrics, telemetry: Telemetry | None = None
    ) -> None:
        self._broker = broker
        self._metrics = metrics
        self._telemetry = telemetry
        self.subscriptions: dict[str, Subscription] = {}

    async def producer(self) -> Producer:
        producer = await self._broker.producer()
        return _MeasuredProducer(producer, self._metrics.relay, self._telemetry)

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
    def __init__(
        self, producer: Producer, metrics: RelayMetrics, telemetry: Telemetry | None
    ) -> None:
        self._producer = producer
        self._metrics = metrics
        self._telemetry = telemetry

    async def publish(self, records: Sequence[Record]) -> None:
        began = time.time_ns()
        try:
            await self._producer.publish(records)
        except PublishFailed:
            self._metrics.failed_chunks.inc()
            raise
        self._metrics.chunk_size.observe(len(records))
        self._metrics.published.inc(len(records))
        if self._telemetry is not None:
            _trace_published(self._telemetry, records, began)

    async def close(self) -> None:
        await self._producer.close()


def _trace_published(telemetry: Telemetry, records: Sequence[Record], began: int) -> None:
    """The traceparent stands last, where `contracts.wire` puts it."""
    for record in records:
        name, value = record.headers[-1] if record.headers else ("", b"")
        if name == "traceparent" and is_sampled(value):
            telemetry.record(
                f"publish {record.topic}",
                value.decode("ascii", "replace"),
                began,
                SpanKind.PRODUCER,
                **{"messaging.destination.name": record.topic},
            )


class CountedLog(CommitLog):
    """The log, its decisions counted by how they ended."""

    def __init__(
        self, metrics: LogMetrics, *parts: Any, life: Life | None = None, **more: Any
    ) -> None:
        super().__init__(*parts, **more)
        self._life = life
        self._decisions = metrics.decisions
        self._longest = metrics.longest_stream
        self._most = 0

    async def decide(self, cause: Cause, use_case: Callable[[], Awaitable[Loaded[S]]]) -> Loaded[S]:
        try:
            if self._life is not None:
                self._life.must_go_on()
            decided = await super().decide(cause, use_case)
        except DomainError as error:
            self._decisions.labels(ENDINGS.get(type(error), "other")).inc()
            raise
        self._decisions.labels("done").inc()
        if decided.version > self._most:
            self._most = decided.version
            self._longest.set(decided.version)
        return decided

    async def _answer(self, commit: Commit) -> Loaded[Any]:
        self._decisions.labels("repeated").inc()
        return await super()._answer(commit)


class CountedRelay(Relay):
    """The relay, what it sends again counted by the reason."""

    def __init__(self, metrics: RelayMetrics, *parts: Any) -> None:
        super().__init__(*parts)
        self._resent = metrics.resent

    async def resend_unacknowledged(self) -> int:
        return self._noted("token-lost", await super().resend_unacknowledged())

    async def _fill(self, holes: Mapping[str, int]) -> int:
        return self._noted("hole", await super()._fill(holes))

    async def sweep(self) -> int:
        return self._noted("swept", await super().sweep())

    async def _resend_requested(self) -> int:
        return self._noted("asked", await super()._resend_requested())

    def _noted(self, reason: str, records: int) -> int:
        self._resent.labels(reason).inc(records)
        return records


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
