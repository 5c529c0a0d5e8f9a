"""Office time: moments in Vietnam, and how much of the offices' hours lies between them."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import wraps
from inspect import signature
from typing import ParamSpec, TypeVar

from rulebook.calendar import Calendar
from rulebook.explanation import LOCAL, as_value

MINUTE = 60_000_000
"""Microseconds: time is counted exactly."""

_MIDNIGHT = time()
_TICK = timedelta(microseconds=1)


class OutOfRange(ValueError):
    """The answer would lie outside the years 1 to 9999."""


P = ParamSpec("P")
T = TypeVar("T")
_FROM_DATES = re.compile("out of range|must be >= 1|must be in")


def within_years(argument: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A function of days whose steps may leave the years 1 to 9999: it then raises OutOfRange naming the argument."""

    def guarded(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return function(*args, **kwargs)
            except OutOfRange:
                raise
            except (OverflowError, IndexError, ValueError) as error:
                if isinstance(error, ValueError) and not _FROM_DATES.search(str(error)):
                    raise
                given = signature(function).bind(*args, **kwargs).arguments.get(argument)
                shown = as_value(given) if isinstance(given, date) else repr(given)
                raise OutOfRange(
                    f"{argument}: {shown} with this rule leaves the years 1 to 9999"
                ) from error

        return called

    return guarded


def aware(at: datetime, argument: str) -> datetime:
    """The same instant in Vietnamese local time. Raises ValueError naming the argument for a naive time or one out of range."""
    if at.tzinfo is None:
        raise ValueError(f"{argument}: {at.isoformat()} has no time zone")
    if at.tzinfo is LOCAL:
        return at
    try:
        return at.astimezone(LOCAL)
    except OverflowError as error:
        raise OutOfRange(
            f"{argument}: {at.isoformat()} leaves the years 1 to 9999 in Vietnam"
        ) from error


def midnight(ordinal: int) -> datetime:
    """00:00 local of that day."""
    return datetime.combine(date.fromordinal(ordinal), _MIDNIGHT, LOCAL)


def working_microseconds(at: datetime, calendar: Calendar) -> int:
    """Office time from the calendar's first day until `at` (local)."""
    ordinal = at.toordinal()
    done = calendar.rank(ordinal) * calendar.office_hours.minutes * MINUTE
    if not calendar.is_working(ordinal):
        return done
    since_midnight = (at - midnight(ordinal)) // _TICK
    return done + sum(
        min(max(since_midnight - start * MINUTE, 0), (end - start) * MINUTE)
        for start, end in calendar.office_hours.spans
    )


def at_working_microseconds(total: int, calendar: Calendar) -> datetime:
    """The earliest moment at which that much office time has run; the inverse of `working_microseconds`."""
    per_day = calendar.office_hours.minutes * MINUTE
    rank, rest = divmod(total, per_day)
    if rest == 0:
        rank, rest = rank - 1, per_day
    day = midnight(calendar.working_day(rank))
    for start, end in calendar.office_hours.spans:
        length = (end - start) * MINUTE
        if rest <= length:
            return day + timedelta(microseconds=start * MINUTE + rest)
        rest -= length
    raise AssertionError("rest is at most the day's office time")


def last_moment(total: int, calendar: Calendar) -> datetime:
    """The latest moment at which no more than that much office time has run: when the next office hours begin."""
    return at_working_microseconds(total + 1, calendar) - _TICK


def end_of_days(total: int, calendar: Calendar, not_before: datetime) -> datetime:
    """When a limit in working days that has so much office time ends: where office time would run on, at 24:00 the latest.

    Never within a pause (`not_before` is its end).
    """
    runs_on = last_moment(total, calendar)
    end = min(runs_on, midnight(at_working_microseconds(total, calendar).toordinal() + 1))
    return end if end >= not_before else runs_on


def end_of_hours(total: int, calendar: Calendar, not_before: datetime) -> datetime:
    """When a limit in office hours that has so much office time ends; never within a pause."""
    return max(at_working_microseconds(total, calendar), not_before)
