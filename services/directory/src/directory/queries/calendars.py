"""What can be asked about calendars: days at a place, notices, closures, history."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.consumer.views import Views
from common.errors import NotFound
from common.log.log import CommitLog
from common.log.streams import Loaded
from common.mongo import Document
from directory.domain.calendars import CALENDARS, CLOSURES
from directory.queries.history import history
from rulebook.calendar import Calendar
from rulebook.calendar_facts import WorkingCalendar, at_place

LISTED = "closures"
Around = Callable[[str], Awaitable[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class ClosuresWanted:
    """Which closures: at a place, not over before a day."""

    place: str | None = None
    since: date | None = None


class Calendars:
    """Calendars and closures from the log itself; the list of closures from the projection.

    around  the place itself and the places it lies in, nearest first
    """

    def __init__(self, log: CommitLog, views: Views, around: Around) -> None:
        self._log = log
        self._views = views
        self._around = around

    async def get(self, id: str) -> Loaded[WorkingCalendar]:
        """Raises NotFound."""
        loaded = await self._log.load(CALENDARS, id)
        if not loaded.state.known:
            raise NotFound("calendar-unknown", "No calendar has this id.")
        return loaded

    async def at(self, id: str, place: str | None, known_on: date | None) -> Calendar:
        """The calendar that holds at a place, by the notices issued by a day. Raises NotFound."""
        national = (await self.get(id)).state.national(known_on)
        if place is None:
            return national
        places = await self._around(place)
        loaded = await self._log.load_many(CLOSURES, places)
        closures = [closure for each in loaded for closure in each.state.all]
        return at_place(national, place, [each for each in closures if each.calendar_id == id])

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
