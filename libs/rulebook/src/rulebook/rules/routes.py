"""Who supplies what (BD Đ12), who moderates whose items (KH Đ5), and where a question goes that nobody answers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from rulebook.because import again, because
from rulebook.explanation import Explanation, Outcome, Step, Values
from rulebook.profiles.model import Rule, RuleType
from rulebook.registry import Inputs, RuleFunction
from rulebook.rules.params import Fallback, FieldMember, Supplier
from rulebook.rules.words import says
from rulebook.text import fold
from rulebook.world import World


@dataclass(frozen=True, slots=True)
class Route:
    """To whom; None where the rule is not for the case. `notify_asker`: the asker must be told."""

    to: str | None
    explanation: Explanation
    notify_asker: bool = False


def supplier(
    rule: Rule[Supplier], category: str, point: str | None, folded: str, on: date
) -> Route:
    """The agency that owes an item of this category (and point, where named) to the site; `folded` is its text by `fold`."""
    params = rule.params
    topics = [topic for topic in params.topics if says(folded, topic)]
    owed = category in params.categories
    owed = owed and (point is None or point in params.points)
    owed = owed and (bool(topics) or not params.topics)
    inputs: Values = {"category": category, "point": point, "on": on.isoformat()}
    steps = (Step("topics-found", {"topics": tuple(topics)}),) if topics else ()
    gives = again(rule, lambda other: supplier(other, category, point, folded, on))
    if not owed:
        outcome = Outcome("undetermined", "supplier-not-named", {"category": category})
        return Route(None, because(rule, on, inputs, steps, outcome, gives=gives))
    outcome = Outcome("value", "supplier", {"agency": params.agency, "to": params.to})
    return Route(params.agency, because(rule, on, inputs, steps, outcome, gives=gives))


def fallback(rule: Rule[Fallback], situation: str, on: date) -> Route:
    """Where a question goes in this situation."""
    params = rule.params
    inputs: Values = {"situation": situation, "on": on.isoformat()}
    if situation != params.situation:
        outcome = Outcome("undetermined", "route-not-for", {"situation": situation})
        return Route(None, because(rule, on, inputs, (), outcome))
    outcome = Outcome("value", "question-goes-to", {"to": params.to, "notify": params.notify_asker})
    return Route(params.to, because(rule, on, inputs, (), outcome), params.notify_asker)


def field_member(rule: Rule[FieldMember], sender: str, on: date) -> Route:
    """The board member who moderates what this sender supplies."""
    inputs: Values = {"sender": sender, "on": on.isoformat()}
    if sender != rule.params.supplier:
        outcome = Outcome("undetermined", "route-not-for", {"situation": sender})
        return Route(None, because(rule, on, inputs, (), outcome))
    outcome = Outcome("value", "moderated-by", {"member": rule.params.member})
    return Route(rule.params.member, because(rule, on, inputs, (), outcome))


class SupplierInputs(Inputs):
    category: str
    point: str | None = None
    text: str = ""
    on: date


class SituationInputs(Inputs):
    situation: str
    on: date


class SenderInputs(Inputs):
    sender: str
    on: date


def _apply_supplier(rule: Rule[Any], inputs: SupplierInputs, _world: World) -> Route:
    return supplier(rule, inputs.category, inputs.point, fold(inputs.text), inputs.on)


def _apply_fallback(rule: Rule[Any], inputs: SituationInputs, _world: World) -> Route:
    return fallback(rule, inputs.situation, inputs.on)


def _apply_member(rule: Rule[Any], inputs: SenderInputs, _world: World) -> Route:
    return field_member(rule, inputs.sender, inputs.on)


def _situation(params: Fallback) -> str:
    return f"where a question goes: {params.situation}"


_ROUTING: frozenset[RuleType] = frozenset({"routing"})
FUNCTIONS = (
    RuleFunction("routing.supplier", _ROUTING, Supplier, SupplierInputs, _apply_supplier),
    RuleFunction("routing.fallback", _ROUTING, Fallback, SituationInputs, _apply_fallback, _situation),
    RuleFunction("routing.field_member", _ROUTING, FieldMember, SenderInputs, _apply_member),
)  # fmt: skip
