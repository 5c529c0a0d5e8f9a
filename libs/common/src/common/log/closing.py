"""Closing a long stream (D14): every 500th commit also says the state, and readers begin there.

The closing is a fact of the log like any other, in the chain and under the seals, but it is told
to nobody. It is no promise: one that another revision of the fold made, or that cannot be read,
is passed over, and the stream is read from an older one or from its beginning.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

import orjson
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from common.log.cache import Folded, Head
from common.log.committer import COLLECTION
from common.log.model import Part, of_document
from common.log.streams import StreamKind
from common.mongo import Database, Document
from contracts.events.log import StreamClosedV1

S = TypeVar("S")

EVERY = 500
MOST_BYTES = 64 * 1024
"""A state that needs more is not said: reading the stream's facts costs less than keeping it twice."""


class Closings:
    """Says states every so many commits, and finds the newest that was said of a stream."""

    def __init__(self, database: Database, every: int = EVERY) -> None:
        self._database = database
        self.every = every

    def of(self, kind: StreamKind[Any], state: Any, version: int) -> StreamClosedV1 | None:
        """The closing that this version carries; None when none is due or the state cannot be said."""
        if version % self.every:
            return None
        text = written(kind, state)
        if text is None or len(text) > MOST_BYTES:
            return None
        return StreamClosedV1(version=version, revision=kind.revision, state=text.decode())

    def are_in(self, documents: Sequence[Document], stream: str) -> bool:
        """Whether these first commits of a stream show that it is as long as a closing."""
        parts = (part for document in documents for part in document["parts"])
        return any(part["stream"] == stream and part["version"] >= self.every for part in parts)

    async def newest(self, kind: StreamKind[Any], stream: str, upto: int) -> Folded | None:
        """The state at the newest closing of a stream that is as long as one, not above `upto`.

        0 for no bound; None when no closing can be read. Raises Transient.
        """
        version = await self._last_due(stream, upto)
        while version:
            folded = await self._said(kind, stream, version)
            if folded is not None:
                return folded
            version -= self.every
        return None

    async def after(self, stream: str, version: int) -> list[Document]:
        """The commits of a stream above a version, in any order; raises Transient."""
        newer = {"$elemMatch": {"stream": stream, "version": {"$gt": version}}}
        return await self._database.find(COLLECTION, {"parts": newer})

    async def _last_due(self, stream: str, upto: int) -> int:
        """The highest version that may carry a closing: versions are dense, so it is searched by halves."""
        if 0 < upto < self.every:
            return 0
        low, high = 1, 2
        while await self._stands(stream, high, upto):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            stands = await self._stands(stream, middle, upto)
            low, high = (middle, high) if stands else (low, middle)
        return low * self.every

    async def _stands(self, stream: str, turn: int, upto: int) -> bool:
        version = turn * self.every
        return (not upto or version <= upto) and bool(await self._at(stream, version))

    async def _said(self, kind: StreamKind[Any], stream: str, version: int) -> Folded | None:
        for document in await self._at(stream, version):
            for part in of_document(document).parts:
                if part.stream == stream:
                    return _read(kind, part)
        return None

    async def _at(self, stream: str, version: int) -> list[Document]:
        part = {"$elemMatch": {"stream": stream, "version": version}}
        return await self._database.find(COLLECTION, {"parts": part}, limit=1)


def written(kind: StreamKind[Any], state: Any) -> bytes | None:
    """The state as JSON; None for one that would not come back as it is."""
    adapter = _adapter(kind.state_type)
    try:
        text = adapter.dump_json(state, warnings="error", by_alias=True)
        return text if said(kind, text) == state else None
    except (PydanticSerializationError, ValidationError):
        return None


def said(kind: StreamKind[S], text: str | bytes) -> S:
    """The state that a closing says; raises pydantic.ValidationError."""
    state: S = _adapter(kind.state_type).validate_json(text)
    return state


def _read(kind: StreamKind[Any], part: Part) -> Folded | None:
    """What a part's closing says, if this revision of the fold has said it."""
    for fact in part.facts:
        if fact.closes:
            closing = StreamClosedV1.of(orjson.loads(fact.data))
            if closing.revision == kind.revision:
                return _restored(kind, part, closing.state)
    return None


def _restored(kind: StreamKind[Any], part: Part, text: str) -> Folded | None:
    try:
        state = said(kind, text)
    except ValidationError:
        return None
    head = Head(part.stream, part.version, part.hash, dict(part.upto))
    return Folded(head, state, len(text))


@lru_cache(maxsize=64)
def _adapter(state: Any) -> TypeAdapter[Any]:
    return TypeAdapter(state)
