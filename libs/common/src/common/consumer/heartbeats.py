"""The end of the chain: the last heartbeat that came through log, relay, Kafka and transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from common.consumer.hears import Hears, Seen
from common.consumer.views import Views
from common.errors import Said, Unavailable
from common.moments import from_wire, to_wire
from common.mongo import ANY, Document, Index, Put, Write
from common.words import say
from common.world import World
from contracts.events.log import HeartbeatV1

COLLECTION = "heartbeats"
BEATS = "-heartbeats"
LATE_PERIODS = 3


def heartbeats(service: str, logs_of: tuple[str, ...]) -> Hears:
    """The consumer of the heartbeats of these services' logs."""
    return Hears(
        f"{service}{BEATS}",
        {HeartbeatV1: when_heart_beats_note_it},
        indexes=(Index(COLLECTION, (("at", 1),)),),
        logs_of=logs_of,
    )


def when_heart_beats_note_it(fact: HeartbeatV1, seen: Seen) -> Iterable[Write]:
    del seen
    yield Put(
        COLLECTION,
        fact.service,
        {"at": to_wire(fact.at), "number": fact.number, "every_seconds": fact.every_seconds},
    )


async def ages(views: Views, now: datetime) -> dict[str, float]:
    """Seconds since the last heartbeat of each log; raises Unavailable."""
    return _ages(await views.find(COLLECTION, ANY), now)


def _ages(found: Iterable[Document], now: datetime) -> dict[str, float]:
    return {d["_id"]: (now - from_wire(d["at"])).total_seconds() for d in found}


class Heartbeat:
    """Says how old the oldest of the last heartbeats is."""

    def __init__(self, views: Views, world: World, started: datetime) -> None:
        self._views = views
        self._world = world
        self._started = started

    async def check(self) -> str:
        """Raises Unavailable when one is three periods late; waits that long after a start."""
        now = self._world.now()
        found = await self._views.find(COLLECTION, ANY)
        ages = _ages(found, now)
        late = [
            d["_id"]
            for d in found
            if min(ages[d["_id"]], (now - self._started).total_seconds())
            > LATE_PERIODS * d["every_seconds"]
        ]
        if late:
            raise Unavailable("heartbeat-late", say("heartbeat-late", logs=", ".join(late)))
        return _said(ages)


def _said(ages: Mapping[str, float]) -> str:
    if not ages:
        return say("no-heartbeat")
    each = [(name, f"{age:.0f}") for name, age in sorted(ages.items())]
    said = Said(
        ", ".join(f"{name} cách đây {age} giây" for name, age in each),
        ", ".join(f"{name} {age} s ago" for name, age in each),
    )
    return say("heartbeats", ages=said)
