"""How one service stands, for those who operate it: is anything stuck, late or waiting.

Only counts, codes and names of streams: no fact's content, no person's data.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.consumer.asking import ask_replay
from common.consumer.positions import HELD, PARKED
from common.consumer.views import active
from common.errors import NotFound, Said, Unavailable
from common.kafka import PublishFailed
from common.log.committer import COLLECTION as COMMITS
from common.measured import MeasuredBroker
from common.moments import from_wire
from common.mongo import ANY, Database, Transient
from common.readings import progress_of
from common.relay.heads import COLLECTION as HEADS
from common.relay.heads import Heads
from common.relay.relay import STATE
from common.words import say

LOOKED_BACK = 500
"""The newest commits that are compared with what Kafka acknowledged; more waiting shows as this."""
LISTED = 100


@dataclass(frozen=True, slots=True)
class ConsumerState:
    """One consumer: records not yet read by topic, held behind a gap, set aside, and since when."""

    name: str
    lag: Mapping[str, int]
    held: int
    held_since: datetime | None
    parked: int


@dataclass(frozen=True, slots=True)
class ParkedRecord:
    """The record that stopped a stream, and how many wait behind it."""

    consumer: str
    topic: str
    stream: str
    sequence: int
    code: str
    detail: str
    at: datetime
    behind: int


@dataclass(frozen=True, slots=True)
class ServiceState:
    """`outbox`: commits that Kafka has not acknowledged; `unsealed`: heads that moved since the last seal."""

    service: str
    outbox: int
    seals: int
    unsealed: int
    consumers: tuple[ConsumerState, ...]
    parked: tuple[ParkedRecord, ...]


class Operating:
    """Looks at a service's own collections; asks its consumers to try again."""

    def __init__(
        self,
        service: str,
        database: Database,
        broker: MeasuredBroker,
        new_id: Callable[[], str],
        prefix: str = "",
    ) -> None:
        self._service = service
        self._database = database
        self._broker = broker
        self._new_id = new_id
        self._prefix = prefix

    async def state(self) -> ServiceState:
        """Raises Unavailable when an engine is away."""
        try:
            return ServiceState(
                service=self._service,
                outbox=await self._outbox(),
                seals=await self._seals(),
                unsealed=await self._database.count(HEADS, {"unsealed": True}),
                consumers=tuple([await self._consumer(name) for name in self._consumers()]),
                parked=await self._parked(),
            )
        except (Transient, PublishFailed) as error:
            raise Unavailable("engine-away", say("engine-away")) from error

    async def replay(self, consumer: str, topic: str, stream: str) -> None:
        """Ask that a parked stream be tried again; raises NotFound when it is not parked.

        `consumer` as the state names it, with the number of its generation: whichever serves tries.
        """
        where = {"consumer": consumer, "topic": self._prefix + topic, "stream": stream}
        try:
            if not await self._database.find(PARKED, where, limit=1):
                raise NotFound("not-parked", say("not-parked"))
            name = consumer.partition("@")[0]
            await ask_replay(self._database, self._new_id(), name, topic, stream)
        except Transient as error:
            raise Unavailable("engine-away", say("engine-away")) from error

    async def behind(self, consumer: str) -> int:
        """How many records the serving generation has not applied: not read yet, held, set aside.

        Raises Unavailable when an engine is away or the consumer has not started.
        """
        try:
            name = (await active(self._database, consumer)).name
            if name not in self._consumers():
                raise Unavailable("not-started", say("waits-for-engines", name=consumer))
            found = await self._consumer(name)
        except (Transient, PublishFailed) as error:
            raise Unavailable("engine-away", say("engine-away")) from error
        return sum(found.lag.values()) + found.held + found.parked

    def _consumers(self) -> list[str]:
        return sorted(group.removeprefix(self._prefix) for group in self._broker.subscriptions)

    async def _consumer(self, name: str) -> ConsumerState:
        own = {"consumer": name}
        oldest = await self._database.find(HELD, own, sort=(("since", 1),), limit=1)
        subscription = self._broker.subscriptions[self._prefix + name]
        progress = await progress_of(self._database, name, subscription, self._prefix)
        return ConsumerState(
            name=name,
            lag={topic: behind for topic, (_, behind) in progress.items()},
            held=await self._database.count(HELD, own),
            held_since=from_wire(oldest[0]["since"]) if oldest else None,
            parked=await self._database.count(PARKED, own),
        )

    async def _outbox(self) -> int:
        newest = await self._database.find(COMMITS, ANY, sort=(("_id", -1),), limit=LOOKED_BACK)
        heads = {
            part["stream"]: max(part["version"], 0) for each in newest for part in each["parts"]
        }
        acknowledged = await Heads(self._database).versions(list(heads))
        return sum(
            any(part["version"] > acknowledged[part["stream"]] for part in each["parts"])
            for each in newest
        )

    async def _seals(self) -> int:
        found = await self._database.find(STATE, {"_id": "seal"})
        return found[0]["number"] if found else 0

    async def _parked(self) -> tuple[ParkedRecord, ...]:
        """The first of each stream: the others only wait behind it."""
        found = await self._database.find(PARKED, ANY, sort=(("at", 1), ("_id", 1)), limit=1000)
        first: dict[tuple[str, str, str], dict[str, Any]] = {}
        behind: dict[tuple[str, str, str], int] = {}
        for record in found:
            place = (record["consumer"], record["topic"], record["stream"])
            if place in first:
                behind[place] = behind.get(place, 0) + 1
            else:
                first[place] = record
        return tuple(
            _parked_record(record, self._prefix, behind.get(place, 0))
            for place, record in list(first.items())[:LISTED]
        )


def _parked_record(record: Mapping[str, Any], prefix: str, behind: int) -> ParkedRecord:
    return ParkedRecord(
        consumer=record["consumer"],
        topic=record["topic"].removeprefix(prefix),
        stream=record["stream"],
        sequence=record["sequence"],
        code=record["code"],
        detail=Said(record.get("detail_vi", record["detail"]), record["detail"]),
        at=from_wire(record["at"]),
        behind=behind,
    )
