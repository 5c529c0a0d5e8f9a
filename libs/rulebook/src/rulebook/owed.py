"""What a regulation obliges people to supply without being asked: sections (BD Đ12), periodic duties, counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from rulebook.because import because
from rulebook.calendar import Calendar
from rulebook.explanation import Explanation, Outcome, Step
from rulebook.office_time import within_years
from rulebook.periodic import PeriodicDue, next_due
from rulebook.profiles.model import Profile, Rule
from rulebook.profiles.params import DeadlineCount, DeadlinePrompt, Every, Undated, YearlyBefore
from rulebook.rules.params import Counter, Supplier

Kind = Literal["section", "periodic", "count"]
_DAY = date.resolution
_PUBLIC = frozenset({"publish", "update", "post"})
_CONTENT = frozenset({"weekly_information"})
"""Periodic duties that are met by handing in items; reports and plans are met elsewhere."""
_LENGTHS = {"month": 1, "year": 12}
_ITEMS = "items_published"
_OF_PROVINCE = "provincial_editorial_board"


@dataclass(frozen=True, slots=True)
class Owed:
    """One standing duty (trách nhiệm cung cấp thông tin).

    agency   who owes it, where the regulation names an agency; `role`: where it names a role
    due      the last on-time day of the period `begins`-`ends`; None: the text sets none, and none is made up
    clocks   how soon each item of the section must be public once there is something to supply
    content  met by handing in items here
    """

    kind: Kind
    rule: Rule[Any]
    explanation: Explanation
    what: str
    agency: str | None = None
    role: str | None = None
    to: tuple[str, ...] = ()
    category: str | None = None
    point: str | None = None
    due: date | None = None
    begins: date | None = None
    ends: date | None = None
    clocks: tuple[Rule[Any], ...] = ()
    content: bool = True


@within_years("on")
def owed(
    profile: Profile,
    points: Mapping[str, tuple[str, ...]],
    site_kind: str,
    on: date,
    calendar: Calendar,
) -> tuple[Owed, ...]:
    """Everything that is owed to a site of this kind on that day, in the order of the regulation.

    points  category → the points of the regulation that its form tells apart
    """
    facts = {"site_kind": site_kind}
    rules: list[Rule[Any]] = [rule for rule in profile.rules.values() if rule.span.holds(on)]
    found: list[Owed] = []
    for rule in rules:
        if not _may_concern(rule, facts):
            continue
        if isinstance(rule.params, Supplier) and _is_receiver(rule.params, site_kind):
            found += _sections(rule, points, rules, facts, on)
        elif isinstance(rule.params, YearlyBefore | Every | Undated):
            found += _periodic(rule, on, calendar)
        elif isinstance(rule.params, Counter) and _ITEMS in rule.params.metrics:
            found += _counts(rule, on, calendar)
    return tuple(found)


def before(duty: Owed, calendar: Calendar) -> PeriodicDue | None:
    """The period of a periodic duty before the present one; None where the text has no periods."""
    if duty.kind != "periodic" or duty.begins is None:
        return None
    return next_due(duty.rule, duty.begins - _DAY, calendar)


def _may_concern(rule: Rule[Any], facts: Mapping[str, str]) -> bool:
    """Where a rule asks for the kind of the site; what else it asks for is a matter of each item."""
    return all(facts[name] in rule.when[name] for name in facts if name in rule.when)


def _is_receiver(params: Supplier, site_kind: str) -> bool:
    """What is owed to the board of the province is owed to no other site."""
    return params.to != _OF_PROVINCE or site_kind == "province"


def _sections(
    rule: Rule[Supplier],
    points: Mapping[str, tuple[str, ...]],
    rules: list[Rule[Any]],
    facts: Mapping[str, str],
    on: date,
) -> Iterator[Owed]:
    params = rule.params
    for category in params.categories:
        own = [point for point in points.get(category, ()) if point in params.points]
        clocks = tuple(_clocks(rules, {**facts, "category": category}))
        for point in own or [None]:
            inputs = {"category": category, "point": point, "on": on.isoformat()}
            outcome = Outcome("value", "supplier", {"agency": params.agency, "to": params.to})
            yield Owed(
                "section",
                rule,
                because(rule, on, inputs, (), outcome),
                category,
                agency=params.agency,
                to=(params.to,),
                category=category,
                point=point,
                clocks=clocks,
            )


def _clocks(rules: list[Rule[Any]], facts: Mapping[str, str]) -> Iterator[Rule[Any]]:
    """Limits for publishing an item of the category; those that are for others alone are left out."""
    for rule in rules:
        kind = isinstance(rule.params, DeadlineCount | DeadlinePrompt)
        if kind and rule.params.duty in _PUBLIC and "category" in rule.when:
            named = {name: value for name, value in facts.items() if name in rule.when}
            if all(value in rule.when[name] for name, value in named.items()):
                yield rule


def _periodic(rule: Rule[Any], on: date, calendar: Calendar) -> Iterator[Owed]:
    params = rule.params
    rolling = isinstance(params, Every) and params.counted_from == "previous"
    shared: dict[str, Any] = {
        "role": params.from_role,
        "to": params.to_roles,
        "content": params.what in _CONTENT,
    }
    if rolling:
        yield Owed("periodic", rule, _rolling(rule, on), params.what, **shared)
        return
    due = next_due(rule, on, calendar)
    yield Owed(
        "periodic",
        rule,
        due.explanation,
        params.what,
        due=due.due,
        begins=due.begins,
        ends=due.ends,
        **shared,
    )


def _rolling(rule: Rule[Every], on: date) -> Explanation:
    """Counted from the time before, which is known where the duty is met, not here."""
    every = rule.params.every
    step = Step("every-from-previous", {"n": every.n, "unit": every.unit})
    outcome = Outcome("undetermined", "previous-not-known", {"what": rule.params.what})
    return because(rule, on, {"on": on.isoformat()}, (step,), outcome)


def _counts(rule: Rule[Counter], on: date, calendar: Calendar) -> Iterator[Owed]:
    length = _LENGTHS.get(rule.params.period)
    if length is None:
        return
    begins, ends = _around(on, length)
    values = {"begins": begins.isoformat(), "ends": ends.isoformat()}
    planned = "planned_items" in rule.params.metrics
    outcome = Outcome("undetermined", "count-to-plan" if planned else "count-kept", values)
    explanation = because(rule, on, {"on": on.isoformat(), "calendar": calendar.label}, (), outcome)
    for category in sorted(rule.when.get("category", ())) or [None]:
        yield Owed(
            "count",
            rule,
            explanation,
            _ITEMS,
            role="editorial_board",
            category=category,
            begins=begins,
            ends=ends,
        )


def _around(on: date, months: int) -> tuple[date, date]:
    """The month or year of the calendar around a day."""
    first = date(on.year, on.month if months == 1 else 1, 1)
    number = first.year * 12 + first.month - 1 + months
    return first, date(number // 12, number % 12 + 1, 1) - _DAY
