"""Reads profiles from YAML: strict about names, all faults at once, two versions side by side."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from rulebook.explanation import Basis, Citation
from rulebook.files import CONTRACTS
from rulebook.profiles.consistency import faults_of
from rulebook.profiles.faults import BadProfile, Fault
from rulebook.profiles.model import (
    Ambiguity,
    NoRule,
    Other,
    Process,
    Profile,
    Rule,
    Source,
    Span,
    StepOf,
    Transition,
    Verified,
)
from rulebook.profiles.params import Params
from rulebook.profiles.raw import (
    RawAmbiguity,
    RawPlace,
    RawProcess,
    RawProfile,
    RawRule,
)
from rulebook.profiles.yaml12 import read_yaml
from rulebook.registry import RuleFunction
from rulebook.registry import rules as functions

FOLDER = CONTRACTS / "regulations"
M = TypeVar("M", bound=BaseModel)
Texts = Callable[[str], str | None]


class UnknownProfile(LookupError):
    pass


class Library(Mapping[str, Profile]):
    """All profiles by key (id@version)."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._by_key = {profile.key: profile for profile in profiles}

    def __getitem__(self, key: str) -> Profile:
        if key not in self._by_key:
            raise UnknownProfile(f"profile: {key!r} is not one of {', '.join(self._by_key)}")
        return self._by_key[key]

    def __iter__(self) -> Any:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)

    def of(self, profile_id: str, on: date) -> Profile:
        """The version in force on that day; past the last one's end that one, before the first that one; both then warn. Raises UnknownProfile."""
        versions = [each for each in self.values() if each.id == profile_id]
        if not versions:
            raise UnknownProfile(f"profile: {profile_id!r} is not one of {', '.join(self._by_key)}")
        in_force = [each for each in versions if each.span.holds(on)]
        begun = [each for each in versions if (each.span.start or date.min) <= on]
        if not in_force and not begun:
            return min(versions, key=lambda each: each.span.start or date.min)
        return max(in_force or begun, key=lambda each: each.span.start or date.min)

    def rule(self, rule_id: str, version: str | None = None) -> Rule[Params]:
        """A rule by its id (which begins with its profile's), in the newest version or the one given."""
        profile_id = rule_id.split(".", 1)[0]
        of_id = [each for each in self.values() if each.id == profile_id]
        chosen = [each for each in of_id if version is None or version == each.version]
        if not chosen:
            raise UnknownProfile(f"rule: {rule_id!r} begins with no known profile")
        return max(chosen, key=lambda each: each.span.start or date.min).rule(rule_id)


@lru_cache(maxsize=4)
def load_profiles(folder: Path = FOLDER) -> Library:
    """Every `*@*.yaml` of the folder. Raises BadProfile with the faults of all of them."""
    profiles: list[Profile] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*@*.yaml")):
        profile, found = read_profile(path)
        faults += found
        if profile is not None:
            profiles.append(profile)
    faults += overlapping_versions(profiles)
    if faults:
        raise BadProfile(faults)
    return Library(profiles)


def read_profile(path: Path) -> tuple[Profile | None, tuple[Fault, ...]]:
    """The profile, if its shape allowed one to be made, and all faults found."""
    name = path.name.removesuffix(".yaml")
    try:
        data = read_yaml(path)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return None, (Fault(name, "file", "not-readable", str(error)),)
    profile, faults = build_profile(name, data, text_reader(path.parent / "texts"))
    if profile is not None and profile.key != name:
        faults = (*faults, Fault(name, "id", "file-name", f"holds {profile.key}"))
    return profile, faults


def read_draft(path: Path, *places: Path) -> tuple[Profile | None, tuple[Fault, ...]]:
    """A profile in a file of any name; a text that is not in texts/ beside it is looked for in texts/ of `places`."""
    name = path.name
    try:
        data = read_yaml(path)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return None, (Fault(name, "file", "not-readable", str(error)),)
    readers = [text_reader(folder / "texts") for folder in (path.parent, *places)]

    def texts(wanted: str) -> str | None:
        return next((text for read in readers if (text := read(wanted)) is not None), None)

    return build_profile(name, data, texts)


def text_reader(folder: Path) -> Texts:
    def read(name: str) -> str | None:
        path = folder / name
        return path.read_text(encoding="utf-8") if path.is_file() else None

    return read


