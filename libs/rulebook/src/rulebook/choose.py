"""Which rules of a profile speak to a case: in force, meant for its facts, and not beaten by a named exception."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rulebook.authority import profile_basis
from rulebook.explanation import Explanation, Outcome, Step, Values, Warned, Way
from rulebook.profiles.model import Profile, Rule
from rulebook.profiles.params import DeadlineCount, DeadlinePrompt


@dataclass(frozen=True, slots=True)
class Chosen:
    """`rule` None: the regulation sets none for this case (the explanation says so, and what to do)."""

    rule: Rule[Any] | None
    explanation: Explanation


def applicable(profile: Profile, facts: Mapping[str, str], on: date) -> tuple[Rule[Any], ...]:
    """All rules that fire on that day for a case with these facts; one beaten by a firing exception does not."""
    firing = [rule for rule in profile.in_force(on) if rule.concerns(facts)]
    beaten = {other for rule in firing for other in rule.exception_to}
    return tuple(rule for rule in firing if rule.id not in beaten)


def deadline_rule(
    profile: Profile, trigger: str, duty: str, facts: Mapping[str, str], on: date
) -> Chosen:
    """The rule whose limit binds: `duty` after `trigger` in a case with these facts.

    A numbered limit goes before a prompt one; where facts are missing to tell two apart the shorter one is taken, and
    the explanation names the facts.
    """
    firing = [
        rule
        for rule in applicable(profile, facts, on)
        if isinstance(rule.params, DeadlineCount | DeadlinePrompt)
        and (rule.params.trigger, rule.params.duty) == (trigger, duty)
    ]
    inputs: Values = {"trigger": trigger, "duty": duty, "on": on.isoformat(), **dict(sorted(facts.items()))}  # fmt: skip
    steps = (Step("rules-firing", {"rules": tuple(rule.id for rule in firing)}),)
    if not firing:
        way = Way("set-own-limit", {"duty": duty})
        outcome = Outcome("undetermined", "no-deadline-rule", {"trigger": trigger, "duty": duty}, (way,))  # fmt: skip
        return Chosen(None, Explanation(profile_basis(profile), inputs, steps, outcome))
    rule = min(firing, key=_length)
    outcome = Outcome("value", "deadline-rule", {"rule": rule.id})
    missing = tuple(sorted({key for each in firing for key in each.when if key not in facts}))
    warnings = (Warned("facts-missing", {"facts": missing}),) if missing and len(firing) > 1 else ()
    return Chosen(rule, Explanation(rule.basis, inputs, steps, outcome, warnings=warnings))


def _length(rule: Rule[Any]) -> float:
    """The limit in days, near enough to compare; without a number it comes last."""
    if not isinstance(rule.params, DeadlineCount):
        return float("inf")
    return rule.params.limit.n * _DAYS[rule.params.limit.unit]


_DAYS = {"hour": 1 / 24, "working_hour": 1 / 8, "calendar_day": 1, "working_day": 1.4, "month": 30}
