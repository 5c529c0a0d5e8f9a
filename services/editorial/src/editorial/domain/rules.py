"""What a regulation says of the way an article takes: its process, who judges, which rules bind the steps."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar, cast

from common.errors import Refused, Unprocessable
from editorial.domain.words import say
from rulebook.profiles.model import Process, Profile, Rule, StepOf
from rulebook.profiles.params import (
    AUTHOR,
    DeadlineCount,
    Params,
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


P = TypeVar("P", bound=Params)


def process_for(profile: Profile, circumstances: Mapping[str, str], on: date) -> Process:
    """The process whose rule is in force and made for these circumstances, else the one for all. Raises Refused."""
    general: Process | None = None
    for process, when in _processes(profile, on):
        if when and all(circumstances.get(key) in values for key, values in when.items()):
            return process
        if not when and general is None:
            general = process
    if general is None:
        raise Refused("no-process", say("no-process", profile=profile.key))
    return general


def distinguished(profile: Profile, on: date) -> frozenset[str]:
    """The circumstances for which the regulation has processes of their own."""
    return frozenset(name for _, when in _processes(profile, on) for name in when)


def required_before(process: Process, step: str) -> tuple[str, ...]:
    """The steps that must stand before this one is taken."""
    if step in process.required:
        return process.required[: process.required.index(step)]
    return ()


def approving(profile: Profile, process: Process, on: date) -> str:
    """The step whose text is the approved one: where a rule names it, there; else the last that judges."""
    rule = _equal(profile, process, on)
    if rule is not None:
        return rule.params.approved
    judging = [each for each in process.required if JUDGING in process.steps[each].checks]
    return judging[-1] if judging else process.required[-1]


def judged(profile: Profile, process: Process, on: date) -> tuple[str, ...]:
    """The required steps whose result speaks for one text only: consent and approval."""
    final = approving(profile, process, on)
    wanted = [each for each in process.required if process.steps[each].act == OPINION]
    return tuple(dict.fromkeys([*wanted, final]))


def equality(profile: Profile, process: Process, on: date) -> Rule[SeparationEqual]:
    """Approved = published, over every part.

    Where the regulation has no such rule, the words of the approving step's own rule carry it.
    """
    every = ("title", "body", "attachments", "metadata")
    rule = _equal(profile, process, on)
    if rule is not None:
        return replace(rule, params=rule.params.model_copy(update={"over": every}))
    step = approving(profile, process, on)
    params = SeparationEqual(
        process=process.id, approved=step, compared=process.published, over=every
    )
    return _in_the_words_of(law_of(profile, process, process.steps[step], on), params)


def order(profile: Profile, process: Process, step: str, on: date) -> Rule[SeparationOrder]:
    """The rule that wants the steps before this one: the longest that names it."""
    fitting = [
        rule
        for rule in _of(profile, SeparationOrder, on)
        if step in rule.params.steps
        and rule.params.process in profile.processes
        and set(rule.params.steps) <= process.steps.keys()
    ]
    before = required_before(process, step)
    best = max(fitting, key=lambda rule: len(rule.params.steps), default=None)
    params = SeparationOrder(process=process.id, steps=(*before, step)) if before else None
    if best is not None:
        return replace(best, params=params or best.params)
    wanted = params or SeparationOrder(process=process.id, steps=(process.start, process.published))
    return _in_the_words_of(law_of(profile, process, process.steps[step], on), wanted)


def distinct(
    profile: Profile, process: Process, step: str, on: date
) -> Iterable[Rule[SeparationDistinct]]:
    """The rules that keep this step from whoever took another."""
    for rule in _of(profile, SeparationDistinct, on):
        pairs = rule.params.pairs
        names = {name for pair in pairs for name in pair} - {AUTHOR}
        if any(step in pair for pair in pairs) and names <= process.steps.keys():
            yield rule


def ground(profile: Profile, name: str, act: str, on: date) -> Rule[Ground]:
    """The rule of a prohibited ground for refusing or removing articles. Raises Unprocessable."""
    for rule in grounds(profile, act, on):
        if rule.params.ground == name:
            return rule
    known = sorted({rule.params.ground for rule in grounds(profile, act, on)})
    raise Unprocessable(
        "ground-unknown",
        say("ground-unknown", profile=profile.key, known=", ".join(known)),
        extra={"grounds": known},
    )


def grounds(profile: Profile, act: str, on: date) -> tuple[Rule[Ground], ...]:
    """The grounds on which an article may be refused (`refuse`) or taken down (`remove`)."""
    return tuple(
        rule
        for rule in _of(profile, Ground, on)
        if "article" in rule.params.applies_to and act in rule.params.acts
    )


def time_for(profile: Profile, step: str, on: date) -> Rule[DeadlineCount] | None:
    """The rule that gives a time for a step from its assignment on (Lạng Sơn Điều 12 khoản 3)."""
    timed = _of(profile, DeadlineCount, on)
    return next((rule for rule in timed if step in rule.when.get("step", ())), None)


def given(profile: Profile, act: str, on: date) -> bool:
    """Whether the regulation gives this act to anybody."""
    return any(act in rule.params.acts for rule in _of(profile, PermissionAct, on))


def law_of(profile: Profile, process: Process, step: StepOf, on: date) -> Rule[Any]:
    """The rule in force that a step rests on: its own, else that of its process.

    Where both have ended since the case began, the one it began under; what cites it then says that it ended.
    """
    day = profile.day_of_law(on)
    named = [profile.rule(name) for name in (step.rule, process.rule) if name is not None]
    return next((rule for rule in named if rule.span.holds(day)), named[0])


def _processes(
    profile: Profile, on: date
) -> Iterator[tuple[Process, Mapping[str, frozenset[str]]]]:
    """The processes whose rule is in force, each with the circumstances that rule is made for."""
    binding = {rule.id: rule for rule in profile.in_force(on)}
    for process in profile.processes.values():
        if process.rule is None:
            yield process, {}
        elif process.rule in binding:
            yield process, binding[process.rule].when


def _of(profile: Profile, kind: type[P], on: date) -> Iterator[Rule[P]]:
    """The rules of one kind that bind on that day."""
    for rule in profile.in_force(on):
        if isinstance(rule.params, kind):
            yield cast("Rule[P]", rule)


def _equal(profile: Profile, process: Process, on: date) -> Rule[SeparationEqual] | None:
    rules = _of(profile, SeparationEqual, on)
    return next((rule for rule in rules if rule.params.approved in process.required), None)


def _in_the_words_of(law: Rule[Any], params: Any) -> Rule[Any]:
    return replace(law, type="separation", params=params, when={})
