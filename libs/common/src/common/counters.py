"""Official numbers: dense per site and year, one per cause, every gap explained.

A number is taken before the commit that bears it, so a commit that fails leaves a gap. The gap stays
known: a number is `taken`, then `used` once its commit stands, or `void` with a reason and a name.
The same cause is always given the same number, so a repeated request wastes none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

from common.errors import NotFound, Refused
from common.gathered import Gathered
from common.mongo import Database, Document, Index, Patch, Put, Session, Write
from common.words import say

COUNTERS, NUMBERS = "counters", "numbers"
INDEXES = (Index(NUMBERS, (("series", 1), ("number", 1)), unique=True),)
IN_HAND = timedelta(minutes=5)
"""A number younger than this may still be on its way into its commit."""

_Asked = tuple[str, datetime]
State = Literal["taken", "used", "void"]


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one kind at one site in one year begin at 1: Series("answer", "hanam", 2026)."""

    kind: str
    site: str
    year: int

    def __post_init__(self) -> None:
        if "|" in self.kind + self.site:
            raise ValueError("a series' kind and site can't hold a |")

    @property
    def key(self) -> str:
        return f"{self.kind}|{self.site}|{self.year}"


@dataclass(frozen=True, slots=True)
class Gap:
    """A number that no document bears: who took it when, and why it stays empty ("" = not yet said)."""

    number: int
    cause: str
    at: datetime
    reason: str


class Counters:
    """The numbers of one service, in its own database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._taking: dict[str, Gathered[_Asked, int]] = {}
        self._using = Gathered[str, None](self._note_used)

    async def take(self, series: Series, cause: str, at: datetime) -> int:
        """The next number of a series; the same cause gets the same one again.

        Those who ask at the same time get theirs in one transaction.
        """
        taking = self._taking.get(series.key)
        if taking is None:
            taking = self._taking[series.key] = Gathered(partial(self._take, series))
        return await taking.ask((cause, at))

    async def _take(self, series: Series, asked: Sequence[_Asked]) -> Sequence[int]:
        keys = [_key(series, cause) for cause, _ in asked]

        async def work(session: Session) -> list[int]:
            found = await session.find(NUMBERS, {"_id": {"$in": sorted(set(keys))}})
            taken: dict[str, int] = {one["_id"]: one["number"] for one in found}
            counters = await session.find(COUNTERS, {"_id": series.key})
            last: int = counters[0]["last"] if counters else 0
            writes: list[Write] = []
            for key, (cause, at) in zip(keys, asked, strict=True):
                if key not in taken:
                    last += 1
                    taken[key] = last
                    writes.append(Put(NUMBERS, key, _record(series, last, cause, at)))
            if writes:
                await session.write([Put(COUNTERS, series.key, {"last": last}), *writes])
            return [taken[key] for key in keys]

        return await self._database.transaction(work)

    async def used(self, series: Series, cause: str) -> None:
        """Say that the commit which bears the number stands; harmless when said twice."""
        await self._using.ask(_key(series, cause))

    async def _note_used(self, keys: Sequence[str]) -> Sequence[None]:
        await self._database.write([Patch(NUMBERS, key, values={"state": "used"}) for key in keys])
        return [None] * len(keys)

    async def void(self, series: Series, number: int, reason: str, by: str) -> None:
        """Explain a gap; raises NotFound, or Refused for a number that is borne by a document."""

        async def work(session: Session) -> None:
            found = await session.find(NUMBERS, {"series": series.key, "number": number})
            if not found:
                raise NotFound("number-unknown", say("number-unknown"))
            if found[0]["state"] == "used":
                raise Refused("number-in-use", say("number-in-use"))
            values: dict[str, Any] = {"state": "void", "reason": reason, "by": by}
            await session.write([Patch(NUMBERS, found[0]["_id"], values=values)])

        await self._database.transaction(work)

    async def gaps(self, series: Series, now: datetime) -> Sequence[Gap]:
        """Numbers without a document, in order; those younger than five minutes are left out."""
        where = {"series": series.key, "state": {"$ne": "used"}, "at": {"$lte": now - IN_HAND}}
        found = await self._database.find(NUMBERS, where, sort=[("number", 1)])
        return [Gap(one["number"], one["cause"], one["at"], one.get("reason", "")) for one in found]


def _record(series: Series, number: int, cause: str, at: datetime) -> Document:
    return {"series": series.key, "number": number, "cause": cause, "at": at, "state": "taken"}


def _key(series: Series, cause: str) -> str:
    return f"{series.key}|{cause}"
