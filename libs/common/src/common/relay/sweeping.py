"""Which commits a sweep compares with what Kafka has acknowledged.

Those that were decided since the last sweep, by their moment: a minute later they are found. But a
moment is what some clock said, and clocks jump; so beside it each sweep goes on with a walk over the
whole log, round after round, that asks no clock. Whatever was left out is found, if later.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from common.log.committer import COLLECTION as COMMITS
from common.moments import from_wire, to_wire
from common.mongo import Database, Document, Patch
from common.world import World

STATE, WALK = "relay", "walk"
AGE = timedelta(seconds=30)
"""What is younger may still be on its way."""
FIRST_LOOK = timedelta(minutes=15)
PAGE = 500
WALKED = 2
"""Pages of the walk in one sweep: over a million commits a day."""
UNREAD = ("proof",)


class Sweep:
    """Of one relay; how far the walk has come stands in the database."""

    def __init__(self, database: Database, world: World) -> None:
        self._database = database
        self._world = world
        self._swept = ""

    async def pages(self) -> AsyncIterator[Sequence[Document]]:
        """The commits of one sweep, a few at a time; a page that fails comes again. Raises Transient."""
        now = self._world.now()
        async for page in self._recent(now):
            yield page
        async for page in self._onward(now):
            yield page

    async def _recent(self, now: datetime) -> AsyncIterator[Sequence[Document]]:
        until = to_wire(now - AGE)
        self._swept = min(self._swept or to_wire(now - FIRST_LOOK), until)
        while page := await self._database.find(
            COMMITS,
            {"at": {"$gt": self._swept, "$lte": until}},
            sort=(("at", 1),),
            limit=PAGE,
            without=UNREAD,
        ):
            page = _whole_moments(page)
            yield page
            self._swept = page[-1]["at"]
        self._swept = until

    async def _onward(self, now: datetime) -> AsyncIterator[Sequence[Document]]:
        found = await self._database.find(STATE, {"_id": WALK})
        after = found[0]["after"] if found else ""
        for _ in range(WALKED):
            page = await self._database.find(
                COMMITS, {"_id": {"$gt": after}}, sort=(("_id", 1),), limit=PAGE, without=UNREAD
            )
            yield [commit for commit in page if abs(now - from_wire(commit["at"])) > AGE]
            after = page[-1]["_id"] if len(page) == PAGE else ""
            await self._database.write([Patch(STATE, WALK, values={"after": after}, upsert=True)])
            if not after:
                return


def _whole_moments(page: list[Document]) -> list[Document]:
    """A full page may end amid a moment, which then comes whole with the next one."""
    last = page[-1]["at"]
    if len(page) < PAGE or page[0]["at"] == last:
        return page
    return [commit for commit in page if commit["at"] != last]
