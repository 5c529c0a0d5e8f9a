"""Counting time as Vietnamese offices do, in numbers only: no rule, no words.

A limit in days ends with the n-th counted day (24:00 local). Where the clock stood it keeps what was left: a limit in
working days its remaining office time, any other its remaining time, to the microsecond. So a pause moves the end by
exactly the time it took, pauses next to each other add up, and no limit ends within a pause. Everything is half-open:
on time means before `ends`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from functools import lru_cache

from rulebook.calendar import Calendar
from rulebook.explanation import LOCAL
from rulebook.office_time import (
    MINUTE,
    OutOfRange,
    at_working_microseconds,
    aware,
    midnight,
    working_microseconds,
)
from rulebook.pauses import (
    EVERY_DAY,
    Pause,
    Stops,
    moved_in_office_time,
    moved_in_time,
    moved_in_whole_days,
    sorted_pauses,
)
from rulebook.profiles.params import Counting

_DAY = timedelta(days=1)
_MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Counted:
    """`first` and `last` are ordinals of the first counted and the last on-time day; `ends` is when it is overdue."""

    starts: datetime
    first: int
    last: int
    ends: datetime
    paused: int = 0
    """How far the pauses moved the end, in microseconds: of office time for working units, of all time for others."""
    unmoved: int | None = None
    """The last day (ordinal) as counted, where pauses or a day off moved it."""
    rolled: bool = False

    @property
    def counted_to(self) -> int:
        return self.last if self.unmoved is None else self.unmoved

    @property
    def due(self) -> date:
        return date.fromordinal(self.last)


def count(counting: Counting, event: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Counted:  # fmt: skip
    """When a limit that starts with `event` ends. Raises ValueError for naive times, OutOfRange past the year 9999."""
    local = aware(event, "event")
    stops = sorted_pauses(pauses) if pauses else ()
    try:
        found = _COUNTED[counting.limit.unit](counting, local, calendar)
        if stops:
            found = _moved(counting, found, stops, calendar)
        return found if counting.day_off == "stay" else _rolled(counting, found, calendar)
    except (OverflowError, IndexError, ValueError) as error:
        raise OutOfRange(
            f"event: {local.isoformat()} with this limit leaves the years 1 to 9999"
        ) from error


def last_day(counting: Counting, event: datetime, calendar: Calendar) -> int:
    """The last on-time day (ordinal) alone, without pauses: all that another reading has to give. `event` is local."""
    limit = counting.limit
    if limit.unit == "working_day" and limit.n:
        first = first_counted_day(counting, event, calendar)
        return calendar.working_day(calendar.rank(first) + limit.n - 1)
    if limit.unit == "calendar_day" and counting.day_off == "stay":
        return event.toordinal() + limit.n
    return count(counting, event, calendar).last


def last_in_whole_days(counting: Counting, event: datetime, calendar: Calendar, pauses: Sequence[Pause]) -> int:  # fmt: skip
    """The other reading of pauses: the last day (ordinal) if they move a limit by the days that ended in them."""
    plain = _COUNTED[counting.limit.unit](counting, aware(event, "event"), calendar)
    days = calendar if counting.limit.unit == "working_day" else EVERY_DAY
    last = moved_in_whole_days(plain.first, plain.last, sorted_pauses(pauses), days)
    return _rolled(counting, replace(plain, last=last, ends=midnight(last + 1)), calendar).last


def first_counted_day(counting: Counting, event: datetime, calendar: Calendar) -> int:
    """The day (ordinal) that counts as number 1 of a limit in working days. `event` is local."""
    today = event.toordinal()
    if counting.anchor is None:
        return calendar.working_day(calendar.rank(today + 1))
    at, anchor = event.time(), clock(counting.anchor)
    missed = at > anchor or (at == anchor and not counting.anchor_inclusive)
    return calendar.working_day(calendar.rank(today + 1 if missed else today))


@lru_cache(maxsize=64)
def clock(text: str) -> time:
    """`08:00` as a time of day."""
    return time.fromisoformat(text)


def add_working_days(day: date, n: int, calendar: Calendar) -> date:
    """The n-th working day after `day` (n = 0: `day` itself, or the last working day before it if it is a day off)."""
    if n < 0:
        raise ValueError(f"n: a negative number of days ({n})")
    rank = calendar.rank(day.toordinal() + 1) - 1
    return date.fromordinal(calendar.working_day(rank + n))


def add_months(day: date, n: int, rounding: str) -> date:
    """The same day n months later; where it does not exist the rule's rounding decides."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OutOfRange(f"n: {n} months from {day} leave the years 1 to 9999")
    for last in (day.day, 30, 29, 28):
        if last <= day.day and _exists(year, month + 1, last):
            found = date(year, month + 1, last)
            missing = last < day.day
            return found + _DAY if missing and rounding == "first_of_next" else found
    raise AssertionError("every month has 28 days")


