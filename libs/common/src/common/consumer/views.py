"""What queries read: the collections of the generation that serves now, and how far it is."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from common.consumer.positions import POSITIONS, Place
from common.consumer.reached import Reached
from common.errors import Unavailable
from common.gathered import Gathered
from common.moments import from_wire, to_wire
from common.mongo import Database, Document, Filter, Patch, Session, Sort, Transient
from common.words import say

GENERATIONS = "generations"
UNKNOWN = "1970-01-01T00:00:00.000Z"
FRESH_SECONDS = 1.0
LOOK_SECONDS = 0.05
"""How long a position that was looked up is not looked up again: only another process moves it unheard."""
MOST_LOOKED = 10_000
NO_END = 2**63


@dataclass(frozen=True, slots=True)
class Generation:
    """One life of a projection: 1 first, n+1 when it is rebuilt.

    floors  topic → the lowest incarnation of its log that counts
    """

    consumer: str
    number: int
    floors: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def name(self) -> str:
        """Consumer group and key of positions and offsets: "portal@2"."""
        return f"{self.consumer}@{self.number}"

    @property
    def suffix(self) -> str:
        """Stands behind the names of its collections."""
        return f"@{self.number}"


async def active(database: Database, consumer: str) -> Generation:
    """The generation that serves; the first until one is named."""
    return _active(consumer, await database.find(GENERATIONS, {"_id": consumer}))


async def begin(database: Database, consumer: str, floors: Mapping[str, int]) -> Generation:
    """The next generation, under a number that no other attempt has or had."""

    async def work(session: Session) -> Generation:
        found = await session.find(GENERATIONS, {"_id": consumer})
        serving = _active(consumer, found)
        newest = max(serving.number, found[0].get("newest", 0) if found else 0) + 1
        patch = Patch(GENERATIONS, consumer, values={"newest": newest}, upsert=True)
        await session.write([patch])
        return Generation(consumer, newest, {**serving.floors, **floors})

    return await database.transaction(work)


async def activate(database: Database, generation: Generation, at: datetime) -> bool:
    """Move the one pointer, never backwards; answers whether this generation serves now."""

    async def work(session: Session) -> bool:
        found = await session.find(GENERATIONS, {"_id": generation.consumer})
        if _active(generation.consumer, found).number > generation.number:
            return False
        values = {
            "active": generation.number,
            "floors": [[topic, number] for topic, number in sorted(generation.floors.items())],
            "since": to_wire(at),
        }
        await session.write([Patch(GENERATIONS, generation.consumer, values=values, upsert=True)])
        return True

    return await database.transaction(work)


async def outlived(database: Database, consumer: str, before: datetime) -> list[Generation]:
    """The generations that gave way to one that has served since before a moment."""
    found = await database.find(GENERATIONS, {"_id": consumer})
    if not found or from_wire(found[0].get("since", UNKNOWN)) >= before:
        return []
    serving = _active(consumer, found).number
    return [Generation(consumer, number) for number in range(1, serving)]


def _active(consumer: str, found: Sequence[Document]) -> Generation:
    if not found:
        return Generation(consumer, 1)
    return Generation(consumer, found[0].get("active", 1), dict(found[0].get("floors", ())))


class Views:
    """Reads a projection wherever it stands now; the pointer is looked up once a second."""

    def __init__(self, database: Database, consumer: str, reached: Reached | None = None) -> None:
        self._database = database
        self._consumer = consumer
        self._reached = reached
        self._generation = Generation(consumer, 1)
        self._looked_at = float("-inf")
        self._looking = Gathered(self._look)
        self._looked: dict[str, tuple[float, int]] = {}

    async def find(
        self,
        collection: str,
        where: Filter,
        *,
        sort: Sort = (),
        limit: int = 0,
        without: Sequence[str] = (),
    ) -> list[Document]:
        """Documents of a projected collection; raises Unavailable when the database is away."""
        try:
            generation = await self.generation()
            return await self._database.find(
                collection + generation.suffix, where, sort=sort, limit=limit, without=without
            )
        except Transient as error:
            raise Unavailable("database-unavailable", say("database-unavailable")) from error

    async def one(self, collection: str, key: str) -> Document | None:
        found = await self.find(collection, {"_id": key}, limit=1)
        return found[0] if found else None

    async def position(self, topic: str, stream: str, wanted: int = NO_END) -> int | None:
        """The last sequence applied, 0 before the first; for `After-Position`."""
        try:
            generation = await self.generation()
            place = Place(generation.name, topic, stream)
            here = self._reached.of(place.key) if self._reached is not None else 0
            if here >= wanted:
                return here
            return await self._stored(place.key)
        except Transient as error:
            raise Unavailable("database-unavailable", say("database-unavailable")) from error

    async def _stored(self, key: str) -> int:
        """What this process applies rings; what others do is looked for twenty times a second."""
        now = asyncio.get_running_loop().time()
        at, sequence = self._looked.get(key, (float("-inf"), 0))
        if self._reached is not None and now - at < LOOK_SECONDS:
            return sequence
        if len(self._looked) >= MOST_LOOKED:
            self._looked.clear()
        sequence = await self._looking.ask(key)
        self._looked[key] = now, sequence
        return sequence

    async def _look(self, keys: Sequence[str]) -> list[int]:
        found = await self._database.find(POSITIONS, {"_id": {"$in": sorted(set(keys))}})
        sequences = {document["_id"]: document["sequence"] for document in found}
        return [sequences.get(key, 0) for key in keys]

    async def generation(self) -> Generation:
        if asyncio.get_running_loop().time() - self._looked_at > FRESH_SECONDS:
            self._generation = await active(self._database, self._consumer)
            self._looked_at = asyncio.get_running_loop().time()
        return self._generation

    def forget(self) -> None:
        """Look the pointer up anew at the next read."""
        self._looked_at = float("-inf")


class Positions:
    """How far a service is on each topic that one of its consumers hears."""

    def __init__(self, views: Sequence[tuple[Sequence[str], Views]], reached: Reached) -> None:
        self._views = [(frozenset(topics), view) for topics, view in views]
        self._reached = reached

    async def position(self, topic: str, stream: str, wanted: int = NO_END) -> int | None:
        """The least of what its consumers have seen; None for a topic nobody hears here."""
        seen = [
            await view.position(topic, stream, wanted)
            for topics, view in self._views
            if topic in topics
        ]
        return min((sequence for sequence in seen if sequence is not None), default=None)

    async def news(self, seconds: float) -> None:
        """Returns when a consumer of this process has applied something, or after the time."""
        await self._reached.news(seconds)
