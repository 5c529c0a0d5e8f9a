"""The Vietnamese working calendar: which days count, which do not, and by whose announcement.

Days outside the calendar's years follow the week alone (Monday to Friday), and whoever asks is told so.
All look-ups are O(1) or O(log n): the working days are numbered once, when the calendar is made.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import rfc8785

from rulebook.explanation import Row

Kind = Literal["holiday", "compensatory_off", "swapped_off", "working_saturday", "local_closure"]
Certainty = Literal["confirmed", "derived", "predicted", "unconfirmed"]
CERTAIN = frozenset({"confirmed", "derived"})


@dataclass(frozen=True, slots=True)
class Day:
    """A day that differs from the ordinary week, with the announcement that says so."""

    date: date
    kind: Kind
    name: str
    status: Certainty
    source: str

    @property
    def works(self) -> bool:
        return self.kind == "working_saturday"

    def row(self) -> Row:
        return {
            "date": self.date.isoformat(),
            "why": self.kind,
            "name": self.name,
            "status": self.status,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Closure:
    """Local days off [start, end) of one province: storm, flood, epidemic."""

    province: str
    start: date
    end: date
    reason: str
    source: str

    def days(self) -> Iterable[Day]:
        for ordinal in range(self.start.toordinal(), self.end.toordinal()):
            day = date.fromordinal(ordinal)
            yield Day(day, "local_closure", self.reason, "confirmed", self.source)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Working minutes of a day as [start, end) pairs in minutes after midnight, rising."""

    spans: tuple[tuple[int, int], ...] = ((7 * 60 + 30, 12 * 60), (13 * 60 + 30, 17 * 60))

    @property
    def minutes(self) -> int:
        return sum(end - start for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class _Index:
    """Working days numbered: `ranks[i]` = working days before the i-th day of the calendar."""

    first: int
    end: int
    ranks: tuple[int, ...]
    working: tuple[int, ...]
    special: tuple[int, ...]
    off: tuple[int, ...]
    off_rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Made by `calendar_of`. `days` holds every entry; unconfirmed ones count only if `observe_unconfirmed`."""

    name: str
    years: tuple[int, ...]
    days: Mapping[int, Day]
    closures: tuple[Closure, ...]
    observe_unconfirmed: bool
    province: str | None
    office_hours: OfficeHours
    label: str
    index: _Index

    def is_working(self, ordinal: int) -> bool:
        index = self.index
        if index.first <= ordinal < index.end:
            position = ordinal - index.first
            return index.ranks[position + 1] > index.ranks[position]
        return (ordinal + 6) % 7 < 5  # noqa: PLR2004 - Monday is 0, so Saturday is 5

    def rank(self, ordinal: int) -> int:
        """Working days before this day, counted from the calendar's first day (negative before it)."""
        index = self.index
        if ordinal < index.first:
            return _weekdays_before(ordinal) - _weekdays_before(index.first)
        if ordinal < index.end:
            return index.ranks[ordinal - index.first]
        return index.ranks[-1] + _weekdays_before(ordinal) - _weekdays_before(index.end)

    def working_day(self, rank: int) -> int:
        """The working day (ordinal) before which there are `rank` others; the inverse of `rank`."""
        index = self.index
        if rank < 0:
            return _weekday_number(_weekdays_before(index.first) + rank)
        if rank < len(index.working):
            return index.working[rank]
        return _weekday_number(_weekdays_before(index.end) + rank - len(index.working))

    def knows(self, ordinal: int) -> bool:
        return self.index.first <= ordinal < self.index.end

    def days_off(self, start: int, end: int) -> tuple[Row, ...]:
        """Why each day off in [start, end) is one, in order."""
        index = self.index
        if index.first <= start and end <= index.end:
            return index.off_rows[bisect_left(index.off, start) : bisect_left(index.off, end)]
        return tuple(self.why_off(o) for o in range(start, end) if not self.is_working(o))

    def special_days(self, start: int, end: int) -> tuple[Day, ...]:
        """Entries in [start, end) that differ from the ordinary week or are only announced as policy."""
        special = self.index.special
        return tuple(self.days[o] for o in special[bisect_left(special, start) : bisect_left(special, end)])  # fmt: skip

    def for_province(self, province: str | None) -> "Calendar":
        """The same calendar with the local closures of that province."""
        return self if province == self.province else calendar_of(replace(self, province=province))

    def observing_unconfirmed(self, *, observe: bool = True) -> "Calendar":
        """Whether days announced as policy only (24 November) are days off."""
        return calendar_of(replace(self, observe_unconfirmed=observe))

    def why_off(self, ordinal: int) -> Row:
        day = self.days.get(ordinal)
        if day is None or not self._counts(day):
            return {"date": date.fromordinal(ordinal).isoformat(), "why": "weekend"}
        return day.row()

    def _counts(self, day: Day) -> bool:
        return self.observe_unconfirmed or day.status != "unconfirmed"


def new_calendar(
    name: str,
    years: Iterable[int],
    days: Iterable[Day],
    closures: Iterable[Closure] = (),
    office_hours: OfficeHours | None = None,
) -> Calendar:
    """A calendar of complete years without gaps; 24 November counts as working until switched on.

    Raises ValueError naming the argument for holes and duplicates; `rulebook.calendar_files` finds all faults at once.
    """
    ordered = tuple(sorted(years))
    if not ordered or ordered != tuple(range(ordered[0], ordered[-1] + 1)):
        raise ValueError(f"years: a calendar needs years without a hole, not {list(ordered)}")
    listed = list(days)
    by_day = {day.date.toordinal(): day for day in listed}
    if len(by_day) != len(listed):
        raise ValueError("days: a day stands twice")
    blank = _Index(0, 0, (), (), (), (), ())
    hours = office_hours or OfficeHours()
    made = Calendar(name, ordered, by_day, tuple(closures), False, None, hours, "", blank)  # noqa: FBT003
    return calendar_of(made)


def calendar_of(calendar: Calendar) -> Calendar:
    """The calendar with closures laid over, its days numbered and its label computed."""
    national = {o: day for o, day in calendar.days.items() if day.kind != "local_closure"}
    local = {
        day.date.toordinal(): day
        for closure in calendar.closures
        if closure.province == calendar.province
        for day in closure.days()
    }
    laid = replace(calendar, days=dict(sorted({**national, **local}.items())))
    return replace(laid, index=_numbered(laid), label=_label(laid))


def changed_days(old: Calendar, new: Calendar) -> tuple[int, ...]:
    """Days (ordinals) that work in one calendar and not in the other."""
    first = min(old.index.first, new.index.first)
    end = max(old.index.end, new.index.end)
    return tuple(o for o in range(first, end) if old.is_working(o) != new.is_working(o))


def _numbered(calendar: Calendar) -> _Index:
    first = date(calendar.years[0], 1, 1).toordinal()
    end = date(calendar.years[-1], 12, 31).toordinal() + 1
    ranks = [0]
    working: list[int] = []
    off: list[int] = []
    for ordinal in range(first, end):
        day = calendar.days.get(ordinal)
        works = (ordinal + 6) % 7 < 5  # noqa: PLR2004 - Monday is 0, so Saturday is 5
        if day is not None and (calendar.observe_unconfirmed or day.status != "unconfirmed"):
            works = day.works
        if works:
            working.append(ordinal)
        else:
            off.append(ordinal)
        ranks.append(len(working))
    rows = tuple(calendar.why_off(ordinal) for ordinal in off)
    special = tuple(calendar.days)
    return _Index(first, end, tuple(ranks), tuple(working), special, tuple(off), rows)


def _label(calendar: Calendar) -> str:
    """Names the content, so an explanation says which calendar it was computed with."""
    content = rfc8785.dumps(
        [
            [day.date.isoformat(), day.kind, day.name, day.status, day.source]
            for day in calendar.days.values()
        ]
    )
    digest = hashlib.sha256(content).hexdigest()[:12]
    parts = [f"{calendar.name} {calendar.years[0]}-{calendar.years[-1]}", digest]
    if calendar.province:
        parts.append(f"province {calendar.province}")
    if calendar.observe_unconfirmed:
        parts.append("unconfirmed observed")
    return " ".join(parts)


def _weekdays_before(ordinal: int) -> int:
    """Mondays to Fridays from 0001-01-01 (a Monday) until the day before `ordinal`."""
    weeks, days = divmod(ordinal - 1, 7)
    return weeks * 5 + min(days, 5)


def _weekday_number(number: int) -> int:
    weeks, days = divmod(number, 5)
    return weeks * 7 + days + 1
