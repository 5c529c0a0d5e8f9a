"""Facts of `log.*`. Made by `make contracts` from contracts/events; do not edit."""

from typing import ClassVar

from pydantic import Field

from contracts.fact import Fact, Moment, Value


class HeartbeatV1(Fact):
    """Log heartbeat (nhịp báo hoạt động).

    Sent through the whole chain, log to topic to reader; one that does not arrive in time is the
    alarm.

    service: Service whose log it is.
    at: When it was committed.
    number: Which beat: whole periods of `every_seconds` since 1970.
    every_seconds: The next one is due after so many seconds.
    incarnation: Incarnation of the log: rises when it is restored to an earlier point, and readers
        rebuild.
    instance: Process that sent it.
    """

    TYPE: ClassVar[str] = "log.heartbeat"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "{service}.log"
    VISIBILITY: ClassVar[str] = "internal"

    service: str
    at: Moment
    number: int
    every_seconds: int
    incarnation: int
    instance: str | None = None


class SealedV1SealedSequence(Value):
    """How far the stream was published on one topic.

    topic: Topic.
    sequence: Last sequence.
    """

    topic: str
    sequence: int


class SealedV1SealedHead(Value):
    """The head of one stream.

    stream: The stream.
    version: Its last version.
    hash: Chain hash of that version.
    upto: The last sequence on each topic.
    """

    stream: str
    version: int
    hash: str
    upto: tuple[SealedV1SealedSequence, ...]


class SealedV1(Fact):
    """Log sealed (niêm phong nhật ký).

    What a service's log held when it was sealed: the heads of the streams that moved since the seal
    before, signed. With all seals a copy can prove that it has every commit, unchanged and in
    order.

    service: Service whose log it is.
    from_: When the seal before was made; for the first one the same as `to`.
    to: When this seal was made.
    count: Commits that the seals before did not cover, one counted once for each stream it is part
        of.
    streams: Number of leaves.
    root: Merkle root (RFC 6962), hex SHA-256, over the canonical JSON of the leaves.
    previous: Hex SHA-256 of the canonical JSON of the seal before; 64 zeros for the first of an
        incarnation.
    signature: Signature, base64url without padding, over the canonical JSON of this fact without
        `signature`.
    key_id: Which key signed.
    incarnation: Incarnation of the log: rises when it is restored to an earlier point, and readers
        rebuild.
    number: 1, 2, 3 … within a service's log.
    leaves: The new head of every stream that moved, sorted by stream.
    """

    TYPE: ClassVar[str] = "log.sealed"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "{service}.log"
    VISIBILITY: ClassVar[str] = "public"

    service: str
    from_: Moment = Field(alias="from")
    to: Moment
    count: int
    streams: int
    root: str
    previous: str
    signature: str
    key_id: str
    incarnation: int
    number: int
    leaves: tuple[SealedV1SealedHead, ...]


class StreamClosedV1(Fact):
    """Stream closed (kết sổ).

    Last fact of every 500th commit of a stream: the state as all its facts so far have made it, so
    that who reads the stream begins here.

    version: Version of the commit that carries it.
    revision: Revision of the fold that made the state; another one reads the stream from its
        beginning.
    state: The state as JSON, in the words of the fold.
    """

    TYPE: ClassVar[str] = "log.stream_closed"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "{service}.log"
    VISIBILITY: ClassVar[str] = "private"

    version: int
    revision: str
    state: str
