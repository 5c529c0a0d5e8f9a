"""An administrative unit over all its days, folded from its facts, and what became of it.

Provinces merged and the level of districts ended on 1 July 2025; codes and names went on to other
units. So every question has a day, and a code alone never says which unit is meant.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

from contracts.fact import Fact

Attributes = dict[str, Any]
Level = Literal["province", "district", "commune"]
LEVELS: tuple[Level, ...] = ("province", "district", "commune")


@dataclass(frozen=True, slots=True)
class Changed:
    """New values from a day on, until the next change of the same attribute."""

    valid_from: date
    values: Attributes


@dataclass(frozen=True, slots=True)
class UnitSuccession:
    """Part of a succession: how, from which day, from whom to whom, by which document."""

    kind: str
    effective_on: date
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    document: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit (đơn vị hành chính) over all its days; not `known` before it is registered."""

    id: str = ""
    site: str = ""
    level: str = ""
    valid_from: date = date.min
    valid_to: date | None = None
    registered: Attributes = field(default_factory=dict[str, Any])
    changes: tuple[Changed, ...] = ()
    successions: tuple[UnitSuccession, ...] = ()
    parts: Mapping[str, date | None] = field(default_factory=dict[str, date | None])
    """Units that belong to it, each with the day after its last there; see `with_parts`."""

    @property
    def known(self) -> bool:
        return bool(self.id)

    def exists_on(self, day: date) -> bool:
        return self.known and self.valid_from <= day and (self.valid_to is None or day < self.valid_to)  # fmt: skip

    def as_of(self, day: date) -> Attributes | None:
        """Its attributes on a day; None outside its days."""
        if not self.exists_on(day):
            return None
        attributes = dict(self.registered)
        for change in sorted(self.changes, key=lambda each: each.valid_from):
            if change.valid_from <= day:
                attributes |= change.values
        return attributes

    @property
    def latest(self) -> Attributes:
        """Its attributes on its last day, or as far as is known of a unit that goes on."""
        day = self.valid_to - timedelta(days=1) if self.valid_to else date.max
        return self.as_of(day) or dict(self.registered)

    def parts_after(self, day: date) -> tuple[str, ...]:
        """Units that still belong to it on a day."""
        return tuple(part for part, end in self.parts.items() if end is None or end > day)

    @property
    def followed(self) -> UnitSuccession | None:
        """How it ended in others, if it did."""
        return next((s for s in self.successions if self.id in s.predecessors), None)


NO_UNIT = Unit()
_OWN = {"unit_id", "site", "level", "valid_from", "valid_to", "document"}


def evolve_unit(unit: Unit, fact: Fact) -> Unit:
    """The unit after a fact of its stream."""
    return unit_after(unit, fact.TYPE, fact.data())


def unit_after(unit: Unit, type: str, data: Mapping[str, Any]) -> Unit:
    """The same from a fact's name (without version) and its JSON values."""
    match type.removeprefix("directory.administrative_unit_"):
        case "registered":
            return Unit(
                id=data["unit_id"],
                site=data["site"],
                level=data["level"],
                valid_from=date.fromisoformat(data["valid_from"]),
                valid_to=_day(data.get("valid_to")),
                registered={name: value for name, value in data.items() if name not in _OWN},
            )
        case "changed":
            change = Changed(date.fromisoformat(data["valid_from"]), dict(data["changes"]))
            return replace(unit, changes=(*unit.changes, change))
        case "ended":
            return replace(unit, valid_to=date.fromisoformat(data["ends_on"]))
        case "succeeded":
            return replace(unit, successions=(*unit.successions, _succession(data)))
        case "directory.administrative_part_recorded":
            return replace(unit, parts={**unit.parts, data["part"]: _day(data.get("valid_to"))})
        case _:
            return unit


def unit_of_stored(facts: Iterable[Mapping[str, Any]]) -> Unit:
    """The unit that kept facts of one stream tell of (`rulebook.agency.as_stored`)."""
    unit = NO_UNIT
    for fact in facts:
        unit = unit_after(unit, fact["type"].rpartition(".v")[0], fact["data"])
    return unit


