"""An agency over all its days, folded from its facts: the same for every service that projects it.

Names, codes and competences change on dates, agencies end and are succeeded (mergers, splits, the
end of the district level in 2025); old names stay on old documents, so every question has a day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from contracts.events import model_of
from contracts.events.directory import (
    AgencyChangedV1,
    AgencyEndedV1,
    AgencyRegisteredV1,
    AgencySucceededV1,
)
from contracts.fact import Fact
from rulebook.dated import Attributes, Spell

AgencyFact = AgencyRegisteredV1 | AgencyChangedV1 | AgencyEndedV1 | AgencySucceededV1


@dataclass(frozen=True, slots=True)
class Succession:
    """Part of a succession (kế thừa): how, from which day, from whom to whom."""

    kind: str
    effective_on: date
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency (cơ quan) over all its days; not `known` before it is registered."""

    id: str = ""
    site: str = ""
    jurisdiction: str = ""
    valid_from: date = date.min
    valid_to: date | None = None
    registered: Attributes = field(default_factory=dict[str, Any])
    spells: tuple[Spell, ...] = ()
    successions: tuple[Succession, ...] = ()

    @property
    def known(self) -> bool:
        return bool(self.id)

    def exists_on(self, day: date) -> bool:
        return self.known and Spell(self.valid_from, self.valid_to, {}, ()).covers(day)

    def as_of(self, day: date) -> Attributes | None:
        """Its attributes on a day, of two changes the later recorded; None outside its days."""
        if not self.exists_on(day):
            return None
        attributes = dict(self.registered)
        for spell in self.spells:
            if spell.covers(day):
                attributes |= spell.changes
                for name in spell.cleared:
                    attributes.pop(name, None)
        return attributes

    @property
    def latest(self) -> Attributes:
        """Its attributes on its last day, or as far as is known of an agency that goes on."""
        day = self.valid_to - timedelta(days=1) if self.valid_to else date.max
        return self.as_of(day) or dict(self.registered)

    @property
    def followed(self) -> Succession | None:
        """How its work was handed over, if it was."""
        return next((s for s in self.successions if self.id in s.predecessors), None)


NOBODY = Agency()


_IDENTITY = {"agency_id", "site", "jurisdiction", "valid_from", "valid_to"}


def evolve(agency: Agency, fact: AgencyFact) -> Agency:
    """The agency after a fact of its stream."""
    match fact:
        case AgencyRegisteredV1():
            return Agency(
                id=fact.agency_id,
                site=fact.site,
                jurisdiction=fact.jurisdiction,
                valid_from=fact.valid_from,
                valid_to=fact.valid_to,
                registered={k: v for k, v in fact.data().items() if k not in _IDENTITY},
            )
        case AgencyChangedV1():
            spell = Spell(fact.valid_from, fact.valid_to, changed_values(fact), tuple(fact.cleared))
            return replace(agency, spells=(*agency.spells, spell))
        case AgencyEndedV1():
            return replace(agency, valid_to=fact.ends_on)
        case AgencySucceededV1():
            handed = Succession(fact.kind, fact.effective_on, fact.predecessors, fact.successors)
            return replace(agency, successions=(*agency.successions, handed))


def folded(facts: Iterable[AgencyFact]) -> Agency:
    """The agency that these facts of one stream tell of, in their order."""
    agency = NOBODY
    for fact in facts:
        agency = evolve(agency, fact)
    return agency


def changed_values(fact: AgencyChangedV1) -> Attributes:
    """The new values of a change, as JSON values."""
    return fact.changes.model_dump(mode="json", exclude_none=True)


def as_stored(fact: Fact) -> dict[str, object]:
    """A fact as a projection keeps it, to be folded again on any day."""
    return {"type": str(fact.name()), "data": fact.data()}


def of_stored(facts: Iterable[Mapping[str, Any]]) -> Agency:
    """The agency that kept facts of one stream tell of; the inverse of `as_stored`."""
    return folded(model_of(fact["type"]).of(fact["data"]) for fact in facts)  # pyright: ignore[reportArgumentType] - a stream of agencies holds nothing else
