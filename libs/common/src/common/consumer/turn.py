"""One batch against the positions as one transaction sees them: skip, apply, hold or park."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from common.consumer.decode import Heard, Reads, Unreadable, base_type, decode
from common.consumer.hears import Hears, Seen
from common.consumer.lives import begun
from common.consumer.positions import (
    HELD,
    PARKED,
    POSITIONS,
    At,
    Place,
    at_of,
    next_offset,
    record_document,
    record_of,
)
from common.errors import DomainError, Said, Unavailable
from common.kafka import Partition
from common.log.log import LOST_RACES
from common.moments import to_wire
from common.mongo import Document, Drop, Patch, Put, Session, Transient, Unwritable, Write
from common.words import say

Blame = Callable[[Seen], bool]


class LogRestored(Exception):
    """The producer's log began a new life: what was projected from the old one is void."""

    def __init__(self, topic: str, incarnation: int) -> None:
        super().__init__(topic, incarnation)
        self.topic = topic
        self.incarnation = incarnation


class HandlerFailed(Exception):
    """A handler met a bug of ours: the batch is tried again."""


class EffectRefused(Exception):
    """The database will never take what a handler wants written for this fact."""

    def __init__(self, fact: str, why: str) -> None:
        super().__init__(fact)
        self.fact = fact
        self.why = why


