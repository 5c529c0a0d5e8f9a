"""What may be decided about working calendars, official notices and local closures: pure.

Every fact that moves a day between working and not working says which: whoever keeps limits knows
which of them to compute again.
"""

from datetime import date
from typing import Any, TypeVar

from common.errors import FieldProblem, NotFound, Refused, Said, Unprocessable
from common.log.streams import StreamKind
from contracts.events.directory import (
    CalendarAdoptedV1,
    CalendarNoticeGivenV1,
    CalendarNoticeTakenIntoForceV1,
    CalendarNoticeWithdrawnV1,
    ClosureCancelledV1,
    ClosureDeclaredV1,
)
from contracts.fact import Fact
from directory.domain.checks import bad_field, check_text
from directory.domain.words import say
from rulebook.calendar import Calendar
from rulebook.calendar_facts import (
    NO_CALENDAR,
    NO_CLOSURES,
    Closures,
    LocalClosure,
    Notice,
    WorkingCalendar,
    at_place,
    evolve_calendar,
    evolve_closures,
    hints,
)
from rulebook.calendar_files import BadCalendar

CALENDARS = StreamKind("directory/calendar", NO_CALENDAR, evolve_calendar, revision="1")
CLOSURES = StreamKind("directory/closures", NO_CLOSURES, evolve_closures, revision="1")
LONGEST_CLOSURE = 92

F = TypeVar("F", bound=Fact)


def adopt(calendar: WorkingCalendar, fact: CalendarAdoptedV1) -> tuple[Fact, ...]:
    """A calendar begins; raises Unprocessable with every fault of its days."""
    if calendar.known:
        raise Refused("calendar-exists", say("calendar-exists"))
    for place, day in enumerate(fact.days):
        check_text(f"/days/{place}/name_vi", day.name_vi)
    try:
        evolve_calendar(NO_CALENDAR, fact).base()
    except BadCalendar as error:
        raise _faulty(error) from error
    return (fact,)


def give_notice(calendar: WorkingCalendar, fact: CalendarNoticeGivenV1) -> tuple[Fact, ...]:
    """An official notice, as a draft or in force; raises Unprocessable with every fault of it."""
    _check_known(calendar)
    if calendar.notice(fact.notice_id) is not None:
        raise Refused("notice-exists", say("notice-exists"))
    for place, day in enumerate(fact.days):
        check_text(f"/days/{place}/name_vi", day.name_vi)
    check_text("/number", fact.number)
    given = evolve_calendar(calendar, fact)
    changed = _effect(calendar, _notice(given, fact.notice_id))
    return (_with(fact, changed if fact.status == "in_force" else []),)


def take_into_force(
    calendar: WorkingCalendar, fact: CalendarNoticeTakenIntoForceV1
) -> tuple[Fact, ...]:
    """A draft becomes official; nothing when it is so already."""
    notice = _notice(calendar, fact.notice_id)
    if notice.status == "in_force":
        return ()
    if notice.status == "withdrawn":
        raise Refused("notice-withdrawn", say("notice-withdrawn"))
    return (_with(fact, _effect(calendar, notice)),)


def withdraw(calendar: WorkingCalendar, fact: CalendarNoticeWithdrawnV1) -> tuple[Fact, ...]:
    """A notice counts no more; raises Refused when the calendar cannot stand without it."""
    notice = _notice(calendar, fact.notice_id)
    if notice.status == "withdrawn":
        return ()
    before = calendar.national()
    try:
        after = evolve_calendar(calendar, fact).national()
    except BadCalendar as error:
        raise Refused("notice-needed", say("notice-needed")) from error
    return (_with(fact, hints(before, after)),)


def declare(
    closures: Closures, calendar: WorkingCalendar, fact: ClosureDeclaredV1
) -> tuple[Fact, ...]:
    """Local days off; raises Refused for days that are off already at this place."""
    _check_known(calendar)
    if closures.closure(fact.closure_id) is not None:
        raise Refused("closure-exists", say("closure-exists"))
    check_text("/reason", fact.reason)
    check_text("/source", fact.source)
    if not 0 < (fact.end - fact.start).days <= LONGEST_CLOSURE:
        raise bad_field("/end", "after-begin", say("closure-days", most=LONGEST_CLOSURE))
    for other in closures.all:
        if other.stands and other.start < fact.end and fact.start < other.end:
            raise Refused("overlapping-validity", say("closure-overlaps", other=other.id))
    national = calendar.national()
    before = at_place(national, fact.place, closures.all)
    after = at_place(national, fact.place, evolve_closures(closures, fact).all)
    return (_with(fact, hints(before, after)),)


def cancel(
    closures: Closures, calendar: WorkingCalendar, fact: ClosureCancelledV1, today: date
) -> tuple[Fact, ...]:
    """Work goes on earlier; days gone by stay as they were, limits were counted with them."""
    closure = standing(closures, fact.closure_id)
    if not closure.start <= fact.works_from < closure.end:
        detail = say("closure-not-within", start=closure.start, end=closure.end)
        raise bad_field("/works_from", "within-closure", detail)
    if fact.works_from < today:
        raise Refused("day-gone-by", say("day-gone-by"))
    national = calendar.national()
    before = at_place(national, fact.place, closures.all)
    after = at_place(national, fact.place, evolve_closures(closures, fact).all)
    return (_with(fact, hints(before, after)),)


def standing(closures: Closures, id: str) -> LocalClosure:
    """The closure; raises NotFound, Refused when it was cancelled whole."""
    closure = closures.closure(id)
    if closure is None:
        raise NotFound("closure-unknown", say("closure-unknown"))
    if not closure.stands:
        raise Refused("closure-cancelled", say("closure-cancelled"))
    return closure


def effect(calendar: WorkingCalendar, notice: str) -> list[dict[str, Any]]:
    """The days that taking a notice into force would change; raises NotFound, Unprocessable."""
    return _effect(calendar, _notice(calendar, notice))


def _effect(calendar: WorkingCalendar, notice: Notice) -> list[dict[str, Any]]:
    try:
        before: Calendar = calendar.national()
        return hints(before, calendar.rehearsed(notice).calendar)
    except BadCalendar as error:
        raise _faulty(error) from error


def _notice(calendar: WorkingCalendar, id: str) -> Notice:
    _check_known(calendar)
    notice = calendar.notice(id)
    if notice is None:
        raise NotFound("notice-unknown", say("notice-unknown"))
    return notice


def _check_known(calendar: WorkingCalendar) -> None:
    if not calendar.known:
        raise NotFound("calendar-unknown", say("calendar-unknown"))


def _with(fact: F, changed: list[dict[str, Any]]) -> F:
    return type(fact).of(fact.data() | {"changed": changed})  # pyright: ignore[reportReturnType] - `of` gives the class it is called on


def _faulty(error: BadCalendar) -> Unprocessable:
    problems = [
        FieldProblem(f"/{each.where.replace('.', '/')}", "calendar", Said(each.vi, each.en))
        for each in error.faults[:50]
    ]
    return Unprocessable("calendar-faulty", say("calendar-faulty"), errors=problems)
