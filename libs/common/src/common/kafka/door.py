"""The door's words, as data and protocols.

`common.kafka.engine` stands behind them with FastStream and aiokafka, `common.testing.kafka` for
the simulation; one suite proves both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

Headers = Sequence[tuple[str, bytes]]


class PublishFailed(Exception):
    """Some of a chunk may not be there: close this producer, open another, send the chunk again."""


class LoginRefused(PublishFailed):
    """The cluster does not take our credentials or we not its certificate: a person must act."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Partition(NamedTuple):
    topic: str
    number: int


@dataclass(frozen=True, slots=True)
class Record:
    """One record to publish; `key` decides the partition and so the order."""

    topic: str
    key: str
    value: bytes
    headers: Headers


@dataclass(frozen=True, slots=True)
class Arrived:
    """One record as it came, nothing decoded: anything may stand in it."""

    partition: Partition
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as the migration step makes it; facts are never compacted and kept for ever."""

    name: str
    partitions: int
    retention_ms: int = -1


class Producer(Protocol):
    """Idempotent, acks=all; keeps the order of a key."""

    async def publish(self, records: Sequence[Record]) -> None:
        """Return when every record is acknowledged; raises PublishFailed when one may not be."""
        ...

    async def close(self) -> None: ...


class Handler(Protocol):
    """What a subscription feeds: it owns its offsets and returns only when a batch is done with."""

    async def start_from(self, partitions: Sequence[Partition]) -> Mapping[Partition, int]:
        """The next offset of each newly assigned partition; 0 where none is known."""
        ...

    async def take(self, batch: Sequence[Arrived]) -> None: ...


class Subscription(Protocol):
    """A member of a consumer group over some topics, feeding one handler."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def ends(self) -> Mapping[Partition, int]:
        """The offset after the last record of each partition of its topics, assigned or not."""
        ...


class Broker(Protocol):
    """A cluster."""

    async def producer(self) -> Producer:
        """A new producer; raises PublishFailed when the cluster does not answer."""
        ...

    def subscribe(self, group: str, topics: Sequence[str], handler: Handler) -> Subscription: ...

    async def migrate(self, topics: Sequence[TopicSpec]) -> None:
        """Make the topics that are missing and wait for their leaders; raises PublishFailed."""
        ...

    async def missing(self, topics: Sequence[TopicSpec]) -> list[str]:
        """Names of topics that are not there or have another shape, for readiness."""
        ...

    async def ping(self) -> None:
        """Raises PublishFailed when the cluster does not answer."""
        ...
