"""What can be asked about calendars: days at a place, notices, closures, history."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.consumer.views import Views
from common.errors import NotFound
from common.log.log import CommitLog
from common.log.streams import Loaded
from common.mongo import Document
from directory.domain.calendars import CALENDARS, CLOSURES
from directory.domain.sites import SITES
from directory.domain.words import say
from directory.queries.history import history
from rulebook.calendar import Calendar
from rulebook.calendar_facts import WorkingCalendar, at_place

LISTED = "closures"
MOST_MADE = 64


@dataclass(frozen=True, slots=True)
class ClosuresWanted:
    """Which closures: at a place, not over before a day."""

    place: str | None = None
    since: date | None = None


class Calendars:
    """Calendars and closures from the log itself; the list of closures from the projection."""

    def __init__(self, log: CommitLog, views: Views) -> None:
        self._log = log
        self._views = views
        self._made: OrderedDict[tuple[object, ...], Calendar] = OrderedDict()

    async def get(self, id: str) -> Loaded[WorkingCalendar]:
        """Raises NotFound."""
        loaded = await self._log.load(CALENDARS, id)
        if not loaded.state.known:
            raise NotFound("calendar-unknown", say("calendar-unknown"))
        return loaded

    async def at(self, id: str, place: str | None, known_on: date | None) -> Calendar:
        """The calendar that holds at a place, by the notices issued by a day. Raises NotFound.

        Closures of the sites above it hold at a site too. A calendar is made once for each state of
        what it is made of: the hashes of the streams name that state.
        """
        calendar = await self.get(id)
        loaded = [await self._log.load(CLOSURES, each) for each in await self._places(place)]
        key = (calendar.head.hash, known_on, place, *(each.head.hash for each in loaded))
        made = self._made.get(key)
        if made is None:
            made = calendar.state.national(known_on)
            if place is not None:
                every = [closure for each in loaded for closure in each.state.all]
                made = at_place(made, place, [each for each in every if each.calendar_id == id])
            self._made[key] = made
            if len(self._made) > MOST_MADE:
                self._made.popitem(last=False)
        return made

    async def _places(self, place: str | None) -> list[str]:
        """A site and the sites above it as far as is recorded; a province needs no site."""
        found: list[str] = []
        while place is not None and place not in found:
            found.append(place)
            place = (await self._log.load(SITES, place)).state.days.latest.get("parent")
        return found

    async def history(self, id: str) -> list[dict[str, Any]]:
        """Every decision about a calendar. Raises NotFound."""
        return await history(self._log, (await self.get(id)).stream)

    async def closure_history(self, place: str) -> list[dict[str, Any]]:
        """Every decision about the closures of a place."""
        return await history(self._log, CLOSURES.stream(place))

    async def closures(
        self, wanted: ClosuresWanted, after: str | None, fetch: int
    ) -> list[Document]:
        """The next `fetch` closures by place and id."""
        where: dict[str, Any] = {}
        if wanted.place is not None:
            where["place"] = wanted.place
        if wanted.since is not None:
            where["end"] = {"$gt": wanted.since.isoformat()}
        if after is not None:
            where["_id"] = {"$gt": after}
        return await self._views.find(LISTED, where, sort=(("_id", 1),), limit=fetch)
