"""Prohibited grounds (HN Đ5, LS Đ8): what only a human decides, naming the ground; hints put it before them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urlsplit

from rulebook.explanation import Step, Values, Way
from rulebook.profiles.model import Rule
from rulebook.registry import Inputs, RuleFunction
from rulebook.rules.params import Ground
from rulebook.rules.results import Checked, met, not_met
from rulebook.rules.words import says
from rulebook.text import fold
from rulebook.world import World

_WAYS = (Way("decide-ground", {}), Way("mend-and-resend", {}))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a human decided about one ground: `confirmed` names it as the reason, else the suspicion is dismissed."""

    ground: str
    confirmed: bool
    by: str
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("reason: a decision about a ground gives its reason")


@dataclass(frozen=True, slots=True)
class Matter:
    """What a ground is looked for in. `folded` is the text by `fold`, computed once for all grounds."""

    kind: Literal["article", "question", "answer"]
    folded: str
    links: tuple[str, ...] = ()
    reported_hosts: frozenset[str] = frozenset()
    similar_percent: int = 0


def ground(
    rule: Rule[Ground], matter: Matter, on: date, judgement: Judgement | None = None
) -> Checked:
    """A confirmed ground is a finding; a suspected one is a finding that waits for a human; else the demand is met."""
    params = rule.params
    inputs: Values = {"kind": matter.kind, "on": on.isoformat()}
    if matter.kind not in params.applies_to:
        return met(rule, on, inputs, Step("ground-not-for", {"kind": matter.kind}))
    code = f"prohibited:{params.ground}"
    if judgement is not None:
        step = Step("human-decided", {"by": judgement.by, "reason": judgement.reason, "confirmed": judgement.confirmed})  # fmt: skip
        if not judgement.confirmed:
            return met(rule, on, inputs, step)
        return not_met(rule, on, inputs, (code,), (_WAYS[1],), step)
    signs = tuple(suspicions(params, matter))
    if not signs:
        return met(rule, on, inputs)
    code = "copied_content" if params.signal == "copied" else code
    step = Step("suspected", {"signs": signs})
    return not_met(rule, on, inputs, (code,), _WAYS, step, needs_human=True)


def suspicions(params: Ground, matter: Matter) -> Iterable[str]:
    """What in the matter points to the ground: phrases, reported links, likeness to another text."""
    for hint in params.hints:
        if says(matter.folded, hint):
            yield hint
    if params.signal == "reported_link":
        yield from (link for link in matter.links if _host(link) in matter.reported_hosts)
    if params.signal == "copied" and matter.similar_percent >= params.percent:
        yield f"{matter.similar_percent} %"


def _host(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


class GroundInputs(Inputs):
    kind: Literal["article", "question", "answer"]
    text: str
    links: tuple[str, ...] = ()
    reported_hosts: frozenset[str] = frozenset()
    similar_percent: int = 0
    on: date


def _apply(rule: Rule[Any], inputs: GroundInputs, _world: World) -> Checked:
    matter = Matter(
        inputs.kind, fold(inputs.text), inputs.links, inputs.reported_hosts, inputs.similar_percent
    )  # fmt: skip
    return ground(rule, matter, inputs.on)


FUNCTIONS = (
    RuleFunction("prohibition.ground", frozenset({"prohibition"}), Ground, GroundInputs, _apply),
)
