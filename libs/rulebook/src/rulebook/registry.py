"""Rule functions by name: what profiles may call, with typed parameters and inputs.

A module of rule functions ends with `FUNCTIONS: tuple[RuleFunction, ...]` and is named in `_MODULES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

from pydantic import BaseModel, ConfigDict

from rulebook.explanation import Explained
from rulebook.profiles.model import Rule, RuleType
from rulebook.profiles.params import Params
from rulebook.world import World

_MODULES = (
    "rulebook.deadlines",
    "rulebook.intake",
    "rulebook.periodic",
    "rulebook.rules.counters",
    "rulebook.rules.domains",
    "rulebook.rules.duties",
    "rulebook.rules.formats",
    "rulebook.rules.grounds",
    "rulebook.rules.levels",
    "rulebook.rules.required",
    "rulebook.rules.routes",
    "rulebook.rules.royalties",
    "rulebook.separation",
)


class Inputs(BaseModel):
    """What a case gives to a rule, readable from JSON; unknown names are refused, times must be aware."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


@dataclass(frozen=True, slots=True)
class RuleFunction:
    """What a profile may name as `function`.

    `decides` names what is decided (None: rules of this function never contradict each other); `gives` is the part of
    the parameters in which two rules that decide the same must agree.
    """

    name: str
    types: frozenset[RuleType]
    params: type[Params]
    inputs: type[Inputs]
    apply: Callable[[Rule[Any], Any, World], Explained]
    decides: Callable[[Any], str | None] = lambda _params: None
    gives: Callable[[Any], object] = lambda params: params


@lru_cache(maxsize=1)
def rules() -> Mapping[str, RuleFunction]:
    """All functions by name. Raises ValueError if two modules claim one name."""
    found: dict[str, RuleFunction] = {}
    for module in _MODULES:
        for function in import_module(module).FUNCTIONS:
            if function.name in found:
                raise ValueError(f"function: {function.name} is defined twice")
            found[function.name] = function
    return found