class Turn:
    """Gathers the writes of one batch; made anew for each try of the transaction.

    blame     told of an exception that is our bug: True parks the fact, False raises it again
    refused   facts whose effects the database will not take, and why: they are parked
    at_once   writes each fact's effects by themselves, to find the one that is refused
    """

    def __init__(self, hears: Hears, name: str, reads: Reads, now: datetime, blame: Blame) -> None:
        self._hears = hears
        self._name = name
        self._reads = reads
        self._now = now
        self._blame = blame
        self._places: dict[str, At] = {}
        self._touched: set[str] = set()
        self._held: dict[str, dict[int, Heard]] = {}
        self._handlers = {fact.TYPE: handler for fact, handler in hears.handlers.items()}
        self.floors: Mapping[str, int] = {}
        self.refused: Mapping[str, str] = {}
        self.at_once: Callable[[Sequence[Write]], Awaitable[None]] | None = None
        self.prefix = ""
        self.writes: list[Write] = []
        self.parks: list[tuple[Place, str]] = []
        self.applied = 0
        self.bugs_in_a_row = 0

    # -- what the transaction sees --------------------------------------------------------------

    async def look(self, session: Session, places: Iterable[Place]) -> None:
        """Read the positions of these places, and what waits there behind gaps."""
        keys = sorted({place.key for place in places})
        for document in await session.find(POSITIONS, {"_id": {"$in": keys}}):
            self._places[document["_id"]] = at_of(document)
        waiting = [key for key, at in self._places.items() if at.held]
        if waiting:
            await self._look_held(session, waiting)

    async def _look_held(self, session: Session, keys: Sequence[str]) -> None:
        for document in await session.find(HELD, {"place": {"$in": list(keys)}}):
            heard = decode(record_of(document), self.prefix)
            assert isinstance(heard, Heard)
            if heard.seen.incarnation == self._places[document["place"]].incarnation:
                self._held.setdefault(document["place"], {})[heard.seen.sequence] = heard

    # -- what becomes of a record ---------------------------------------------------------------

    async def take(self, item: Heard | Unreadable) -> None:
        if isinstance(item, Unreadable):
            self._park_unreadable(item)
        else:
            await self._take(item)

    async def _take(self, heard: Heard) -> None:
        at = self._living(heard.seen)
        if at is None or heard.seen.sequence <= at.sequence:
            return
        if at.parked:
            self._queue_behind(at, heard)
        elif heard.seen.sequence > at.sequence + 1:
            self._hold(at, heard)
        else:
            await self._apply(heard)
            await self._close_gap(at.place)

    def _at(self, seen: Seen) -> At:
        place = Place(self._name, seen.topic, seen.stream)
        return self._places.get(place.key) or At(place, incarnation=self._floor(seen.topic))

    def _floor(self, topic: str) -> int:
        return self.floors.get(topic, 1)

    def _living(self, seen: Seen) -> At | None:
        """Where the place is in the life of the log that this fact is of; None for a past life."""
        at = self._at(seen)
        if seen.incarnation < max(at.incarnation, self._floor(seen.topic)):
            return None
        if seen.incarnation == at.incarnation:
            return at
        if self._hears.kind == "projection":
            raise LogRestored(seen.topic, seen.incarnation)
        return self._begin_life(at, seen)

    def _begin_life(self, at: At, seen: Seen) -> At:
        """What still waits from the life before is settled beside (`common.consumer.lives`)."""
        if seen.incarnation > self._floor(seen.topic):
            self.writes.append(begun(seen.topic, seen.incarnation))
        self._held.pop(at.place.key, None)
        anew = At(at.place, incarnation=seen.incarnation)
        self._move(anew)
        return anew

    def _move(self, at: At) -> None:
        self._places[at.place.key] = at
        self._touched.add(at.place.key)

    def _hold(self, at: At, heard: Heard) -> None:
        waiting = self._held.setdefault(at.place.key, {})
        if heard.seen.sequence in waiting:
            return
        waiting[heard.seen.sequence] = heard
        self._move(at.moved(held=at.held + 1))
        self.writes.append(Put(HELD, _record_key(at.place, heard), self._queued(at.place, heard)))

    async def _close_gap(self, place: Place) -> None:
        """Apply, in order, what waited for the fact that has just come."""
        waiting = self._held.get(place.key, {})
        while waiting:
            at = self._places[place.key]
            for sequence in [s for s in waiting if s <= at.sequence]:
                self._unhold(place, waiting.pop(sequence))
            heard = waiting.get(self._places[place.key].sequence + 1)
            if heard is None or at.parked:
                return
            waiting.pop(heard.seen.sequence)
            self._unhold(place, heard)
            await self._apply(heard)

    def _unhold(self, place: Place, heard: Heard) -> None:
        at = self._places[place.key]
        self._move(at.moved(held=at.held - 1))
        self.writes.append(Drop(HELD, _record_key(place, heard)))

    async def _apply(self, heard: Heard) -> bool:
        """Run the handler of the next fact of a stream; False when it was parked instead."""
        if heard.seen.id in self.refused:
            why = say("effect-refused", why=self.refused[heard.seen.id].rstrip("."))
            return self._park(heard, "effect-refused", why)
        try:
            effects = await self._effects(heard)
        except (Unavailable, Transient):
            raise
        except DomainError as error:
            if error.code == LOST_RACES:
                raise Unavailable(error.code, error.detail) from error
            return self._park(heard, error.code, error.detail)
        except Exception as error:
            if not self._blame(heard.seen):
                raise HandlerFailed(heard.seen.id) from error
            self.bugs_in_a_row += 1
            why = f"{type(error).__name__}: {error}"[:450].rstrip(".")
            return self._park(heard, "handler-failed", say("handler-failed", why=why))
        await self._write(heard.seen, effects)
        self._move(self._at(heard.seen).moved(sequence=heard.seen.sequence))
        self.applied += 1
        return True

    async def _effects(self, heard: Heard) -> list[Write]:
        handler = self._handlers.get(base_type(heard.seen.type))
        if handler is None:
            return []
        outcome: Any = handler(self._reads.revive(heard.seen.type, heard.data), heard.seen)
        if inspect.isawaitable(outcome):
            outcome = await _awaited(outcome)
        effects: list[Write] = list(outcome or ())
        self.bugs_in_a_row = 0
        return effects

    def _must_be_declared(self, effects: Sequence[Write]) -> None:
        """A projected collection is known by its indexes; another would not belong to a generation."""
        if self._hears.kind != "projection":
            return
        for write in effects:
            if write.collection not in self._hears.collections:
                raise LookupError(f"{self._hears.name} names no index of {write.collection!r}")

    async def _write(self, seen: Seen, effects: Sequence[Write]) -> None:
        self._must_be_declared(effects)
        if self.at_once is None:
            self.writes.extend(effects)
            return
        try:
            await self.at_once(effects)
        except Unwritable as error:
            raise EffectRefused(seen.id, str(error)) from error

    # -- parking --------------------------------------------------------------------------------

    def _park(self, heard: Heard, code: str, detail: str) -> bool:
        at = self._at(heard.seen)
        self._move(at.moved(parked=True))
        self._queue(heard, code, detail)
        self.parks.append((at.place, code))
        return False

    def _queue_behind(self, at: At, heard: Heard) -> None:
        """The parked fact itself, when it comes again, keeps the reason it was parked for.

        Its bytes are those that came last: a record that was damaged on its way is mended by
        sending it again.
        """
        self._move(at.moved(queued=at.queued + 1))
        if heard.seen.sequence == at.sequence + 1:
            key = _record_key(at.place, heard)
            self.writes.append(Patch(PARKED, key, values=record_document(heard.arrived)))
            return
        self._queue(heard, "behind-a-parked-fact", "")

    def _queue(self, heard: Heard, code: str, detail: str) -> None:
        place = self._at(heard.seen).place
        document = self._queued(place, heard) | {
            "code": code,
            **_said(detail),
            "at": to_wire(self._now),
        }
        self.writes.append(Put(PARKED, _record_key(place, heard), document))

    def _queued(self, place: Place, heard: Heard) -> Document:
        return record_document(heard.arrived) | {
            "consumer": self._name,
            "place": place.key,
            "stream": place.stream,
            "sequence": heard.seen.sequence,
            "type": heard.seen.type,
            "incarnation": heard.seen.incarnation,
            "fact": heard.seen.id,
            "since": to_wire(self._now),
        }

    def _park_unreadable(self, item: Unreadable) -> None:
        """What cannot be read blocks nobody by itself: its stream shows a gap and waits there."""
        partition, offset = item.arrived.partition, item.arrived.offset
        key = f"{self._name}|{partition.topic}|{partition.number}|{offset}"
        document = record_document(item.arrived) | {
            "consumer": self._name,
            "place": f"{self._name}|{partition.topic}|",
            "stream": item.stream,
            "sequence": 0,
            "code": item.code,
            **_said(item.detail),
            "at": to_wire(self._now),
        }
        self.writes.append(Put(PARKED, key, document))
        self.parks.append((Place(self._name, partition.topic, item.stream), item.code))

    # -- replay ---------------------------------------------------------------------------------

    async def replay(self, session: Session, place: Place) -> int:
        """Apply a parked stream's queue in order, as far as it goes; answers how many applied."""
        await self.look(session, (place,))
        at = self._places.get(place.key)
        if at is None or not at.parked or at.incarnation < self._floor(place.topic):
            return 0
        queue: dict[int, Heard] = {}
        for document in await session.find(PARKED, {"place": place.key}):
            heard = decode(record_of(document), self.prefix)
            assert isinstance(heard, Heard)
            if heard.seen.incarnation == at.incarnation:
                queue[heard.seen.sequence] = heard
        self._move(at.moved(parked=False, queued=0))
        for sequence in sorted(queue):
            self.writes.append(Drop(PARKED, _record_key(place, queue[sequence])))
            await self._take(queue[sequence])
        return self.applied

    @property
    def reached(self) -> dict[str, int]:
        """How far this batch brought each place that it moved."""
        return {key: self._places[key].sequence for key in self._touched}

    # -- the end --------------------------------------------------------------------------------

    def finish(self, offsets: Mapping[Partition, int]) -> list[Write]:
        """Every write of this batch: effects first, then positions and the next offsets."""
        self.writes.extend(self._places[key].write() for key in sorted(self._touched))
        self.writes.extend(next_offset(self._name, p, offset) for p, offset in offsets.items())
        return self.writes


def _said(detail: str) -> Document:
    """In both languages, where it stands in both."""
    said: Document = {"detail": str(detail)}
    return said | {"detail_vi": detail.vi} if isinstance(detail, Said) else said


def _record_key(place: Place, heard: Heard) -> str:
    life = heard.seen.incarnation
    return f"{place.key}|{heard.seen.sequence:010d}" + (f"~{life}" if life > 1 else "")


async def _awaited(outcome: Awaitable[Any]) -> Any:
    return await outcome
