"""The directory's facts as a service keeps them for its decisions: one document each, never changed."""

from collections.abc import Iterable
from typing import Any

from authority.known import Fact
from common.consumer import Seen
from common.consumer.hears import Hears
from common.moments import from_wire, to_wire
from common.mongo import Document, Index, Put, Write
from contracts.events import model_of
from contracts.events.directory import (
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
from contracts.events.log import HeartbeatV1
from contracts.fact import Fact as Said

FACTS = "authority_facts"
HEART = "authority_heart"
DIRECTORY = "directory"
HEARD = (
    PersonRegisteredV1,
    PersonChangedV1,
    IdentityLinkedV1,
    IdentityUnlinkedV1,
    PositionGivenV1,
    PositionChangedV1,
    PositionEndedV1,
    DelegationGivenV1,
    DelegationRevokedV1,
    SiteOpenedV1,
    SiteChangedV1,
    SiteClosedV1,
    SiteInheritedV1,
)


def hears(service: str) -> Hears:
    """The consumer of a service that decides on authority; put it among its `Parts.hears`.

    The directory's heartbeat comes through the same consumer, so that its age says how far behind
    this very projection is.
    """
    return Hears(
        consumer_name(service),
        {**dict.fromkeys(HEARD, when_it_is_said_keep_it), HeartbeatV1: when_heart_beats_note_it},
        indexes=(
            Index(FACTS, (("stream", 1), ("sequence", 1))),
            Index(HEART, (("at", 1),)),
        ),
        logs_of=(DIRECTORY,),
    )


def consumer_name(service: str) -> str:
    return f"{service}-authority"


def when_it_is_said_keep_it(fact: Said, seen: Seen) -> Iterable[Write]:
    yield Put(
        FACTS,
        f"{seen.topic}|{seen.stream}|{seen.sequence:010d}",
        {
            "topic": seen.topic,
            "stream": seen.stream,
            "sequence": seen.sequence,
            "at": to_wire(seen.at),
            "type": str(fact.name()),
            "data": fact.data(),
        },
    )


def when_heart_beats_note_it(fact: HeartbeatV1, seen: Seen) -> Iterable[Write]:
    del seen
    yield Put(HEART, fact.service, {"at": to_wire(fact.at), "every_seconds": fact.every_seconds})


def fact_of(document: Document) -> Fact:
    """The fact of a kept document."""
    said: Any = model_of(document["type"]).of(document["data"])
    return Fact(
        document["topic"],
        document["stream"],
        document["sequence"],
        from_wire(document["at"]),
        said,
    )
