"""The door's words: writes as data, a database, a transaction, a change stream, a lease.

Two implementations stand behind it and pass one test suite: `common.mongo.engine` (both drivers)
and `common.testing.mongo` (the fake that the simulation runs on).

Filters are MongoDB's, of these operators only: equality, $in, $all, $gt, $gte, $lt, $lte, $ne,
$exists, $elemMatch.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

Document = dict[str, Any]
Filter = Mapping[str, Any]
Sort = Sequence[tuple[str, Literal[1, -1]]]
T = TypeVar("T")

ANY: Filter = {}


class Transient(Exception):
    """The world's fault, or an outcome nobody knows: the caller tries the same thing again."""


class Unwritable(Exception):
    """The database refuses a write for what is in it: trying again will not help."""


class ResumeLost(Exception):
    """The server will not resume the change stream from this token: start anew and re-send."""


@dataclass(frozen=True, slots=True)
class Put:
    """Write a whole document under `key`, in place of any other."""

    collection: str
    key: Any
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Patch:
    """Change fields of the document under `key`; `upsert` makes it when missing.

    `maximum` sets a field only when that makes it greater, `minimum` only when less; `add` adds
    numbers; `push` appends one value, `extend` several.
    """

    collection: str
    key: Any
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    unset: Sequence[str] = ()
    add: Mapping[str, int] = field(default_factory=dict[str, int])
    maximum: Mapping[str, Any] = field(default_factory=dict[str, Any])
    minimum: Mapping[str, Any] = field(default_factory=dict[str, Any])
    push: Mapping[str, Any] = field(default_factory=dict[str, Any])
    extend: Mapping[str, Sequence[Any]] = field(default_factory=dict[str, Sequence[Any]])
    upsert: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """Remove the document under `key`, if there is one."""

    collection: str
    key: Any


Write = Put | Patch | Drop


@dataclass(frozen=True, slots=True)
class Index:
    """An index to build before the service starts; `partial` names a field that must exist."""

    collection: str
    keys: tuple[tuple[str, Literal[1, -1]], ...]
    unique: bool = False
    partial: str | None = None

    @property
    def name(self) -> str:
        """The same definition has the same name everywhere."""
        return "_".join(f"{field}_{direction}" for field, direction in self.keys)


@dataclass(frozen=True, slots=True)
class Inserted:
    """What became of each document of an unordered insert, in order: True, or False for a duplicate."""

    landed: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Inserted documents in the order of the server's log, and the token that stands behind them."""

    documents: tuple[Document, ...]
    token: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works until when by the server's clock; `epoch` rises with each new holder."""

    name: str
    holder: str
    epoch: int
    until: datetime


class Watch(Protocol):
    """A change stream over the inserts of one collection."""

    async def next(self, wait: float) -> Batch:
        """What came since, or an empty batch after `wait` seconds; raises Transient, ResumeLost."""
        ...

    async def close(self) -> None: ...


class Session(Protocol):
    """Reads and writes of one transaction: a snapshot, majority when it commits."""

    async def find(
        self, collection: str, where: Filter, *, sort: Sort = (), limit: int = 0
    ) -> list[Document]: ...

    async def write(self, writes: Sequence[Write]) -> None: ...


class Database(Protocol):
    """One service's database. Every method raises Transient when the world is at fault."""

    async def insert(self, collection: str, documents: Sequence[Document]) -> Inserted:
        """Insert all that can be; False marks those that meet a unique index. Majority, journalled."""
        ...

    async def find(
        self,
        collection: str,
        where: Filter,
        *,
        sort: Sort = (),
        limit: int = 0,
        without: Sequence[str] = (),
    ) -> list[Document]:
        """Documents that a majority holds, from the primary; `without` names fields to leave out."""
        ...

    async def count(self, collection: str, where: Filter) -> int: ...

    async def write(self, writes: Sequence[Write]) -> None:
        """Apply the writes in order; majority, journalled."""
        ...

    async def delete(self, collection: str, where: Filter) -> int:
        """Remove what matches; answers how many."""
        ...

    async def transaction(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """Run `work` in one transaction, again on a write conflict, and commit it.

        `work` may run several times and must only touch the session.
        """
        ...

    async def watch(self, collection: str, token: Mapping[str, Any] | None) -> Watch:
        """Inserts from `token` on, or from now; raises ResumeLost, Transient."""
        ...

    async def lease(self, name: str, holder: str, seconds: float) -> Lease | None:
        """Take or renew; None while another holds it. Time is the server's."""
        ...

    async def release(self, lease: Lease) -> None: ...

    async def leased(self, name: str) -> Lease | None:
        """Who holds it now, by the server's clock; None while nobody does."""
        ...

    async def migrate(self, indexes: Sequence[Index]) -> None:
        """Build what is missing; never called in a request."""
        ...

    async def missing(self, indexes: Sequence[Index]) -> list[str]:
        """The names of indexes that are not there yet, for readiness."""
        ...

    async def ping(self) -> None: ...
