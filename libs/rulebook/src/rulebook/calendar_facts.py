"""A working calendar over all its notices and local closures, folded from facts: the calendar of a place on a day.

Every service that hears `directory.calendar` folds the same calendar, so a limit computed here and
there is the same limit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from contracts.fact import Fact
from rulebook.calendar import Calendar, Closure, calendar_of, changed_days
from rulebook.calendar_files import Merged, merge_notice, parse_calendar

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """An official notice; `recorded` is the order in which it came into force here.

    status  "draft", "in_force" or "withdrawn"
    """

    id: str
    number: str
    issued_on: date
    status: str
    data: Mapping[str, Any]

    @property
    def file(self) -> dict[str, Any]:
        """In the shape of a notice file (contracts/calendars/README.md)."""
        return {
            "notice": self.number,
            "issued": self.issued_on.isoformat(),
            "source": self.data["source"],
            "status": self.data["certainty"],
            "years": self.data.get("years", []),
            "settles": self.data["settles"],
            "days": self.data["days"],
        }


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """A calendar (lịch làm việc) and its notices, in the order in which they came into force."""

    id: str = ""
    site: str = ""
    adopted: Mapping[str, Any] = field(default_factory=dict[str, Any])
    notices: tuple[Notice, ...] = ()

    @property
    def known(self) -> bool:
        return bool(self.id)

    def notice(self, id: str) -> Notice | None:
        return next((notice for notice in self.notices if notice.id == id), None)

    def base(self) -> Calendar:
        """As it was adopted; raises BadCalendar."""
        hours = [text.split("-") for text in self.adopted.get("office_hours", ())] or None
        return parse_calendar(
            self.id,
            {
                "timezone": "Asia/Ho_Chi_Minh",
                "years": self.adopted["years"],
                "days": self.adopted["days"],
                "office_hours": hours,
            },
        )

    def national(self, known_on: date | None = None) -> Calendar:
        """With every notice in force that was issued by `known_on`; raises BadCalendar."""
        calendar = self.base()
        for notice in self.notices:
            if notice.status == "in_force" and (known_on is None or notice.issued_on <= known_on):
                calendar = merge_notice(notice.id, notice.file, calendar).calendar
        return calendar

    def rehearsed(self, notice: Notice) -> Merged:
        """What taking this notice into force would change; raises BadCalendar."""
        return merge_notice(notice.id, notice.file, self.national())


NO_CALENDAR = WorkingCalendar()


def evolve_calendar(calendar: WorkingCalendar, fact: Fact) -> WorkingCalendar:
    """The calendar after a fact of its stream."""
    data = fact.data()
    match fact.TYPE.removeprefix("directory.calendar_"):
        case "adopted":
            return WorkingCalendar(data["calendar_id"], data["site"], data)
        case "notice_given":
            issued = date.fromisoformat(data["issued_on"])
            notice = Notice(data["notice_id"], data["number"], issued, data["status"], data)
            return replace(calendar, notices=(*calendar.notices, notice))
        case "notice_taken_into_force":
            return _taken(calendar, data)
        case "notice_withdrawn":
            return _with(calendar, data["notice_id"], {"status": "withdrawn"})
        case _:
            return calendar


def _taken(calendar: WorkingCalendar, data: Data) -> WorkingCalendar:
    """A draft counts from where it is taken into force: behind all that is in force already."""
    notice = calendar.notice(data["notice_id"])
    if notice is None:
        return calendar
    others = tuple(each for each in calendar.notices if each.id != notice.id)
    taken = replace(notice, status="in_force", number=data.get("number", notice.number))
    return replace(calendar, notices=(*others, taken))


def _with(calendar: WorkingCalendar, notice: str, values: Mapping[str, Any]) -> WorkingCalendar:
    changed = tuple(
        replace(each, **values) if each.id == notice else each for each in calendar.notices
    )
    return replace(calendar, notices=changed)


@dataclass(frozen=True, slots=True)
class LocalClosure:
    """Local days off [start, end) at a place; cancelled whole when `end` is not after `start`."""

    id: str
    calendar_id: str
    start: date
    end: date
    reason: str
    source: str

    @property
    def stands(self) -> bool:
        return self.start < self.end


@dataclass(frozen=True, slots=True)
class Closures:
    """The local closures of one place: a site, or a province site for all under it."""

    place: str = ""
    site: str = ""
    all: tuple[LocalClosure, ...] = ()

    def closure(self, id: str) -> LocalClosure | None:
        return next((closure for closure in self.all if closure.id == id), None)


NO_CLOSURES = Closures()


def evolve_closures(closures: Closures, fact: Fact) -> Closures:
    """A place's closures after a fact of its stream."""
    data = fact.data()
    if fact.TYPE.endswith("_declared"):
        declared = LocalClosure(
            id=data["closure_id"],
            calendar_id=data["calendar_id"],
            start=date.fromisoformat(data["start"]),
            end=date.fromisoformat(data["end"]),
            reason=data["reason"],
            source=data["source"],
        )
        return Closures(data["place"], data["site"], (*closures.all, declared))
    works_from = date.fromisoformat(data["works_from"])
    kept = tuple(
        replace(each, end=max(each.start, works_from)) if each.id == data["closure_id"] else each
        for each in closures.all
    )
    return replace(closures, all=kept)


def at_place(national: Calendar, place: str, closures: Iterable[LocalClosure]) -> Calendar:
    """The calendar that holds at a place, with the closures of the places it lies in."""
    local = tuple(
        Closure(place, each.start, each.end, each.reason, each.source)
        for each in closures
        if each.stands
    )
    return calendar_of(replace(national, closures=local, province=place))


def hints(before: Calendar, after: Calendar) -> list[dict[str, Any]]:
    """Days that changed between working and not working: what a fact says for recomputation."""
    return [
        {"date": date.fromordinal(day).isoformat(), "works": after.is_working(day)}
        for day in changed_days(before, after)
    ]


def touches(changed: Sequence[Data], start: date, end: date) -> bool:
    """Whether a limit over [start, end] has to be computed again after these changes."""
    return any(start <= date.fromisoformat(each["date"]) <= end for each in changed)
