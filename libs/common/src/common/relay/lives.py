"""Which life of a log its topics know: a restored log must begin one that nobody has heard of."""

from collections.abc import Sequence

from common.kafka import Arrived, Broker
from common.kafka.reading import read_all
from contracts import wire


async def newest_life(broker: Broker, topics: Sequence[str], *, group: str) -> int:
    """The highest incarnation in these topics; 0 where nothing readable stands.

    A backup knows the life it was taken in. Restored twice, it would twice begin the same one, and
    readers would take the second for the first: the topics remember what the backup cannot.
    """
    newest = 0

    def look(arrived: Arrived) -> None:
        nonlocal newest
        try:
            envelope = wire.decode(arrived.headers, arrived.value or b"")
        except wire.Undecodable:
            return
        newest = max(newest, envelope.incarnation)

    await read_all(broker, topics, look, group=group)
    return newest
