"""Figures that must be kept (BD Đ15 k3, LS Đ7 k5): which are missing, and how far a monthly plan is met."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from rulebook.explanation import Step, Values, Way
from rulebook.profiles.model import Rule
from rulebook.registry import Inputs, RuleFunction
from rulebook.rules.params import Counter
from rulebook.rules.results import Checked, met, not_met
from rulebook.world import World


def counters(
    rule: Rule[Counter], figures: Mapping[str, int | None] | None, level: int | None, on: date
) -> Checked:
    """Whether every figure is kept; below `from_level` none is asked for. A figure never recorded is not 0."""
    params = rule.params
    inputs: Values = {"level": level, "on": on.isoformat()}
    asked = Step("figures-asked", {"metrics": params.metrics, "per": params.per, "period": params.period})  # fmt: skip
    if params.from_level is not None and (level or 0) < params.from_level:
        return met(rule, on, inputs, Step("level-too-low", {"from": params.from_level}))
    kept = figures or {}
    missing = tuple(metric for metric in params.metrics if kept.get(metric) is None)
    if not missing:
        return met(rule, on, inputs, asked)
    ways = tuple(Way("record-figure", {"metric": metric}) for metric in missing)
    return not_met(
        rule, on, inputs, (f"missing_figure:{metric}" for metric in missing), ways, asked
    )


def quota(rule: Rule[Counter], published: int, planned: int | None, on: date) -> Checked:
    """Whether the items of a period reach the plan (LS Đ7 k5). Raises ValueError for a negative number."""
    if published < 0 or (planned is not None and planned < 0):
        raise ValueError("published, planned: a number of items is not negative")
    inputs: Values = {"published": published, "planned": planned, "on": on.isoformat()}
    if planned is None:
        ways = (Way("set-plan", {}),)
        return not_met(rule, on, inputs, ("no_plan",), ways, severity="warning")
    step = Step("plan-compared", {"published": published, "planned": planned})
    if published >= planned:
        return met(rule, on, inputs, step)
    ways = (Way("publish-more", {"missing": planned - published}),)
    return not_met(rule, on, inputs, ("below_plan",), ways, step)


class CounterInputs(Inputs):
    figures: dict[str, int | None] = Field(default_factory=dict[str, int | None])
    level: int | None = None
    on: date


def _apply(rule: Rule[Any], inputs: CounterInputs, _world: World) -> Checked:
    return counters(rule, inputs.figures, inputs.level, inputs.on)


FUNCTIONS = (
    RuleFunction("counter.metric", frozenset({"counter"}), Counter, CounterInputs, _apply),
)
