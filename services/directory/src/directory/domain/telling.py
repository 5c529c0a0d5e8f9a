"""What a decision changed, told field by field: the state before and after it, on the day it speaks of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from contracts.fact import Value
from rulebook.dated import Dated
from rulebook.explanation import plain

HISTORY = frozenset({"registered", "spells", "changes"})
"""Fields that keep the past; `as_of` tells what they come to on a day."""

DAYS = ("valid_from", "effective_on", "inherits_on", "start", "issued_on", "works_from")
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: None stands for a field that was not there."""

    field: str
    before: Any
    after: Any


def changes(before: object, after: object, day: date) -> list[FieldChange]:
    """Every field with another value, by name; dots lead into parts."""
    old, new = (dict(_flat(told(state, day))) for state in (before, after))
    names = sorted({*old, *new})
    return [FieldChange(n, old.get(n), new.get(n)) for n in names if old.get(n) != new.get(n)]


def day_of(facts: Iterable[Mapping[str, Any]], otherwise: date) -> date:
    """The day that facts speak of: the first that one of them names, else the day of the decision."""
    for data in facts:
        for name in DAYS:
            if isinstance(data.get(name), str):
                return date.fromisoformat(data[name][:10])
    return otherwise


def told(state: object, day: date) -> dict[str, Any]:
    """A state as plain fields: what holds on a day, and what does not depend on one."""
    found: dict[str, Any] = {}
    if not is_dataclass(state) or isinstance(state, type):
        return found
    for each in fields(state):
        value = getattr(state, each.name)
        if isinstance(value, Dated):
            found |= {"valid_from": plain(value.valid_from), "valid_to": plain(value.valid_to)}
            found |= value.as_of(day) or value.latest
        elif each.name not in HISTORY:
            found[each.name] = _plain(value, day)
    if hasattr(state, "registered"):
        found |= state.as_of(day) or state.latest  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType] - agencies and units have both
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _plain(value: object, day: date) -> Any:
    if isinstance(value, Value):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(value, Mapping):
        return {str(key): _plain(item, day) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted((_plain(item, day) for item in value), key=repr)
    if isinstance(value, list | tuple):
        return _listed(value, day)
    if is_dataclass(value):
        return told(value, day)
    return plain(value)


def _listed(values: Sequence[Any], day: date) -> Any:
    """Parts with an id of their own are told under it."""
    if values and all(is_dataclass(each) and hasattr(each, "id") for each in values):
        return {each.id: _plain(each, day) for each in values}
    return [_plain(each, day) for each in values]


def _flat(values: Mapping[str, Any], before: str = "", depth: int = 1) -> Iterable[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict) and value and depth < DEEPEST:
            yield from _flat(value, f"{before}{name}.", depth + 1)
        else:
            yield f"{before}{name}", value
