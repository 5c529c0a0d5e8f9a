"""A database in memory: unique indexes, snapshot transactions with write conflicts, change streams.

It keeps what the plumbing relies on and nothing else. `Faults` decides, before and after each
operation, whether the world fails there: before means nothing happened, after means it happened
and the answer was lost.
"""

import asyncio
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

from common.mongo.content import stored_size
from common.mongo.door import (
    Batch,
    Database,
    Document,
    Drop,
    Filter,
    Index,
    Inserted,
    Lease,
    Patch,
    Put,
    ResumeLost,
    Session,
    Sort,
    Transient,
    Unwritable,
    Watch,
    Write,
)

T = TypeVar("T")
LARGEST = 16 * 1024 * 1024
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class Faults(Protocol):
    """Where the world may fail; may also wait, so that others go first."""

    async def before(self, operation: str) -> None: ...

    async def after(self, operation: str) -> None: ...


class NoFaults:
    async def before(self, operation: str) -> None:
        del operation

    async def after(self, operation: str) -> None:
        del operation


class WriteConflict(Exception):
    pass


@dataclass(slots=True)
class _Entries:
    """One index: by whole key for uniqueness, by its first field for look-ups."""

    index: Index
    owners: dict[tuple[Any, ...], Any] = field(default_factory=dict[tuple[Any, ...], Any])
    ids: dict[Any, dict[Any, None]] = field(default_factory=dict[Any, dict[Any, None]])

    def refuses(self, key: Any, entries: Iterable[tuple[Any, ...]]) -> bool:
        return self.index.unique and any(self.owners.get(e, key) != key for e in entries)

    def add(self, key: Any, entries: Iterable[tuple[Any, ...]]) -> None:
        for entry in entries:
            self.owners[entry] = key
            self.ids.setdefault(entry[0], {})[key] = None

    def remove(self, key: Any, entries: Iterable[tuple[Any, ...]]) -> None:
        for entry in entries:
            if self.owners.get(entry) == key:
                del self.owners[entry]
            self.ids.get(entry[0], {}).pop(key, None)


@dataclass
class MemoryServer:
    """What outlives a client: collections, indexes, the server's log.

    A stored document is never changed in place, so the log and snapshots may share it.
    """

    collections: dict[str, dict[Any, Document]] = field(
        default_factory=dict[str, dict[Any, Document]]
    )
    touched: dict[tuple[str, Any], int] = field(default_factory=dict[tuple[str, Any], int])
    oplog: list[tuple[str, Document]] = field(default_factory=list[tuple[str, Document]])
    clock: int = 0
    forgotten: int = 0
    news: list[asyncio.Event] = field(default_factory=list[asyncio.Event])
    leases: dict[str, Lease] = field(default_factory=dict[str, Lease])
    indexes: dict[str, list[_Entries]] = field(default_factory=dict[str, list[_Entries]])

    def apply(self, write: Write) -> None:
        collection = self.collections.setdefault(write.collection, {})
        old = collection.get(write.key)
        new = _written(write, old)
        self._index(write.collection, write.key, old, new)
        self.clock += 1
        self.touched[write.collection, write.key] = self.clock
        if new is None:
            collection.pop(write.key, None)
            return
        collection[write.key] = new
        if old is None:
            self.tell(write.collection, new)

    def left_behind(self, operation: str, act: Callable[[], object]) -> None:
        """A client died while this was on its way; here it never arrives."""

    def doubt(self, collection: str, documents: Sequence[Document]) -> None:
        """One node has these documents, a majority not yet: nobody may rely on them."""

    def tell(self, collection: str, document: Document) -> None:
        """Let the change streams see an insert."""
        self.oplog.append((collection, document))
        for event in self.news:
            event.set()

    def _index(self, collection: str, key: Any, old: Document | None, new: Document | None) -> None:
        for entries in self.indexes.get(collection, ()):
            if new is not None and entries.refuses(key, _entries(entries.index, new)):
                raise _Duplicate
        for entries in self.indexes.get(collection, ()):
            if old is not None:
                entries.remove(key, _entries(entries.index, old))
            if new is not None:
                entries.add(key, _entries(entries.index, new))

    def add_index(self, index: Index) -> None:
        if self.has_index(index):
            return
        entries = _Entries(index)
        for key, document in self.collections.get(index.collection, {}).items():
            entries.add(key, _entries(index, document))
        self.indexes.setdefault(index.collection, []).append(entries)

    def has_index(self, index: Index) -> bool:
        return any(entries.index == index for entries in self.indexes.get(index.collection, ()))

    def candidates(self, collection: str, where: Filter) -> Mapping[Any, Document]:
        """The documents that may match: by id or by an index where the filter allows it."""
        there = self.collections.get(collection, {})
        if "_id" in where:
            return _by_id(there, where["_id"])
        for entries in self.indexes.get(collection, ()):
            if entries.index.partial is not None:
                continue
            wanted = _exact(where.get(entries.index.keys[0][0]))
            if wanted is not None:
                ids = {id: None for value in wanted for id in entries.ids.get(value, ())}
                return {id: there[id] for id in ids}
        return there

    def forget_oplog(self) -> None:
        """From now on no earlier token can be resumed."""
        self.forgotten = len(self.oplog)

    def snapshot(self) -> "MemoryServer":
        """A copy at this moment: a backup."""
        copied = MemoryServer(
            {name: dict(documents) for name, documents in self.collections.items()},
            dict(self.touched),
            list(self.oplog),
            self.clock,
            self.forgotten,
        )
        for entries in (e for there in self.indexes.values() for e in there):
            copied.add_index(entries.index)
        return copied


