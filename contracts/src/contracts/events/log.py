"""Facts of `log.*`. Made by `make contracts` from contracts/events; do not edit."""

from typing import ClassVar

from pydantic import Field

from contracts.fact import Fact, Moment


class HeartbeatV1(Fact):
    """Log heartbeat (nhịp báo hoạt động).

    Sent through the whole chain, log to topic to reader; one that does not arrive in time is the
    alarm.

    service: Service whose log it is.
    at: When it was committed.
    number: 1, 2, 3 … within an incarnation.
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


class SealedV1(Fact):
    """Log sealed (niêm phong nhật ký).

    Everything a service's log held at `to`, in one signed line: with it a copy can prove that it
    has every commit, unchanged and in order.

    service: Service whose log it is.
    from_: Start of the sealed period, inclusive: the `to` of the seal before.
    to: End of the sealed period, exclusive.
    count: Commits in the period.
    streams: Streams under the root: all that had a commit before `to`.
    root: Merkle root, hex SHA-256, over the head (stream, version, hash) of every stream, sorted by
        stream.
    previous: Hex SHA-256 of the canonical JSON of the seal before; 64 zeros for the first of an
        incarnation.
    signature: Signature, base64url without padding, over the canonical JSON of this fact without
        `signature`.
    key_id: Which key signed.
    incarnation: Incarnation of the log: rises when it is restored to an earlier point, and readers
        rebuild.
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
