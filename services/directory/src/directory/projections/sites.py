"""The sites as lists, the hierarchy and the check of authority need them: one document each."""

from collections.abc import Iterable
from typing import Any

from common.consumer import Seen
from common.mongo import Index, Patch, Put, Write
from contracts.events.directory import (
    SiteChangedV1,
    SiteClosedV1,
    SiteInheritedV1,
    SiteOpenedV1,
)
from rulebook.agency import as_stored
from rulebook.text import prefix_keys

SITES = "sites"
CLOSINGS = "closings"
NEVER = "9999-12-31"
"""The end of what has no end, so that days compare as text."""

INDEXES = (
    Index(SITES, (("site", 1), ("_id", 1))),
    Index(SITES, (("keys", 1), ("_id", 1))),
    Index(SITES, (("parents", 1), ("_id", 1))),
    Index(SITES, (("agencies", 1), ("_id", 1))),
    Index(CLOSINGS, (("on", 1),)),
)


def when_site_opened_list_it(fact: SiteOpenedV1, seen: Seen) -> Iterable[Write]:
    document = {
        "site": fact.site,
        "facts": [as_stored(fact)],
        "keys": list(prefix_keys(fact.name_vi)),
        "parents": [fact.parent] if fact.parent else [],
        "agencies": [fact.agency],
        "ends": fact.valid_to.isoformat() if fact.valid_to else NEVER,
        "sequence": seen.sequence,
    }
    yield Put(SITES, fact.site, document)


def when_site_changed_add_to_it(fact: SiteChangedV1, seen: Seen) -> Iterable[Write]:
    found: dict[str, list[Any]] = {}
    if fact.changes.name_vi is not None:
        found["keys"] = list(prefix_keys(fact.changes.name_vi))
    if fact.changes.parent is not None:
        found["parents"] = [fact.changes.parent]
    if fact.changes.agency is not None:
        found["agencies"] = [fact.changes.agency]
    yield Patch(
        SITES,
        fact.site,
        values={"sequence": seen.sequence},
        push={"facts": as_stored(fact)},
        extend=found,
    )


def when_site_closed_add_to_it(fact: SiteClosedV1, seen: Seen) -> Iterable[Write]:
    ends = fact.closes_on.isoformat()
    values = {"sequence": seen.sequence, "ends": ends}
    yield Patch(SITES, fact.site, values=values, push={"facts": as_stored(fact)})
    closing = {
        "on": ends,
        "successor": fact.successor,
        "ending_roles": list(fact.ending_roles),
        "document": fact.document.number,
    }
    yield Put(CLOSINGS, fact.site, closing)


def when_site_inherited_add_to_it(fact: SiteInheritedV1, seen: Seen) -> Iterable[Write]:
    values = {"sequence": seen.sequence}
    yield Patch(SITES, fact.site, values=values, push={"facts": as_stored(fact)})


HANDLERS = {
    SiteOpenedV1: when_site_opened_list_it,
    SiteChangedV1: when_site_changed_add_to_it,
    SiteClosedV1: when_site_closed_add_to_it,
    SiteInheritedV1: when_site_inherited_add_to_it,
}