def warns_at(left: int, unit: str, counted: Counted, calendar: Calendar) -> datetime:
    """The moment from which only so much is left; never before the clock starts."""
    if unit == "hour":
        at = counted.ends - timedelta(hours=left)
    elif unit == "working_day":
        at = working_days_before(counted.ends, left, calendar)
    else:
        at = counted.ends - timedelta(days=left)
    return max(at, counted.starts)


def working_days_before(ends: datetime, n: int, calendar: Calendar) -> datetime:
    """The moment from which n working days are left: the same hour n working days earlier."""
    if ends.time() == _MIDNIGHT:
        return midnight(calendar.working_day(calendar.rank(ends.toordinal()) - n))
    day = calendar.working_day(calendar.rank(ends.toordinal()) - n)
    return datetime.combine(date.fromordinal(day), ends.time(), LOCAL)


def _working_days(counting: Counting, event: datetime, calendar: Calendar) -> Counted:
    if counting.limit.n == 0:
        first = calendar.working_day(calendar.rank(event.toordinal()))
        return Counted(max(event, midnight(first)), first, first, midnight(first + 1))
    first = first_counted_day(counting, event, calendar)
    begins = clock(counting.anchor) if counting.anchor else _MIDNIGHT
    starts = datetime.combine(date.fromordinal(first), begins, LOCAL)
    last = calendar.working_day(calendar.rank(first) + counting.limit.n - 1)
    return Counted(starts, first, last, midnight(last + 1))


def _calendar_days(counting: Counting, event: datetime, _calendar: Calendar) -> Counted:
    today = event.toordinal()
    if counting.limit.n == 0:
        return Counted(event, today, today, midnight(today + 1))
    last = today + counting.limit.n
    return Counted(midnight(today + 1), today + 1, last, midnight(last + 1))


def _months(counting: Counting, event: datetime, calendar: Calendar) -> Counted:
    assert counting.rounding is not None
    if counting.limit.n == 0:
        return _calendar_days(counting, event, calendar)
    first = event.toordinal() + 1
    last = add_months(event.date(), counting.limit.n, counting.rounding).toordinal()
    return Counted(midnight(first), first, last, midnight(last + 1))


def _hours(counting: Counting, event: datetime, _calendar: Calendar) -> Counted:
    return _timed(event, event + timedelta(hours=counting.limit.n))


def _working_hours(counting: Counting, event: datetime, calendar: Calendar) -> Counted:
    asked = counting.limit.n * 60 * MINUTE
    if not asked:
        return _timed(event, event)
    return _timed(event, at_working_microseconds(working_microseconds(event, calendar) + asked, calendar))  # fmt: skip


def _timed(event: datetime, ends: datetime) -> Counted:
    return Counted(event, event.toordinal(), ends.toordinal(), ends)


def _moved(counting: Counting, plain: Counted, stops: Stops, calendar: Calendar) -> Counted:
    """The same limit after the clock stood."""
    unit = counting.limit.unit
    if unit in {"working_day", "working_hour"}:
        ends, stood = moved_in_office_time(
            plain.starts, plain.ends, stops, calendar, in_days=unit == "working_day"
        )
    else:
        ends, stood = moved_in_time(plain.starts, plain.ends, stops)
    if ends == plain.ends:
        return plain
    last = ends.toordinal() if unit in _HOURS else last_day_of(ends)
    return replace(plain, last=last, ends=ends, paused=stood, unmoved=plain.last)


def last_day_of(ends: datetime) -> int:
    """The last day (ordinal) on which something that must be done before `ends` is on time."""
    return ends.toordinal() - (ends.time() == _MIDNIGHT)


def _rolled(counting: Counting, found: Counted, calendar: Calendar) -> Counted:
    """Off a day off, where the rule says so; the day that it moves to is given in full."""
    last = found.last
    if counting.day_off == "next":
        last = calendar.working_day(calendar.rank(last))
    elif counting.day_off == "previous":
        last = calendar.working_day(calendar.rank(last + 1) - 1)
    if last == found.last:
        return found
    return replace(found, last=last, ends=midnight(last + 1), unmoved=found.counted_to, rolled=True)


def moved_by_pauses(ends: datetime, since: datetime, pauses: Sequence[Pause], calendar: Calendar) -> datetime:  # fmt: skip
    """Where an end fixed by a promise made at `since` moves to: by the office time of the pauses after that moment."""
    stops = sorted_pauses(pauses)
    return moved_in_office_time(aware(since, "since"), ends, stops, calendar)[0]


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


_HOURS = frozenset({"hour", "working_hour"})
_COUNTED: dict[str, Callable[[Counting, datetime, Calendar], Counted]] = {
    "working_day": _working_days,
    "calendar_day": _calendar_days,
    "month": _months,
    "hour": _hours,
    "working_hour": _working_hours,
}