def build_profile(
    name: str, data: object, texts: Texts
) -> tuple[Profile | None, tuple[Fault, ...]]:
    """Pure but for `texts`: shape first, then sense; sense is checked over whatever has a right shape."""
    faults: list[Fault] = []
    head = _read(RawProfile, name, "", data, faults)
    if head is None:
        return None, tuple(faults)
    raw_rules = [_read(RawRule, name, _label(r, i), r, faults) for i, r in enumerate(head.rules)]
    raw_processes = [
        _read(RawProcess, name, _label(p, i), p, faults) for i, p in enumerate(head.processes)
    ]
    rules = [_rule(head, raw, name, faults) for raw in raw_rules if raw]
    processes = [_process(raw, name, faults) for raw in raw_processes if raw]
    profile = Profile(
        head.id,
        head.version,
        head.title,
        Source(head.source.instrument, head.source.issuer, head.source.issued, head.source.text),
        Span(head.start, head.end),
        head.status,
        _unique(name, [rule for rule in rules if rule], faults),
        _unique(name, processes, faults),
        tuple(NoRule(_citation(head, each.at), each.reason) for each in head.no_rule),
    )
    whole = len(profile.rules) == len(head.rules)
    found = faults_of(profile, texts(profile.source.text))
    faults += [f for f in found if whole or f.code != "unknown-rule"]
    return profile, tuple(faults)


def overlapping_versions(profiles: Iterable[Profile]) -> Iterable[Fault]:
    for one, two in combinations(profiles, 2):
        day = one.span.meets(two.span) if one.id == two.id else None
        if day is not None:
            detail = f"is in force together with {two.key}"
            yield Fault(one.key, "from", "overlapping-validity", detail, {"on": day.isoformat()})


def _read(model: type[M], name: str, where: str, data: object, faults: list[Fault]) -> M | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for each in error.errors():
            path = ".".join(str(part) for part in each["loc"])
            place = " ".join(part for part in (where, path) if part)
            shown = {"given": repr(each["input"])[:120]} if path else None
            faults.append(Fault(name, place or "file", "shape", each["msg"], shown))
        return None


def _label(entry: object, index: int) -> str:
    given = entry.get("id") if isinstance(entry, dict) else None
    return str(given or f"entry {index + 1}")[:120]


def _rule(head: RawProfile, raw: RawRule, name: str, faults: list[Fault]) -> Rule[Params] | None:
    function = functions().get(raw.function)
    if function is None:
        detail = f"no function {raw.function}"
        faults.append(Fault(name, raw.id, "unknown-function", detail, _nearest(raw.function)))
        return None
    if raw.type not in function.types:
        detail = f"{raw.function} is not for rules of type {raw.type}"
        faults.append(Fault(name, raw.id, "wrong-type", detail))
    params = _read(function.params, name, f"{raw.id} params", raw.params, faults)
    if params is None:
        return None
    return Rule(
        raw.id,
        raw.type,
        raw.function,
        params,
        _basis(head, raw),
        Span(raw.start or head.start, raw.end or head.end),
        Verified(raw.verified.on, raw.verified.by),
        tuple(_ambiguity(each, function, raw, name, faults) for each in raw.ambiguity),
        raw.exception_to,
        known=head.known,
        account=head.source.account,
        when=raw.when,
    )


def _nearest(function: str) -> Mapping[str, str] | None:
    close = get_close_matches(function, functions(), n=3, cutoff=0.5)
    return {"nearest": ", ".join(close)} if close else None


def _basis(head: RawProfile, raw: RawRule) -> Basis:
    place = _citation(head, raw.at)
    statement = " ".join(raw.statement.split())
    quote = " ".join(raw.quote.split())
    also = tuple(_citation(head, other) for other in raw.also)
    return Basis(
        head.id, head.version, head.status, raw.id, place, quote, statement, raw.reads, also
    )


def _citation(head: RawProfile, at: RawPlace) -> Citation:
    return Citation(head.source.instrument, at.part, at.article, at.clause, at.point, at.item)


def _ambiguity(raw: RawAmbiguity, function: RuleFunction, rule: RawRule, name: str, faults: list[Fault]) -> Ambiguity:  # fmt: skip
    others: list[Other] = []
    for other in raw.others:
        params = None
        if other.params is not None:
            where = f"{rule.id} {raw.id} params"
            params = _read(function.params, name, where, {**rule.params, **other.params}, faults)
        others.append(Other(other.reading, params, other.gives))
    return Ambiguity(raw.id, raw.reading, tuple(others))


def _process(raw: RawProcess, name: str, faults: list[Fault]) -> Process:
    steps = [
        StepOf(
            step.id,
            step.name_vi,
            step.name_en,
            step.roles,
            step.checks,
            step.rule,
            step.act or step.id,
        )
        for step in raw.steps
    ]
    return Process(
        raw.id,
        raw.name_vi,
        raw.name_en,
        raw.rule,
        raw.start,
        raw.published,
        raw.required,
        _unique(f"{name} {raw.id}", steps, faults),
        tuple(Transition(t.source, t.target, t.on, t.undoes) for t in raw.transitions),
    )


N = TypeVar("N", Rule[Params], Process, StepOf)


def _unique(name: str, named: list[N], faults: list[Fault]) -> Mapping[str, N]:
    found: dict[str, N] = {}
    for each in named:
        if each.id in found:
            faults.append(Fault(name, each.id, "twice", "the id stands twice"))
        found.setdefault(each.id, each)
    return found
