"""Replays cases under an old and a new profile and lists those whose outcome changes: before a version is activated."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from rulebook.choose import deadline_rule
from rulebook.explanation import Explanation, plain
from rulebook.profiles.model import Profile
from rulebook.registry import rules as functions
from rulebook.world import World


class Case(BaseModel):
    """One line of a cases file: a rule by id, or the question which limit binds (`trigger`, `duty`, `facts`, `on`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    rule: str | None = None
    trigger: str | None = None
    duty: str | None = None
    facts: dict[str, str] = {}
    on: date | None = None
    inputs: dict[str, Any]

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "Case":
        asked = (self.trigger, self.duty, self.on)
        if (self.rule is None) == (None in asked):
            raise ValueError("rule: give either a rule or trigger, duty and on")
        return self


@dataclass(frozen=True, slots=True)
class Ran:
    """What a profile makes of a case; `explanation` None = the profile has no such rule."""

    rule: str | None
    explanation: Explanation | None

    @property
    def outcome(self) -> object:
        return plain(self.explanation.outcome) if self.explanation else None


@dataclass(frozen=True, slots=True)
class Changed:
    case: str
    old: Ran
    new: Ran


class BadCases(ValueError):
    """All unreadable lines of a cases file."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


def read_cases(lines: Iterable[str]) -> tuple[Case, ...]:
    """JSON lines; blank lines are skipped. Raises BadCases with every fault."""
    cases: list[Case] = []
    faults: list[str] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                cases.append(Case.model_validate(json.loads(line)))
            except (json.JSONDecodeError, ValidationError) as error:
                faults += [f"cases: line {number}: {fault}" for fault in _faults(error)]
    if faults:
        raise BadCases(faults)
    return tuple(cases)


def changed_outcomes(
    old: Profile, new: Profile, cases: Iterable[Case], world: World
) -> tuple[Changed, ...]:
    """The cases whose outcome differs, in order. Raises BadCases for inputs a rule does not take."""
    found: list[Changed] = []
    for case in cases:
        before, after = run(old, case, world), run(new, case, world)
        if before.outcome != after.outcome:
            found.append(Changed(case.id, before, after))
    return tuple(found)


def asked_in_vain(old: Profile, new: Profile, cases: Iterable[Case]) -> tuple[Case, ...]:
    """Cases of a rule that neither version has: misspelt, or gone since; they cannot change."""
    known = old.rules.keys() | new.rules.keys()
    return tuple(case for case in cases if case.rule and case.rule not in known)


def run(profile: Profile, case: Case, world: World) -> Ran:
    """The case under one profile."""
    rule, silent = _rule(profile, case)
    if rule is None:
        return Ran(None, silent)
    function = functions()[rule.function]
    try:
        inputs = function.inputs.model_validate_json(json.dumps(case.inputs))
    except ValidationError as error:
        where = f"cases: {case.id}: inputs of {rule.function}"
        raise BadCases(f"{where}: {fault}" for fault in _faults(error)) from error
    try:
        return Ran(rule.id, function.apply(rule, inputs, world).explanation)
    except (ValueError, LookupError) as error:
        raise BadCases([f"cases: {case.id}: {error}"]) from error


def _rule(profile: Profile, case: Case) -> tuple[Any, Explanation | None]:
    if case.rule is not None:
        return profile.rules.get(case.rule), None
    assert case.trigger is not None
    assert case.duty is not None
    assert case.on is not None
    facts: Mapping[str, str] = case.facts
    chosen = deadline_rule(profile, case.trigger, case.duty, facts, case.on)
    return chosen.rule, chosen.explanation


def _faults(error: Exception) -> list[str]:
    if isinstance(error, ValidationError):
        return [
            f"{'.'.join(map(str, each['loc'])) or 'case'}: {each['msg']}"
            for each in error.errors(include_url=False)
        ]
    return [str(error).splitlines()[0]]
