"""A site (cổng, trang thông tin điện tử) over all its days, folded from its facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from contracts.events import model_of
from contracts.events.directory import (
    SiteChangedV1,
    SiteClosedV1,
    SiteInheritedV1,
    SiteOpenedV1,
)
from rulebook.dated import Attributes, Dated, Spell

SiteFact = SiteOpenedV1 | SiteChangedV1 | SiteClosedV1 | SiteInheritedV1

LEVELS: Mapping[str, int] = {
    "province": 0,
    "department": 1,
    "district": 1,
    "public_service_portal": 1,
    "other_organisation": 1,
    "commune": 2,
    "unit": 2,
}
"""How high a kind of site stands (province ← departments ← units): a parent always stands higher,
and a site never changes its kind, so that no hierarchy can run in a circle."""

_IDENTITY = {"site", "kind", "valid_from", "valid_to"}


@dataclass(frozen=True, slots=True)
class Closing:
    """How a site was closed: who takes over, and the roles that do not follow there."""

    on: date
    successor: str | None
    ending_roles: tuple[str, ...] = ()
    document: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """Not `known` before it is opened."""

    id: str = ""
    kind: str = ""
    days: Dated = field(default_factory=Dated)
    closing: Closing | None = None
    inherits: tuple[tuple[str, date], ...] = ()
    """The sites it stands for, each with the day from which on."""

    @property
    def known(self) -> bool:
        return bool(self.id)

    @property
    def level(self) -> int:
        return LEVELS[self.kind]

    def exists_on(self, day: date) -> bool:
        return self.known and self.days.holds(day)

    def as_of(self, day: date) -> Attributes | None:
        return self.days.as_of(day) if self.known else None

    def profile_on(self, day: date) -> str:
        """The key of the profile it works under that day; of its nearest day outside of its days."""
        attributes = self.as_of(day) or (
            self.days.latest if day >= self.days.valid_from else self.days.first
        )
        return attributes["profile"]


NO_SITE = Site()


def evolve(site: Site, fact: SiteFact) -> Site:
    """The site after a fact of its stream."""
    match fact:
        case SiteOpenedV1():
            first = {k: v for k, v in fact.data().items() if k not in _IDENTITY}
            return Site(fact.site, fact.kind, Dated(fact.valid_from, fact.valid_to, first))
        case SiteChangedV1():
            spell = Spell(fact.valid_from, fact.valid_to, new_values(fact), fact.cleared)
            return replace(site, days=site.days.changed(spell))
        case SiteClosedV1():
            roles = tuple(fact.ending_roles)
            closing = Closing(fact.closes_on, fact.successor, roles, fact.document.number)
            return replace(site, days=site.days.ended(fact.closes_on), closing=closing)
        case SiteInheritedV1():
            inherited = (fact.predecessor, fact.inherits_on)
            return replace(site, inherits=(*site.inherits, inherited))


def new_values(fact: SiteChangedV1) -> Attributes:
    """The new values of a change, as JSON values."""
    return fact.changes.model_dump(mode="json", exclude_none=True)


def of_stored(facts: Iterable[Mapping[str, Any]]) -> Site:
    """The site that kept facts of one stream tell of (`rulebook.agency.as_stored`)."""
    site = NO_SITE
    for fact in facts:
        site = evolve(site, model_of(fact["type"]).of(fact["data"]))  # pyright: ignore[reportArgumentType] - a stream of sites holds nothing else
    return site
