"""What a service hears: a table from fact types to functions, and what a handler is told."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from common.cause import Cause
from common.mongo import Index, Write

Effects = Iterable[Write]
Projector = Callable[[Any, "Seen"], Effects]
Reactor = Callable[[Any, "Seen"], Awaitable[Effects | None]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a fact stands: enough for a projection to be exact and a reaction to happen once.

    id        "service/stream/version.index", unique and stable for ever
    sequence  dense per (stream, topic)
    """

    id: str
    type: str
    stream: str
    topic: str
    sequence: int
    at: datetime
    site: str
    traceparent: str | None
    incarnation: int = 1

    def cause(self, handler: str, at: datetime) -> Cause:
        """The cause of what a reaction decides because of this fact."""
        life = "" if self.incarnation == 1 else f"~{self.incarnation}"
        return Cause(
            f"fact:{self.id}{life}:{handler}",
            at,
            f"reaction:{handler}",
            traceparent=self.traceparent,
        )


@dataclass(frozen=True, slots=True)
class Hears:
    """One consumer: its name, its dispatch table, the indexes of what it projects.

    kind "projection": handlers are pure and yield writes; may be rebuilt under a new name.
    kind "reaction": handlers are coroutines that run use cases; never rebuilt.
    collections  what it projects, as its indexes name it
    logs_of  the services whose `<service>.log` it hears, for facts that every log carries
    """

    name: str
    handlers: Mapping[type[Any], Projector | Reactor]
    kind: Literal["projection", "reaction"] = "projection"
    indexes: tuple[Index, ...] = ()
    logs_of: tuple[str, ...] = ()
    collections: frozenset[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Looked at for every write of a projection."""
        named = frozenset(index.collection for index in self.indexes)
        object.__setattr__(self, "collections", named)

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic that carries a fact this consumer hears."""
        services = self.logs_of or ("",)
        return tuple(
            sorted({fact.topic_for(service) for fact in self.handlers for service in services})
        )

    @property
    def types(self) -> frozenset[str]:
        """The fact types it hears, without their version: readers take the newest."""
        return frozenset(fact.TYPE for fact in self.handlers)


def consumer(
    name: str,
    handlers: Mapping[type[Any], Projector],
    *,
    indexes: tuple[Index, ...] = (),
) -> Hears:
    """A projection; a type that is not named is for other services."""
    return Hears(name, handlers, "projection", indexes)


def reactor(name: str, handlers: Mapping[type[Any], Reactor]) -> Hears:
    """A reaction: its handlers append to the service's own log with `Seen.cause`."""
    return Hears(name, handlers, "reaction")
