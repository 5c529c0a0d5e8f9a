"""Running one consumer: the generation that serves, and a rebuild beside it when asked.

A rebuild reads everything from the beginning into collections, positions and a group of its own,
while the old generation serves; when it has passed what was there at its start and then the
present end, one pointer moves. What the old one had parked and resolved is resolved likewise. The
old generation is deleted when the new one has served for a while. Reactions are never rebuilt.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from common.consumer.asking import REBUILDS, REPLAYS, must_be_rebuildable, must_hear
from common.consumer.decode import Reads
from common.consumer.hears import Hears
from common.consumer.lives import begun, floors_of, raised
from common.consumer.positions import HELD, OFFSETS, PARKED, POSITIONS, Place
from common.consumer.reached import Reached
from common.consumer.reader import Reader, ReaderNames
from common.consumer.views import Generation, activate, active, begin, outlived
from common.ending import ended
from common.errors import Refused
from common.kafka import Broker, Partition, PublishFailed, Subscription
from common.logs import logger
from common.mongo import Database, Document, Index, Lease, Transient
from common.requests import refused, served
from common.world import World

LOOK_SECONDS = 2.0
CLOSE_SECONDS = 5.0
CATCH_UP_SECONDS = 0.5
LEASE_SECONDS = 30.0
RETRY_SECONDS = 1.0
GRACE = timedelta(minutes=15)
SWEEP_SECONDS = 3600.0


@dataclass(slots=True)
class _Running:
    generation: Generation
    reader: Reader
    subscription: Subscription


@dataclass(frozen=True, slots=True)
class ConsumerDoors:
    """What a consumer works with; `prefix` stands before every topic and group.

    reached  where it notes how far this process has come
    """

    database: Database
    broker: Broker
    reads: Reads
    prefix: str = ""
    reached: Reached = field(default_factory=Reached)


class Consumption:
    """One member of the consumer's group; others may run in other processes."""

    def __init__(self, hears: Hears, doors: ConsumerDoors, world: World) -> None:
        self.hears = hears
        self._doors = doors
        self._world = world
        self._serving: _Running | None = None
        self._following: asyncio.Task[None] | None = None
        self._changing = asyncio.Lock()
        self._holder = world.new_id()
        self._sweep_at = 0.0

    @property
    def reader(self) -> Reader | None:
        """The reader of the generation that serves, once started."""
        return self._serving.reader if self._serving else None

    async def start(self) -> None:
        """Join the group; raises Transient or PublishFailed when an engine is away."""
        generation = await active(self._doors.database, self.hears.name)
        self._serving = await self._open(generation)
        self._following = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        following, self._following = self._following, None
        await ended(following)
        serving, self._serving = self._serving, None
        if serving is not None:
            await serving.subscription.stop()

    async def replay(self, topic: str, stream: str) -> int:
        """Try a parked stream again; answers how many facts were applied."""
        assert self._serving is not None
        return await self._serving.reader.replay(topic, stream)

    # -- rebuilding -----------------------------------------------------------------------------

    async def rebuild(self) -> Generation:
        """Make the projection anew and let it serve; answers the new generation.

        Raises Refused for a reaction. May be cancelled: the old generation goes on serving.
        """
        must_be_rebuildable(self.hears)
        async with self._changing:
            assert self._serving is not None
            old = self._serving
            floors = await floors_of(self._doors.database, self.hears.topics)
            new = await begin(self._doors.database, self.hears.name, floors)
            await self._doors.database.migrate(generation_indexes(self.hears, new))
            building = await self._open(new)
            try:
                await self._catch_up(building)
                await self._replay_resolved(building, old.generation)
                serves = await activate(self._doors.database, new, self._world.now())
            except BaseException:
                await asyncio.shield(building.subscription.stop())
                raise
            if not serves:
                await building.subscription.stop()
                return await active(self._doors.database, self.hears.name)
            self._serving = building
            await old.subscription.stop()
            await self._forget_attempts(old.generation, new)
            return new

    async def _catch_up(self, building: _Running) -> None:
        """Until it has passed an end that was there a moment ago: under load there is no last one."""
        now = asyncio.get_running_loop().time
        while True:
            looked = now()
            ends = await self._ends(building)
            while not await self._passed(building.generation, ends):
                await self._note_life(building.reader)
                if building.reader.halted is not None:
                    raise Transient(f"the rebuild stopped: {building.reader.halted}")
                await self._lease()
                await asyncio.sleep(CATCH_UP_SECONDS)
            if now() - looked <= CLOSE_SECONDS:
                return

    async def _ends(self, running: _Running) -> Mapping[Partition, int]:
        while True:
            try:
                return await running.subscription.ends()
            except PublishFailed:
                await asyncio.sleep(RETRY_SECONDS)

    async def _passed(self, generation: Generation, ends: Mapping[Partition, int]) -> bool:
        try:
            found = await self._doors.database.find(OFFSETS, {"consumer": generation.name})
        except Transient:
            return False
        reached = {Partition(d["topic"], d["partition"]): d["next"] for d in found}
        return all(reached.get(partition, 0) >= end for partition, end in ends.items())

    async def _replay_resolved(self, building: _Running, old: Generation) -> None:
        """A poisoned record stands in its topic for ever and parks its stream in every new reading.

        Where the old generation is past it, because it was sent again in order and replayed, the
        new one replays it too: what it holds are the bytes that came last.
        """
        database = self._doors.database
        parked = await database.find(PARKED, {"consumer": building.generation.name})
        for key in sorted({document["place"] for document in parked if document["sequence"]}):
            _, topic, stream = key.split("|", 2)
            then = await database.find(POSITIONS, {"_id": Place(old.name, topic, stream).key})
            if then and not then[0]["parked"]:
                await building.reader.replay(topic, stream)

    async def _forget_attempts(self, old: Generation, new: Generation) -> None:
        """Remove what broken-off rebuilds between two generations left behind."""
        for number in range(old.number + 1, new.number):
            await self._forget(Generation(self.hears.name, number))

    async def _sweep(self) -> None:
        """Delete generations that gave way a while ago: every process has followed the pointer.

        Looked at after each start and each hour, all of them: one that slept through its end may
        have written something since.
        """
        now = asyncio.get_running_loop().time()
        if now < self._sweep_at:
            return
        before = self._world.now() - GRACE
        for generation in await outlived(self._doors.database, self.hears.name, before):
            await self._forget(generation)
        self._sweep_at = now + SWEEP_SECONDS

    async def _forget(self, generation: Generation) -> None:
        database = self._doors.database
        for collection in (POSITIONS, OFFSETS, HELD, PARKED):
            await database.delete(collection, {"consumer": generation.name})
        for collection in self.hears.collections:
            await database.delete(collection + generation.suffix, {})

    # -- following what others decide -------------------------------------------------------------

    async def _follow(self) -> None:
        """Rebuild when somebody asks or a log was restored; follow the pointer others moved.

        Whatever happens it goes on: one that no longer follows would serve what others left behind.
        """
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._follow_once()
            except (Transient, PublishFailed):
                continue  # looked at again at the next turn
            except Exception as error:  # noqa: BLE001 - a bug of ours must be seen, not end this
                logger(self.hears.name).error("following-failed", error=type(error).__name__)

    async def _follow_once(self) -> None:
        serving = self._serving
        if serving is None:
            return
        pointed = await active(self._doors.database, self.hears.name)
        if pointed.number > serving.generation.number:
            await self._change_to(pointed)
        elif await self._outlived(serving) or await self._rebuilds_asked():
            await self._rebuild_alone()
        else:
            await self._replay_if_asked(serving)
            await self._sweep()

    async def _rebuilds_asked(self) -> list[Document]:
        return await self._doors.database.find(REBUILDS, {"_id": self.hears.name})

    async def _outlived(self, serving: _Running) -> bool:
        """Whether a log was restored since this projection was made.

        A reaction takes the new life up and goes on.
        """
        reader = serving.reader
        await self._note_life(reader)
        floors = await floors_of(self._doors.database, self.hears.topics)
        if self.hears.kind == "projection":
            return bool(raised(floors, above=reader.floors))
        reader.floors = floors
        await reader.settle()
        return False

    async def _note_life(self, reader: Reader) -> None:
        """What one reader met counts for every consumer of this service."""
        if (restored := reader.restored) is not None:
            life = begun(restored.topic, restored.incarnation)
            await self._doors.database.write([life])

    async def _replay_if_asked(self, serving: _Running) -> None:
        database = self._doors.database
        for asked in await database.find(REPLAYS, {"consumer": self.hears.name}):
            try:
                must_hear(self.hears, asked.get("topic", ""))
            except Refused as error:
                await refused(database, REPLAYS, asked, error, self._world.now())
                continue
            await serving.reader.replay(asked["topic"], asked["stream"])
            await served(database, REPLAYS, asked)

    async def _change_to(self, generation: Generation) -> None:
        async with self._changing:
            old, self._serving = self._serving, await self._open(generation)
            if old is not None:
                await old.subscription.stop()

    async def _rebuild_alone(self) -> None:
        """The lease spares others the same work; were two at it, one pointer would still win."""
        lease = await self._lease()
        if lease is None:
            return
        try:
            await self._rebuild_as_asked()
        finally:
            await self._doors.database.release(lease)

    async def _rebuild_as_asked(self) -> None:
        database, rebuilds = self._doors.database, await self._rebuilds_asked()
        try:
            await self.rebuild()
        except Refused as error:
            for asked in rebuilds:
                await refused(database, REBUILDS, asked, error, self._world.now())
        else:
            for asked in rebuilds:
                await served(database, REBUILDS, asked)

    async def _lease(self) -> Lease | None:
        return await self._doors.database.lease(
            f"rebuild:{self.hears.name}", self._holder, LEASE_SECONDS
        )

    async def _open(self, generation: Generation) -> _Running:
        names = ReaderNames(
            position=generation.name,
            reads=self._doors.reads,
            suffix=generation.suffix,
            prefix=self._doors.prefix,
            floors=await self._floors_at_start(generation),
        )
        reader = self._reader(names)
        reader.reached = self._doors.reached
        topics = [self._doors.prefix + topic for topic in self.hears.topics]
        group = self._doors.prefix + generation.name
        subscription = self._doors.broker.subscribe(group, topics, reader)
        await subscription.start()
        return _Running(generation, reader, subscription)

    async def _floors_at_start(self, generation: Generation) -> Mapping[str, int]:
        if self.hears.kind == "projection":
            return generation.floors
        return await floors_of(self._doors.database, self.hears.topics)

    def _reader(self, names: ReaderNames) -> Reader:
        return Reader(self._doors.database, self.hears, names, self._world)


def generation_indexes(hears: Hears, generation: Generation) -> tuple[Index, ...]:
    """The projection's indexes under a generation's names."""
    return tuple(
        Index(i.collection + generation.suffix, i.keys, i.unique, i.partial) for i in hears.indexes
    )
