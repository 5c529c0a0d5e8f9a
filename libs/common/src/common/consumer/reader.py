"""One generation of one consumer: batch after batch, effect and position in one transaction."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from common.consumer.decode import Heard, Reads, Unreadable, decode
from common.consumer.hears import Hears, Seen
from common.consumer.lives import settle
from common.consumer.positions import HELD, OFFSETS, PARKED, Place
from common.consumer.reached import Reached
from common.consumer.turn import EffectRefused, HandlerFailed, LogRestored, Turn
from common.errors import Unavailable
from common.kafka import Arrived, Partition
from common.mongo import Database, Session, Transient, Unwritable, Write
from common.words import say
from common.world import World

PACE = 0.010
REACTIONS = 16
"""Streams whose reactions run at once."""
BUG_TRIES = 3
PARKS_IN_A_ROW = 5
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0


@dataclass(frozen=True, slots=True)
class ReaderNames:
    """`position` keys positions and offsets; `suffix` stands behind each projected collection."""

    position: str
    reads: Reads
    suffix: str = ""
    prefix: str = ""
    floors: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(slots=True)
class Tally:
    """What this reader did since it started, for metrics and health."""

    applied: int = 0
    parked: int = 0
    settled: int = 0
    batches: int = 0
    waits: int = 0


class Reader:
    """Feeds from a subscription (`common.kafka.Handler`); never returns from a batch undone."""

    def __init__(
        self,
        database: Database,
        hears: Hears,
        names: ReaderNames,
        world: World,
    ) -> None:
        self._database = database
        self._hears = hears
        self._names = names
        self._world = world
        self._bugs: Counter[str] = Counter()
        self._bug_parks = 0
        self._refused: dict[str, str] = {}
        self._fact_by_fact = False
        self.tally = Tally()
        self.reached = Reached()
        self.floors = names.floors
        self.halted: str | None = None
        self.restored: LogRestored | None = None

    async def start_from(self, partitions: Sequence[Partition]) -> Mapping[Partition, int]:
        """Offsets from MongoDB; waits while the database is away."""
        keys = {f"{self._names.position}|{p.topic}|{p.number}": p for p in partitions}
        found = await self._until(
            lambda: self._database.find(OFFSETS, {"_id": {"$in": list(keys)}})
        )
        known = {keys[document["_id"]]: document["next"] for document in found}
        return {partition: known.get(partition, 0) for partition in partitions}

    async def take(self, batch: Sequence[Arrived]) -> None:
        """Apply a batch; the world's faults are waited out, a consumer that halted waits for ever."""
        items = [decode(arrived, self._names.prefix) for arrived in batch]
        offsets: dict[Partition, int] = {}
        for arrived in batch:
            offsets[arrived.partition] = max(offsets.get(arrived.partition, 0), arrived.offset + 1)
        await self._work(lambda session: self._turn(session, items, offsets))
        self.tally.batches += 1
        await asyncio.sleep(PACE)

    async def replay(self, topic: str, stream: str) -> int:
        """Try a parked stream again, in order; answers how many facts were applied.

        Raises Transient when this reader has halted: whoever asks has other things to look after.
        """
        place = Place(self._names.position, topic, stream)
        before = self.tally.applied
        await self._work(lambda session: self._replay(session, place), patient=False)
        return self.tally.applied - before

    async def settle(self) -> None:
        """Clear away what waits from former lives of restored logs."""
        names, now = self._names, self._world.now()
        self.tally.settled += await settle(
            self._database, names.position, self.floors, names.prefix, now
        )

    async def parked(self, limit: int = 100) -> list[dict[str, Any]]:
        """What is parked, oldest first, for the operations view."""
        where = {"consumer": self._names.position}
        return await self._database.find(PARKED, where, sort=(("at", 1), ("_id", 1)), limit=limit)

    async def oldest_held(self) -> dict[str, Any] | None:
        """The record that has waited longest behind a gap, if one waits."""
        where = {"consumer": self._names.position}
        found = await self._database.find(HELD, where, sort=(("since", 1),), limit=1)
        return found[0] if found else None

    # -- one transaction ------------------------------------------------------------------------

    async def _work(
        self, work: Callable[[Session], Awaitable[Turn]], *, patient: bool = True
    ) -> None:
        turn = await self._until(lambda: self._database.transaction(work), patient=patient)
        self.reached.note(turn.reached)
        self.tally.applied += turn.applied
        self.tally.parked += len(turn.parks)
        self._count_parks(turn)
        self._fact_by_fact = False
        self._refused.clear()

    async def _turn(
        self,
        session: Session,
        items: Sequence[Heard | Unreadable],
        offsets: Mapping[Partition, int],
    ) -> Turn:
        turn = self._turn_in(session)
        await turn.look(session, (self._place(i.seen) for i in items if isinstance(i, Heard)))
        await self._taken(turn, items)
        await session.write([self._placed(write) for write in turn.finish(offsets)])
        return turn

    async def _taken(self, turn: Turn, items: Sequence[Heard | Unreadable]) -> None:
        """In order; reactions wait for the log, so those to different streams go on side by side.

        None is left running when one fails: the batch is tried again as a whole.
        """
        if self._hears.kind == "projection" or self._fact_by_fact:
            for item in items:
                await turn.take(item)
            return
        streams: dict[str, list[Heard | Unreadable]] = {}
        for item in items:
            stream = item.seen.stream if isinstance(item, Heard) else item.stream
            streams.setdefault(stream, []).append(item)
        room = asyncio.Semaphore(REACTIONS)

        async def in_order(of_stream: Sequence[Heard | Unreadable]) -> None:
            async with room:
                for item in of_stream:
                    await turn.take(item)

        ended = await asyncio.gather(*map(in_order, streams.values()), return_exceptions=True)
        if failed := [error for error in ended if isinstance(error, BaseException)]:
            raise failed[0]

    async def _replay(self, session: Session, place: Place) -> Turn:
        turn = self._turn_in(session)
        await turn.replay(session, place)
        await session.write([self._placed(write) for write in turn.finish({})])
        return turn

    def _turn_in(self, session: Session) -> Turn:
        """A turn; after a refused write, one that writes fact by fact to find the guilty one."""
        turn = self._new_turn()
        turn.refused = self._refused
        if self._fact_by_fact:

            async def at_once(effects: Sequence[Write]) -> None:
                await session.write([self._placed(write) for write in effects])

            turn.at_once = at_once
        return turn

    def _new_turn(self) -> Turn:
        turn = Turn(
            self._hears, self._names.position, self._names.reads, self._world.now(), self._blame
        )
        turn.floors, turn.prefix = self.floors, self._names.prefix
        turn.bugs_in_a_row = self._bug_parks
        return turn

    def _place(self, seen: Seen) -> Place:
        return Place(self._names.position, seen.topic, seen.stream)

    def _placed(self, write: Write) -> Write:
        """A projected collection belongs to its generation."""
        if write.collection in self._hears.collections:
            return replace(write, collection=write.collection + self._names.suffix)
        return write

    # -- whose fault ----------------------------------------------------------------------------

    def _blame(self, seen: Seen) -> bool:
        """Our bug: three tries, then park. The world's faults are never blamed on a fact."""
        self._bugs[seen.id] += 1
        return self._bugs[seen.id] >= BUG_TRIES

    def _count_parks(self, turn: Turn) -> None:
        self._bug_parks = turn.bugs_in_a_row
        if self._bug_parks >= PARKS_IN_A_ROW:
            self.halted = say("bugs-in-a-row")

    async def _until(self, work: Callable[[], Awaitable[Any]], *, patient: bool = True) -> Any:
        """Do it until it is done; raises only when cancelled, or halted and not patient."""
        pause = FIRST_PAUSE
        while True:
            if self.halted is not None:
                if not patient:
                    raise Transient(self.halted)
                await asyncio.Event().wait()
            try:
                return await work()
            except (EffectRefused, Unwritable) as error:
                self._look_closer(error)
                continue
            except Exception as error:  # noqa: BLE001 - a batch must never be skipped: stop and say so
                self._wait_or_halt(error)
            await asyncio.sleep(pause * (0.5 + self._world.random.random()))
            pause = min(pause * 2, LONGEST_PAUSE)

    def _look_closer(self, error: EffectRefused | Unwritable) -> None:
        """A write that will never pass: fact by fact the guilty one shows, and is parked."""
        if isinstance(error, EffectRefused):
            self._refused[error.fact] = error.why
        elif self._fact_by_fact:
            self.halted = say("no-effect-refused", why=str(error)[:300].rstrip("."))
        self._fact_by_fact = True

    def _wait_or_halt(self, error: Exception) -> None:
        if isinstance(error, (Transient, Unavailable, HandlerFailed)):
            self.tally.waits += 1
        elif isinstance(error, LogRestored):
            self.restored = error
            self.halted = say("log-restored")
        else:
            why = f"{type(error).__name__}: {error}"[:300].rstrip(".")
            self.halted = say("failed-outside", why=why)
