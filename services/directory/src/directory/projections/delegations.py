"""The delegations as lists and the check of authority need them: one document each."""

from collections.abc import Iterable

from common.consumer import Seen
from common.mongo import Index, Patch, Put, Write
from contracts.events.directory import DelegationGivenV1, DelegationRevokedV1
from rulebook.agency import as_stored

DELEGATIONS = "delegations"
INDEXES = (
    Index(DELEGATIONS, (("sites", 1), ("_id", 1))),
    Index(DELEGATIONS, (("receiver", 1), ("_id", 1))),
    Index(DELEGATIONS, (("giver", 1), ("_id", 1))),
)


def when_delegation_given_list_it(fact: DelegationGivenV1, seen: Seen) -> Iterable[Write]:
    document = {
        "sites": list(fact.sites),
        "giver": fact.giver,
        "receiver": fact.receiver,
        "ends": fact.valid_to.isoformat(),
        "facts": [as_stored(fact)],
        "sequence": seen.sequence,
    }
    yield Put(DELEGATIONS, fact.delegation_id, document)


def when_delegation_revoked_add_to_it(fact: DelegationRevokedV1, seen: Seen) -> Iterable[Write]:
    values = {"sequence": seen.sequence}
    push = {"facts": as_stored(fact)}
    yield Patch(DELEGATIONS, fact.delegation_id, values=values, push=push)


HANDLERS = {
    DelegationGivenV1: when_delegation_given_list_it,
    DelegationRevokedV1: when_delegation_revoked_add_to_it,
}
