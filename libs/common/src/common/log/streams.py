"""Streams: the kinds a service has, and what a use case holds of one of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from common.log.cache import Head
from common.log.model import GENESIS

S = TypeVar("S")


class Catalogue(Protocol):
    """How facts become stored words and come back: `common.catalogue` over the contracts."""

    def write(self, fact: Any) -> tuple[str, str | None, Mapping[str, Any]]:
        """(type with version, topic or None when private, data); raises Unprocessable."""
        ...

    def read(self, type: str, data: Mapping[str, Any]) -> Any:
        """The fact in its newest version; raises Unprocessable."""
        ...


@dataclass(frozen=True, slots=True)
class StreamKind(Generic[S]):
    """One kind of aggregate.

    name      "directory/agency": its streams are "/directory/agency/<id>"
    initial   the state before the first fact
    evolve    pure: state and fact to state
    revision  of `evolve` and of the state's fields; another one never meets a state of the old, neither
              in memory nor in a closing (`common.log.closing`)
    state     the type of a state, where `initial` does not tell
    """

    name: str
    initial: S
    evolve: Callable[[S, Any], S]
    revision: str = "1"
    state: Any = None

    @property
    def state_type(self) -> Any:
        return self.state or type(self.initial)

    def stream(self, id: str) -> str:
        return f"/{self.name}/{id}"


@dataclass(frozen=True, slots=True)
class Position:
    """How far a stream has been published on a topic."""

    topic: str
    stream: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """A stream's state at a version; `positions` say what a reader must have seen to know it."""

    kind: StreamKind[S]
    id: str
    state: S
    head: Head
    positions: tuple[Position, ...] = ()

    @property
    def version(self) -> int:
        """0 before the first commit."""
        return self.head.version

    @property
    def stream(self) -> str:
        return self.head.stream


@dataclass(frozen=True, slots=True)
class Change(Generic[S]):
    """New facts for one loaded stream."""

    loaded: Loaded[S]
    facts: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """By what right and for which site a commit is made.

    site    the scope that owns the commit; every index and query starts with it
    proof   the authority the actor had, as JSON values (an explanation, token claims)
    claims  entries made by `CommitLog.claim` and `CommitLog.release`
    """

    site: str
    proof: Mapping[str, Any] = field(default_factory=dict[str, Any])
    claims: tuple[str, ...] = ()


def new_head(stream: str) -> Head:
    """The head of a stream that has no commit yet."""
    return Head(stream, 0, GENESIS, {})
