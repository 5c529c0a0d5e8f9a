"""Faults planted on purpose: a simulation that does not find them proves nothing.

Each stands in place of one real class, in one process or another, and does one thing wrong.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from common.cause import Cause
from common.clocks import Clock, Due, Ticker
from common.consumer.asking import REPLAYS
from common.consumer.consumption import Consumption
from common.consumer.decode import Heard, Unreadable, decode
from common.consumer.positions import PARKED, Place, record_of
from common.consumer.reader import Reader, ReaderNames
from common.consumer.turn import Turn
from common.consumer.views import Generation
from common.kafka import Partition, Record
from common.log.cache import Head
from common.log.committer import COLLECTION as COMMITS
from common.log.committer import Committer
from common.log.log import CommitLog
from common.log.model import Commit, Part, of_document, to_document
from common.log.preparing import Prepared, Preparing
from common.log.streams import Catalogue, Change, Loaded, Standing
from common.mongo import Batch, Database, Drop, Patch, Session, Transient, Watch, Write
from common.relay.heads import Heads, Leaf
from common.relay.relay import STATE, Relay
from common.relay.seals import LEAVES, Sealer, SealStream
from common.testing.mongo import MemoryDatabase
from common.testing.simulation.service import Parts
from common.testing.simulation.witness import Witness
from common.world import World
from contracts.events.log import SealedV1

# -- the relay ------------------------------------------------------------------------------------


class _Between(Watch):
    """A change stream with something done to each batch before the relay sees it."""

    def __init__(self, inner: Watch, each: Callable[[Batch], Awaitable[Batch]]) -> None:
        self._inner = inner
        self._each = each

    async def next(self, wait: float) -> Batch:
        return await self._each(await self._inner.next(wait))

    async def close(self) -> None:
        await self._inner.close()


class TokenBeforeAcks(Relay):
    """Saves the token when a batch is read, not when it is acknowledged."""

    async def _open(self) -> Watch:
        async def save(batch: Batch) -> Batch:
            token = Patch(STATE, "token", values={"token": batch.token}, upsert=True)
            await self._database.write([token])
            return batch

        return _Between(await super()._open(), save)


class HeadsAfterToken(Relay):
    """A crash between the two leaves a token whose heads nobody noted."""

    async def _save(self, token: object) -> None:
        await self._database.write([Patch(STATE, "token", values={"token": token}, upsert=True)])
        await self._heads.save()


class NeverSweeps(Relay):
    """Trusts the change stream to tell of everything."""

    async def sweep(self) -> int:
        return 0


class HeadsOverHoles(Relay):
    """Takes the newest version that is acknowledged for all before it."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._heads = _OverHoles(parts[0])


class _OverHoles(Heads):
    def acknowledge(self, parts: Iterable[Part]) -> None:
        for part in parts:
            self.reach(part)


class ReReadByTime(Relay):
    """After a lost token looks for what is younger than the youngest it published."""

    _youngest = ""

    async def _publish_commits(self, commits: Sequence[Commit]) -> None:
        await super()._publish_commits(commits)
        self._youngest = max([self._youngest, *(commit.id for commit in commits)])

    async def _save(self, token: object) -> None:
        await super()._save(token)
        youngest = Patch(STATE, "youngest", maximum={"id": self._youngest}, upsert=True)
        await self._database.write([youngest])

    async def resend_unacknowledged(self) -> int:
        found = await self._database.find(STATE, {"_id": "youngest"})
        last = found[0]["id"] if found else ""
        younger = await self._database.find(COMMITS, {"_id": {"$gt": last}}, sort=(("_id", 1),))
        await self._publish_commits([of_document(document) for document in younger])
        return len(younger)


class ProducerReused(Relay):
    """Goes on with the same producer after an error."""

    async def _drop_producer(self) -> None:
        return


