"""Periodic duties: reports "before a date", meetings every six months, and duties without a date."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rulebook.because import again, because
from rulebook.calendar import Calendar
from rulebook.explanation import Explanation, Outcome, Step, Value, Warned
from rulebook.office_time import OutOfRange, within_years
from rulebook.profiles.model import Rule
from rulebook.profiles.params import Every, Params, Period, Undated, YearlyBefore
from rulebook.registry import Inputs, RuleFunction
from rulebook.working_time import add_months, add_working_days
from rulebook.world import World

_DAY = timedelta(days=1)
_LAST_YEAR = 9800
"""Beyond it a period of up to 120 years could leave the calendar of Python."""
_NOT_LEGAL = Warned("not-a-legal-limit", {})


@dataclass(frozen=True, slots=True)
class PeriodicDue:
    """`due` is the last on-time date, None where the text sets none; `begins`–`ends` the period reported on, both inclusive."""

    what: str
    due: date | None
    remind: date | None
    begins: date | None
    ends: date | None
    explanation: Explanation


@within_years("on")
def next_due(
    rule: Rule[Any], on: date, calendar: Calendar, previous: date | None = None
) -> PeriodicDue:
    """The next time the duty is due on or after `on`; `previous` is when it was last done.

    Raises ValueError if the rule is not a periodic one or `previous` is needed and missing, OutOfRange past 9999.
    """
    compute = _KINDS.get(type(rule.params))
    if compute is None:
        raise ValueError(f"rule: {rule.id} is not a periodic duty")
    for name, day in (("on", on), ("previous", previous)):
        if day is not None and day.year >= _LAST_YEAR:
            raise OutOfRange(f"{name}: {day} leaves the calendar")
    return compute(rule, on, calendar, previous)


def last_day_before(month: int, day: int, year: int, *, inclusive: bool) -> date:
    """Before 15 November means by 14 November (AMB-13); no later than 15 November means by that day."""
    named = date(year, month, day)
    return named if inclusive else named - _DAY


def _yearly(rule: Rule[YearlyBefore], on: date, calendar: Calendar, _previous: date | None) -> PeriodicDue:  # fmt: skip
    params = rule.params
    due = _next_yearly(params, on)
    named = date(due.year, params.month, params.day) if params.inclusive else due + _DAY
    begins, ends = _reporting_year(params, due.year if params.inclusive else named.year)
    remind = _before(due, params.remind.n, params.remind.unit, calendar)
    steps = [
        Step("no-later-than" if params.inclusive else "before-exclusive", {"day": named.isoformat()}),
        Step("reporting-year", {"from": begins.isoformat(), "to": ends.isoformat()}),
        Step("remind-on", {"day": remind.isoformat()}),
    ]  # fmt: skip
    if not calendar.is_working(due.toordinal()):
        steps.insert(1, Step("day-off-not-moved", {"day": due.isoformat()}))
    values = {"what": params.what, "due": due.isoformat(), "remind": remind.isoformat()}
    explanation = because(
        rule, on, {"on": on.isoformat(), "calendar": calendar.label}, steps,
        Outcome("value", "report-due", values),
        warnings=(*_outside(due, calendar), *(() if params.legal else (_NOT_LEGAL,))),
        gives=lambda other: _yearly_gives(other, due, on),
    )  # fmt: skip
    return PeriodicDue(params.what, due, remind, begins, ends, explanation)


def _next_yearly(params: YearlyBefore, on: date) -> date:
    for year in (on.year, on.year + 1, on.year + 2):
        due = last_day_before(params.month, params.day, year, inclusive=params.inclusive)
        if due >= on:
            return due
    raise AssertionError("a yearly date comes every year")


def _yearly_gives(other: Params, due: date, on: date) -> Value:
    """The day another reading gives, or the period where the day is the same (AMB-36)."""
    if not isinstance(other, YearlyBefore):
        return None
    found = _next_yearly(other, on)
    if found != due:
        return found.isoformat()
    named = found if other.inclusive else found + _DAY
    return tuple(each.isoformat() for each in _reporting_year(other, named.year))


def _reporting_year(params: YearlyBefore, year: int) -> tuple[date, date]:
    """From `year_starts` of the year before (AMB-36), or the calendar year itself."""
    start = params.year_starts
    first = year if (start.month, start.day) == (1, 1) else year - 1
    return date(first, start.month, start.day), date(first + 1, start.month, start.day) - _DAY


def _every(rule: Rule[Every], on: date, calendar: Calendar, previous: date | None) -> PeriodicDue:
    params = rule.params
    if params.counted_from == "previous":
        if previous is None:
            raise ValueError(f"previous: {rule.id} counts from the time before, which is missing")
        due = _later(previous, params.every, params.rounding or "last_day", calendar)
        step = Step("counted-from-previous", {**_length(params.every), "previous": previous.isoformat()})  # fmt: skip
        period = (previous + _DAY, due)
    else:
        period = begins, due = _calendar_period(on, params.every, calendar)
        step = Step("counted-from-calendar", {**_length(params.every), "from": begins.isoformat()})
    gives = again(rule, lambda other: _every(other, on, calendar, previous))
    return _periodic(rule, on, calendar, due, period, (step,), gives=gives)


def _undated(rule: Rule[Undated], on: date, calendar: Calendar, previous: date | None) -> PeriodicDue:  # fmt: skip
    params = rule.params
    values = {"what": params.what, "period": params.period}
    gives = again(rule, lambda other: _undated(other, on, calendar, previous))
    if params.assumed is None or (previous is None and params.assumed.unit not in _CALENDAR):
        outcome = Outcome("undetermined", "no-date", values)
        explanation = because(rule, on, {"on": on.isoformat()}, (), outcome, gives=gives)
        return PeriodicDue(params.what, None, None, None, None, explanation)
    if previous is None:
        begins, due = _calendar_period(on, params.assumed, calendar)
    else:
        begins, due = previous + _DAY, _later(previous, params.assumed, "last_day", calendar)
    return _periodic(
        rule, on, calendar, due, (begins, due), (Step("no-date", values),), legal=False, gives=gives
    )


def _periodic(  # noqa: PLR0913, PLR0917 - what a periodic duty is made of
    rule: Rule[Any],
    on: date,
    calendar: Calendar,
    due: date,
    period: tuple[date, date],
    steps: tuple[Step, ...],
    *,
    legal: bool = True,
    gives: Callable[[Params], Value] | None = None,
) -> PeriodicDue:
    what = rule.params.what
    remind = _before(due, 1, "working_day", calendar)
    outcome = Outcome("value", "next-due", {"what": what, "due": due.isoformat()})
    inputs = {"on": on.isoformat(), "calendar": calendar.label}
    remember = Step("remind-on", {"day": remind.isoformat()})
    warnings = (*_outside(due, calendar), *(() if legal else (_NOT_LEGAL,)))
    explanation = because(
        rule, on, inputs, (*steps, remember), outcome, warnings=warnings, gives=gives
    )
    return PeriodicDue(what, due, remind, *period, explanation)


def _length(period: Period) -> dict[str, str | int]:
    return {"n": period.n, "unit": period.unit}


def _later(day: date, period: Period, rounding: str, calendar: Calendar) -> date:
    if period.unit == "working_day":
        return add_working_days(day, period.n, calendar)
    if period.unit in {"month", "year"}:
        return add_months(day, period.n * (12 if period.unit == "year" else 1), rounding)
    return day + timedelta(days=period.n * (7 if period.unit == "week" else 1))


def _calendar_period(on: date, period: Period, calendar: Calendar) -> tuple[date, date]:
    """The calendar's own period around `on`: its first and last day. Weeks begin on Monday."""
    return _CALENDAR[period.unit](on, period.n, calendar)


