"""Positions, held and parked records: the consumer's own memory, beside its effects."""

from dataclasses import dataclass, replace
from typing import Any

from common.kafka import Arrived, Partition
from common.mongo import Document, Index, Patch, Put, Write

POSITIONS = "positions"
OFFSETS = "offsets"
HELD = "held"
PARKED = "parked"
INDEXES = (
    Index(POSITIONS, (("consumer", 1), ("topic", 1))),
    Index(HELD, (("place", 1), ("sequence", 1))),
    Index(HELD, (("consumer", 1), ("since", 1))),
    Index(PARKED, (("place", 1), ("sequence", 1))),
    Index(PARKED, (("consumer", 1), ("at", 1))),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One stream on one topic, as one consumer sees it."""

    consumer: str
    topic: str
    stream: str

    @property
    def key(self) -> str:
        return f"{self.consumer}|{self.topic}|{self.stream}"


@dataclass(frozen=True, slots=True)
class At:
    """How far a place is: the last sequence applied, how many wait behind a gap, parked or not.

    queued  records put behind the parked one, repeats among them: because it moves with each, a
            replay and a batch that run at once meet on this document, and one runs again
    """

    place: Place
    sequence: int = 0
    held: int = 0
    parked: bool = False
    incarnation: int = 1
    queued: int = 0

    def write(self) -> Write:
        return Put(
            POSITIONS,
            self.place.key,
            {
                "consumer": self.place.consumer,
                "topic": self.place.topic,
                "stream": self.place.stream,
                "sequence": self.sequence,
                "held": self.held,
                "parked": self.parked,
                "incarnation": self.incarnation,
                "queued": self.queued,
            },
        )

    def moved(self, **changes: Any) -> "At":
        return replace(self, **changes)


def at_of(document: Document) -> At:
    place = Place(document["consumer"], document["topic"], document["stream"])
    return At(
        place,
        document["sequence"],
        document["held"],
        document["parked"],
        document["incarnation"],
        document["queued"],
    )


def next_offset(consumer: str, partition: Partition, offset: int) -> Write:
    """Never backwards: a former owner may still be writing."""
    return Patch(
        OFFSETS,
        f"{consumer}|{partition.topic}|{partition.number}",
        values={"consumer": consumer, "topic": partition.topic, "partition": partition.number},
        maximum={"next": offset},
        upsert=True,
    )


def record_document(arrived: Arrived) -> Document:
    """A record as it came, to be decoded again later."""
    return {
        "topic": arrived.partition.topic,
        "partition": arrived.partition.number,
        "offset": arrived.offset,
        "key": arrived.key,
        "value": arrived.value,
        "headers": [[name, value] for name, value in arrived.headers],
    }


def record_of(document: Document) -> Arrived:
    return Arrived(
        Partition(document["topic"], document["partition"]),
        document["offset"],
        document["key"],
        document["value"],
        [(name, value) for name, value in document["headers"]],
    )
