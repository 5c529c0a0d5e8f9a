"""Appointments and progress notices: the only ways to move an answer's limit, each with its own limit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rulebook.because import because, without_readings
from rulebook.calendar import Calendar
from rulebook.deadlines import Deadline, calendar_warnings, inputs_of, shown
from rulebook.explanation import Explanation, Outcome, Step, Value, Values, Way, moment
from rulebook.office_time import OutOfRange, aware, midnight, within_years
from rulebook.pauses import Pause
from rulebook.profiles.model import Rule
from rulebook.profiles.params import (
    Counting,
    DeadlineAnswerOrNotice,
    DeadlineAppointment,
    Duration,
    Params,
)
from rulebook.working_time import count, last_day_of, moved_by_pauses, working_days_before


@dataclass(frozen=True, slots=True)
class Promise:
    """`due` is the new limit, or None if the promise does not count (the explanation names the nearest way).

    `ends` is the end of that day, or an earlier moment of it where the total ends within it.
    """

    due: date | None
    ends: datetime | None
    sent: datetime
    explanation: Explanation

    @property
    def counts(self) -> bool:
        return self.due is not None


@within_years("promised")
def appoint(  # noqa: PLR0913, PLR0917 - who promised what, when, under which rules
    rule: Rule[DeadlineAppointment],
    first: Deadline,
    sent: datetime,
    promised: date,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
) -> Promise:
    """An appointment counts if it is sent before the first limit ends and stays within the total (AMB-07).

    A promise is kept until the end of its day, or until the total ends within that day (after a pause).
    """
    return _appoint(rule, first, sent, end_of(promised, "promised"), calendar, pauses)


def _appoint(  # noqa: PLR0913, PLR0917 - who promised what, when, under which rules
    rule: Rule[DeadlineAppointment],
    first: Deadline,
    sent: datetime,
    until: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause],
) -> Promise:
    at = aware(sent, "sent")
    _, ends = _known(first)
    total = count(rule.params, first.event, calendar, pauses)
    promised = date.fromordinal(last_day_of(until))
    latest = total.due
    until = min(until, total.ends) if promised == latest else until
    steps = (
        Step("total-limit", {"n": rule.params.limit.n, "unit": rule.params.limit.unit, "ends": moment(total.ends)}),
        Step("promised", {"promised": promised.isoformat(), "sent": moment(at)}),
    )  # fmt: skip
    if at >= ends:
        values: Values = {"sent": moment(at), "ends": moment(ends)}
        outcome = _refused("promise-too-late-sent", values, Way("answer-now", {}))
    elif promised > latest:
        values = {"promised": promised.isoformat(), "latest": latest.isoformat()}
        outcome = _refused("promise-beyond-total", values, Way("promise-at-latest", {"latest": latest.isoformat()}))  # fmt: skip
    elif until <= ends:
        outcome = _not_later(promised, ends)
    else:
        outcome = _accepted("promise-allowed", until)
    explanation = because(
        rule, at.date(), _inputs(first, at, promised, calendar, pauses), steps, outcome,
        warnings=calendar_warnings(first.event, total, calendar), parts=(first.explanation,),
        gives=lambda other: _ends(other, first, calendar, pauses),
    )  # fmt: skip
    return _promise(outcome, until, at, explanation)


@within_years("by")
def extend(  # noqa: PLR0913, PLR0917 - who extended what, when, under which rules
    rule: Rule[DeadlineAppointment],
    first: Deadline,
    granted: datetime,
    by: Duration,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
) -> Promise:
    """An extension by some days or months from the present limit: an appointment for the moment that gives (AMB-07).

    Raises ValueError for a duration in hours or a limit without a date.
    """
    due, ends = _known(first)
    rounding = "last_day" if by.unit == "month" else None
    counting = Counting(limit=by, start="next_day", rounding=rounding)
    last = count(counting, midnight(due.toordinal()), calendar).ends
    within_a_day = ends - midnight(due.toordinal())
    until = midnight(last_day_of(last)) + within_a_day
    return _appoint(rule, first, granted, until, calendar, pauses)


@within_years("promise")
def promised(
    first: Deadline, promise: Promise, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> Deadline:
    """The deadline as a promise that counts has moved it, and pauses after it; unchanged by one that does not count."""
    if promise.ends is None:
        return first
    ends = moved_by_pauses(promise.ends, promise.sent, pauses, calendar)
    return replace(
        first,
        due=date.fromordinal(last_day_of(ends)),
        ends=ends,
        warns=tuple(working_days_before(ends, left, calendar) for left in (2, 1)),
        explanation=promise.explanation,
    )


@within_years("promised")
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
    _, ends = _known(first)
    until = end_of(promised, "promised")
    steps = (Step("promised", {"promised": promised.isoformat(), "sent": moment(at)}),)
    if earlier >= rule.params.notices:
        values: Values = {"earlier": earlier, "allowed": rule.params.notices}
        outcome = Outcome("finding", "notice-again", values, (Way("answer-by", {"ends": moment(ends)}),))  # fmt: skip
    elif at >= ends:
        values = {"sent": moment(at), "ends": moment(ends)}
        outcome = _refused("promise-too-late-sent", values, Way("answer-now", {}))
    elif until <= ends:
        outcome = _not_later(promised, ends)
    else:
        outcome = _accepted("notice-accepted", until)
    inputs = {**_inputs(first, at, promised, calendar), "earlier": earlier}
    read = without_readings(rule)  # the limit it stands for tells them
    explanation = because(read, at.date(), inputs, steps, outcome, parts=(first.explanation,))
    return _promise(outcome, until, at, explanation)


def _ends(other: Params, first: Deadline, calendar: Calendar, pauses: Sequence[Pause]) -> Value:
    """When the total would end under another reading."""
    if not isinstance(other, Counting):
        return None
    return shown(count(other, first.event, calendar, pauses).ends)


def end_of(day: date, argument: str) -> datetime:
    """24:00 of that day. Raises OutOfRange naming the argument for the last day of the year 9999."""
    if day == date.max:
        raise OutOfRange(f"{argument}: {day.isoformat()} has no end in the years 1 to 9999")
    return midnight(day.toordinal() + 1)


def _accepted(name: str, until: datetime) -> Outcome:
    due = date.fromordinal(last_day_of(until)).isoformat()
    return Outcome("allowed", name, {"due": due, "ends": moment(until)})


def _known(first: Deadline) -> tuple[date, datetime]:
    if first.due is None or first.ends is None:
        raise ValueError(f"first: {first.rule} has no limit that could be moved")
    return first.due, first.ends


def _refused(name: str, values: Values, way: Way) -> Outcome:
    return Outcome("refused", name, values, (way,))


def _not_later(promised: date, ends: datetime) -> Outcome:
    values = {"promised": promised.isoformat(), "ends": moment(ends)}
    return _refused("promise-not-later", values, Way("answer-by", {"ends": moment(ends)}))


def _inputs(
    first: Deadline,
    at: datetime,
    promised: date,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
) -> Values:
    return {
        **inputs_of(first.event, calendar, pauses),
        "first": first.rule,
        "sent": moment(at),
        "promised": promised.isoformat(),
    }


def _promise(
    outcome: Outcome, until: datetime, sent: datetime, explanation: Explanation
) -> Promise:
    if outcome.verdict != "allowed":
        return Promise(None, None, sent, explanation)
    return Promise(date.fromordinal(last_day_of(until)), until, sent, explanation)
