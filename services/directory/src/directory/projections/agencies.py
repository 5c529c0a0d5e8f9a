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
NO_NUMBER = "khong-so"
"""Stands for the document of a succession that was recorded without one."""

HEIRS = "heirs"
"""Agencies whose work went to exactly one other: what is theirs follows there."""

INDEXES = (
    Index(AGENCIES, (("parents", 1), ("_id", 1))),
    Index(HEIRS, (("on", 1),)),
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
            "parents": [fact.parent] if fact.parent else [],
            "sequence": seen.sequence,
        },
    )


def when_agency_changed_add_to_it(fact: AgencyChangedV1, seen: Seen) -> Iterable[Write]:
    name, parent = fact.changes.name_vi, fact.changes.parent
    yield _added(fact.agency_id, fact, seen)
    if name is not None:
        yield Patch(AGENCIES, fact.agency_id, extend={"keys": prefix_keys(name)})
    if parent is not None:
        yield Patch(AGENCIES, fact.agency_id, push={"parents": parent})


def when_agency_ended_add_to_it(fact: AgencyEndedV1, seen: Seen) -> Iterable[Write]:
    yield _added(fact.agency_id, fact, seen)


def when_agency_succeeded_add_to_it(fact: AgencySucceededV1, seen: Seen) -> Iterable[Write]:
    """Every agency of a succession hears of it in its own stream."""
    agency = seen.stream.rpartition("/")[2]
    yield _added(agency, fact, seen)
    if agency in fact.predecessors and len(fact.successors) == 1:
        number = fact.document.number if fact.document else NO_NUMBER
        on = fact.effective_on.isoformat()
        yield Put(HEIRS, agency, {"heir": fact.successors[0], "on": on, "document": number})


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
