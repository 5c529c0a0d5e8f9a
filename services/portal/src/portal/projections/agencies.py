"""Facts about agencies become what the public sees: one document each, its facts in order."""

from collections.abc import Iterable

from common.consumer import Seen
from common.mongo import Index, Patch, Put, Write
from contracts.events.directory import (
    AgencyChangedV1,
    AgencyEndedV1,
    AgencyRegisteredV1,
    AgencySucceededV1,
)
from contracts.fact import Fact
from rulebook.agency import as_stored
from rulebook.text import prefix_keys

AGENCIES = "agencies"
INDEXES = (
    Index(AGENCIES, (("site", 1), ("_id", 1))),
    Index(AGENCIES, (("keys", 1), ("_id", 1))),
    Index(AGENCIES, (("site", 1), ("keys", 1))),
)


def when_agency_registered_show_it(fact: AgencyRegisteredV1, seen: Seen) -> Iterable[Write]:
    yield Put(
        AGENCIES,
        fact.agency_id,
        {
            "site": fact.site,
            "facts": [as_stored(fact)],
            "keys": list(prefix_keys(fact.name_vi)),
            "version": seen.sequence,
        },
    )


def when_agency_changed_show_its_change(fact: AgencyChangedV1, seen: Seen) -> Iterable[Write]:
    yield _added(fact.agency_id, fact, seen)
    if fact.changes.name_vi is not None:
        keys = prefix_keys(fact.changes.name_vi)
        yield Patch(AGENCIES, fact.agency_id, extend={"keys": keys})


def when_agency_ended_show_its_end(fact: AgencyEndedV1, seen: Seen) -> Iterable[Write]:
    yield _added(fact.agency_id, fact, seen)


def when_agency_succeeded_show_who_follows(fact: AgencySucceededV1, seen: Seen) -> Iterable[Write]:
    """Every agency of a succession hears of it in its own stream."""
    yield _added(seen.stream.rpartition("/")[2], fact, seen)


def _added(agency: str, fact: Fact, seen: Seen) -> Write:
    return Patch(
        AGENCIES, agency, values={"version": seen.sequence}, push={"facts": as_stored(fact)}
    )


HANDLERS = {
    AgencyRegisteredV1: when_agency_registered_show_it,
    AgencyChangedV1: when_agency_changed_show_its_change,
    AgencyEndedV1: when_agency_ended_show_its_end,
    AgencySucceededV1: when_agency_succeeded_show_who_follows,
}
