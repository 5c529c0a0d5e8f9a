"""A record's bytes become something heard, or something that cannot be read: pure."""

from dataclasses import dataclass
from typing import Any, Protocol

from common.consumer.hears import Seen
from common.kafka import Arrived
from common.moments import from_wire
from common.words import say
from contracts import wire


@dataclass(frozen=True, slots=True)
class Heard:
    """A readable record; `data` is parsed only by those who hear the type."""

    arrived: Arrived
    seen: Seen
    data: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that breaks the wire's contract; `stream` is what its key says, if anything."""

    arrived: Arrived
    stream: str
    code: str
    detail: str


class Reads(Protocol):
    """How published bytes become the newest version of a fact: `common.catalogue`."""

    def revive(self, type: str, data: bytes) -> Any:
        """Raises Unprocessable for data that breaks its schema."""
        ...


def decode(arrived: Arrived, prefix: str) -> Heard | Unreadable:
    """Never raises: whatever stands in the record, something is answered."""
    try:
        envelope = wire.decode(arrived.headers, arrived.value or b"")
        seen = Seen(
            id=envelope.id,
            type=envelope.type,
            stream=envelope.source,
            topic=arrived.partition.topic.removeprefix(prefix),
            sequence=envelope.sequence,
            at=from_wire(envelope.time),
            site=envelope.site,
            traceparent=envelope.traceparent,
            incarnation=envelope.incarnation,
        )
    except (wire.Undecodable, ValueError) as error:
        return Unreadable(arrived, _stream_of_key(arrived), "undecodable", _unreadable(error))
    if arrived.key is None or arrived.key.decode("utf-8", "replace") != envelope.source:
        return Unreadable(
            arrived,
            _stream_of_key(arrived),
            "key-is-not-stream",
            say("key-is-not-stream"),
        )
    return Heard(arrived, seen, arrived.value or b"")


def _unreadable(error: Exception) -> str:
    return say("record-unreadable", why=str(error)[:450].rstrip("."))


def base_type(type_: str) -> str:
    """`directory.agency_registered` of `directory.agency_registered.v1`."""
    return type_.rpartition(".v")[0] or type_


def _stream_of_key(arrived: Arrived) -> str:
    return (arrived.key or b"").decode("utf-8", "replace")[:300]
