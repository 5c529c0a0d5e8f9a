"""Every fact as a frozen model. Made by `make contracts` from contracts/events; do not edit."""

from contracts.events.directory import (
    AgencyChangedV1,
    AgencyEndedV1,
    AgencyRegisteredV1,
    AgencySucceededV1,
    BoardChangedV1,
    BoardDissolvedV1,
    BoardFormedV1,
    DelegationGivenV1,
    DelegationRevokedV1,
    IdentityLinkedV1,
    IdentityUnlinkedV1,
    PersonChangedV1,
    PersonRegisteredV1,
    PositionChangedV1,
    PositionEndedV1,
    PositionGivenV1,
    SiteChangedV1,
    SiteClosedV1,
    SiteInheritedV1,
    SiteOpenedV1,
)
from contracts.events.intake import (
    PublicationWarnedV1,
    SubmissionReceivedV1,
    SubmissionResubmittedV1,
    SubmissionWithdrawnV1,
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
    ("directory.board_changed", 1): BoardChangedV1,
    ("directory.board_dissolved", 1): BoardDissolvedV1,
    ("directory.board_formed", 1): BoardFormedV1,
    ("directory.delegation_given", 1): DelegationGivenV1,
    ("directory.delegation_revoked", 1): DelegationRevokedV1,
    ("directory.identity_linked", 1): IdentityLinkedV1,
    ("directory.identity_unlinked", 1): IdentityUnlinkedV1,
    ("directory.person_changed", 1): PersonChangedV1,
    ("directory.person_registered", 1): PersonRegisteredV1,
    ("directory.position_changed", 1): PositionChangedV1,
    ("directory.position_ended", 1): PositionEndedV1,
    ("directory.position_given", 1): PositionGivenV1,
    ("directory.site_changed", 1): SiteChangedV1,
    ("directory.site_closed", 1): SiteClosedV1,
    ("directory.site_inherited", 1): SiteInheritedV1,
    ("directory.site_opened", 1): SiteOpenedV1,
    ("intake.publication_warned", 1): PublicationWarnedV1,
    ("intake.submission_received", 1): SubmissionReceivedV1,
    ("intake.submission_resubmitted", 1): SubmissionResubmittedV1,
    ("intake.submission_withdrawn", 1): SubmissionWithdrawnV1,
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
    "BoardChangedV1",
    "BoardDissolvedV1",
    "BoardFormedV1",
    "DelegationGivenV1",
    "DelegationRevokedV1",
    "FACTS",
    "HeartbeatV1",
    "IdentityLinkedV1",
    "IdentityUnlinkedV1",
    "PersonChangedV1",
    "PersonRegisteredV1",
    "PositionChangedV1",
    "PositionEndedV1",
    "PositionGivenV1",
    "PublicationWarnedV1",
    "SealedV1",
    "SiteChangedV1",
    "SiteClosedV1",
    "SiteInheritedV1",
    "SiteOpenedV1",
    "SubmissionReceivedV1",
    "SubmissionResubmittedV1",
    "SubmissionWithdrawnV1",
    "model_of",
]
