"""What a content rule gives: its findings, none where the demand is met, with the reason either way."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from rulebook.because import because
from rulebook.explanation import Explanation, Outcome, Step, Value, Values, Way
from rulebook.profiles.model import Rule
from rulebook.profiles.params import Params

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is what is wrong ("missing_field:position"); an error blocks publication, a warning wants attention.

    `needs_human`: the machine only suspects it; a person confirms or dismisses it and names the ground.
    """

    code: str
    severity: Severity
    rule: str
    explanation: Explanation
    needs_human: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings of one rule and why; no findings = the demand is met."""

    findings: tuple[Finding, ...]
    explanation: Explanation

    @property
    def met(self) -> bool:
        return not self.findings


Gives = Callable[[Params], Value]


def met(
    rule: Rule[Any], on: date, inputs: Values, *steps: Step, gives: Gives | None = None
) -> Checked:
    """The demand is met; `gives` computes what another reading would say."""
    outcome = Outcome("allowed", "demand-met", {})
    return Checked((), because(rule, on, inputs, steps, outcome, gives=gives))


def not_met(  # noqa: PLR0913 - a finding has these parts
    rule: Rule[Any],
    on: date,
    inputs: Values,
    codes: Iterable[str],
    nearest: tuple[Way, ...],
    *steps: Step,
    severity: Severity = "error",
    needs_human: bool = False,
    gives: Gives | None = None,
) -> Checked:
    """The demand is not met in the ways that `codes` name; `nearest` says what would meet it."""
    found = tuple(dict.fromkeys(codes))
    name = "may-be-prohibited" if needs_human else "demand-not-met"
    outcome = Outcome("finding", name, {"codes": found}, nearest)
    explanation = because(rule, on, inputs, steps, outcome, gives=gives)
    return Checked(
        tuple(Finding(code, severity, rule.id, explanation, needs_human) for code in found),
        explanation,
    )


def is_empty(value: object) -> bool:
    """Whether a field holds nothing: None, white space only, or an empty list; 0 and False are something."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, list | tuple | dict | set | frozenset) and not value


def own_explanations(findings: Iterable[Finding]) -> tuple[Explanation, ...]:
    """The explanations behind the findings, each once; several findings may share one."""
    return tuple({id(each.explanation): each.explanation for each in findings}.values())
