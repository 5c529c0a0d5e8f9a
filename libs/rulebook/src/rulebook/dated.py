"""Values that hold from a day until another: half-open, of two that meet the later recorded."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

Attributes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spell:
    """New values from `valid_from` on, until `valid_to` if that is known: half-open."""

    valid_from: date
    valid_to: date | None
    changes: Attributes
    cleared: tuple[str, ...] = ()

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def meets(self, other: "Spell") -> bool:
        """Whether the two share a day."""
        ends, others_end = self.valid_to or date.max, other.valid_to or date.max
        return self.valid_from < others_end and other.valid_from < ends


@dataclass(frozen=True, slots=True)
class Dated:
    """Something over all its days: what it was at first, and every change recorded since."""

    valid_from: date = date.min
    valid_to: date | None = None
    first: Attributes = field(default_factory=dict[str, Any])
    spells: tuple[Spell, ...] = ()

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def covers(self, valid_from: date, valid_to: date | None) -> bool:
        """Whether it exists on every day of [valid_from, valid_to)."""
        ends = self.valid_to or date.max
        return self.valid_from <= valid_from and (valid_to or date.max) <= ends

    def as_of(self, day: date) -> Attributes | None:
        """Its attributes on a day; None outside its days."""
        if not self.holds(day):
            return None
        attributes = dict(self.first)
        for spell in self.spells:
            if spell.covers(day):
                attributes |= spell.changes
                for name in spell.cleared:
                    attributes.pop(name, None)
        return attributes

    @property
    def latest(self) -> Attributes:
        """Its attributes on its last day, or as far as is known of what goes on."""
        day = self.valid_to - timedelta(days=1) if self.valid_to else date.max
        return self.as_of(day) or dict(self.first)

    def spans(self) -> Iterator[tuple[date, date | None, Attributes]]:
        """Its days cut where a value may change: (first day, day after the last, attributes)."""
        days = {self.valid_from}
        for spell in self.spells:
            days |= {spell.valid_from, spell.valid_to or spell.valid_from}
        cuts = [day for day in sorted(days) if self.holds(day)]
        for place, day in enumerate(cuts, 1):
            until = cuts[place] if place < len(cuts) else self.valid_to
            yield day, until, self.as_of(day) or {}

    def values_of(self, name: str) -> set[Any]:
        """Every value an attribute ever had."""
        named = [self.first, *(spell.changes for spell in self.spells)]
        return {attributes[name] for attributes in named if name in attributes}

    def changed(self, spell: Spell) -> "Dated":
        return replace(self, spells=(*self.spells, spell))

    def ended(self, day: date) -> "Dated":
        return replace(self, valid_to=day)
