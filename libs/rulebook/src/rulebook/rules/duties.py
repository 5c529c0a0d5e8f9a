"""Duties stated without a number, who answers for what, sanctions and definitions: shown, never computed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from rulebook.because import because
from rulebook.explanation import Explanation, Outcome, Values
from rulebook.profiles.model import Rule, RuleType
from rulebook.registry import Inputs, RuleFunction
from rulebook.rules.params import Definition, Responsible, Sanction, Stated
from rulebook.world import World


@dataclass(frozen=True, slots=True)
class Statement:
    """What the regulation says, with its words; a person judges whether it is done."""

    explanation: Explanation


class DayInputs(Inputs):
    on: date


def stated(rule: Rule[Stated], on: date) -> Statement:
    """Who must do what; `evidence` names what the software can show for it."""
    params = rule.params
    values: Values = {
        "who": params.who,
        "what": params.what,
        "evidence": params.evidence,
        "statement": rule.basis.statement,
    }
    return _statement(rule, on, "duty-stated", values)


def responsible(rule: Rule[Responsible], on: date) -> Statement:
    """Who answers for what."""
    return _statement(rule, on, "answers-for", {"who": rule.params.who, "for": rule.params.for_})


def sanction(rule: Rule[Sanction], on: date) -> Statement:
    """What a violation may bring; which of them is decided by people."""
    return _statement(rule, on, "sanctions", {"kinds": rule.params.kinds})


def definition(rule: Rule[Definition], on: date) -> Statement:
    """What a word means here."""
    return _statement(rule, on, "defined", {"term": rule.params.term, "means": rule.params.means})


def _statement(rule: Rule[Any], on: date, name: str, values: Values) -> Statement:
    return Statement(because(rule, on, {"on": on.isoformat()}, (), Outcome("value", name, values)))


def _apply_stated(rule: Rule[Any], inputs: DayInputs, _world: World) -> Statement:
    return stated(rule, inputs.on)


def _apply_responsible(rule: Rule[Any], inputs: DayInputs, _world: World) -> Statement:
    return responsible(rule, inputs.on)


def _apply_sanction(rule: Rule[Any], inputs: DayInputs, _world: World) -> Statement:
    return sanction(rule, inputs.on)


def _apply_definition(rule: Rule[Any], inputs: DayInputs, _world: World) -> Statement:
    return definition(rule, inputs.on)


_DUTY: frozenset[RuleType] = frozenset({"duty"})
FUNCTIONS = (
    RuleFunction("duty.stated", _DUTY, Stated, DayInputs, _apply_stated),
    RuleFunction("duty.responsible", _DUTY, Responsible, DayInputs, _apply_responsible),
    RuleFunction("duty.sanction", _DUTY, Sanction, DayInputs, _apply_sanction),
    RuleFunction("definition", _DUTY, Definition, DayInputs, _apply_definition),
)
