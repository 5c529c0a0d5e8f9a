"""Counting time as Vietnamese offices do, in numbers only: no rule, no words.

A deadline in days is the end (24:00 local) of the n-th counted day whose end does not lie in a pause. So a pause moves
it by exactly the days that ended in it, pauses next to each other add up, and no deadline ever falls into a pause.
Everything is half-open: on time means before `ends`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol

from rulebook.calendar import Calendar
from rulebook.explanation import LOCAL
from rulebook.profiles.params import Counting

_DAY = timedelta(days=1)
_MIDNIGHT = time()
_MINUTE = 60_000_000
"""Microseconds: hours are counted exactly."""


class OutOfRange(ValueError):
    """The answer would lie outside the years 1 to 9999."""


@dataclass(frozen=True, slots=True)
class Pause:
    """[start, end): the time in which the clock does not run. `end` None = still paused."""

    start: datetime
    end: datetime | None
    reason: str = ""

    def __post_init__(self) -> None:
        aware(self.start, "pause.start")
        if self.end is not None and aware(self.end, "pause.end") < self.start:
            raise ValueError("pause: ends before it starts")


@dataclass(frozen=True, slots=True)
class Counted:
    """`first` and `last` are ordinals of the first counted and the last on-time day; `ends` is when it is overdue."""

    starts: datetime
    first: int
    last: int
    ends: datetime
    paused: int = 0
    """How far the pauses moved the end: days for day units, microseconds for hour units."""

    @property
    def due(self) -> date:
        return date.fromordinal(self.last)


class _Days(Protocol):
    """A way to number days: working days or all days."""

    def rank(self, ordinal: int) -> int: ...
    def working_day(self, rank: int) -> int: ...


class _EveryDay:
    """Calendar days, numbered by themselves."""

    def rank(self, ordinal: int) -> int:
        return ordinal

    def working_day(self, rank: int) -> int:
        return rank


EVERY_DAY = _EveryDay()


def aware(at: datetime, argument: str) -> datetime:
    """The same instant in Vietnamese local time. Raises ValueError naming the argument for a naive time."""
    if at.tzinfo is None:
        raise ValueError(f"{argument}: {at.isoformat()} has no time zone")
    return at if at.tzinfo is LOCAL else at.astimezone(LOCAL)


def last_day(counting: Counting, event: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> int:  # fmt: skip
    """The last on-time day (ordinal) alone: all that another reading has to give. `event` is local."""
    limit = counting.limit
    if limit.unit == "working_day" and limit.n and not pauses:
        first = first_counted_day(counting, event, calendar)
        return calendar.working_day(calendar.rank(first) + limit.n - 1)
    return count(counting, event, calendar, pauses).last


def count(counting: Counting, event: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Counted:  # fmt: skip
    """When a limit that starts with `event` ends. Raises ValueError for naive times, OutOfRange past the year 9999."""
    local = aware(event, "event")
    breaks = sorted_pauses(pauses) if pauses else ()
    try:
        return _COUNTED[counting.limit.unit](counting, local, calendar, breaks)
    except (OverflowError, IndexError, ValueError) as error:
        raise OutOfRange(
            f"event: {local.isoformat()} with this limit leaves the calendar"
        ) from error


def sorted_pauses(pauses: Iterable[Pause]) -> tuple[tuple[datetime, datetime], ...]:
    """In order, overlaps merged; a pause that has not ended is refused, for nobody knows the deadline then."""
    merged: list[tuple[datetime, datetime]] = []
    for pause in sorted(pauses, key=lambda each: each.start):
        if pause.end is None:
            raise ValueError(
                "pauses: the clock still stands; there is no deadline before it resumes"
            )
        start, end = pause.start.astimezone(LOCAL), pause.end.astimezone(LOCAL)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def midnight(ordinal: int) -> datetime:
    """00:00 local of that day."""
    return datetime.combine(date.fromordinal(ordinal), _MIDNIGHT, LOCAL)


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
    for last in (day.day, 30, 29, 28):
        if last <= day.day and _exists(year, month + 1, last):
            found = date(year, month + 1, last)
            missing = last < day.day
            return found + _DAY if missing and rounding == "first_of_next" else found
    raise AssertionError("every month has 28 days")


def working_microseconds(at: datetime, calendar: Calendar) -> int:
    """Office time from the calendar's first day until `at` (local)."""
    ordinal = at.toordinal()
    done = calendar.rank(ordinal) * calendar.office_hours.minutes * _MINUTE
    if not calendar.is_working(ordinal):
        return done
    since_midnight = (at - midnight(ordinal)) // timedelta(microseconds=1)
    return done + sum(
        min(max(since_midnight - start * _MINUTE, 0), (end - start) * _MINUTE)
        for start, end in calendar.office_hours.spans
    )


def at_working_microseconds(total: int, calendar: Calendar) -> datetime:
    """The earliest moment at which that much office time has run; the inverse of `working_microseconds`."""
    per_day = calendar.office_hours.minutes * _MINUTE
    rank, rest = divmod(total, per_day)
    if rest == 0:
        rank, rest = rank - 1, per_day
    day = midnight(calendar.working_day(rank))
    for start, end in calendar.office_hours.spans:
        length = (end - start) * _MINUTE
        if rest <= length:
            return day + timedelta(microseconds=start * _MINUTE + rest)
        rest -= length
    raise AssertionError("rest is at most the day's office time")