class _Duplicate(Exception):
    pass


class MemoryDatabase(Database):
    """A client of a `MemoryServer`; several clients may share one."""

    def __init__(self, server: MemoryServer | None = None, faults: Faults | None = None) -> None:
        self.server = server or MemoryServer()
        self._faults = faults or NoFaults()

    async def insert(self, collection: str, documents: Sequence[Document]) -> Inserted:
        async with self._on_the_way("insert", lambda: self._insert_all(collection, documents)):
            await self._faults.before("insert")
        self.server.doubt(collection, documents)
        await self._faults.before("replicate")
        landed: list[bool] = []
        for document in documents:
            landed.append(self._insert(collection, document))
            await self._faults.before("insert-next")
        await self._faults.after("insert")
        return Inserted(tuple(landed))

    @asynccontextmanager
    async def _on_the_way(self, operation: str, act: Callable[[], object]) -> AsyncGenerator[None]:
        """A client that dies now may have sent its request already."""
        try:
            yield
        except asyncio.CancelledError:
            self.server.left_behind(operation, act)
            raise

    def _insert_all(self, collection: str, documents: Sequence[Document]) -> None:
        for document in documents:
            self._insert(collection, document)

    def _insert(self, collection: str, document: Document) -> bool:
        there = self.server.collections.setdefault(collection, {})
        if document["_id"] in there:
            return False
        try:
            self.server.apply(Put(collection, document["_id"], document))
        except _Duplicate:
            return False
        return True

    async def find(
        self,
        collection: str,
        where: Filter,
        *,
        sort: Sort = (),
        limit: int = 0,
        without: Sequence[str] = (),
    ) -> list[Document]:
        await self._faults.before("find")
        found = _select(self.server.candidates(collection, where), where, sort, limit)
        await self._faults.after("find")
        for document in found:
            for name in without:
                document.pop(name, None)
        return found

    async def count(self, collection: str, where: Filter) -> int:
        return len(await self.find(collection, where))

    async def write(self, writes: Sequence[Write]) -> None:
        async with self._on_the_way("write", lambda: self._apply(writes)):
            await self._faults.before("write")
        self._apply(writes)
        await self._faults.after("write")

    def _apply(self, writes: Sequence[Write]) -> None:
        _check(writes)
        for write in writes:
            self.server.apply(write)

    async def delete(self, collection: str, where: Filter) -> int:
        async with self._on_the_way("delete", lambda: self._delete(collection, where)):
            await self._faults.before("delete")
        deleted = self._delete(collection, where)
        await self._faults.after("delete")
        return deleted

    def _delete(self, collection: str, where: Filter) -> int:
        found = _select(self.server.candidates(collection, where), where, (), 0)
        for document in found:
            self.server.apply(Drop(collection, document["_id"]))
        return len(found)

    async def transaction(self, work: Callable[[Session], Awaitable[T]]) -> T:
        while True:
            await self._faults.before("transaction")
            session = _MemorySession(self.server, self._faults)
            outcome = await work(session)
            async with self._on_the_way("commit", session.commit):
                await self._faults.before("commit")
            try:
                session.commit()
            except WriteConflict:
                await asyncio.sleep(0)
                continue
            await self._faults.after("commit")
            return outcome

    async def watch(self, collection: str, token: Mapping[str, Any] | None) -> Watch:
        await self._faults.before("watch")
        if token is not None and token["at"] < self.server.forgotten:
            raise ResumeLost("the server's log no longer reaches back")
        at = token["at"] if token is not None else len(self.server.oplog)
        return _MemoryWatch(self.server, self._faults, collection, at)

    async def lease(self, name: str, holder: str, seconds: float) -> Lease | None:
        await self._faults.before("lease")
        now = EPOCH + timedelta(seconds=asyncio.get_running_loop().time())
        held = self.server.leases.get(name)
        if held is not None and held.holder != holder and held.until >= now:
            return None
        epoch = held.epoch + (held.holder != holder) if held else 1
        self.server.leases[name] = Lease(name, holder, epoch, now + timedelta(seconds=seconds))
        await self._faults.after("lease")
        return self.server.leases[name]

    async def release(self, lease: Lease) -> None:
        await self._faults.before("release")
        held = self.server.leases.get(lease.name)
        if held is not None and held.holder == lease.holder and held.epoch == lease.epoch:
            self.server.leases[lease.name] = Lease(lease.name, "", lease.epoch, EPOCH)

    async def leased(self, name: str) -> Lease | None:
        await self._faults.before("leased")
        now = EPOCH + timedelta(seconds=asyncio.get_running_loop().time())
        held = self.server.leases.get(name)
        return held if held is not None and held.until >= now else None

    async def migrate(self, indexes: Sequence[Index]) -> None:
        await self._faults.before("migrate")
        for index in indexes:
            self.server.add_index(index)

    async def missing(self, indexes: Sequence[Index]) -> list[str]:
        return [f"{i.collection}.{i.name}" for i in indexes if not self.server.has_index(i)]

    async def ping(self) -> None:
        await self._faults.before("ping")