class BeforeMajority(Relay):
    """Publishes what one node has and a majority may never get."""

    async def _open(self) -> Watch:
        assert isinstance(self._database, MemoryDatabase)
        server = self._database.server
        assert isinstance(server, Witness)

        async def hurry(batch: Batch) -> Batch:
            doubted, server.doubted = server.doubted, []
            return Batch((*doubted, *batch.documents), batch.token)

        return _Between(await super()._open(), hurry)


class SameLifeAfterARestore(Relay):
    """Publishes a restored log as if nothing had happened."""

    def _records(self, commit: Commit, only: str | None = None) -> list[Record]:
        self._incarnation = 1
        return super()._records(commit, only)


# -- the consumer ---------------------------------------------------------------------------------


class _Planted(Consumption):
    """A consumer whose reader is another."""

    reader_type: ClassVar[type[Reader]] = Reader

    def _reader(self, names: ReaderNames) -> Reader:
        return self.reader_type(self._doors.database, self.hears, names, self._world)


class _OtherTurn(Reader):
    turn_type: ClassVar[type[Turn]] = Turn

    def _new_turn(self) -> Turn:
        now = self._world.now()
        turn = self.turn_type(
            self._hears, self._names.position, self._names.reads, now, self._blame
        )
        turn.floors, turn.prefix = self.floors, self._names.prefix
        return turn


class _SplitReader(Reader):
    """Effects and positions part ways."""

    async def _turn(
        self,
        session: Session,
        items: Sequence[Heard | Unreadable],
        offsets: Mapping[Partition, int],
    ) -> Turn:
        turn = self._new_turn()
        await turn.look(session, (self._place(i.seen) for i in items if isinstance(i, Heard)))
        for item in items:
            await turn.take(item)
        writes = [self._placed(write) for write in turn.finish(offsets)]
        own = {name + self._names.suffix for name in self._hears.collections}
        await self._apart([write for write in writes if write.collection in own])
        await session.write([write for write in writes if write.collection not in own])
        return turn

    async def _apart(self, effects: Sequence[Write]) -> None:
        raise NotImplementedError


class EffectWithoutPosition(_SplitReader):
    """Effects are written outside of the transaction that moves the position."""

    async def _apart(self, effects: Sequence[Write]) -> None:
        await self._database.write(effects)


class PositionWithoutEffect(_SplitReader):
    """Effects follow after the transaction that moved the position."""

    _late: Sequence[Write] = ()

    async def _apart(self, effects: Sequence[Write]) -> None:
        self._late = effects

    async def _work(
        self, work: Callable[[Session], Awaitable[Turn]], *, patient: bool = True
    ) -> None:
        await super()._work(work, patient=patient)
        late, self._late = self._late, ()
        await self._until(lambda: self._database.write(late))


class PositionReadOutside(Reader):
    """Looks positions up before the transaction instead of in it."""

    async def _turn(
        self,
        session: Session,
        items: Sequence[Heard | Unreadable],
        offsets: Mapping[Partition, int],
    ) -> Turn:
        turn = self._new_turn()
        places = (self._place(item.seen) for item in items if isinstance(item, Heard))
        await turn.look(_Outside(self._database), places)
        for item in items:
            await turn.take(item)
        await session.write([self._placed(write) for write in turn.finish(offsets)])
        return turn


class _Outside(Session):
    def __init__(self, database: Database) -> None:
        self.find = database.find
        self.write = database.write


class LeaseAsFence(_OtherTurn):
    """Believes that only one relay ever publishes, so nothing comes twice."""

    class turn_type(Turn):  # noqa: N801 - takes the place of a class variable
        async def _take(self, heard: Heard) -> None:
            at = self._at(heard.seen)
            if heard.seen.sequence <= at.sequence and not at.parked:
                self.writes.extend(await self._effects(heard))
            else:
                await super()._take(heard)


class GapsNotHeld(_OtherTurn):
    """Applies what comes, as long as it is newer."""

    class turn_type(Turn):  # noqa: N801 - as above
        async def _take(self, heard: Heard) -> None:
            at = self._at(heard.seen)
            if not at.parked and heard.seen.sequence > at.sequence:
                await self._apply(heard)
            else:
                await super()._take(heard)


