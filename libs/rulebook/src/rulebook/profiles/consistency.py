"""Checks of a whole profile, each a small function that yields faults; `CHECKS` is the list."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from itertools import combinations
from typing import Any

from rulebook.explanation import Citation
from rulebook.profiles.ambiguities import questions
from rulebook.profiles.clauses import Place, clauses_of, collapsed, misplaced, words_of
from rulebook.profiles.faults import Fault
from rulebook.profiles.graph import unreachable, ways_round
from rulebook.profiles.model import Process, Profile, Rule
from rulebook.profiles.naming import names_have_words
from rulebook.profiles.params import (
    AUTHOR,
    DeadlineAppointment,
    PermissionAct,
    SeparationDistinct,
    SeparationEqual,
    SeparationOrder,
)
from rulebook.registry import rules as functions


def faults_of(profile: Profile, text: str | None) -> Iterable[Fault]:
    """All faults of sense in a profile whose shape is right. `text` is the regulation as printed."""
    for check in CHECKS:
        yield from check(profile)
    yield from quotes_stand_in_the_text(profile, text)
    if text is not None:
        yield from quotes_stand_in_their_clause(profile, text)


def validity_is_sound(profile: Profile) -> Iterable[Fault]:
    span = profile.span
    if span.start and span.end and span.end <= span.start:
        yield Fault(profile.key, "to", "validity-empty", f"{span.end} is not after {span.start}")
    if profile.status == "expired" and span.end is None:
        yield Fault(profile.key, "to", "expired-without-end", "status is expired but `to` is open")
    for rule in profile.rules.values():
        yield from _rule_validity(profile, rule)


def _rule_validity(profile: Profile, rule: Rule[Any]) -> Iterable[Fault]:
    own, whole = rule.span, profile.span
    if own.start and own.end and own.end <= own.start:
        yield Fault(profile.key, rule.id, "validity-empty", f"{own.end} is not after {own.start}")
    elif whole.start and own.start and own.start < whole.start:
        yield Fault(
            profile.key, rule.id, "validity-outside-profile",
            f"begins {own.start}, before the profile's {whole.start}", {"day": str(own.start)},
        )  # fmt: skip
    elif whole.end and (own.end is None or own.end > whole.end):
        yield Fault(
            profile.key, rule.id, "validity-outside-profile",
            f"ends {own.end}, after the profile's {whole.end}", {"day": str(whole.end)},
        )  # fmt: skip


def rules_are_named_after_the_profile(profile: Profile) -> Iterable[Fault]:
    for name in (*profile.rules, *profile.processes):
        if not name.startswith(f"{profile.id}."):
            yield Fault(profile.key, name, "foreign-name", f"does not begin with {profile.id}.")


def named_rules_exist(profile: Profile) -> Iterable[Fault]:
    for rule in profile.rules.values():
        for other in (*rule.exception_to, *_rules_in(rule)):
            if other not in profile.rules:
                yield Fault(profile.key, rule.id, "unknown-rule", f"names the rule {other}")
            elif other == rule.id:
                yield Fault(profile.key, rule.id, "names-itself", "is named by itself")
    for process in profile.processes.values():
        for name in (process.rule, *(step.rule for step in process.steps.values())):
            if name is not None and name not in profile.rules:
                yield Fault(profile.key, process.id, "unknown-rule", f"names the rule {name}")


def _rules_in(rule: Rule[Any]) -> tuple[str, ...]:
    return rule.params.before if isinstance(rule.params, DeadlineAppointment) else ()


def exceptions_are_one_way(profile: Profile) -> Iterable[Fault]:
    """Rules that beat each other in a circle would all be beaten: none would hold."""
    told: set[str] = set()
    for rule in sorted(profile.rules):
        circle = () if rule in told else _circle_through(profile, rule)
        told |= set(circle)
        if circle:
            detail = f"beats {circle[1]}, and is beaten by way of it"
            shown = {"path": " → ".join(circle)}
            yield Fault(profile.key, rule, "exceptions-in-a-circle", detail, shown)


def _circle_through(profile: Profile, rule: str) -> tuple[str, ...]:
    """The shortest way from a rule to itself over the rules that each one beats; empty where there is none."""
    beats = {each.id: [b for b in each.exception_to if b != each.id] for each in profile.rules.values()}  # fmt: skip
    ways: deque[tuple[str, ...]] = deque([(rule,)])
    seen: set[str] = set()
    while ways:
        way = ways.popleft()
        for other in beats.get(way[-1], ()):
            if other == rule:
                return (*way, rule)
            if other not in seen:
                seen.add(other)
                ways.append((*way, other))
    return ()


def rules_do_not_contradict(profile: Profile) -> Iterable[Fault]:
    """Two rules that decide the same thing, can both fire and differ need a named exception."""
    deciding: dict[str, list[Rule[Any]]] = defaultdict(list)
    for rule in profile.rules.values():
        function = functions().get(rule.function)
        what = function.decides(rule.params) if function else None
        if what is not None:
            deciding[what].append(rule)
    for what, group in deciding.items():
        for one, two in combinations(group, 2):
            shown = _both_fire(one, two)
            if shown is not None and not _ranked(one, two) and _differ(one, two):
                yield Fault(
                    profile.key, one.id, "contradiction",
                    f"and {two.id} both decide “{what}” with different results and neither is an exception", shown,
                )  # fmt: skip


def _differ(one: Rule[Any], two: Rule[Any]) -> bool:
    gives = functions()[one.function].gives, functions()[two.function].gives
    return gives[0](one.params) != gives[1](two.params)


def _ranked(one: Rule[Any], two: Rule[Any]) -> bool:
    return two.id in one.exception_to or one.id in two.exception_to


def _both_fire(one: Rule[Any], two: Rule[Any]) -> Mapping[str, str] | None:
    """An input (a day and facts) for which both rules fire, or None."""
    day = one.span.meets(two.span)
    if day is None:
        return None
    facts: dict[str, str] = {}
    for key in sorted(one.when.keys() | two.when.keys()):
        common = one.when.get(key, two.when.get(key, frozenset())) & two.when.get(
            key, one.when.get(key, frozenset())
        )
        if not common:
            return None
        facts[key] = min(common)
    return {"on": day.isoformat(), **facts}


def ambiguities_are_known(profile: Profile) -> Iterable[Fault]:
    """Each stands in contracts/regulations/ambiguities.yaml with the question it answers."""
    for rule in profile.rules.values():
        for each in rule.ambiguities:
            if each.id not in questions():
                yield Fault(
                    profile.key, rule.id, "unknown-ambiguity",
                    "the question it answers is not in ambiguities.yaml", {"id": each.id},
                )  # fmt: skip


def processes_have_no_way_round(profile: Profile) -> Iterable[Fault]:
    for process in profile.processes.values():
        broken = list(_broken_names(profile, process))
        yield from broken
        if broken:
            continue
        for step in unreachable(process):
            code = "published-unreachable" if step == process.published else "step-unreachable"
            yield Fault(profile.key, process.id, code, f"no way leads to {step}")
        for way in ways_round(process):
            path = " → ".join(way.path)
            detail = f"{way.reached} can be reached without {way.missing}"
            yield Fault(profile.key, process.id, "way-round", detail, {"path": path})


def _broken_names(profile: Profile, process: Process) -> Iterable[Fault]:
    named = {
        "start": (process.start,),
        "published": (process.published,),
        "required": process.required,
        "transitions": tuple(
            name for t in process.transitions for name in (t.source, t.target, *t.undoes)
        ),
    }
    for key, names in named.items():
        for name in dict.fromkeys(names):
            if name not in process.steps:
                detail = f"{key} names the step {name}, which is missing"
                yield Fault(profile.key, process.id, "step-missing", detail, {"step": name})
    if len(set(process.required)) != len(process.required):
        yield Fault(profile.key, process.id, "required-twice", "a required step stands twice")


def ways_are_clear(profile: Profile) -> Iterable[Fault]:
    """From a step, one condition leads to one place; without a condition the one who takes it chooses."""
    for process in profile.processes.values():
        for (source, on), times in Counter((t.source, t.on) for t in process.transitions).items():
            to = [t.target for t in process.transitions if (t.source, t.on) == (source, on)]
            if times > 1 and (on is not None or len(set(to)) < times):
                detail = f"from {source} on {on or 'no condition'} the way goes to several places or stands twice"
                yield Fault(
                    profile.key, process.id, "transition-not-clear", detail, {"to": ", ".join(to)}
                )


def checks_are_known(profile: Profile) -> Iterable[Fault]:
    for process in profile.processes.values():
        for step in process.steps.values():
            for check in step.checks:
                if check not in STEP_CHECKS:
                    shown = get_close_matches(check, STEP_CHECKS, n=1, cutoff=0.0)
                    yield Fault(
                        profile.key, process.id, "unknown-check",
                        f"the step {step.id} asks for {check}", {"nearest": ", ".join(shown)},
                    )  # fmt: skip


STEP_CHECKS = frozenset(
    [
        "required_fields",
        "author_and_source",
        "prohibited_grounds",
        "digest_equal",
        "encoding",
        "recipient_named",
    ]
)
"""What a step of a process may ask for."""


def delegations_can_be_given(profile: Profile) -> Iterable[Fault]:
    """A power that may be passed on must be one that may be given away at all."""
    for rule in profile.rules.values():
        if (
            isinstance(rule.params, PermissionAct)
            and rule.params.chain
            and not rule.params.delegable
        ):
            detail = "may be passed on (chain) but not be given away (delegable)"
            yield Fault(profile.key, rule.id, "chain-without-delegation", detail)


def every_step_can_be_taken(profile: Profile) -> Iterable[Fault]:
    """The roles of a step are given its act by some rule, or nobody could ever take it."""
    given: dict[str, set[str]] = defaultdict(set)
    for rule in profile.rules.values():
        if isinstance(rule.params, PermissionAct):
            for act in rule.params.acts:
                given[act].update(rule.params.roles)
    for process in profile.processes.values():
        for step in process.steps.values():
            if given[step.act].isdisjoint(step.roles):
                shown = {"roles": ", ".join(step.roles), "given_to": ", ".join(sorted(given[step.act]))}  # fmt: skip
                yield Fault(
                    profile.key, process.id, "nobody-may-take",
                    f"no rule gives {step.act} to a role of the step {step.id}", shown,
                )  # fmt: skip


def separations_hold_in_their_process(profile: Profile) -> Iterable[Fault]:
    for rule in profile.rules.values():
        params = rule.params
        if not isinstance(params, SeparationOrder | SeparationEqual | SeparationDistinct):
            continue
        process = profile.processes.get(params.process)
        if process is None:
            detail = f"names the process {params.process}, which is missing"
            yield Fault(profile.key, rule.id, "unknown-process", detail)
            continue
        for step in _steps_in(params):
            if step not in process.steps:
                detail = f"names the step {step}, which {process.id} has not"
                yield Fault(profile.key, rule.id, "step-missing", detail, {"step": step})
        if isinstance(params, SeparationOrder):
            yield from _order_kept(profile, rule, params, process)


def _steps_in(params: SeparationOrder | SeparationEqual | SeparationDistinct) -> tuple[str, ...]:
    if isinstance(params, SeparationOrder):
        return params.steps
    if isinstance(params, SeparationEqual):
        return (params.approved, params.compared)
    return tuple(step for pair in params.pairs for step in pair if step != AUTHOR)


def _order_kept(profile: Profile, rule: Rule[Any], params: SeparationOrder, process: Process) -> Iterable[Fault]:  # fmt: skip
    """The steps a rule wants in order are required by the process in that order, except the one it starts with."""
    kept = [step for step in (process.start, *process.required) if step in params.steps]
    if list(dict.fromkeys(kept)) != list(params.steps):
        yield Fault(
            profile.key, rule.id, "order-not-required",
            f"asks for {' → '.join(params.steps)}, but {process.id} only requires {' → '.join(kept)}",
        )  # fmt: skip


def someone_can_authorise(profile: Profile) -> Iterable[Fault]:
    """A power that needs the word of someone who has it without condition needs such a someone."""
    permissions = [
        (rule, rule.params)
        for rule in profile.rules.values()
        if isinstance(rule.params, PermissionAct)
    ]
    free = {act for _, params in permissions if params.condition == "none" for act in params.acts}
    for rule, params in permissions:
        if params.condition in {"authorised", "absent_or_authorised"}:
            for act in (each for each in params.acts if each not in free):
                detail = (
                    f"needs the word of someone who may {act}, and nobody may without condition"
                )
                yield Fault(profile.key, rule.id, "nobody-can-authorise", detail, {"act": act})


def quotes_stand_in_the_text(profile: Profile, text: str | None) -> Iterable[Fault]:
    if text is None:
        yield Fault(profile.key, "source.text", "text-missing", f"no file {profile.source.text}")
        return
    printed = collapsed(text)
    for rule in profile.rules.values():
        if collapsed(rule.basis.quote) not in printed:
            yield Fault(
                profile.key, rule.id, "quotation-not-found",
                f"the words are not in {profile.source.text}", {"quote": rule.basis.quote[:200]},
            )  # fmt: skip


def quotes_stand_in_their_clause(profile: Profile, text: str) -> Iterable[Fault]:
    """A text by others' accounts has no clauses to find a quotation in."""
    places = words_of(text, clauses_of(text))
    for rule in profile.rules.values():
        if not rule.account:
            at, *also = (_place(each) for each in (rule.basis.citation, *rule.basis.also))
            for detail in misplaced(places, at, also, collapsed(rule.basis.quote)):
                yield Fault(
                    profile.key, rule.id, "quotation-elsewhere", detail, {"quote": rule.basis.quote[:200]}
                )  # fmt: skip


def _place(at: Citation) -> Place:
    return Place(at.part, at.article, at.clause, at.point, at.item)


CHECKS: tuple[Callable[[Profile], Iterable[Fault]], ...] = (
    validity_is_sound,
    rules_are_named_after_the_profile,
    named_rules_exist,
    exceptions_are_one_way,
    rules_do_not_contradict,
    ambiguities_are_known,
    ways_are_clear,
    checks_are_known,
    names_have_words,
    every_step_can_be_taken,
    delegations_can_be_given,
    processes_have_no_way_round,
    separations_hold_in_their_process,
    someone_can_authorise,
)
