"""A delegation (uỷ quyền) as its facts tell it: given once, revoked at a moment or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from contracts.events import model_of
from contracts.events.directory import DelegationGivenV1, DelegationRevokedV1
from rulebook.authority import Delegation
from rulebook.profiles.model import Span

DelegationFact = DelegationGivenV1 | DelegationRevokedV1


@dataclass(frozen=True, slots=True)
class Entrusted:
    """Not `known` before it is given; `revoked` is the earliest moment named."""

    given: DelegationGivenV1 | None = None
    revoked: datetime | None = None

    @property
    def known(self) -> bool:
        return self.given is not None

    def counts_at(self, at: datetime, day: date) -> bool:
        """Whether it is in force at a moment, which falls on that day of the law."""
        if self.given is None or (self.revoked is not None and at >= self.revoked):
            return False
        return self.given.valid_from <= day < self.given.valid_to

    @property
    def power(self) -> Delegation:
        """What the rulebook's authority reads. Raises ValueError before it is given."""
        if self.given is None:
            raise ValueError("power: nothing was given")
        given = self.given
        return Delegation(
            id=given.delegation_id,
            giver=given.giver,
            receiver=given.receiver,
            span=Span(given.valid_from, given.valid_to),
            document=given.document.number,
            acts=frozenset(given.acts),
            sites=frozenset(given.sites),
            categories=None if given.categories is None else frozenset(given.categories),
            revoked=self.revoked,
        )


NOTHING_GIVEN = Entrusted()


def evolve(entrusted: Entrusted, fact: DelegationFact) -> Entrusted:
    """The delegation after a fact of its stream; a later revocation never prolongs it."""
    match fact:
        case DelegationGivenV1():
            return Entrusted(fact)
        case DelegationRevokedV1():
            earliest = min(fact.revoked_at, entrusted.revoked or fact.revoked_at)
            return replace(entrusted, revoked=earliest)


def of_stored(facts: Iterable[Mapping[str, Any]]) -> Entrusted:
    """The delegation that kept facts of one stream tell of (`rulebook.agency.as_stored`)."""
    entrusted = NOTHING_GIVEN
    for fact in facts:
        entrusted = evolve(entrusted, model_of(fact["type"]).of(fact["data"]))  # pyright: ignore[reportArgumentType] - a stream of delegations holds nothing else
    return entrusted
