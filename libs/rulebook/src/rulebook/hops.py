"""A question that travels: each agency has its own clock, the asker's first one is never forgotten (AMB-05, 06, 40)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from rulebook.because import because, without_readings
from rulebook.calendar import Calendar
from rulebook.deadlines import Deadline, deadline, inputs_of
from rulebook.explanation import LOCAL, Explanation, Outcome, Step, Values, Way, moment
from rulebook.office_time import aware, within_years
from rulebook.pauses import Pause
from rulebook.profiles.model import Rule
from rulebook.profiles.params import DeadlineHop


@dataclass(frozen=True, slots=True)
class Hop:
    """One agency on the way; `left` None = it still has the question."""

    agency: str
    received: datetime
    left: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """May the question go on to `to`? `by` is the clock of the agency that has it now."""

    to: str
    allowed: bool
    by: Deadline
    age_working_days: int
    explanation: Explanation


@within_years("now")
def transfer(  # noqa: PLR0913, PLR0917 - who passes what on to whom, when, and how long the clocks stood
    rule: Rule[DeadlineHop],
    trail: Sequence[Hop],
    to: str,
    now: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
) -> Transfer:
    """The last hop of `trail` wants to pass the question on; a pause stops the clock of the hop it falls in.

    A pause without an end still lasts at `now`. Raises ValueError for an empty or broken trail.
    """
    at = aware(now, "now")
    hops = _whole(trail)
    clocks = [deadline(rule, hop.received, calendar, _within(hop, pauses, at)) for hop in hops]
    made = len(hops) - 1
    age = _age(hops[0].received, at, calendar)
    steps = [
        *(_hop_step(i, hop, clock) for i, (hop, clock) in enumerate(zip(hops, clocks, strict=True), 1)),
        Step("total-age", {"since": aware(hops[0].received, "trail").isoformat(), "days": age}),
    ]  # fmt: skip
    allowed = made < rule.params.max_transfers or to == rule.params.then_to
    if allowed:
        outcome = Outcome("allowed", "transfer-allowed", {"to": to, **_end(clocks[-1])})
    else:
        values = {"made": made, "allowed": rule.params.max_transfers}
        way = Way("send-to", {"to": rule.params.then_to})
        outcome = Outcome("refused", "transfer-once-too-often", values, (way,))
    inputs = {
        **inputs_of(clocks[0].event, calendar, pauses),
        "to": to,
        "now": moment(at),
        "hops": len(hops),
    }
    explanation = because(
        without_readings(rule), at.date(), inputs, steps, outcome, parts=(clocks[-1].explanation,)
    )
    return Transfer(to, allowed, clocks[-1], age, explanation)


def _within(hop: Hop, pauses: Sequence[Pause], now: datetime) -> tuple[Pause, ...]:
    """The parts of the pauses for which this agency had the question."""
    until = hop.left or datetime.max.replace(tzinfo=LOCAL)
    parts = (
        (
            max(pause.start, hop.received),
            min(pause.end or max(now, pause.start), until),
            pause.reason,
        )
        for pause in pauses
    )
    return tuple(Pause(start, end, reason) for start, end, reason in parts if start < end)


def _whole(trail: Sequence[Hop]) -> Sequence[Hop]:
    if not trail:
        raise ValueError("trail: no agency has the question")
    for before, after in pairwise(trail):
        if before.left is None or aware(before.left, "trail") > aware(after.received, "trail"):
            raise ValueError(
                f"trail: {after.agency} received it before {before.agency} passed it on"
            )
    if trail[-1].left is not None:
        raise ValueError(f"trail: {trail[-1].agency} has passed it on already")
    return trail


def _hop_step(number: int, hop: Hop, clock: Deadline) -> Step:
    left = aware(hop.left, "trail").isoformat() if hop.left else None
    values = {"number": number, "agency": hop.agency, "received": moment(clock.event)}
    return Step("transfer-hop", {**values, "left": left, **_end(clock)})


def _end(clock: Deadline) -> Values:
    due, ends = clock.due, clock.ends
    return {"due": due and due.isoformat(), "ends": ends and moment(ends)}


def _age(since: datetime, now: datetime, calendar: Calendar) -> int:
    """Working days begun since the first reception."""
    first = aware(since, "trail").toordinal()
    return max(calendar.rank(now.toordinal() + 1) - calendar.rank(first + 1), 0)