def _succession(data: Mapping[str, Any]) -> UnitSuccession:
    return UnitSuccession(
        kind=data["kind"],
        effective_on=date.fromisoformat(data["effective_on"]),
        predecessors=tuple(data["predecessors"]),
        successors=tuple(data["successors"]),
        document=(data.get("document") or {}).get("number"),
        note=data.get("note"),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class Held:
    """A unit holds a code on the days [valid_from, valid_to)."""

    unit_id: str
    valid_from: date
    valid_to: date | None

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def meets(self, other: "Held") -> bool:
        return self.valid_from < (other.valid_to or date.max) and other.valid_from < (
            self.valid_to or date.max
        )


@dataclass(frozen=True, slots=True)
class Code:
    """An official code (mã đơn vị hành chính) and the units that hold it, one after the other."""

    held: tuple[Held, ...] = ()

    def holder(self, day: date) -> str | None:
        """The unit that holds it on a day."""
        return next((held.unit_id for held in self.held if held.covers(day)), None)


NO_CODE = Code()


@dataclass(frozen=True, slots=True)
class Parts:
    """Which units belong to a unit, each with the day after its last there, as far as that is known.

    until  the day on which the unit itself ends: nothing joins it for later
    """

    held: Mapping[str, date | None] = field(default_factory=dict[str, date | None])
    until: date | None = None


NO_PARTS = Parts()


def evolve_parts(parts: Parts, fact: Fact) -> Parts:
    """The parts after a fact of their stream."""
    data = fact.data()
    if fact.TYPE.endswith("_closed"):
        return replace(parts, until=date.fromisoformat(data["ends_on"]))
    return replace(parts, held={**parts.held, data["part"]: _day(data.get("valid_to"))})


def with_parts(unit: Unit, parts: Parts) -> Unit:
    """A unit as both its streams tell of it; what its own tells of parts is older."""
    until = parts.until if unit.valid_to is None else unit.valid_to
    return replace(unit, parts={**unit.parts, **parts.held}, valid_to=until)


def evolve_code(code: Code, fact: Fact) -> Code:
    """The code after a fact of its stream."""
    data = fact.data()
    unit = data["unit_id"]
    if fact.TYPE.endswith("_taken"):
        taken = Held(unit, date.fromisoformat(data["valid_from"]), _day(data.get("valid_to")))
        return Code((*code.held, taken))
    ends = date.fromisoformat(data["ends_on"])
    return Code(
        tuple(
            replace(held, valid_to=ends)
            if held.unit_id == unit and (held.valid_to is None or held.covers(ends))
            else held
            for held in code.held
        )
    )


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a unit by a day.

    now      units that stand in its place on that day, by id
    path     the successions on the way, nearest first
    lost     units at whose end nobody recorded a successor
    """

    now: tuple[str, ...]
    path: tuple[UnitSuccession, ...]
    lost: tuple[str, ...]


def next_of(unit: Unit, on: date) -> Sequence[str]:
    """Whom to ask next about a unit that has ended by a day; empty while it exists."""
    if unit.exists_on(on) or unit.followed is None or unit.followed.effective_on > on:
        return ()
    return unit.followed.successors


def became(units: Mapping[str, Unit], first: str, on: date) -> Became:
    """Follow the successions from `first`; `units` holds every unit on the way (see `next_of`).

    Ends grow along successions, so the walk ends; a unit met twice is followed once.
    """
    now: list[str] = []
    path: list[UnitSuccession] = []
    lost: list[str] = []
    waiting, seen = [first], {first}
    while waiting:
        unit = units[waiting.pop(0)]
        if unit.exists_on(on):
            now.append(unit.id)
            continue
        following = next_of(unit, on)
        if unit.followed is not None and following and unit.followed not in path:
            path.append(unit.followed)
        if not following:
            lost.append(unit.id)
        waiting += [each for each in following if each not in seen]
        seen.update(following)
    return Became(tuple(now), tuple(path), tuple(lost))
