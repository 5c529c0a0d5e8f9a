"""The commit log of one service: load, decide, append, each cause at most once."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from common.cause import Cause
from common.errors import (
    Conflict,
    DomainError,
    NotFound,
    Refused,
    Unavailable,
    Unprocessable,
)
from common.gathered import Gathered
from common.log.cache import Folded, Head, StreamCache
from common.log.closing import EVERY, Closings
from common.log.committer import COLLECTION, Committer
from common.log.gathering import GatheredReads
from common.log.locks import HeldLocks, OutOfOrder, StreamLocks
from common.log.model import Commit, Part, StoredFact, of_document
from common.log.preparing import Preparing
from common.log.streams import (
    Catalogue,
    Change,
    Loaded,
    Position,
    Standing,
    StreamKind,
    new_head,
)
from common.mongo import Database, Document, Index, Transient
from common.words import say
from common.world import World

INDEXES = (
    Index(COLLECTION, (("parts.stream", 1), ("parts.version", 1)), unique=True),
    Index(COLLECTION, (("cause", 1),), unique=True),
    Index(COLLECTION, (("claims", 1),), unique=True, partial="claims"),
    Index(COLLECTION, (("at", 1),)),
)
TRIES = 5
ROOM = 48
QUEUE = 1_000
JITTER = 0.02
CLAIM_DIGITS = 9
LOST_RACES = "changed-meanwhile"
"""The code of a Conflict that trying again later will mend."""

S = TypeVar("S")
R = TypeVar("R")
P = ParamSpec("P")


class _Lost(Exception):
    """Another commit took the version or the claim first."""


class _Answered(Exception):
    """This cause has decided already."""

    def __init__(self, commit: Commit) -> None:
        super().__init__(commit.cause)
        self.commit = commit


@dataclass(slots=True)
class _Attempt:
    """What one try of a use case took and believed."""

    locks: HeldLocks
    believed: list[tuple[StreamKind[Any], Head]] = field(
        default_factory=list[tuple[StreamKind[Any], Head]]
    )
    appended: bool = False


_attempt: contextvars.ContextVar[_Attempt | None] = contextvars.ContextVar("attempt", default=None)


class CommitLog:
    """One in each process of a service; the unique indexes keep several of them honest."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        world: World,
        kinds: Sequence[StreamKind[Any]] = (),
        closes_every: int = EVERY,
    ) -> None:
        self._database = database
        self._world = world
        self._committer = Committer(database, world.random)
        self._reads = GatheredReads(database, closes_every + 1)
        self._closings = Closings(database, closes_every)
        self._preparing = Preparing(catalogue, self._closings)
        self._causes = Gathered(self._of_causes)
        self._cache = StreamCache()
        self._locks = StreamLocks()
        self._kinds = {kind.name: kind for kind in kinds}
        self._room = asyncio.Semaphore(ROOM)
        self._deciding: set[asyncio.Task[Any]] = set()

    # -- reading ------------------------------------------------------------------------------

    async def load(self, kind: StreamKind[S], id: str) -> Loaded[S]:
        """The stream's state; version 0 and the initial state when it has no commit.

        Inside a decision the stream is locked in this process, and a cached state may be
        believed, because the append or the final look proves it.
        """
        self._kinds[kind.name] = kind
        attempt = _attempt.get()
        stream = kind.stream(id)
        if attempt is None:
            return await self._read(kind, id)
        await attempt.locks.take(stream)
        cached = self._cache.get(stream, kind.revision)
        if cached is None:
            return await self._read(kind, id)
        attempt.believed.append((kind, cached.head))
        return Loaded(kind, id, cached.state, cached.head)

    async def begin(self, kind: StreamKind[S], id: str) -> Loaded[S]:
        """A stream whose id was made for it just now: nobody else can know it, so nothing is read.

        Should it exist all the same, the unique index refuses the append.
        """
        self._kinds[kind.name] = kind
        attempt = _attempt.get()
        if attempt is not None:
            await attempt.locks.take(kind.stream(id))
        return Loaded(kind, id, kind.initial, new_head(kind.stream(id)))

    async def load_many(self, kind: StreamKind[S], ids: Sequence[str]) -> tuple[Loaded[S], ...]:
        """Several streams of a kind, locked in order so that decisions never deadlock."""
        loaded = {id: await self.load(kind, id) for id in sorted(set(ids))}
        return tuple(loaded[id] for id in ids)

    async def fresh(self, kind: StreamKind[S], id: str) -> Loaded[S]:
        """The stream as the log has it now, never as this process remembers it.

        For what a decision reads and does not write: nothing else would show that it has moved on.
        """
        self._kinds[kind.name] = kind
        return await self._read(kind, id)

    async def since(self, kind: StreamKind[S], id: str, topic: str, sequence: int) -> Loaded[S]:
        """The stream's state with at least this fact in it, as remembered if that is new enough.

        For reactions to the fact: what came after it has a reaction of its own.
        """
        cached = self._cache.get(kind.stream(id), kind.revision)
        if cached is not None and cached.head.sequences.get(topic, 0) >= sequence:
            return Loaded(kind, id, cached.state, cached.head)
        return await self.fresh(kind, id)

    async def commits(self, stream: str) -> list[Commit]:
        """Everything that was decided on a stream, oldest first: its audit."""
        return _in_order(await self.documents(stream), stream)

    async def documents(self, stream: str) -> list[Document]:
        """The commits of a stream as they are stored, in any order."""
        with _log_away():
            found = await self._closings.after(stream, 0)
        return [*found, *self._unwritten(stream)]

    async def _since_closing(
        self, kind: StreamKind[S], stream: str, upto: int
    ) -> tuple[Folded, list[Document]]:
        """Where a fold begins, and the commits from there on."""
        begin = Folded(new_head(stream), kind.initial, 0)
        with _log_away():
            found = await self._reads.of_stream(stream)
            if self._closings.are_in(found, stream):
                begin = await self._closings.newest(kind, stream, upto) or begin
                found = await self._closings.after(stream, begin.head.version)
        return begin, [*found, *self._unwritten(stream)]

    def _unwritten(self, stream: str) -> Sequence[Document]:
        """What stands in this log and not in the database: nothing, but in a rehearsal."""
        del stream
        return ()

    async def of_cause(self, cause: str) -> Commit | None:
        """What this cause decided, if it did."""
        with _log_away():
            return await self._causes.ask(cause)

    async def _of_causes(self, causes: Sequence[str]) -> list[Commit | None]:
        wanted = causes[0] if len(causes) == 1 else {"$in": sorted(set(causes))}
        found = await self._database.find(COLLECTION, {"cause": wanted})
        commits = {document["cause"]: of_document(document) for document in found}
        return [commits.get(cause) for cause in causes]

    async def caused(self, prefix: str) -> frozenset[str]:
        """Every cause with this beginning that has decided: what an import has done before."""
        where = {"cause": {"$gte": prefix, "$lt": f"{prefix}\uffff"}}
        with _log_away():
            found = await self._database.find(COLLECTION, where)
        return frozenset(document["cause"] for document in found)

    async def _read(self, kind: StreamKind[S], id: str, upto: int = 0) -> Loaded[S]:
        stream = kind.stream(id)
        begin, documents = await self._since_closing(kind, stream, upto)
        known = None if upto else self._cache.get(stream, kind.revision)
        if known is not None and _ends_at(documents, begin.head, known.head):
            return Loaded(kind, id, known.state, known.head)
        folded = self._fold(kind, begin, documents, upto)
        if folded.head.version and not upto:
            self._cache.put(stream, kind.revision, folded)
        return Loaded(kind, id, folded.state, folded.head)

    def _fold(
        self, kind: StreamKind[Any], begin: Folded, documents: Sequence[Document], upto: int
    ) -> Folded:
        head, state, size = begin.head, begin.state, 500 + 3 * begin.size
        for commit in _in_order(documents, head.stream):
            part = part_of(commit, head.stream)
            if upto and part.version > upto:
                break
            if part.version != head.version + 1:
                raise RuntimeError(f"hole in {head.stream} after version {head.version}")
            head = _advance(part)
            for fact in part.decided:
                state = kind.evolve(state, self.revive(fact))
                size += 3 * len(fact.data)
        return Folded(head, state, size)

    def revive(self, fact: StoredFact) -> Any:
        """A stored fact as it is read today, in its newest version."""
        return self._preparing.revive(fact)

    # -- deciding -----------------------------------------------------------------------------

    async def decide(self, cause: Cause, use_case: Callable[[], Awaitable[Loaded[S]]]) -> Loaded[S]:
        """Run a use case until its outcome is known.

        When the caller hangs up, what is on its way to the log is waited for, and nothing is begun
        or decided again: so a refusal that a retry of the same cause is given stays true.

        Raises the use case's refusal once it is sure to hold, Conflict after five lost races,
        Unprocessable when the key served another request, Unavailable when the log is away or
        too many wait.
        """
        if len(self._deciding) >= QUEUE:
            raise Unavailable("too-many-waiting", say("too-many-waiting"))
        task = asyncio.create_task(self._decide(cause, use_case))
        self._deciding.add(task)
        task.add_done_callback(self._decided)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.cancel()
            raise

    def _decided(self, task: asyncio.Task[Any]) -> None:
        self._deciding.discard(task)
        if not task.cancelled():
            task.exception()  # the caller may be gone; its refusal is nobody's surprise

    async def drain(self) -> None:
        """Wait for every decision under way; used by the graceful stop."""
        while self._deciding:
            await asyncio.wait(self._deciding)
        await self._committer.drain()

    async def _decide(
        self, cause: Cause, use_case: Callable[[], Awaitable[Loaded[S]]]
    ) -> Loaded[S]:
        async with self._room:
            wanted: frozenset[str] = frozenset()
            for turn in range(TRIES):
                if turn:
                    await asyncio.sleep(self._world.random.random() * JITTER * turn)
                try:
                    return await self._try(cause, use_case, wanted)
                except OutOfOrder as order:
                    wanted = order.streams
                except _Lost:
                    continue
                except _Answered as answered:
                    return await self._answer(answered.commit)
        raise Conflict(LOST_RACES, say("changed-meanwhile"))

    async def _try(
        self, cause: Cause, use_case: Callable[[], Awaitable[Loaded[S]]], wanted: frozenset[str]
    ) -> Loaded[S]:
        attempt = _Attempt(self._locks.held())
        token = _attempt.set(attempt)
        try:
            await attempt.locks.take_all(wanted)
            try:
                result = await use_case()
            except Unavailable:
                raise
            except DomainError:
                await self._make_sure(cause, attempt)
                raise
            if not attempt.appended:
                await self._make_sure(cause, attempt)
            return result
        finally:
            attempt.locks.release()
            _attempt.reset(token)

    async def _make_sure(self, cause: Cause, attempt: _Attempt) -> None:
        """A refusal or a no-op holds only if this cause is new and what was believed is true."""
        stored = await self.of_cause(cause.id)
        if stored is not None:
            raise _Answered(_same_request(stored, cause))
        stale = [(kind, head) for kind, head in attempt.believed if await self._moved_on(head)]
        for kind, head in stale:
            self._cache.drop(head.stream, kind.revision)
        if stale:
            raise _Lost

    async def _moved_on(self, head: Head) -> bool:
        newer = {"$elemMatch": {"stream": head.stream, "version": {"$gt": head.version}}}
        with _log_away():
            return bool(await self._database.find(COLLECTION, {"parts": newer}, limit=1))

    async def _answer(self, commit: Commit) -> Loaded[Any]:
        """The stored answer: the first part's stream as this commit left it."""
        part = commit.parts[0]
        kind_name, _, id = part.stream[1:].rpartition("/")
        kind = self._kinds.get(kind_name)
        if kind is None:
            raise NotFound("answer-of-another-kind", say("answer-of-another-kind"))
        loaded = await self._read(kind, id, upto=part.version)
        return Loaded(kind, id, loaded.state, loaded.head, _positions(commit.parts))

    # -- claims -------------------------------------------------------------------------------

    async def claim(self, key: str) -> str:
        """An entry for `Standing.claims` that takes `key`; raises Refused while it is taken."""
        turn = await self._turn(key)
        if turn % 2:
            raise Refused("already-taken", say("already-taken"), extra={"key": key})
        return _claim(key, turn)

    async def release(self, key: str) -> str:
        """An entry for `Standing.claims` that sets `key` free; raises Refused when it is free."""
        turn = await self._turn(key)
        if not turn % 2:
            raise Refused("not-taken", say("not-taken"), extra={"key": key})
        return _claim(key, turn)

    async def _turn(self, key: str) -> int:
        """How often the key was taken or released: odd means taken."""
        where = {"claims": {"$elemMatch": {"$gte": _claim(key, 0), "$lt": f"{key}#~"}}}
        with _log_away():
            found = await self._database.find(COLLECTION, where)
        claims = (claim for document in found for claim in document["claims"])
        return sum(claim.rpartition("#")[0] == key for claim in claims)

    # -- appending ----------------------------------------------------------------------------

    async def append(
        self, loaded: Loaded[S], facts: Sequence[Any], cause: Cause, standing: Standing
    ) -> Loaded[S]:
        """Commit facts to one stream; see `append_all`."""
        return (await self.append_all((Change(loaded, facts),), cause, standing))[0]

    async def append_all(
        self, changes: Sequence[Change[Any]], cause: Cause, standing: Standing
    ) -> tuple[Loaded[Any], ...]:
        """Commit facts to several streams at once, all or nothing; streams without facts stay.

        Raises Unprocessable for a fact that breaks its schema, TooLarge above 256 KB; outside
        a decision also Conflict when the stream has moved on.
        """
        changes = tuple(changes)
        if not any(change.facts for change in changes):
            return tuple(change.loaded for change in changes)
        after = self._preparing.parts(changes, cause, standing)
        parts = tuple(part for part, _ in after if part is not None)
        commit = Commit(
            id=self._world.new_id(),
            cause=cause.id,
            request=cause.digest,
            parts=parts,
            actor=cause.actor,
            site=standing.site,
            at=cause.at,
            proof=standing.proof,
            claims=standing.claims,
            traceparent=cause.traceparent,
        )
        if not await self._insert(commit, changes):
            await self._lost(cause, changes)
        return tuple(self._landed(loaded, parts) for _, loaded in after)

    async def _insert(self, commit: Commit, changes: Sequence[Change[Any]]) -> bool:
        """Waits, and so holds the streams' locks, until the outcome is known."""
        outcome = self._committer.insert(commit)
        try:
            return await asyncio.shield(outcome)
        except asyncio.CancelledError:
            await asyncio.wait((outcome,))
            self._forget(changes)
            raise

    def _forget(self, changes: Sequence[Change[Any]]) -> None:
        for change in changes:
            self._cache.drop(change.loaded.stream, change.loaded.kind.revision)

    async def _lost(self, cause: Cause, changes: Sequence[Change[Any]]) -> None:
        self._forget(changes)
        stored = await self.of_cause(cause.id)
        if stored is not None:
            raise _Answered(_same_request(stored, cause))
        if _attempt.get() is None:
            raise Conflict("changed-meanwhile", say("changed-meanwhile"))
        raise _Lost

    def _landed(self, loaded: Loaded[Any], parts: tuple[Part, ...]) -> Loaded[Any]:
        attempt = _attempt.get()
        if attempt is not None:
            attempt.appended = True
        size = 500 + 3 * sum(
            len(f.data) for p in parts if p.stream == loaded.stream for f in p.facts
        )
        known = self._cache.get(loaded.stream, loaded.kind.revision)
        self._cache.put(
            loaded.stream,
            loaded.kind.revision,
            Folded(loaded.head, loaded.state, size + (known.size if known else 0)),
        )
        return Loaded(loaded.kind, loaded.id, loaded.state, loaded.head, _positions(parts))


