"""Every fact as a frozen model. Made by `make contracts` from contracts/events; do not edit."""

from contracts.events.directory import (
    AgencyChangedV1,
    AgencyEndedV1,
    AgencyRegisteredV1,
    AgencySucceededV1,
)
from contracts.events.log import (
    HeartbeatV1,
    SealedV1,
)
from contracts.fact import Fact
from contracts.names import FactName

FACTS: dict[tuple[str, int], type[Fact]] = {
    ("directory.agency_changed", 1): AgencyChangedV1,
    ("directory.agency_ended", 1): AgencyEndedV1,
    ("directory.agency_registered", 1): AgencyRegisteredV1,
    ("directory.agency_succeeded", 1): AgencySucceededV1,
    ("log.heartbeat", 1): HeartbeatV1,
    ("log.sealed", 1): SealedV1,
}
"""Every fact model by type and version."""


def model_of(name: str) -> type[Fact]:
    """The model of `directory.agency_registered.v1`; ValueError for no name, KeyError if unknown."""
    parsed = FactName.parse(name)
    return FACTS[parsed.type, parsed.version]


__all__ = [
    "AgencyChangedV1",
    "AgencyEndedV1",
    "AgencyRegisteredV1",
    "AgencySucceededV1",
    "FACTS",
    "HeartbeatV1",
    "SealedV1",
    "model_of",
]
