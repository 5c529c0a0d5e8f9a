"""Which rules of a profile speak to a case: in force, meant for its facts, and not beaten by a named exception."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rulebook.authority import profile_basis
from rulebook.explanation import Explanation, Outcome, Step, Values, Way
from rulebook.profiles.model import Profile, Rule
from rulebook.profiles.params import DeadlineCount, DeadlinePrompt


@dataclass(frozen=True, slots=True)
class Chosen:
    """`rule` None: the regulation sets none for this case (the explanation says so, and what to do)."""

    rule: Rule[Any] | None
    explanation: Explanation


def applicable(profile: Profile, facts: Mapping[str, str], on: date) -> tuple[Rule[Any], ...]:
    """All rules that fire on that day for a case with these facts; one beaten by a firing exception does not."""
    firing = [
        rule for rule in profile.rules.values() if rule.span.holds(on) and rule.concerns(facts)
    ]
    beaten = {other for rule in firing for other in rule.exception_to}
    return tuple(rule for rule in firing if rule.id not in beaten)


def deadline_rule(
    profile: Profile, trigger: str, duty: str, facts: Mapping[str, str], on: date
) -> Chosen:
    """The rule whose limit binds: `duty` after `trigger` in a case with these facts; a numbered one before a prompt one."""
    firing = [
        rule
        for rule in applicable(profile, facts, on)
        if isinstance(rule.params, DeadlineCount | DeadlinePrompt)
        and (rule.params.trigger, rule.params.duty) == (trigger, duty)
    ]
    numbered = [rule for rule in firing if isinstance(rule.params, DeadlineCount)]
    inputs: Values = {"trigger": trigger, "duty": duty, "on": on.isoformat(), **dict(sorted(facts.items()))}  # fmt: skip
    steps = (Step("rules-firing", {"rules": tuple(rule.id for rule in firing)}),)
    if not firing:
        way = Way("set-own-limit", {"duty": duty})
        outcome = Outcome("undetermined", "no-deadline-rule", {"trigger": trigger, "duty": duty}, (way,))  # fmt: skip
        return Chosen(None, Explanation(profile_basis(profile), inputs, steps, outcome))
    rule = (numbered or firing)[0]
    outcome = Outcome("value", "deadline-rule", {"rule": rule.id})
    return Chosen(rule, Explanation(rule.basis, inputs, steps, outcome))
