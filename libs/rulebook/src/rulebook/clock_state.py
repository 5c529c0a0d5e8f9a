"""Running, due soon, overdue, done: derived from the clock at any moment, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from rulebook.because import because, without_readings
from rulebook.calendar import Calendar
from rulebook.deadlines import Deadline, deadline, inputs_of
from rulebook.explanation import Explanation, Outcome, Step, Values, Way, moment
from rulebook.office_time import aware, within_years, working_microseconds
from rulebook.pauses import Pause, duration
from rulebook.profiles.model import Rule
from rulebook.promises import Promise, promised

State = Literal[
    "no-number",
    "clock-stands",
    "running",
    "first-warning",
    "second-warning",
    "overdue",
    "done-on-time",
    "done-late",
]


@dataclass(frozen=True, slots=True)
class ClockState:
    """`deadline` is the limit as it stands; while the clock stands, as if it resumed now."""

    state: State
    deadline: Deadline
    late_working_days: int
    explanation: Explanation


@within_years("now")
def clock_state(  # noqa: PLR0913, PLR0917 - everything a clock depends on
    rule: Rule[Any],
    event: datetime,
    now: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    closed: datetime | None = None,
    promise: Promise | None = None,
) -> ClockState:
    """How the case stands at `now`: pauses may still be open, `closed` is when it was done, `promise` moved its limit."""
    at = aware(now, "now")
    standing = next((pause for pause in pauses if _stands(pause, at)), None)
    stood = [_closed(pause, at) for pause in pauses]
    limit = deadline(rule, event, calendar, stood)
    if promise is not None:
        limit = promised(limit, promise, calendar, stood)
    done = aware(closed, "closed") if closed else None
    if limit.ends is None:
        state: State = "no-number"
    elif (
        standing is not None and done is None and aware(standing.start, "pause.start") < limit.ends
    ):
        state = "clock-stands"
    else:
        state = _state(limit, limit.ends, at, done)
    late = _late(limit, done or at, calendar) if state in {"overdue", "done-late"} else 0
    values = _values(limit, state, standing, late, at, done, calendar)
    nearest = (Way("do-it-now", {}),) if state == "overdue" else ()
    outcome = Outcome("finding" if state == "overdue" else "value", state, values, nearest)
    inputs = {
        **inputs_of(limit.event, calendar, pauses),
        "now": at.isoformat(),
        "closed": done.isoformat() if done else None,
    }
    steps = (Step("overdue-now", {"now": at.isoformat()}),)
    explanation = because(
        without_readings(rule), at.date(), inputs, steps, outcome, parts=(limit.explanation,)
    )
    return ClockState(state, limit, late, explanation)


def _stands(pause: Pause, now: datetime) -> bool:
    return pause.start <= now and (pause.end is None or now < pause.end)


def _closed(pause: Pause, now: datetime) -> Pause:
    return pause if pause.end is not None else replace(pause, end=max(now, pause.start))


def _state(limit: Deadline, ends: datetime, now: datetime, done: datetime | None) -> State:
    if done is not None:
        return "done-on-time" if done < ends else "done-late"
    if now >= ends:
        return "overdue"
    passed = sum(now >= warn for warn in limit.warns)
    return ("running", "first-warning", "second-warning")[passed]


def office_time_left(ends: datetime, resumed: datetime, calendar: Calendar) -> str:
    """What a limit has left of office time, as an ISO duration in days of the office."""
    behind = working_microseconds(aware(resumed, "pause.end"), calendar)
    left = working_microseconds(ends, calendar) - behind
    return duration(max(left, 0), calendar.office_hours.minutes)


def _late(limit: Deadline, at: datetime, calendar: Calendar) -> int:
    """Working days begun since the limit ended; the day within which it ended is the first."""
    assert limit.ends is not None
    return max(calendar.rank(at.toordinal() + 1) - calendar.rank(limit.ends.toordinal()), 0)


def _values(  # noqa: PLR0913, PLR0917 - one per state
    limit: Deadline,
    state: State,
    standing: Pause | None,
    late: int,
    now: datetime,
    done: datetime | None,
    calendar: Calendar,
) -> Values:
    if state == "no-number":
        return {"word": limit.explanation.outcome.values.get("word")}
    assert limit.ends is not None
    assert limit.due is not None
    values: dict[str, str | int | None] = {
        "due": limit.due.isoformat(),
        "ends": limit.ends.isoformat(),
        "late": late,
        "done": done.date().isoformat() if done else None,
    }
    if state == "clock-stands" and standing is not None:
        resumed = _closed(standing, now).end
        assert resumed is not None
        since = moment(standing.start)
        values |= {"since": since, "left": office_time_left(limit.ends, resumed, calendar)}
    return values
