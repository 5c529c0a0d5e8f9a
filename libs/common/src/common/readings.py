"""What is read when Prometheus asks: how far behind consumers are, what waits, what is set aside.

`Readings.refresh` goes before the metrics page (`Around.before_metrics`). When an engine is away the
values stay as they were; readiness tells about the engine.
"""

from collections import Counter
from collections.abc import Mapping

from common.consumer.heartbeats import BEATS, ages
from common.consumer.lives import SETTLED
from common.consumer.positions import HELD, OFFSETS, PARKED
from common.consumer.views import Views
from common.errors import Unavailable
from common.kafka import PublishFailed, Subscription
from common.measured import MeasuredBroker
from common.metrics import ConsumerMetrics
from common.moments import Clock, from_wire, utc_now
from common.mongo import Database, Transient


class Readings:
    """The gauges of one service's consumers; `prefix` stands before its groups and topics."""

    def __init__(
        self,
        database: Database,
        broker: MeasuredBroker,
        metrics: ConsumerMetrics,
        prefix: str = "",
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._broker = broker
        self._metrics = metrics
        self._prefix = prefix
        self._clock = clock

    async def refresh(self) -> None:
        """Look anew; never raises for an engine that is away."""
        for group, subscription in list(self._broker.subscriptions.items()):
            try:
                await self._refresh(group.removeprefix(self._prefix), subscription)
            except (Transient, PublishFailed, Unavailable):
                continue

    async def _refresh(self, consumer: str, subscription: Subscription) -> None:
        held = await self._database.count(HELD, {"consumer": consumer})
        parked = await self._database.count(PARKED, {"consumer": consumer})
        self._metrics.held.labels(consumer).set(held)
        self._metrics.parked.labels(consumer).set(parked)
        settled = await self._database.count(SETTLED, {"consumer": consumer})
        self._metrics.settled.labels(consumer).set(settled)
        self._metrics.held_seconds.labels(consumer).set(await self._oldest_gap(consumer))
        await self._refresh_positions(consumer, subscription)
        if consumer.rpartition("@")[0].endswith(BEATS):
            await self._refresh_heartbeats(consumer.rpartition("@")[0])

    async def _oldest_gap(self, consumer: str) -> float:
        found = await self._database.find(
            HELD, {"consumer": consumer}, sort=(("since", 1),), limit=1
        )
        return self._age(found[0]["since"]) if found else 0.0

    async def _refresh_positions(self, consumer: str, subscription: Subscription) -> None:
        found = await progress_of(self._database, consumer, subscription, self._prefix)
        for topic, (done, behind) in found.items():
            self._metrics.lag.labels(consumer, topic).set(behind)
            self._metrics.position.labels(consumer, topic).set(done)

    async def _refresh_heartbeats(self, consumer: str) -> None:
        for log, age in (await ages(Views(self._database, consumer), self._clock())).items():
            self._metrics.heartbeat_seconds.labels(log).set(age)

    def _age(self, moment: str) -> float:
        return max(0.0, (self._clock() - from_wire(moment)).total_seconds())


async def progress_of(
    database: Database, consumer: str, subscription: Subscription, prefix: str = ""
) -> Mapping[str, tuple[int, int]]:
    """(records read, records not yet read) by topic; raises Transient or PublishFailed."""
    found = await database.find(OFFSETS, {"consumer": consumer})
    reached = {(one["topic"], one["partition"]): one["next"] for one in found}
    behind, done = Counter[str](), Counter[str]()
    for (topic, number), end in (await subscription.ends()).items():
        at, name = reached.get((topic, number), 0), topic.removeprefix(prefix)
        behind[name] += max(0, end - at)
        done[name] += at
    return {topic: (done[topic], records) for topic, records in behind.items()}