class _MemorySession(Session):
    """Reads see the server as it was at the first read, and the session's own writes."""

    def __init__(self, server: MemoryServer, faults: Faults) -> None:
        self._server = server
        self._faults = faults
        self._began: int | None = None
        self._snapshot: dict[str, dict[Any, Document]] = {}
        self._writes: list[Write] = []

    def _begin(self) -> None:
        if self._began is None:
            self._began = self._server.clock
            self._snapshot = {n: dict(c) for n, c in self._server.collections.items()}

    async def find(
        self, collection: str, where: Filter, *, sort: Sort = (), limit: int = 0
    ) -> list[Document]:
        self._begin()
        await self._faults.before("find")
        seen = self._snapshot.get(collection, {})
        own = [write for write in self._writes if write.collection == collection]
        if own:
            seen = dict(seen)
        for write in own:
            new = _written(write, seen.pop(write.key, None))
            if new is not None:
                seen[write.key] = new
        await self._faults.after("find")
        return _select(_by_id(seen, where["_id"]) if "_id" in where else seen, where, sort, limit)

    async def write(self, writes: Sequence[Write]) -> None:
        self._begin()
        await self._faults.before("write")
        _check(writes)
        self._writes.extend(writes)

    def commit(self) -> None:
        began = self._server.clock if self._began is None else self._began
        for write in self._writes:
            if self._server.touched.get((write.collection, write.key), 0) > began:
                raise WriteConflict
        for write in self._writes:
            self._server.apply(write)


class _MemoryWatch(Watch):
    def __init__(self, server: MemoryServer, faults: Faults, collection: str, at: int) -> None:
        self._server = server
        self._faults = faults
        self._collection = collection
        self._at = at

    async def next(self, wait: float) -> Batch:
        await self._faults.before("next")
        if self._at >= len(self._server.oplog):
            await self._news(wait)
        entries = self._server.oplog[self._at : self._at + 50]
        self._at += len(entries)
        documents = tuple(_copied(d) for c, d in entries if c == self._collection)
        await self._faults.after("next")
        return Batch(documents, {"at": self._at})

    async def _news(self, wait: float) -> None:
        event = asyncio.Event()
        self._server.news.append(event)
        try:
            async with asyncio.timeout(wait):
                await event.wait()
        except TimeoutError:
            return
        finally:
            self._server.news.remove(event)

    async def close(self) -> None:
        return


def _check(writes: Iterable[Write]) -> None:
    """What the real one refuses for its content."""
    if max((stored_size(_content(write)) for write in writes), default=0) > LARGEST:
        raise Unwritable("the document is too large")


def _content(write: Write) -> Document:
    match write:
        case Put():
            return {"_id": write.key, **write.document}
        case Drop():
            return {"_id": write.key}
        case Patch():
            extended = {name: list(values) for name, values in write.extend.items()}
            return {"set": write.values, "push": write.push, "each": extended}


def _written(write: Write, old: Document | None) -> Document | None:
    match write:
        case Put():
            return _copied({**write.document, "_id": write.key})
        case Drop():
            return None
        case Patch():
            if old is None and not write.upsert:
                return None
            return _patched(write, _copied(old or {"_id": write.key}))


