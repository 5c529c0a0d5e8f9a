"""Keeps what a service knows in memory up to date: a change stream over its own projection.

Several processes of a service share one consumer group, so the process that answers is often not
the one that heard: each follows the collection they all write. Whatever ends the stream, the whole
is read anew; meanwhile the heartbeat ages, and decisions say 503.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from authority.known import TOPICS, Hole, Known
from authority.projections import DIRECTORY, FACTS, HEART, consumer_name, fact_of
from authority.words import say
from common.consumer.positions import POSITIONS
from common.consumer.views import Generation, Views
from common.ending import ended
from common.errors import Unavailable
from common.logs import logger
from common.moments import from_wire
from common.mongo import ANY, Database, Patch, ResumeLost, Transient, Watch
from common.mongo.door import Sort

STATE = "authority_state"
LOOK_SECONDS = 0.5
RETRY_SECONDS = 0.5


@dataclass(slots=True)
class Followed:
    """What is known now, and how well.

    heard  when the directory last said that it lives, by its own clock; None before the first time
    every  seconds between two such words
    stuck  streams whose next fact is parked or waits behind a gap
    """

    known: Known = field(default_factory=Known)
    loaded: bool = False
    heard: datetime | None = None
    every: float = 60.0
    stuck: frozenset[str] = frozenset()

    def silent_beats(self, at: datetime) -> float:
        """How many heartbeats' time the directory has been silent; for ever before the first."""
        if self.heard is None:
            return float("inf")
        return (at - self.heard).total_seconds() / self.every


class Follower:
    """Follows the projection of one service; `now` is what it knows at this moment."""

    def __init__(self, service: str, database: Database) -> None:
        self._service = service
        self._consumer = consumer_name(service)
        self._database = database
        self.now = Followed()

    @asynccontextmanager
    async def following(self) -> AsyncGenerator[None]:
        """Follows inside this block."""
        task = asyncio.create_task(self._follow(), name="authority")
        try:
            yield
        finally:
            await ended(task)

    async def position(self, topic: str, stream: str) -> int | None:
        """How far this process knows a stream, for `After-Position`; None for other topics."""
        if topic not in TOPICS:
            return None
        return self.now.known.reached.get((topic, stream), 0)

    async def check(self) -> str:
        """For readiness; raises Unavailable before the first load."""
        if not self.now.loaded:
            raise Unavailable("authority-not-ready", say("authority-not-ready"))
        known = self.now.known
        return say("loaded", people=len(known.people), sites=len(known.sites))

    async def _follow(self) -> None:
        while True:
            try:
                await self._follow_once()
            except (Transient, ResumeLost, Unavailable, Hole) as error:
                log = logger(self._service)
                log.warning("authority-reads-anew", reason=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow_once(self) -> None:
        """From a full load to the end of the stream, or of the generation that serves."""
        views = Views(self._database, self._consumer)
        generation = await views.generation()
        watch = await self._database.watch(FACTS + generation.suffix, None)
        try:
            known = await self._load(generation)
            await self._look(generation)
            self.now.known, self.now.loaded = known, True
            await self._tail(watch, views, generation)
        finally:
            await watch.close()

    async def _load(self, generation: Generation) -> Known:
        """Everything there is. A write of our own first: what stands before the watch is then seen."""
        await self._database.write([Patch(STATE, "barrier", add={"times": 1}, upsert=True)])
        known = Known()
        kept = FACTS + generation.suffix
        in_order: Sort = (("stream", 1), ("sequence", 1))
        for document in await self._database.find(kept, ANY, sort=in_order):
            known.take(fact_of(document))
        return known

    async def _tail(self, watch: Watch, views: Views, generation: Generation) -> None:
        clock = asyncio.get_running_loop().time
        looked = clock()
        while await views.generation() == generation:
            batch = await watch.next(LOOK_SECONDS)
            for document in batch.documents:
                self.now.known.take(fact_of(document))
            if clock() - looked >= LOOK_SECONDS:
                await self._look(generation)
                looked = clock()

    async def _look(self, generation: Generation) -> None:
        """The heartbeat and the places that wait: neither is an insert that the stream would show."""
        beats = await self._database.find(HEART + generation.suffix, {"_id": DIRECTORY})
        if beats:
            self.now.heard = from_wire(beats[0]["at"])
            self.now.every = float(beats[0]["every_seconds"])
        mine = {"consumer": generation.name}
        waiting = await self._database.find(POSITIONS, {**mine, "held": {"$gt": 0}})
        waiting += await self._database.find(POSITIONS, {**mine, "parked": True})
        self.now.stuck = frozenset(each["stream"] for each in waiting)
