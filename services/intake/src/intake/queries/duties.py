"""What was handed in of what is owed to a site: sections, periods, counts, each with its newest item."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from common.consumer.views import Views
from common.moments import to_wire
from contracts.categories import Categories
from intake.projections import CLOCKS
from intake.queries.submissions import OPEN, Row, Submissions
from rulebook.calendar import Calendar
from rulebook.explanation import LOCAL
from rulebook.owed import Owed, before

State = Literal["late", "never", "open", "handed_in", "counted", "elsewhere"]
MOST = 1_000
"""So many items of one section are looked at; a number that reaches it is told as such."""
GONE = frozenset({"refused", "withdrawn"})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """A duty and how far it is met.

    state  late: an item is past its day, or the period before went by without one · never: nothing was ever
           handed in · open: nothing yet in this period · handed_in · counted · elsewhere: not met by items
    late   open items whose day of publication has passed
    missed the last day of the period before, where nothing was handed in for it
    """

    owed: Owed
    state: State
    count: int = 0
    last: Row | None = None
    late: int = 0
    missed: date | None = None


class Duties:
    """Reads the projection of the generation that serves; nothing is stored for a duty."""

    def __init__(self, views: Views, submissions: Submissions) -> None:
        self._views, self._submissions = views, submissions

    async def standing(
        self,
        site: str,
        owed: Sequence[Owed],
        holders: Mapping[str, frozenset[str]],
        calendar: Calendar,
        now: datetime,
    ) -> list[Standing]:
        """How each duty stands, the most pressing first; `holders`: role → the people who hold it at the site."""
        late = await self._late(site, now)
        found = [await self._one(site, each, holders, late, calendar) for each in owed]
        return sorted(found, key=_pressing)

    async def _one(
        self,
        site: str,
        owed: Owed,
        holders: Mapping[str, frozenset[str]],
        late: frozenset[str],
        calendar: Calendar,
    ) -> Standing:
        if owed.kind == "section":
            return await self._section(site, owed, late)
        if owed.kind == "count":
            return await self._count(site, owed)
        if not owed.content or owed.begins is None or owed.ends is None:
            return Standing(owed, "elsewhere")
        return await self._period(site, owed, holders.get(owed.role or "", frozenset()), calendar)

    async def _section(self, site: str, owed: Owed, late: frozenset[str]) -> Standing:
        where = {"site": site, "route": owed.agency, "category": owed.category}
        where |= {"point": owed.point} if owed.point else {}
        rows = await self._submissions.newest(where, MOST)
        standing = [row for row in rows if row.state not in GONE]
        overdue = sum(row.id in late for row in standing)
        state = "late" if overdue else "handed_in" if standing else "never"
        return Standing(owed, state, len(standing), next(iter(standing), None), overdue)

    async def _period(
        self, site: str, owed: Owed, people: frozenset[str], calendar: Calendar
    ) -> Standing:
        """Handed in by somebody who holds the role that owes it."""
        assert owed.begins is not None
        assert owed.ends is not None
        rows = await self._handed_in(site, people, owed.begins, owed.ends)
        earlier = before(owed, calendar)
        missed = None
        if earlier is not None and earlier.begins is not None and earlier.ends is not None:
            then = await self._handed_in(site, people, earlier.begins, earlier.ends)
            missed = None if then else earlier.due
        state = "handed_in" if rows else "late" if missed else "open"
        return Standing(owed, state, len(rows), next(iter(rows), None), missed=missed)

    async def _handed_in(
        self, site: str, people: Iterable[str], begins: date, ends: date
    ) -> list[Row]:
        where = {
            "site": site,
            "person": {"$in": sorted(people)},
            "received_at": {"$gte": _midnight(begins), "$lt": _midnight(ends + _DAY)},
        }
        return [row for row in await self._submissions.newest(where, MOST) if row.state not in GONE]

    async def _count(self, site: str, owed: Owed) -> Standing:
        """Items that were published in the period and still are."""
        assert owed.begins is not None
        assert owed.ends is not None
        span = {"$gte": _midnight(owed.begins), "$lt": _midnight(owed.ends + _DAY)}
        wanted: dict[str, Any] = {"site": site, "outcome.state": "published", "outcome.at": span}
        wanted |= {"category": owed.category} if owed.category else {}
        rows = await self._submissions.newest(wanted, MOST)
        return Standing(owed, "counted", len(rows), next(iter(rows), None))

    async def _late(self, site: str, now: datetime) -> frozenset[str]:
        where = {"site": site, "at": {"$lte": to_wire(now)}}
        clocks = await self._views.find(CLOCKS, where, sort=(("at", 1),), limit=MOST)
        ids = {"_id": {"$in": [each["_id"] for each in clocks]}}
        rows = await self._submissions.newest(ids, MOST)
        return frozenset(row.id for row in rows if row.state in OPEN)


def points_of(categories: Categories) -> dict[str, tuple[str, ...]]:
    """Category → the points that its form tells apart."""
    return {
        category.id: field.options
        for category in categories.by_id.values()
        for field in category.fields
        if field.name == "point"
    }


def _pressing(standing: Standing) -> tuple[int, date]:
    order = ("late", "never", "open", "handed_in", "counted", "elsewhere")
    return order.index(standing.state), standing.owed.due or date.max


def _midnight(day: date) -> str:
    """The day's first moment in Vietnam, as moments are kept."""
    return to_wire(datetime.combine(day, time(0), LOCAL))
