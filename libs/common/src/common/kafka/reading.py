"""Reading topics once, from the beginning to the end they have now."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from common.kafka.door import Arrived, Broker, Partition

LOOK_SECONDS = 0.02


class _Once:
    """Hands each record on once, however often it is delivered."""

    def __init__(self, each: Callable[[Arrived], None]) -> None:
        self._each = each
        self.reached: dict[Partition, int] = {}

    async def start_from(self, partitions: Sequence[Partition]) -> Mapping[Partition, int]:
        return {partition: self.reached.get(partition, 0) for partition in partitions}

    async def take(self, batch: Sequence[Arrived]) -> None:
        for arrived in batch:
            if arrived.offset >= self.reached.get(arrived.partition, 0):
                self.reached[arrived.partition] = arrived.offset + 1
                self._each(arrived)


async def read_all(
    broker: Broker, topics: Sequence[str], each: Callable[[Arrived], None], *, group: str
) -> None:
    """Every record that is there when it begins; raises PublishFailed when Kafka is away."""
    once = _Once(each)
    subscription = broker.subscribe(group, topics, once)
    await subscription.start()
    try:
        ends = await subscription.ends()
        while any(once.reached.get(p, 0) < end for p, end in ends.items()):  # noqa: ASYNC110 - the broker sends no event
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        await subscription.stop()
