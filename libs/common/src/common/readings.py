"""What is read when Prometheus asks: how far behind consumers are, what waits, what is set aside.

`Readings.refresh` goes before the metrics page (`Around.before_metrics`). When an engine is away the
values stay as they were; readiness tells about the engine.
"""

from collections import Counter
from collections.abc import Mapping

from common.consumer.positions import HELD, OFFSETS, PARKED
from common.kafka import PublishFailed, Subscription
from common.measured import MeasuredBroker
from common.metrics import ConsumerMetrics
from common.mongo import Database, Transient


class Readings:
    """The gauges of one service's consumers; `prefix` stands before its groups and topics."""

    def __init__(
        self,
        database: Database,
        broker: MeasuredBroker,
        metrics: ConsumerMetrics,
        prefix: str = "",
    ) -> None:
        self._database = database
        self._broker = broker
        self._metrics = metrics
        self._prefix = prefix

    async def refresh(self) -> None:
        """Look anew; never raises for an engine that is away."""
        for group, subscription in list(self._broker.subscriptions.items()):
            try:
                await self._refresh(group.removeprefix(self._prefix), subscription)
            except (Transient, PublishFailed):
                continue

    async def _refresh(self, consumer: str, subscription: Subscription) -> None:
        held = await self._database.count(HELD, {"consumer": consumer})
        parked = await self._database.count(PARKED, {"consumer": consumer})
        self._metrics.held.labels(consumer).set(held)
        self._metrics.parked.labels(consumer).set(parked)
        for topic, behind in (
            await lag_of(self._database, consumer, subscription, self._prefix)
        ).items():
            self._metrics.lag.labels(consumer, topic).set(behind)


async def lag_of(
    database: Database, consumer: str, subscription: Subscription, prefix: str = ""
) -> Mapping[str, int]:
    """Records not yet read, by topic; raises Transient or PublishFailed when an engine is away."""
    found = await database.find(OFFSETS, {"consumer": consumer})
    reached = {(one["topic"], one["partition"]): one["next"] for one in found}
    behind: Counter[str] = Counter()
    for (topic, number), end in (await subscription.ends()).items():
        behind[topic.removeprefix(prefix)] += max(0, end - reached.get((topic, number), 0))
    return behind