class ParksTheFactOnly(_OtherTurn):
    """Later facts of the stream go on past the one that is parked."""

    class turn_type(Turn):  # noqa: N801 - as above
        def _park(self, heard: Heard, code: str, detail: str) -> bool:
            super()._park(heard, code, detail)
            at = self._at(heard.seen)
            self._move(at.moved(parked=False, sequence=heard.seen.sequence))
            return False


class ReplayOutOfOrder(_OtherTurn):
    """Replays what is parked as it finds it, the newest first."""

    class turn_type(Turn):  # noqa: N801 - as above
        async def replay(self, session: Session, place: Place) -> int:
            await self.look(session, (place,))
            parked = await session.find(PARKED, {"place": place.key}, sort=(("sequence", -1),))
            for document in parked:
                heard = decode(record_of(document), self.prefix)
                assert isinstance(heard, Heard)
                self.writes.append(Drop(PARKED, document["_id"]))
                last = max(heard.seen.sequence, self._at(heard.seen).sequence)
                if await self._apply(heard):
                    self._move(self._at(heard.seen).moved(parked=False, sequence=last))
            return self.applied


class RebuildServesEarly(Consumption):
    """Moves the pointer before the new generation has caught up."""

    async def _passed(self, generation: Generation, ends: Mapping[Partition, int]) -> bool:
        del generation, ends
        return True


class _SettlesNothing(Reader):
    """Leaves what waits from a former life of a log where it is."""

    async def settle(self) -> None:
        return


class _SettlesTheLiving(Reader):
    """Takes what waits in the present life for what is left of a former one."""

    async def settle(self) -> None:
        floors, self.floors = self.floors, {t: life + 1 for t, life in self.floors.items()}
        try:
            await super().settle()
        finally:
            self.floors = floors


class ReplayForgotten(Consumption):
    """Takes the request for a replay away without replaying."""

    async def _replay_if_asked(self, serving: Any) -> None:
        del serving
        for asked in await self._doors.database.find(REPLAYS, {"consumer": self.hears.name}):
            await self._doors.database.write([Drop(REPLAYS, asked["_id"])])


def _consumption(reader: type[Reader]) -> type[Consumption]:
    return type(f"Consumption{reader.__name__}", (_Planted,), {"reader_type": reader})


# -- the log --------------------------------------------------------------------------------------


class _GivesUp(Committer):
    """Takes an outcome that nobody knows for a failure."""

    def __init__(self, database: Database, world: World) -> None:
        super().__init__(database, world.random)
        self.unknown: set[str] = set()

    def insert(self, commit: Commit) -> asyncio.Future[bool]:
        return asyncio.create_task(self._insert(commit))

    async def _insert(self, commit: Commit) -> bool:
        try:
            return (await self._database.insert(COMMITS, [to_document(commit)])).landed[0]
        except Transient:
            self.unknown.add(commit.cause)
            return False


class CommitsAnew(CommitLog):
    """After an unknown outcome decides again under a new identity."""

    def __init__(self, database: Database, catalogue: Catalogue, world: World, **more: Any) -> None:
        super().__init__(database, catalogue, world, **more)
        self._giving_up = _GivesUp(database, world)
        self._committer = self._giving_up

    async def append_all(
        self, changes: Sequence[Change[Any]], cause: Cause, standing: Standing
    ) -> tuple[Loaded[Any], ...]:
        if cause.id in self._giving_up.unknown:
            cause = cause.part(self._world.new_id())
        return await super().append_all(changes, cause, standing)

    async def of_cause(self, cause: str) -> Commit | None:
        return None if cause in self._giving_up.unknown else await super().of_cause(cause)


class TrustsItsCache(CommitLog):
    """Refuses by a cached state without asking whether it still stands."""

    async def _moved_on(self, head: Head) -> bool:
        del head
        return False


