"""What a new calendar does to a limit: the old value kept, the change explained, closed cases never touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rulebook.because import because, without_readings
from rulebook.calendar import Calendar, changed_days
from rulebook.deadlines import Deadline, deadline, inputs_of
from rulebook.explanation import Explanation, Outcome, Row, Step, Values, moment
from rulebook.office_time import aware, within_years
from rulebook.pauses import Pause
from rulebook.profiles.model import Rule


@dataclass(frozen=True, slots=True)
class Recomputed:
    """`now` holds from here on; `before` stays on record."""

    before: Deadline
    now: Deadline
    explanation: Explanation

    @property
    def moved(self) -> bool:
        return self.before.ends != self.now.ends


@within_years("event")
def recompute(  # noqa: PLR0913, PLR0917 - the case and both calendars
    rule: Rule[Any],
    event: datetime,
    old: Calendar,
    new: Calendar,
    pauses: Sequence[Pause] = (),
    closed: datetime | None = None,
) -> Recomputed:
    """The limit under the new calendar, or the old one for a case closed already."""
    before = deadline(rule, event, old, pauses)
    now = before if closed else deadline(rule, event, new, pauses)
    steps = [Step("old-due", {"ends": _end(before), "calendar": old.label})]
    days = () if closed else _changes(before, now, old, new)
    if days:
        steps.append(Step("calendar-changed", {"days": days}))
    inputs = {
        **inputs_of(before.event, new, pauses),
        "old": old.label,
        "new": new.label,
        "closed": moment(aware(closed, "closed")) if closed else None,
    }
    outcome = _outcome(before, now, closed)
    parts = (now.explanation,)
    explanation = because(
        without_readings(rule), before.event.date(), inputs, steps, outcome, parts=parts
    )
    return Recomputed(before, now, explanation)


def _outcome(before: Deadline, now: Deadline, closed: datetime | None) -> Outcome:
    values: Values = {"due": _day(now.due), "ends": _end(now)}
    if closed is not None:
        return Outcome("value", "closed-kept", {**values, "closed": moment(closed)})
    if before.ends == now.ends:
        return Outcome("value", "due-kept", values)
    old: Values = {"old": _day(before.due), "old_ends": _end(before)}
    return Outcome("value", "due-moved", {**values, **old})


def _changes(before: Deadline, now: Deadline, old: Calendar, new: Calendar) -> tuple[Row, ...]:
    """The changed days between the event and the later of the two limits, with what they are now."""
    if before.ends is None or now.ends is None:
        return ()
    first, last = before.event.toordinal(), max(before.ends, now.ends).toordinal()
    return tuple(
        _row(ordinal, new) for ordinal in changed_days(old, new) if first <= ordinal <= last
    )


def _row(ordinal: int, calendar: Calendar) -> Row:
    day = calendar.days.get(ordinal)
    if day is not None and day.works == calendar.is_working(ordinal):
        return day.row()
    why = "working_day" if calendar.is_working(ordinal) else "weekend"
    return {"date": date.fromordinal(ordinal).isoformat(), "why": why}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _end(limit: Deadline) -> str | None:
    return moment(limit.ends) if limit.ends else None
