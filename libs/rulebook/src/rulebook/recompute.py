"""What a new calendar does to a limit: the old value kept, the change explained, closed cases never touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rulebook.because import because
from rulebook.calendar import Calendar, changed_days
from rulebook.deadlines import Deadline, deadline
from rulebook.explanation import Explanation, Outcome, Row, Step
from rulebook.profiles.model import Rule
from rulebook.working_time import Pause, aware


@dataclass(frozen=True, slots=True)
class Recomputed:
    """`now` holds from here on; `before` stays on record."""

    before: Deadline
    now: Deadline
    explanation: Explanation

    @property
    def moved(self) -> bool:
        return self.before.ends != self.now.ends


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
    steps = [Step("old-due", {"due": _day(before.due), "calendar": old.label})]
    days = () if closed else _changes(before, now, old, new)
    if days:
        steps.append(Step("calendar-changed", {"days": days}))
    inputs = {
        "event": before.event.isoformat(),
        "old": old.label,
        "new": new.label,
        "closed": aware(closed, "closed").isoformat() if closed else None,
    }
    outcome = _outcome(before, now, closed)
    parts = (now.explanation,)
    explanation = because(rule, before.event.date(), inputs, steps, outcome, parts=parts)
    return Recomputed(before, now, explanation)


def _outcome(before: Deadline, now: Deadline, closed: datetime | None) -> Outcome:
    if closed is not None:
        values = {"closed": aware(closed, "closed").isoformat(), "due": _day(before.due)}
        return Outcome("value", "closed-kept", values)
    if before.ends == now.ends:
        return Outcome("value", "due-kept", {"due": _day(now.due)})
    return Outcome("value", "due-moved", {"due": _day(now.due), "old": _day(before.due)})


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