class ClosesTooEarly(CommitLog):
    """Closes a stream with the state before the commit that carries the closing."""

    def __init__(self, database: Database, catalogue: Catalogue, world: World, **more: Any) -> None:
        super().__init__(database, catalogue, world, **more)
        self._preparing = _PreparesTooEarly(catalogue, self._closings)


class _PreparesTooEarly(Preparing):
    def _close(self, prepared: Prepared, room: int) -> int:
        return super()._close(replace(prepared, state=prepared.loaded.state), room)


# -- clocks and seals -----------------------------------------------------------------------------


class AnnouncesAnew(Ticker):
    """Each look is a cause of its own."""

    async def _announce(self, clock: Clock, due: Due, now: Any) -> int:
        name = f"{due.name}"
        again = Clock(clock.name, clock.look, lambda d, c: clock.announce(d, c.part(str(now))))
        return await super()._announce(again, replace(due, name=name), now)


class SealsTwice(Sealer):
    """Reads the last seal after the heads: what another sealed meanwhile is sealed again."""

    async def seal(self) -> list[SealedV1]:
        await self._finish_last()
        moved = await self._heads.unsealed(LEAVES)
        made = await self._make(moved, await self._last(), first=True) if moved else None
        return [made] if made else []


class SealsWithoutSeal(Sealer):
    """Marks the leaves as sealed before the seal stands."""

    async def _make(
        self, moved: Sequence[tuple[Leaf, int]], last: SealStream, *, first: bool
    ) -> SealedV1 | None:
        await self._heads.mark_sealed([leaf for leaf, _ in moved])
        return await super()._make(moved, last, first=first)


class SealCountsStreams(Sealer):
    """Counts streams where commits should be counted."""

    async def _make(
        self, moved: Sequence[tuple[Leaf, int]], last: SealStream, *, first: bool
    ) -> SealedV1 | None:
        ones = [(leaf, leaf.version - 1) for leaf, _ in moved]
        return await super()._make(ones, last, first=first)


PLANTS: Mapping[str, Parts] = {
    "token-before-acks": Parts(relay=TokenBeforeAcks),
    "heads-after-token": Parts(relay=HeadsAfterToken),
    "never-sweeps": Parts(relay=NeverSweeps),
    "heads-over-holes": Parts(relay=HeadsOverHoles),
    "re-read-by-time": Parts(relay=ReReadByTime),
    "producer-reused": Parts(relay=ProducerReused),
    "before-majority": Parts(relay=BeforeMajority),
    "same-life-after-a-restore": Parts(relay=SameLifeAfterARestore),
    "replay-forgotten": Parts(consumption=ReplayForgotten),
    "effect-without-position": Parts(consumption=_consumption(EffectWithoutPosition)),
    "position-without-effect": Parts(consumption=_consumption(PositionWithoutEffect)),
    "position-read-outside": Parts(consumption=_consumption(PositionReadOutside)),
    "lease-as-fence": Parts(consumption=_consumption(LeaseAsFence)),
    "gaps-not-held": Parts(consumption=_consumption(GapsNotHeld)),
    "parks-the-fact-only": Parts(consumption=_consumption(ParksTheFactOnly)),
    "replay-out-of-order": Parts(consumption=_consumption(ReplayOutOfOrder)),
    "former-lives-stay": Parts(consumption=_consumption(_SettlesNothing)),
    "the-living-are-settled": Parts(consumption=_consumption(_SettlesTheLiving)),
    "rebuild-serves-early": Parts(consumption=RebuildServesEarly),
    "commits-anew": Parts(log=CommitsAnew),
    "trusts-its-cache": Parts(log=TrustsItsCache),
    "closes-too-early": Parts(log=ClosesTooEarly),
    "announces-anew": Parts(ticker=AnnouncesAnew),
    "seals-twice": Parts(sealer=SealsTwice),
    "seals-without-seal": Parts(sealer=SealsWithoutSeal),
    "seal-counts-streams": Parts(sealer=SealCountsStreams),
}