class _HasLog(Protocol):
    @property
    def log(self) -> CommitLog: ...


D = TypeVar("D", bound=_HasLog)
C = TypeVar("C")


def decided(
    use_case: Callable[[D, C, Cause], Awaitable[Loaded[S]]],
) -> Callable[[D, C, Cause], Awaitable[Loaded[S]]]:
    """A use case that is decided again when it lost a race, and answered once per cause."""

    @wraps(use_case)
    async def run(deps: D, command: C, cause: Cause) -> Loaded[S]:
        return await deps.log.decide(cause, lambda: use_case(deps, command, cause))

    return run


@contextmanager
def _log_away() -> Generator[None]:
    """What the database cannot answer now is said as such."""
    try:
        yield
    except Transient as error:
        raise Unavailable("log-unavailable", say("log-unavailable")) from error


def part_of(commit: Commit, stream: str) -> Part:
    """What a commit did to one of its streams."""
    return next(part for part in commit.parts if part.stream == stream)


def _in_order(documents: Sequence[Document], stream: str) -> list[Commit]:
    commits = [of_document(document) for document in documents]
    return sorted(commits, key=lambda commit: part_of(commit, stream).version)


def _ends_at(documents: Sequence[Document], begin: Head, head: Head) -> bool:
    """Whether these commits after `begin` end where a folded state stands: the chain's hash says what came before."""
    ends = max(
        (
            (part["version"], part["hash"])
            for document in documents
            for part in document["parts"]
            if part["stream"] == head.stream
        ),
        default=(begin.version, begin.hash),
    )
    return ends == (head.version, head.hash) and len(documents) == head.version - begin.version


def _advance(part: Part) -> Head:
    return Head(part.stream, part.version, part.hash, dict(part.upto))


def _positions(parts: Sequence[Part]) -> tuple[Position, ...]:
    last = {
        (fact.topic, part.stream): fact.sequence
        for part in parts
        for fact in part.facts
        if fact.topic is not None
    }
    return tuple(Position(topic, stream, sequence) for (topic, stream), sequence in last.items())


def _same_request(stored: Commit, cause: Cause) -> Commit:
    if stored.request != cause.digest:
        raise Unprocessable(
            "idempotency-key-reused",
            say("idempotency-key-reused"),
        )
    return stored


def _claim(key: str, turn: int) -> str:
    return f"{key}#{turn:0{CLAIM_DIGITS}d}"
