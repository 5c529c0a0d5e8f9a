"""What a regulation says of the way an article takes: its process, who judges, which rules bind the steps."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast

from common.errors import Refused, Unprocessable
from rulebook.profiles.model import Process, Profile, Rule, StepOf
from rulebook.profiles.params import (
    AUTHOR,
    DeadlineCount,
    PermissionAct,
    SeparationDistinct,
    SeparationEqual,
    SeparationOrder,
)
from rulebook.rules.params import Ground

OPINION = "approve_sensitive"
"""The act by which the head of an agency consents to important or sensitive content."""
JUDGING = "prohibited_grounds"
"""The check by which a step judges the content."""
SENSITIVITY = "sensitivity"
SENSITIVE = ("sensitive", "important")
"""What content may be found to be, besides ordinary (Lạng Sơn Điều 12 khoản 2)."""


def process_for(profile: Profile, circumstances: Mapping[str, str]) -> Process:
    """The process whose rule is made for these circumstances, else the one for all. Raises Refused."""
    general: Process | None = None
    for process in profile.processes.values():
        when = profile.rule(process.rule).when if process.rule else {}
        if when and all(circumstances.get(key) in values for key, values in when.items()):
            return process
        if not when and general is None:
            general = process
    if general is None:
        raise Refused("no-process", f"The regulation {profile.key} has no process for articles.")
    return general


def distinguished(profile: Profile) -> frozenset[str]:
    """The circumstances for which the regulation has processes of their own."""
    return frozenset(
        name
        for process in profile.processes.values()
        if process.rule
        for name in profile.rule(process.rule).when
    )


def required_before(process: Process, step: str) -> tuple[str, ...]:
    """The steps that must stand before this one is taken."""
    if step in process.required:
        return process.required[: process.required.index(step)]
    return ()


def approving(profile: Profile, process: Process) -> str:
    """The step whose text is the approved one: where a rule names it, there; else the last that judges."""
    rule = _equal(profile, process)
    if rule is not None:
        return rule.params.approved
    judging = [each for each in process.required if JUDGING in process.steps[each].checks]
    return judging[-1] if judging else process.required[-1]


def judged(profile: Profile, process: Process) -> tuple[str, ...]:
    """The required steps whose result speaks for one text only: consent and approval."""
    final = approving(profile, process)
    wanted = [each for each in process.required if process.steps[each].act == OPINION]
    return tuple(dict.fromkeys([*wanted, final]))


def equality(profile: Profile, process: Process) -> Rule[SeparationEqual]:
    """Approved = published, over every part.

    Where the regulation has no such rule, the words of the approving step's own rule carry it.
    """
    every = ("title", "body", "attachments", "metadata")
    rule = _equal(profile, process)
    if rule is not None:
        return replace(rule, params=rule.params.model_copy(update={"over": every}))
    step = approving(profile, process)
    params = SeparationEqual(
        process=process.id, approved=step, compared=process.published, over=every
    )
    return _in_the_words_of(profile, process, step, params)


def order(profile: Profile, process: Process, step: str) -> Rule[SeparationOrder]:
    """The rule that wants the steps before this one: the longest that names it."""
    fitting = [
        cast("Rule[SeparationOrder]", rule)
        for rule in profile.rules.values()
        if isinstance(rule.params, SeparationOrder)
        and step in rule.params.steps
        and rule.params.process in profile.processes
        and set(rule.params.steps) <= process.steps.keys()
    ]
    before = required_before(process, step)
    best = max(fitting, key=lambda rule: len(rule.params.steps), default=None)
    params = SeparationOrder(process=process.id, steps=(*before, step)) if before else None
    if best is not None:
        return replace(best, params=params or best.params)
    wanted = params or SeparationOrder(process=process.id, steps=(process.start, process.published))
    return _in_the_words_of(profile, process, step, wanted)


def distinct(profile: Profile, process: Process, step: str) -> Iterable[Rule[SeparationDistinct]]:
    """The rules that keep this step from whoever took another."""
    for rule in profile.rules.values():
        params = rule.params
        if isinstance(params, SeparationDistinct) and any(step in pair for pair in params.pairs):
            names = {name for pair in params.pairs for name in pair} - {AUTHOR}
            if names <= process.steps.keys():
                yield cast("Rule[SeparationDistinct]", rule)


def ground(profile: Profile, name: str, act: str, on: date) -> Rule[Ground]:
    """The rule of a prohibited ground for refusing or removing articles. Raises Unprocessable."""
    for rule in grounds(profile, act, on):
        if rule.params.ground == name:
            return rule
    known = sorted({rule.params.ground for rule in grounds(profile, act, on)})
    raise Unprocessable(
        "ground-unknown",
        f"The regulation {profile.key} names no such ground. Choose one of {', '.join(known)}.",
        extra={"grounds": known},
    )


def grounds(profile: Profile, act: str, on: date) -> tuple[Rule[Ground], ...]:
    """The grounds on which an article may be refused (`refuse`) or taken down (`remove`)."""
    return tuple(
        cast("Rule[Ground]", rule)
        for rule in profile.rules.values()
        if isinstance(rule.params, Ground)
        and "article" in rule.params.applies_to
        and act in rule.params.acts
        and rule.span.holds(on)
    )


def time_for(profile: Profile, step: str, on: date) -> Rule[DeadlineCount] | None:
    """The rule that gives a time for a step from its assignment on (Lạng Sơn Điều 12 khoản 3)."""
    for rule in profile.rules.values():
        wanted = isinstance(rule.params, DeadlineCount) and step in rule.when.get("step", ())
        if wanted and rule.span.holds(on):
            return cast("Rule[DeadlineCount]", rule)
    return None


def given(profile: Profile, act: str) -> bool:
    """Whether the regulation gives this act to anybody."""
    return any(
        isinstance(rule.params, PermissionAct) and act in rule.params.acts
        for rule in profile.rules.values()
    )


def law_of(profile: Profile, process: Process, step: StepOf) -> Rule[Any]:
    """The rule that a step rests on: its own, else that of its process."""
    named = step.rule or process.rule
    return profile.rule(named) if named else next(iter(profile.rules.values()))


def _equal(profile: Profile, process: Process) -> Rule[SeparationEqual] | None:
    for rule in profile.rules.values():
        params = rule.params
        if isinstance(params, SeparationEqual) and params.approved in process.required:
            return cast("Rule[SeparationEqual]", rule)
    return None


def _in_the_words_of(profile: Profile, process: Process, step: str, params: Any) -> Rule[Any]:
    law = law_of(profile, process, process.steps[step])
    return replace(law, type="separation", params=params, when={})