def warns_at(left: int, unit: str, counted: Counted, calendar: Calendar) -> datetime:
    """The moment from which only so much is left; never before the clock starts."""
    if unit == "hour":
        at = counted.ends - timedelta(hours=left)
    elif unit == "working_day":
        at = midnight(calendar.working_day(calendar.rank(counted.last + 1) - left))
    else:
        at = midnight(counted.last - left + 1)
    return max(at, counted.starts)


def _working_days(counting: Counting, event: datetime, calendar: Calendar, pauses: tuple[tuple[datetime, datetime], ...]) -> Counted:  # fmt: skip
    if counting.limit.n == 0:
        return _zero(event)
    first = first_counted_day(counting, event, calendar)
    begins = clock(counting.anchor) if counting.anchor else _MIDNIGHT
    starts = datetime.combine(date.fromordinal(first), begins, LOCAL)
    last = calendar.working_day(calendar.rank(first) + counting.limit.n - 1)
    moved = 0
    if pauses:
        last, moved = _paused(first, last, pauses, calendar)
    return Counted(starts, first, last, midnight(last + 1), moved)


def _calendar_days(counting: Counting, event: datetime, calendar: Calendar, pauses: tuple[tuple[datetime, datetime], ...]) -> Counted:  # fmt: skip
    if counting.limit.n == 0:
        return _zero(event)
    today = event.toordinal()
    last, moved = _paused(today + 1, today + counting.limit.n, pauses, EVERY_DAY)
    return _rolled(counting, today + 1, last, moved, calendar)


def _months(counting: Counting, event: datetime, calendar: Calendar, pauses: tuple[tuple[datetime, datetime], ...]) -> Counted:  # fmt: skip
    assert counting.rounding is not None
    if counting.limit.n == 0:
        return _zero(event)
    first = event.toordinal() + 1
    last = add_months(event.date(), counting.limit.n, counting.rounding).toordinal()
    last, moved = _paused(first, last, pauses, EVERY_DAY)
    return _rolled(counting, first, last, moved, calendar)


def _hours(counting: Counting, event: datetime, _calendar: Calendar, pauses: tuple[tuple[datetime, datetime], ...]) -> Counted:  # fmt: skip
    ends = event + timedelta(hours=counting.limit.n)
    moved = timedelta()
    for start, end in pauses:
        if start < ends:
            stood = max(end - max(start, event), timedelta())
            ends, moved = ends + stood, moved + stood
    return Counted(event, event.toordinal(), ends.toordinal(), ends, moved // timedelta(microseconds=1))  # fmt: skip


def _working_hours(counting: Counting, event: datetime, calendar: Calendar, pauses: tuple[tuple[datetime, datetime], ...]) -> Counted:  # fmt: skip
    begun = working_microseconds(event, calendar)
    total = begun + counting.limit.n * 60 * _MINUTE
    moved = 0
    for start, end in pauses:
        if working_microseconds(start, calendar) < total:
            stood = working_microseconds(end, calendar) - max(working_microseconds(start, calendar), begun)  # fmt: skip
            total, moved = total + max(stood, 0), moved + max(stood, 0)
    ends = at_working_microseconds(total, calendar) if total > begun else event
    return Counted(event, event.toordinal(), ends.toordinal(), ends, moved)


def _zero(event: datetime) -> Counted:
    """A limit of no days ends with the day of the event."""
    today = event.toordinal()
    return Counted(event, today, today, midnight(today + 1))


def _paused(first: int, last: int, pauses: tuple[tuple[datetime, datetime], ...], days: _Days) -> tuple[int, int]:  # fmt: skip
    """The last day after the pauses, and by how many days it moved."""
    moved = 0
    for start, end in pauses:
        if start >= midnight(last + 1):
            break
        stood = days.rank(_ended_by(end)) - days.rank(max(_ended_by(start), first))
        if stood > 0:
            last, moved = days.working_day(days.rank(last) + stood), moved + stood
    return last, moved


def moved_by_pauses(last: int, since: datetime, pauses: Sequence[Pause], calendar: Calendar) -> int:
    """Where a last day fixed by a promise made at `since` moves to: by the working days that end in later pauses."""
    later = sorted_pauses(pause for pause in pauses if pause.start >= since)
    return _paused(since.astimezone(LOCAL).toordinal(), last, later, calendar)[0]


def _ended_by(at: datetime) -> int:
    """The first day (ordinal) that has not ended at `at`: days before it have."""
    return at.toordinal()


def _rolled(counting: Counting, first: int, last: int, moved: int, calendar: Calendar) -> Counted:
    if counting.day_off == "next":
        last = calendar.working_day(calendar.rank(last))
    elif counting.day_off == "previous":
        last = calendar.working_day(calendar.rank(last + 1) - 1)
    return Counted(midnight(first), first, last, midnight(last + 1), moved)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


_COUNTED = {
    "working_day": _working_days,
    "calendar_day": _calendar_days,
    "month": _months,
    "hour": _hours,
    "working_hour": _working_hours,
}
