"""Separation of duties: steps in order, approved equals published, not the same person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rulebook.because import because
from rulebook.explanation import Explanation, Outcome, Step, Values, Way
from rulebook.profiles.model import Rule, RuleType
from rulebook.profiles.params import (
    PermissionAct,
    SeparationDistinct,
    SeparationEqual,
    SeparationOrder,
)
from rulebook.registry import Inputs, RuleFunction
from rulebook.world import World


@dataclass(frozen=True, slots=True)
class Separation:
    """`kept` False = refused; the explanation names the nearest way."""

    kept: bool
    explanation: Explanation


def in_order(rule: Rule[SeparationOrder], done: Sequence[str], step: str, on: date) -> Separation:
    """May `step` be taken after `done` (the steps whose result stands)?"""
    wanted = rule.params.steps
    before = wanted[: wanted.index(step)] if step in wanted else ()
    missing = tuple(each for each in before if each not in done)
    inputs: Values = {"step": step, "done": tuple(done)}
    if missing:
        way = Way("take-first", {"step": missing[0]})
        outcome = Outcome("refused", "order-broken", {"step": step, "missing": missing}, (way,))
    else:
        outcome = Outcome("allowed", "order-kept", {"step": step})
    steps = (Step("steps-done", {"done": tuple(done)}),)
    return Separation(not missing, because(rule, on, inputs, steps, outcome))


def same_as_approved(
    rule: Rule[SeparationEqual],
    approved: Mapping[str, str],
    compared: Mapping[str, str],
    on: date,
) -> Separation:
    """Digests per part (title, body, attachments, metadata) of the approved and of the compared version.

    Raises ValueError naming the argument if a part that the rule compares has no digest.
    """
    for name, digests in (("approved", approved), ("compared", compared)):
        lacking = [part for part in rule.params.over if part not in digests]
        if lacking:
            raise ValueError(f"{name}: no digest of {', '.join(lacking)}")
    parts = rule.params.over
    differing = tuple(part for part in parts if approved[part] != compared[part])
    steps = [
        Step("digest-compared", {"part": part, "approved": approved[part], "compared": compared[part]})
        for part in parts
    ]  # fmt: skip
    if differing:
        ways = (Way("upload-again", {}), Way("approve-again", {}))
        outcome = Outcome("refused", "differs-from-approved", {"parts": differing}, ways)
    else:
        outcome = Outcome("allowed", "same-as-approved", {"over": tuple(parts)})
    inputs: Values = {
        "approved": {part: approved[part] for part in parts},
        "compared": {part: compared[part] for part in parts},
    }
    return Separation(not differing, because(rule, on, inputs, steps, outcome))


def by_different_people(
    rule: Rule[SeparationDistinct], taken: Mapping[str, str], step: str, person: str, on: date
) -> Separation:
    """May `person` take `step`, given who took which step before (`taken`: step → person)?"""
    others = {two if one == step else one for one, two in rule.params.pairs if step in {one, two}}
    clash = next((other for other in sorted(others) if taken.get(other) == person), None)
    inputs: Values = {"step": step, "person": person, "taken": dict(sorted(taken.items()))}
    values: Values = {"step": step, "person": person, "other": clash}
    if clash is not None:
        outcome = Outcome("refused", "same-person", values, (Way("another-person", {"step": step}),))  # fmt: skip
    else:
        outcome = Outcome("allowed", "different-people", values)
    return Separation(clash is None, because(rule, on, inputs, (), outcome))


class OrderInputs(Inputs):
    done: tuple[str, ...]
    step: str
    on: date


class EqualInputs(Inputs):
    approved: dict[str, str]
    compared: dict[str, str]
    on: date


class DistinctInputs(Inputs):
    taken: dict[str, str]
    step: str
    person: str
    on: date


class RoleInputs(Inputs):
    """Does the rule itself give the act to this role? (Whether a person may act is `rulebook.authority`.)"""

    role: str
    act: str
    on: date
    category: str | None = None


def gives_to_role(rule: Rule[PermissionAct], role: str, act: str, on: date, category: str | None = None) -> Separation:  # fmt: skip
    """Whether the rule gives the act to the role, before any question of persons."""
    params = rule.params
    given = act in params.acts and role in params.roles
    given = given and (not params.categories or category in params.categories)
    inputs: Values = {"role": role, "act": act, "category": category}
    if given:
        outcome = Outcome("allowed", "role-may", inputs)
    else:
        way = Way("ask-holder", {"roles": params.roles, "people": (), "act": act})
        outcome = Outcome("refused", "role-may-not", inputs, (way,))
    steps = (Step("rule-gives", {"roles": params.roles, "acts": params.acts}),)
    return Separation(given, because(rule, on, inputs, steps, outcome))


def _order(rule: Rule[Any], inputs: OrderInputs, _world: World) -> Separation:
    return in_order(rule, inputs.done, inputs.step, inputs.on)


def _equal(rule: Rule[Any], inputs: EqualInputs, _world: World) -> Separation:
    return same_as_approved(rule, inputs.approved, inputs.compared, inputs.on)


def _distinct(rule: Rule[Any], inputs: DistinctInputs, _world: World) -> Separation:
    return by_different_people(rule, inputs.taken, inputs.step, inputs.person, inputs.on)


def _role(rule: Rule[Any], inputs: RoleInputs, _world: World) -> Separation:
    return gives_to_role(rule, inputs.role, inputs.act, inputs.on, inputs.category)


_SEPARATION: frozenset[RuleType] = frozenset({"separation"})
_PERMISSION: frozenset[RuleType] = frozenset({"permission"})
FUNCTIONS = (
    RuleFunction("separation.order", _SEPARATION, SeparationOrder, OrderInputs, _order),
    RuleFunction("separation.equal", _SEPARATION, SeparationEqual, EqualInputs, _equal),
    RuleFunction("separation.distinct", _SEPARATION, SeparationDistinct, DistinctInputs, _distinct),
    RuleFunction("permission.act", _PERMISSION, PermissionAct, RoleInputs, _role),
)  # fmt: skip