def _weeks(on: date, n: int, _calendar: Calendar) -> tuple[date, date]:
    block = (on.toordinal() - 1) // (7 * n) * 7 * n + 1
    return date.fromordinal(block), date.fromordinal(block + 7 * n - 1)


def _months(on: date, n: int, _calendar: Calendar) -> tuple[date, date]:
    number = on.year * 12 + on.month - 1
    block = number // n * n
    begins = date(block // 12, block % 12 + 1, 1)
    return begins, add_months(begins, n, "last_day") - _DAY


def _years(on: date, n: int, calendar: Calendar) -> tuple[date, date]:
    return _months(on, n * 12, calendar)


def _days(on: date, n: int, _calendar: Calendar) -> tuple[date, date]:
    block = (on.toordinal() - 1) // n * n + 1
    return date.fromordinal(block), date.fromordinal(block + n - 1)


def _working(on: date, n: int, calendar: Calendar) -> tuple[date, date]:
    """Blocks of n working days; on a day off the next one begins (AMB-29)."""
    block = calendar.rank(on.toordinal()) // n * n
    return (
        date.fromordinal(calendar.working_day(block)),
        date.fromordinal(calendar.working_day(block + n - 1)),
    )


def _before(due: date, n: int, unit: str, calendar: Calendar) -> date:
    if unit != "working_day":
        return due - timedelta(days=n if unit == "calendar_day" else -(-n // 24))
    return date.fromordinal(calendar.working_day(calendar.rank(due.toordinal()) - n))


def _outside(due: date, calendar: Calendar) -> tuple[Warned, ...]:
    if calendar.knows(due.toordinal()):
        return ()
    ended = date.fromordinal(calendar.index.end - 1).isoformat()
    return (Warned("calendar-ended", {"end": ended}),)


_CALENDAR: dict[str, Callable[[date, int, Calendar], tuple[date, date]]] = {
    "calendar_day": _days,
    "working_day": _working,
    "week": _weeks,
    "month": _months,
    "year": _years,
}
_KINDS: dict[type[Params], Callable[[Any, date, Calendar, date | None], PeriodicDue]] = {
    YearlyBefore: _yearly,
    Every: _every,
    Undated: _undated,
}


class PeriodicInputs(Inputs):
    on: date
    previous: date | None = None


def _apply(rule: Rule[Any], inputs: PeriodicInputs, world: World) -> PeriodicDue:
    return next_due(rule, inputs.on, world.calendar, inputs.previous)


def _decides(params: YearlyBefore) -> str:
    return f"{params.what} by {params.from_role}"


def _gives(params: YearlyBefore) -> object:
    return params.month, params.day, params.inclusive


FUNCTIONS = (
    RuleFunction("periodic.yearly_before", frozenset({"periodic_duty"}), YearlyBefore, PeriodicInputs, _apply, _decides, _gives),
    RuleFunction("periodic.every", frozenset({"periodic_duty"}), Every, PeriodicInputs, _apply),
    RuleFunction("periodic.undated", frozenset({"periodic_duty"}), Undated, PeriodicInputs, _apply),
)  # fmt: skip
