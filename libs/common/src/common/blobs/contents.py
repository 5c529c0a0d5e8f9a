"""Where the bytes of files lie: the port, and GridFS's layout in the blobs' own database."""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator
from typing import Protocol

from common.errors import TooLarge, Unavailable
from common.mongo import Database
from common.words import say

CHUNKS = "fs.chunks"
CHUNK = 255 * 1024


class Measured(AsyncIterator[bytes]):
    """A stream on its way in: counted and digested as it passes. Raises TooLarge beyond `limit`."""

    def __init__(self, content: AsyncIterable[bytes], limit: int) -> None:
        self._content = aiter(content)
        self._limit = limit
        self._digest = hashlib.sha256()
        self.size = 0

    async def __anext__(self) -> bytes:
        piece = await anext(self._content)
        self.size += len(piece)
        if self.size > self._limit:
            raise TooLarge("file-too-large", say("file-too-large", limit=self._limit))
        self._digest.update(piece)
        return piece

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()


class Contents(Protocol):
    """Bytes under names that are used once and never again; `kind` says where a file's bytes lie."""

    kind: str

    async def write(self, name: str, content: AsyncIterable[bytes]) -> None:
        """Store a stream. What a broken-off one leaves behind goes with `remove`."""
        ...

    def read(self, name: str, size: int) -> AsyncIterator[bytes]:
        """The bytes again; raises Unavailable when some are missing."""
        ...

    async def remove(self, name: str) -> None:
        """Harmless when there is nothing."""
        ...

    async def prepare(self) -> None:
        """The migration step."""
        ...

    async def check(self) -> str:
        """Whether they answer, in a word; raises Unavailable."""
        ...


class GridContents(Contents):
    """Chunks as GridFS lays them out: its tools read them."""

    kind = "gridfs"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def write(self, name: str, content: AsyncIterable[bytes]) -> None:
        count = 0
        async for piece in _in_chunks(content):
            chunk = {"_id": f"{name}:{count}", "files_id": name, "n": count, "data": piece}
            await self._database.insert(CHUNKS, [chunk])
            count += 1

    async def read(self, name: str, size: int) -> AsyncIterator[bytes]:
        for number in range(-(-size // CHUNK)):
            found = await self._database.find(CHUNKS, {"_id": f"{name}:{number}"})
            if not found:
                raise damaged()
            yield bytes(found[0]["data"])

    async def remove(self, name: str) -> None:
        await self._database.delete(CHUNKS, {"files_id": name})

    async def prepare(self) -> None:
        """The indexes are made with the other indexes of this database."""

    async def check(self) -> str:
        await self._database.ping()
        return say("files-in-mongodb")


async def _in_chunks(content: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of CHUNK, the last one shorter."""
    waiting = bytearray()
    async for piece in content:
        waiting += piece
        while len(waiting) >= CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
    if waiting:
        yield bytes(waiting)


def damaged() -> Unavailable:
    return Unavailable("file-damaged", say("file-damaged"))
