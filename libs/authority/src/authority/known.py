"""What a service knows of people, delegations and sites, indexed for decisions: pure, in memory.

Facts are folded stream by stream as they come; streams come in any order, so nothing here waits for
another stream: a delegation may be known before its giver is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from contracts.events.directory import IdentityLinkedV1, IdentityUnlinkedV1, PositionGivenV1
from rulebook import delegated, person, site
from rulebook.authority import Delegation, Position, Powers
from rulebook.delegated import Entrusted
from rulebook.house import ADMINISTRATOR
from rulebook.person import Person
from rulebook.site import Site

PERSON, DELEGATION, SITE = "directory.person", "directory.delegation", "directory.site"
TOPICS = (PERSON, DELEGATION, SITE)

Stream = tuple[str, str]


class Hole(Exception):
    """A fact came before the one in front of it: what is known must be read anew."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the directory as it is kept: where it stands and what it says."""

    topic: str
    stream: str
    sequence: int
    at: datetime
    said: Any


@dataclass(slots=True)
class Known:
    """`version` rises with every change, so that whoever computed something from it can tell.

    reached     (topic, stream) → the last sequence known
    administrators  who was ever given the installation to administer, and when that was said
    """

    version: int = 0
    reached: dict[Stream, int] = field(default_factory=dict[Stream, int])
    people: dict[str, Person] = field(default_factory=dict[str, Person])
    sites: dict[str, Site] = field(default_factory=dict[str, Site])
    administrators: dict[str, datetime] = field(default_factory=dict[str, datetime])
    _entrusted: dict[str, Entrusted] = field(default_factory=dict[str, Entrusted])
    _identities: dict[tuple[str, str], dict[str, datetime]] = field(
        default_factory=dict[tuple[str, str], dict[str, datetime]]
    )
    _held: dict[str, tuple[Position, ...]] = field(default_factory=dict[str, tuple[Position, ...]])
    _received: dict[str, dict[str, Delegation]] = field(
        default_factory=dict[str, dict[str, Delegation]]
    )
    _there: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    def take(self, fact: Fact) -> None:
        """Learn one fact; a repeat is nothing new. Raises Hole."""
        stream = (fact.topic, fact.stream)
        reached = self.reached.get(stream, 0)
        if fact.sequence <= reached:
            return
        if fact.sequence != reached + 1:
            raise Hole(f"{fact.stream}: {fact.sequence} after {reached}")
        id = fact.stream.rpartition("/")[2]
        if fact.topic == PERSON:
            self._take_person(id, fact)
        elif fact.topic == DELEGATION:
            self._take_delegation(id, fact.said)
        else:
            self.sites[id] = site.evolve(self.sites.get(id, site.NO_SITE), fact.said)
        self.reached[stream] = fact.sequence
        self.version += 1

    def _take_person(self, id: str, fact: Fact) -> None:
        said = fact.said
        self.people[id] = after = person.evolve(self.people.get(id, person.NOBODY), said)
        if isinstance(said, IdentityLinkedV1):
            self._identities.setdefault((said.issuer, said.subject), {})[id] = fact.at
        elif isinstance(said, IdentityUnlinkedV1):
            self._identities.get((said.issuer, said.subject), {}).pop(id, None)
        else:
            if isinstance(said, PositionGivenV1) and said.role == ADMINISTRATOR:
                self.administrators.setdefault(id, fact.at)
            self._held[id] = after.positions
            for position in after.positions:
                self._there.setdefault(position.site, set()).add(id)

    def _take_delegation(self, id: str, said: Any) -> None:
        before = self._entrusted.get(id, delegated.NOTHING_GIVEN)
        self._entrusted[id] = after = delegated.evolve(before, said)
        power = after.power
        self._received.setdefault(power.receiver, {})[id] = power

    # -- asked by decisions -------------------------------------------------------------------

    def person_of(self, issuer: str, subject: str) -> str | None:
        """Whose sign-in this is. Where two streams disagree for a moment, the later link counts."""
        linked = self._identities.get((issuer, subject))
        if not linked:
            return None
        return max(linked, key=lambda person_id: (linked[person_id], person_id))

    def linked_since(self, person: str, issuer: str | None) -> datetime | None:
        """When the first of a person's present sign-ins at an issuer was linked; None: anywhere."""
        linked = (
            people[person]
            for (where, _), people in self._identities.items()
            if person in people and issuer in {None, where}
        )
        return min(linked, default=None)

    def held_by(self, person: str) -> tuple[Position, ...]:
        """Every position of a person, with the days that each was given for."""
        return self._held.get(person, ())

    def people_at(self, site: str) -> frozenset[str]:
        """Everybody who ever holds a position there."""
        return frozenset(self._there.get(site, ()))

    def powers_of(self, people: Iterable[str]) -> Powers:
        """All that can give these people a power: what they hold and received, and their givers too."""
        waiting, seen = sorted(people, reverse=True), set[str]()
        positions: list[Position] = []
        delegations: list[Delegation] = []
        while waiting:
            id = waiting.pop()
            if id in seen:
                continue
            seen.add(id)
            positions.extend(self._held.get(id, ()))
            received = self._received.get(id, {})
            delegations.extend(received[key] for key in sorted(received))
            waiting.extend(each.giver for each in received.values())
        return Powers(tuple(positions), tuple(delegations))