def _patched(patch: Patch, document: Document) -> Document:
    document |= _copied(dict(patch.values))
    for name in patch.unset:
        document.pop(name, None)
    for name, amount in patch.add.items():
        document[name] = document.get(name, 0) + amount
    for name, value in patch.maximum.items():
        document[name] = max(document[name], value) if name in document else value
    for name, value in patch.minimum.items():
        document[name] = min(document[name], value) if name in document else value
    for name, value in patch.push.items():
        document.setdefault(name, []).append(_copied(value))
    for name, values in patch.extend.items():
        document.setdefault(name, []).extend(_copied(list(values)))
    return document


def _select(
    collection: Mapping[Any, Document], where: Filter, sort: Sort, limit: int
) -> list[Document]:
    found = [document for document in collection.values() if _matches(document, where)]
    for name, direction in reversed(sort):
        found.sort(key=lambda document: document.get(name), reverse=direction < 0)  # pyright: ignore[reportArgumentType] - documents hold what sorts
    return [_copied(document) for document in (found[:limit] if limit else found)]


def _copied(value: Any) -> Any:
    """A copy as MongoDB gives it back: tuples have become lists."""
    kind = type(value)
    if kind is str or kind is int:
        return value
    if kind is dict:
        return {name: _copied(inner) for name, inner in value.items()}
    if kind is list or kind is tuple:
        return [_copied(inner) for inner in value]
    return {name: _copied(inner) for name, inner in value.items()} if _is_map(value) else value


def _is_map(value: Any) -> bool:
    return type(value) is dict or isinstance(value, Mapping)


def _exact(test: Any) -> Sequence[Any] | None:
    """The values a test asks for when it asks for values and nothing else."""
    if _is_map(test):
        return test["$in"] if set(test) == {"$in"} else None
    return None if test is None else (test,)


def _by_id(documents: Mapping[Any, Document], test: Any) -> Mapping[Any, Document]:
    wanted = _exact(test)
    if wanted is None:
        return documents
    return {id: documents[id] for id in wanted if id in documents}


def _matches(document: Mapping[str, Any], where: Filter) -> bool:
    return all(
        _meets(list(_values(document, name.split("."))), test) for name, test in where.items()
    )


def _values(value: Any, path: Sequence[str]) -> Iterator[Any]:
    """MongoDB's reach of a dotted path: through every element of a list."""
    if isinstance(value, list):
        for item in value:
            yield from _values(item, path)
        if not path:
            yield value
    elif not path:
        yield value
    elif _is_map(value) and path[0] in value:
        yield from _values(value[path[0]], path[1:])


def _meets(values: Sequence[Any], test: Any) -> bool:
    if not _is_map(test):
        return test in values or (test is None and not values)
    return all(_OPERATORS[operator](values, operand) for operator, operand in test.items())


def _compare(check: Callable[[Any, Any], bool]) -> Callable[[Sequence[Any], Any], bool]:
    return lambda values, operand: any(
        type(v) is type(operand) and check(v, operand) for v in values
    )


def _element(values: Sequence[Any], where: Mapping[str, Any]) -> bool:
    items = [item for value in values if isinstance(value, list) for item in value]
    if all(name.startswith("$") for name in where):
        return any(_meets([item], where) for item in items)
    return any(_is_map(item) and _matches(item, where) for item in items)


_OPERATORS: Mapping[str, Callable[[Sequence[Any], Any], bool]] = {
    "$in": lambda values, operand: (
        any(value in operand for value in values) or (None in operand and not values)
    ),
    "$all": lambda values, operand: all(wanted in values for wanted in operand),
    "$ne": lambda values, operand: operand not in values,
    "$exists": lambda values, operand: bool(values) is operand,
    "$gt": _compare(lambda a, b: a > b),
    "$gte": _compare(lambda a, b: a >= b),
    "$lt": _compare(lambda a, b: a < b),
    "$lte": _compare(lambda a, b: a <= b),
    "$elemMatch": _element,
}


def _entries(index: Index, document: Document) -> set[tuple[Any, ...]]:
    """The index's entries for a document; several when its first path runs through a list."""
    if index.partial is not None and index.partial not in document:
        return set()
    paths = [name.split(".") for name, _ in index.keys]
    root = document.get(paths[0][0])
    if isinstance(root, list):
        inner = [path[1:] for path in paths]
        return {tuple(next(_values(item, path), None) for path in inner) for item in root}
    return {tuple(next(_values(document, path), None) for path in paths)}


__all__ = ["EPOCH", "Faults", "MemoryDatabase", "MemoryServer", "NoFaults", "Transient"]
