"""The agencies as lists and searches need them: one document each, its facts in order."""

from collections.abc import Iterable

from common.consumer import Seen
from common.mongo import Index, Patch, Put, Write
from contracts.events.directory import (
    AgencyChangedV1,
    AgencyEndedV1,
    AgencyRegisteredV1,
    AgencySucceededV1,
)
from rulebook.agency import as_stored
from rulebook.text import prefix_keys

AGENCIES = "agencies"
INDEXES = (
    Index(AGENCIES, (("site", 1), ("_id", 1))),
    Index(AGENCIES, (("keys", 1), ("_id", 1))),
    Index(AGENCIES, (("site", 1), ("keys", 1))),
)


def when_agency_registered_list_it(fact: AgencyRegisteredV1, seen: Seen) -> Iterable[Write]:
    yield Put(
        AGENCIES,
        fact.agency_id,
        {
            "site": fact.site,
            "facts": [as_stored(fact)],
            "keys": list(prefix_keys(fact.name_vi)),
            "sequence": seen.sequence,
        },
    )


def when_agency_changed_add_to_it(fact: AgencyChangedV1, seen: Seen) -> Iterable[Write]:
    name = fact.changes.name_vi
    yield _added(fact.agency_id, fact, seen)
    if name is not None:
        yield Patch(AGENCIES, fact.agency_id, extend={"keys": prefix_keys(name)})


def when_agency_ended_add_to_it(fact: AgencyEndedV1, seen: Seen) -> Iterable[Write]:
    yield _added(fact.agency_id, fact, seen)


def when_agency_succeeded_add_to_it(fact: AgencySucceededV1, seen: Seen) -> Iterable[Write]:
    """Every agency of a succession hears of it in its own stream."""
    yield _added(seen.stream.rpartition("/")[2], fact, seen)


def _added(
    agency: str, fact: AgencyChangedV1 | AgencyEndedV1 | AgencySucceededV1, seen: Seen
) -> Write:
    return Patch(
        AGENCIES, agency, values={"sequence": seen.sequence}, push={"facts": as_stored(fact)}
    )


HANDLERS = {
    AgencyRegisteredV1: when_agency_registered_list_it,
    AgencyChangedV1: when_agency_changed_add_to_it,
    AgencyEndedV1: when_agency_ended_add_to_it,
    AgencySucceededV1: when_agency_succeeded_add_to_it,
}
