"""A person on duty over all days: their entry, their sign-ins, the positions they hold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from contracts.events import model_of
from contracts.events.directory import (
    IdentityLinkedV1,
    IdentityUnlinkedV1,
    PersonChangedV1,
    PersonRegisteredV1,
    PositionChangedV1,
    PositionEndedV1,
    PositionGivenV1,
)
from rulebook.authority import Position
from rulebook.dated import Attributes, Dated, Spell
from rulebook.profiles.model import Span

PersonFact = (
    PersonRegisteredV1
    | PersonChangedV1
    | IdentityLinkedV1
    | IdentityUnlinkedV1
    | PositionGivenV1
    | PositionChangedV1
    | PositionEndedV1
)
_IDENTITY = {"person_id", "site", "kind", "valid_from", "valid_to", "document"}
_POST = {"person_id", "site", "position_id", "role", "follows", "valid_from", "valid_to"}


@dataclass(frozen=True, slots=True)
class Identity:
    """A sign-in: the issuer and the subject it gives."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Post:
    """A position (vị trí) over its days: its sections, board and agency may change, its role never."""

    id: str
    person: str
    role: str
    site: str
    days: Dated
    follows: str | None = None

    def as_positions(self) -> Iterator[Position]:
        """What the rulebook's authority reads: one for each stretch with the same sections."""
        for start, end, attributes in self.days.spans():
            sections = frozenset(attributes.get("sections", ()))
            yield Position(self.id, self.person, self.role, self.site, Span(start, end), sections)


@dataclass(frozen=True, slots=True)
class Person:
    """Not `known` before they are registered."""

    id: str = ""
    site: str = ""
    kind: str = ""
    days: Dated = field(default_factory=Dated)
    identities: frozenset[Identity] = frozenset()
    posts: Mapping[str, Post] = field(default_factory=dict[str, Post])

    @property
    def known(self) -> bool:
        return bool(self.id)

    @property
    def positions(self) -> tuple[Position, ...]:
        """All positions for `rulebook.authority`, past and future ones too."""
        return tuple(each for post in self.posts.values() for each in post.as_positions())

    def posts_on(self, day: date) -> tuple[Post, ...]:
        return tuple(post for post in self.posts.values() if post.days.holds(day))


NOBODY = Person()


def evolve(person: Person, fact: PersonFact) -> Person:
    """The person after a fact of their stream."""
    match fact:
        case PersonRegisteredV1():
            first = {k: v for k, v in fact.data().items() if k not in _IDENTITY}
            days = Dated(fact.valid_from, fact.valid_to, first)
            return Person(fact.person_id, fact.site, fact.kind, days)
        case PersonChangedV1():
            spell = Spell(fact.valid_from, fact.valid_to, new_values(fact), fact.cleared)
            return replace(person, days=person.days.changed(spell))
        case IdentityLinkedV1():
            identity = Identity(fact.issuer, fact.subject)
            return replace(person, identities=person.identities | {identity})
        case IdentityUnlinkedV1():
            identity = Identity(fact.issuer, fact.subject)
            return replace(person, identities=person.identities - {identity})
        case _:
            return replace(person, posts=_posts(person.posts, fact))


def _posts(
    posts: Mapping[str, Post], fact: PositionGivenV1 | PositionChangedV1 | PositionEndedV1
) -> Mapping[str, Post]:
    if isinstance(fact, PositionGivenV1):
        first = {k: v for k, v in fact.data().items() if k not in _POST}
        days = Dated(fact.valid_from, fact.valid_to, first)
        post = Post(fact.position_id, fact.person_id, fact.role, fact.site, days, fact.follows)
    else:
        post = posts[fact.position_id]
        if isinstance(fact, PositionChangedV1):
            days = post.days.changed(Spell(fact.valid_from, None, new_values(fact)))
        else:
            days = post.days.ended(fact.ends_on)
        post = replace(post, days=days)
    return {**posts, post.id: post}


def new_values(fact: PersonChangedV1 | PositionChangedV1) -> Attributes:
    """The new values of a change, as JSON values."""
    return fact.changes.model_dump(mode="json", exclude_none=True)


def of_stored(facts: Iterable[Mapping[str, Any]]) -> Person:
    """The person that kept facts of one stream tell of (`rulebook.agency.as_stored`)."""
    person = NOBODY
    for fact in facts:
        person = evolve(person, model_of(fact["type"]).of(fact["data"]))  # pyright: ignore[reportArgumentType] - a stream of people holds nothing else
    return person
