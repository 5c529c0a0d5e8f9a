"""People, their sign-ins and positions as lists and the check of authority need them."""

from collections.abc import Iterable

from common.consumer import Seen
from common.mongo import Drop, Index, Patch, Put, Write
from contracts.events.directory import (
    IdentityLinkedV1,
    IdentityUnlinkedV1,
    PersonChangedV1,
    PersonRegisteredV1,
    PositionChangedV1,
    PositionEndedV1,
    PositionGivenV1,
)
from directory.projections.sites import NEVER
from rulebook.agency import as_stored
from rulebook.person import PersonFact
from rulebook.text import prefix_keys

PEOPLE = "people"
IDENTITIES = "identities"
POSITIONS = "posts"
"""Not `positions`: that is where a consumer keeps how far it has read."""

INDEXES = (
    Index(PEOPLE, (("site", 1), ("_id", 1))),
    Index(PEOPLE, (("keys", 1), ("_id", 1))),
    Index(PEOPLE, (("agencies", 1), ("_id", 1))),
    Index(IDENTITIES, (("identity", 1),)),
    Index(POSITIONS, (("site", 1), ("_id", 1))),
    Index(POSITIONS, (("role", 1), ("site", 1), ("ends", 1))),
    Index(POSITIONS, (("boards", 1), ("_id", 1))),
    Index(POSITIONS, (("person", 1), ("_id", 1))),
    Index(POSITIONS, (("agencies", 1), ("_id", 1))),
)


def when_person_registered_list_them(fact: PersonRegisteredV1, seen: Seen) -> Iterable[Write]:
    document = {
        "site": fact.site,
        "facts": [as_stored(fact)],
        "keys": list(prefix_keys(fact.full_name)),
        "agencies": [fact.agency] if fact.agency else [],
        "sequence": seen.sequence,
    }
    yield Put(PEOPLE, fact.person_id, document)


def when_person_changed_add_to_them(fact: PersonChangedV1, seen: Seen) -> Iterable[Write]:
    keys = list(prefix_keys(fact.changes.full_name)) if fact.changes.full_name else []
    agencies = [fact.changes.agency] if fact.changes.agency else []
    yield _added(fact, seen)
    yield Patch(PEOPLE, fact.person_id, extend={"keys": keys, "agencies": agencies})


def when_identity_linked_find_them_by_it(fact: IdentityLinkedV1, seen: Seen) -> Iterable[Write]:
    """Under sign-in and person: the streams of two people have no order between them."""
    yield _added(fact, seen)
    identity = identity_key(fact.issuer, fact.subject)
    document = {"identity": identity, "person": fact.person_id}
    yield Put(IDENTITIES, f"{identity}|{fact.person_id}", document)


def when_identity_unlinked_forget_it(fact: IdentityUnlinkedV1, seen: Seen) -> Iterable[Write]:
    yield _added(fact, seen)
    yield Drop(IDENTITIES, f"{identity_key(fact.issuer, fact.subject)}|{fact.person_id}")


def identity_key(issuer: str, subject: str) -> str:
    """How a sign-in is looked up."""
    return f"{issuer}|{subject}"


def when_position_given_list_it(fact: PositionGivenV1, seen: Seen) -> Iterable[Write]:
    yield _added(fact, seen)
    document = {
        "person": fact.person_id,
        "site": fact.site,
        "role": fact.role,
        "boards": [fact.board] if fact.board else [],
        "agencies": [fact.agency] if fact.agency else [],
        "begins": fact.valid_from.isoformat(),
        "ends": fact.valid_to.isoformat() if fact.valid_to else NEVER,
    }
    yield Put(POSITIONS, fact.position_id, document)


def when_position_changed_add_to_it(fact: PositionChangedV1, seen: Seen) -> Iterable[Write]:
    yield _added(fact, seen)
    boards = [fact.changes.board] if fact.changes.board else []
    agencies = [fact.changes.agency] if fact.changes.agency else []
    yield Patch(POSITIONS, fact.position_id, extend={"boards": boards, "agencies": agencies})


def when_position_ended_end_it(fact: PositionEndedV1, seen: Seen) -> Iterable[Write]:
    yield _added(fact, seen)
    yield Patch(POSITIONS, fact.position_id, values={"ends": fact.ends_on.isoformat()})


def _added(fact: PersonFact, seen: Seen) -> Write:
    values = {"sequence": seen.sequence}
    return Patch(PEOPLE, fact.person_id, values=values, push={"facts": as_stored(fact)})


HANDLERS = {
    PersonRegisteredV1: when_person_registered_list_them,
    PersonChangedV1: when_person_changed_add_to_them,
    IdentityLinkedV1: when_identity_linked_find_them_by_it,
    IdentityUnlinkedV1: when_identity_unlinked_forget_it,
    PositionGivenV1: when_position_given_list_it,
    PositionChangedV1: when_position_changed_add_to_it,
    PositionEndedV1: when_position_ended_end_it,
}
