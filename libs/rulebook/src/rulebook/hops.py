"""A question that travels: each agency has its own clock, the asker's first one is never forgotten (AMB-05, 06, 40)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from rulebook.because import because
from rulebook.calendar import Calendar
from rulebook.deadlines import Deadline, deadline
from rulebook.explanation import Explanation, Outcome, Step, Way
from rulebook.profiles.model import Rule
from rulebook.profiles.params import DeadlineHop
from rulebook.working_time import aware


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


def transfer(
    rule: Rule[DeadlineHop], trail: Sequence[Hop], to: str, now: datetime, calendar: Calendar
) -> Transfer:
    """The last hop of `trail` wants to pass the question on. Raises ValueError for an empty or broken trail."""
    at = aware(now, "now")
    hops = _whole(trail)
    clocks = [deadline(rule, hop.received, calendar) for hop in hops]
    made = len(hops) - 1
    age = _age(hops[0].received, at, calendar)
    steps = [
        *(_hop_step(i, hop, clock) for i, (hop, clock) in enumerate(zip(hops, clocks, strict=True), 1)),
        Step("total-age", {"since": aware(hops[0].received, "trail").isoformat(), "days": age}),
    ]  # fmt: skip
    allowed = made < rule.params.max_transfers or to == rule.params.then_to
    if allowed:
        due = clocks[-1].due
        outcome = Outcome("allowed", "transfer-allowed", {"to": to, "due": due and due.isoformat()})
    else:
        values = {"made": made, "allowed": rule.params.max_transfers}
        way = Way("send-to", {"to": rule.params.then_to})
        outcome = Outcome("refused", "transfer-once-too-often", values, (way,))
    inputs = {"to": to, "now": at.isoformat(), "hops": len(hops), "calendar": calendar.label}
    explanation = because(rule, at.date(), inputs, steps, outcome, parts=(clocks[-1].explanation,))
    return Transfer(to, allowed, clocks[-1], age, explanation)


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
    values = {"number": number, "agency": hop.agency, "received": clock.event.isoformat()}
    return Step("transfer-hop", {**values, "left": left, "due": clock.due and clock.due.isoformat()})  # fmt: skip


def _age(since: datetime, now: datetime, calendar: Calendar) -> int:
    """Working days begun since the first reception."""
    first = aware(since, "trail").toordinal()
    return max(calendar.rank(now.toordinal() + 1) - calendar.rank(first + 1), 0)
