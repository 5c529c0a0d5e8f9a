"""Pauses: the time in which a clock does not run, and where they move the end of a limit to.

Two ways to count what a clock stood, for the texts name none: exactly (the reading taken: a limit in working days keeps
its remaining office time, any other its remaining time), or in whole days (those whose 24:00 lay in the pause).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from rulebook.calendar import Calendar
from rulebook.explanation import LOCAL
from rulebook.office_time import (
    MINUTE,
    aware,
    end_of_days,
    end_of_hours,
    midnight,
    working_microseconds,
)

Stops = tuple[tuple[datetime, datetime], ...]
"""Pauses in order, without overlaps, in local time."""

_TICK = timedelta(microseconds=1)


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


def sorted_pauses(pauses: Iterable[Pause]) -> Stops:
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


def moved_in_office_time(
    starts: datetime, ends: datetime, stops: Stops, calendar: Calendar, *, in_days: bool = True
) -> tuple[datetime, int]:
    """The end of a limit in office time after the pauses, and the office time (microseconds) that they took."""
    planned = total = working_microseconds(ends, calendar)
    for start, stop in stops:
        if start >= ends:
            break
        if stop > starts:
            before = working_microseconds(max(start, starts), calendar)
            total += working_microseconds(stop, calendar) - before
            ends = (
                end_of_days(total, calendar, stop)
                if in_days
                else end_of_hours(total, calendar, stop)
            )
    return ends, total - planned


def moved_in_time(starts: datetime, ends: datetime, stops: Stops) -> tuple[datetime, int]:
    """The end of a limit in hours or calendar days after the pauses, and the time (microseconds) that they took."""
    planned = ends
    for start, stop in stops:
        if start >= ends:
            break
        ends += max(stop - max(start, starts), timedelta())
    return ends, (ends - planned) // _TICK


class Days(Protocol):
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


def moved_in_whole_days(first: int, last: int, stops: Stops, days: Days) -> int:
    """The other reading: the last day (ordinal), moved by the days from `first` on whose 24:00 lay in a pause."""
    for start, stop in stops:
        if start >= midnight(last + 1):
            break
        stood = days.rank(stop.toordinal()) - days.rank(max(start.toordinal(), first))
        if stood > 0:
            last = days.working_day(days.rank(last) + stood)
    return last


def duration(microseconds: int, day_minutes: int) -> str:
    """ISO 8601, where a day is that many minutes: 11 h 30 min of office time are `P1DT3H30M`."""
    minutes, rest = divmod(microseconds, MINUTE)
    days, minutes = divmod(minutes, day_minutes)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest / 1e6:f}".rstrip("0").rstrip(".")
    clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n)
    clock += f"{seconds}S" if rest else ""
    whole = f"{days}D" if days else ""
    return f"P{whole}T{clock}" if clock else f"P{whole or 'T0S'}"
