"""Appointments and progress notices: the only ways to move an answer's limit, each with its own limit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rulebook.because import because
from rulebook.calendar import Calendar
from rulebook.deadlines import Deadline, calendar_warnings
from rulebook.explanation import Explanation, Outcome, Step, Values, Way
from rulebook.profiles.model import Rule
from rulebook.profiles.params import (
    Counting,
    DeadlineAnswerOrNotice,
    DeadlineAppointment,
    Duration,
)
from rulebook.working_time import Pause, aware, count, midnight, moved_by_pauses


@dataclass(frozen=True, slots=True)
class Promise:
    """`due` is the new limit, or None if the promise does not count (the explanation names the nearest way)."""

    due: date | None
    ends: datetime | None
    sent: datetime
    explanation: Explanation

    @property
    def counts(self) -> bool:
        return self.due is not None


def appoint(  # noqa: PLR0913, PLR0917 - who promised what, when, under which rules
    rule: Rule[DeadlineAppointment],
    first: Deadline,
    sent: datetime,
    promised: date,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
) -> Promise:
    """An appointment counts if it is sent before the first limit ends and stays within the total (AMB-07)."""
    at = aware(sent, "sent")
    due, ends = _known(first)
    total = count(rule.params, first.event, calendar, pauses)
    latest = total.due
    steps = (
        Step("total-limit", {"n": rule.params.limit.n, "unit": rule.params.limit.unit, "latest": latest.isoformat()}),
        Step("promised", {"promised": promised.isoformat(), "sent": at.isoformat()}),
    )  # fmt: skip
    if at >= ends:
        values: Values = {"sent": at.isoformat(), "ends": ends.isoformat()}
        outcome = _refused("promise-too-late-sent", values, Way("answer-now", {}))
    elif promised > latest:
        values = {"promised": promised.isoformat(), "latest": latest.isoformat()}
        outcome = _refused("promise-beyond-total", values, Way("promise-at-latest", {"latest": latest.isoformat()}))  # fmt: skip
    elif promised <= due:
        outcome = _not_later(promised, due)
    else:
        outcome = Outcome("allowed", "promise-allowed", {"due": promised.isoformat()})
    explanation = because(
        rule, at.date(), _inputs(first, at, promised, calendar), steps, outcome,
        warnings=calendar_warnings(first.event, total, calendar), parts=(first.explanation,),
    )  # fmt: skip
    return _promise(outcome, promised, at, explanation)


def extend(  # noqa: PLR0913, PLR0917 - who extended what, when, under which rules
    rule: Rule[DeadlineAppointment],
    first: Deadline,
    granted: datetime,
    by: Duration,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
) -> Promise:
    """An extension by some days or months from the present limit: an appointment for the day that gives (AMB-07).

    Raises ValueError for a duration in hours or a limit without a date.
    """
    due, _ = _known(first)
    rounding = "last_day" if by.unit == "month" else None
    counting = Counting(limit=by, start="next_day", rounding=rounding)
    promised = count(counting, midnight(due.toordinal()), calendar).due
    return appoint(rule, first, granted, promised, calendar, pauses)


def promised(
    first: Deadline, promise: Promise, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> Deadline:
    """The deadline as a promise that counts has moved it, and pauses after it; unchanged by one that does not count."""
    if promise.due is None:
        return first
    last = moved_by_pauses(promise.due.toordinal(), promise.sent, pauses, calendar)
    rank = calendar.rank(last + 1)
    return replace(
        first,
        due=date.fromordinal(last),
        ends=midnight(last + 1),
        warns=tuple(midnight(calendar.working_day(rank - left)) for left in (2, 1)),
        explanation=promise.explanation,
    )


def notify_progress(  # noqa: PLR0913, PLR0917 - who announced what, when, under which rule
    rule: Rule[DeadlineAnswerOrNotice],
    first: Deadline,
    sent: datetime,
    promised: date,
    earlier: int,
    calendar: Calendar,
) -> Promise:
    """A progress notice satisfies the limit as often as the rule says (AMB-19); `earlier` notices were sent before."""
    if earlier < 0:
        raise ValueError(f"earlier: a negative number of notices ({earlier})")
    at = aware(sent, "sent")
    due, ends = _known(first)
    steps = (Step("promised", {"promised": promised.isoformat(), "sent": at.isoformat()}),)
    if earlier >= rule.params.notices:
        values: Values = {"earlier": earlier, "allowed": rule.params.notices}
        outcome = Outcome("finding", "notice-again", values, (Way("answer-by", {"due": due.isoformat()}),))  # fmt: skip
    elif at >= ends:
        values = {"sent": at.isoformat(), "ends": ends.isoformat()}
        outcome = _refused("promise-too-late-sent", values, Way("answer-now", {}))
    elif promised <= due:
        outcome = _not_later(promised, due)
    else:
        outcome = Outcome("allowed", "notice-accepted", {"due": promised.isoformat()})
    inputs = {**_inputs(first, at, promised, calendar), "earlier": earlier}
    explanation = because(rule, at.date(), inputs, steps, outcome, parts=(first.explanation,))
    return _promise(outcome, promised, at, explanation)


def _known(first: Deadline) -> tuple[date, datetime]:
    if first.due is None or first.ends is None:
        raise ValueError(f"first: {first.rule} has no limit that could be moved")
    return first.due, first.ends


def _refused(name: str, values: Values, way: Way) -> Outcome:
    return Outcome("refused", name, values, (way,))


def _not_later(promised: date, due: date) -> Outcome:
    values = {"promised": promised.isoformat(), "due": due.isoformat()}
    return _refused("promise-not-later", values, Way("answer-by", {"due": due.isoformat()}))


def _inputs(first: Deadline, at: datetime, promised: date, calendar: Calendar) -> Values:
    return {
        "event": first.event.isoformat(),
        "first": first.rule,
        "sent": at.isoformat(),
        "promised": promised.isoformat(),
        "calendar": calendar.label,
    }


def _promise(outcome: Outcome, promised: date, sent: datetime, explanation: Explanation) -> Promise:
    if outcome.verdict != "allowed":
        return Promise(None, None, sent, explanation)
    return Promise(promised, midnight(promised.toordinal() + 1), sent, explanation)
