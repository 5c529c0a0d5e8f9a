"""The administrative units as lists and searches need them: one document each, its facts in order."""

from collections.abc import Iterable

from common.consumer import Seen
from common.mongo import Index, Patch, Put, Write
from contracts.events.directory import (
    AdministrativeUnitChangedV1,
    AdministrativeUnitEndedV1,
    AdministrativeUnitRegisteredV1,
    AdministrativeUnitSucceededV1,
)
from contracts.fact import Fact
from rulebook.agency import as_stored
from rulebook.text import prefix_keys

UNITS = "units"
NEVER = "9999-12-31"
INDEXES = (
    Index(UNITS, (("level", 1), ("_id", 1))),
    Index(UNITS, (("parents", 1), ("_id", 1))),
    Index(UNITS, (("codes", 1), ("_id", 1))),
    Index(UNITS, (("keys", 1), ("_id", 1))),
)


def when_unit_registered_list_it(
    fact: AdministrativeUnitRegisteredV1, seen: Seen
) -> Iterable[Write]:
    yield Put(
        UNITS,
        fact.unit_id,
        {
            "level": fact.level,
            "parents": [fact.parent] if fact.parent else [],
            "codes": [fact.code],
            "begins": fact.valid_from.isoformat(),
            "ends": fact.valid_to.isoformat() if fact.valid_to else NEVER,
            "facts": [as_stored(fact)],
            "keys": list(prefix_keys(fact.name_vi)),
            "sequence": seen.sequence,
        },
    )


def when_unit_changed_add_to_it(fact: AdministrativeUnitChangedV1, seen: Seen) -> Iterable[Write]:
    """Every name, code and parent it ever had finds it."""
    new = fact.changes
    yield _added(fact.unit_id, fact, seen)
    found_by = {
        "keys": prefix_keys(new.name_vi) if new.name_vi else (),
        "codes": (new.code,) if new.code else (),
        "parents": (new.parent,) if new.parent else (),
    }
    yield Patch(UNITS, fact.unit_id, extend={k: v for k, v in found_by.items() if v})


def when_unit_ended_add_to_it(fact: AdministrativeUnitEndedV1, seen: Seen) -> Iterable[Write]:
    yield _added(fact.unit_id, fact, seen)
    yield Patch(UNITS, fact.unit_id, values={"ends": fact.ends_on.isoformat()})


def when_unit_succeeded_add_to_it(
    fact: AdministrativeUnitSucceededV1, seen: Seen
) -> Iterable[Write]:
    """Every unit of a succession hears of it in its own stream."""
    yield _added(seen.stream.rpartition("/")[2], fact, seen)


def _added(unit: str, fact: Fact, seen: Seen) -> Write:
    return Patch(UNITS, unit, values={"sequence": seen.sequence}, push={"facts": as_stored(fact)})


HANDLERS = {
    AdministrativeUnitRegisteredV1: when_unit_registered_list_it,
    AdministrativeUnitChangedV1: when_unit_changed_add_to_it,
    AdministrativeUnitEndedV1: when_unit_ended_add_to_it,
    AdministrativeUnitSucceededV1: when_unit_succeeded_add_to_it,
}
