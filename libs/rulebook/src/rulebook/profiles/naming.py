"""Whether what a profile names can be told: a name without words in both languages is misspelt, or not known yet."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain
from typing import Any

from rulebook.phrases import terms
from rulebook.profiles.faults import Fault
from rulebook.profiles.model import Process, Profile, Rule
from rulebook.profiles.params import Params

TOLD = frozenset(
    [
        "who", "roles", "from_role", "to_roles", "to", "agency", "member", "supplier", "decides", "proposes", "pays",
        "then_to", "payees", "acts", "fields", "parts", "one_of", "subject", "categories", "category_scope", "ground",
        "kinds", "metrics", "needs", "flag", "situation", "trigger", "duty", "term", "mode", "languages", "within",
        "site_kind", "name_rule",
    ]
)  # fmt: skip
"""Parameters whose values explanations tell as words; what a duty asks for is told by the rule's own statement."""

_NAME = re.compile(r"[a-z][a-z0-9_.]*")
"""A name, and not a pattern or words."""


def names_have_words(profile: Profile) -> Iterable[Fault]:
    """An act, a role, a field … that the vocabulary lacks is refused with the name that comes nearest."""
    for rule in profile.rules.values():
        yield from _unknown(profile, rule.id, _in_rule(rule))
    for process in profile.processes.values():
        yield from _unknown(profile, process.id, _in_process(process))


def _unknown(profile: Profile, where: str, named: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    for key, name in dict.fromkeys(named):
        if name not in terms():
            close = get_close_matches(name, terms(), n=1, cutoff=0.6)
            shown = {"name": name} | ({"nearest": close[0]} if close else {})
            yield Fault(
                profile.key, where, "unknown-name",
                f"{key} names {name}, for which there are no words in Vietnamese and English", shown,
            )  # fmt: skip


def _in_rule(rule: Rule[Params]) -> Iterator[tuple[str, str]]:
    for key, values in rule.when.items():
        yield from ((f"when.{key}", value) for value in sorted(values))
    for key, value in rule.params:
        yield from _in_value(key.removesuffix("_"), value)


def _in_value(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """The names in a parameter, and in the parameters inside it."""
    if isinstance(value, Params):
        yield from chain.from_iterable(_in_value(name, each) for name, each in value)
    elif key in TOLD:
        yield from ((key, name) for name in _names(value))


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if _NAME.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        yield from chain.from_iterable(_names(each) for each in (*value, *value.values()))
    elif isinstance(value, list | tuple | frozenset):
        yield from chain.from_iterable(map(_names, value))


def _in_process(process: Process) -> Iterator[tuple[str, str]]:
    for step in process.steps.values():
        yield (f"{step.id}.act", step.act)
        yield from ((f"{step.id}.roles", role) for role in step.roles)
    for way in process.transitions:
        if way.on is not None:
            yield (f"{way.source}.on", way.on)
