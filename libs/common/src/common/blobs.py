"""Files named by their SHA-256: written once, streamed, swept when nothing refers to them (D12).

They lie in a database of their own in GridFS's layout (`fs.files`, `fs.chunks`), so its tools read
them. A cluster may keep them in S3 behind the same `Blobs` protocol.

A file is private until a reference says it is public: a service refers to it when a fact of its names
the digest, and lets go when none does any more. Thirty days after the last reference, or after an
upload that nobody referred to, a sweep removes it.
"""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from common.errors import NotFound, TooLarge, Unavailable
from common.mongo import Database, Document, Drop, Index, Patch, Put, Session
from common.world import World

FILES, CHUNKS, UPLOADS, REFERENCES = "fs.files", "fs.chunks", "uploads", "references"
INDEXES = (
    Index(FILES, (("filename", 1),), unique=True),
    Index(FILES, (("unreferenced", 1),)),
    Index(CHUNKS, (("files_id", 1), ("n", 1)), unique=True),
    Index(REFERENCES, (("digest", 1),)),
    Index(UPLOADS, (("at", 1),)),
)
CHUNK = 255 * 1024
KEPT_FOR = timedelta(days=30)
UPLOAD_FOR = timedelta(days=1)
"""An upload that has not ended after a day never will."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file: hex SHA-256, bytes, when it was first stored, whether anybody may read it."""

    digest: str
    size: int
    at: datetime
    public: bool


class Blobs(Protocol):
    """The port: `MongoBlobs` here; an S3 implementation keeps the same promises."""

    async def put(self, content: AsyncIterable[bytes], *, limit: int) -> Blob:
        """Store a stream; the same bytes are stored once. Raises TooLarge beyond `limit` bytes."""
        ...

    async def get(self, digest: str) -> Blob:
        """What is known about a file; raises NotFound."""
        ...

    def stream(self, digest: str) -> AsyncIterator[bytes]:
        """Its bytes, checked against the digest: a damaged file ends in Unavailable."""
        ...

    async def refer(self, digest: str, by: str, *, public: bool = False) -> None:
        """Keep the file as long as `by` (a fact's id) names it; raises NotFound."""
        ...

    async def release(self, digest: str, by: str) -> None:
        """Let go of a reference; harmless when there is none."""
        ...

    async def sweep(self, now: datetime) -> int:
        """Remove what nobody has referred to for thirty days; answers how many files."""
        ...


class MongoBlobs(Blobs):
    """Blobs in a database of their own."""

    def __init__(self, database: Database, world: World) -> None:
        self._database = database
        self._world = world

    async def put(self, content: AsyncIterable[bytes], *, limit: int) -> Blob:
        upload = self._world.new_id()
        begun: Document = {"at": self._world.now()}
        await self._database.write([Put(UPLOADS, upload, begun)])
        try:
            digest, size = await self._write_chunks(upload, content, limit)
        except TooLarge:
            await self._discard(upload)
            raise
        while not await self._finish(upload, digest, size):
            if await self._touch(digest):
                await self._discard(upload)
                break
        else:
            await self._database.write([Drop(UPLOADS, upload)])
        return await self.get(digest)

    async def _write_chunks(
        self, upload: str, content: AsyncIterable[bytes], limit: int
    ) -> tuple[str, int]:
        digest, size, count = hashlib.sha256(), 0, 0
        async for piece in _in_chunks(content):
            size += len(piece)
            if size > limit:
                raise TooLarge("file-too-large", f"A file here has at most {limit} bytes.")
            digest.update(piece)
            chunk = {"_id": f"{upload}:{count}", "files_id": upload, "n": count, "data": piece}
            await self._database.insert(CHUNKS, [chunk])
            count += 1
        return digest.hexdigest(), size

    async def _finish(self, upload: str, digest: str, size: int) -> bool:
        """Make the upload a file; False when these bytes were stored before."""
        now = self._world.now()
        file: Document = {
            "_id": upload,
            "filename": digest,
            "length": size,
            "chunkSize": CHUNK,
            "uploadDate": now,
            "unreferenced": now,
        }
        return (await self._database.insert(FILES, [file])).landed[0]

    async def _touch(self, digest: str) -> bool:
        """Keep a file that is uploaded again for thirty more days; False when it was just swept."""

        async def work(session: Session) -> bool:
            found = await session.find(FILES, {"filename": digest})
            if found and "unreferenced" in found[0]:
                values = {"unreferenced": self._world.now()}
                await session.write([Patch(FILES, found[0]["_id"], values=values)])
            return bool(found)

        return await self._database.transaction(work)

    async def _discard(self, upload: str) -> None:
        await self._database.delete(CHUNKS, {"files_id": upload})
        await self._database.write([Drop(UPLOADS, upload)])

    async def get(self, digest: str) -> Blob:
        file = await self._file(digest)
        public = await self._database.find(REFERENCES, {"digest": digest, "public": True}, limit=1)
        return Blob(digest, file["length"], file["uploadDate"], public=bool(public))

    async def _file(self, digest: str) -> Document:
        found = await self._database.find(FILES, {"filename": digest}, limit=1)
        if not found:
            raise _unknown()
        return found[0]

    async def stream(self, digest: str) -> AsyncIterator[bytes]:
        file = await self._file(digest)
        seen = hashlib.sha256()
        for number in range(-(-file["length"] // CHUNK)):
            found = await self._database.find(CHUNKS, {"_id": f"{file['_id']}:{number}"})
            if not found:
                raise _damaged()
            data = bytes(found[0]["data"])
            seen.update(data)
            yield data
        if seen.hexdigest() != digest:
            raise _damaged()

    async def refer(self, digest: str, by: str, *, public: bool = False) -> None:
        async def work(session: Session) -> None:
            found = await session.find(FILES, {"filename": digest})
            if not found:
                raise _unknown()
            reference: dict[str, Any] = {"digest": digest, "by": by, "public": public}
            await session.write(
                [
                    Put(REFERENCES, f"{digest}|{by}", reference),
                    Patch(FILES, found[0]["_id"], unset=["unreferenced"]),
                ]
            )

        await self._database.transaction(work)

    async def release(self, digest: str, by: str) -> None:
        async def work(session: Session) -> None:
            key = f"{digest}|{by}"
            left = await session.find(REFERENCES, {"digest": digest})
            if all(reference["_id"] != key for reference in left):
                return
            await session.write([Drop(REFERENCES, key)])
            if len(left) == 1:
                for file in await session.find(FILES, {"filename": digest}):
                    values = {"unreferenced": self._world.now()}
                    await session.write([Patch(FILES, file["_id"], values=values)])

        await self._database.transaction(work)

    async def sweep(self, now: datetime) -> int:
        for upload in await self._database.find(UPLOADS, {"at": {"$lte": now - UPLOAD_FOR}}):
            await self._sweep_upload(upload["_id"])
        old = {"unreferenced": {"$lte": now - KEPT_FOR}}
        swept = [
            await self._sweep_file(file["_id"], now)
            for file in await self._database.find(FILES, old)
        ]
        return sum(swept)

    async def _sweep_upload(self, upload: str) -> None:
        """A crash may have come before the file stood, or just after: then only the note is left."""
        if await self._database.find(FILES, {"_id": upload}):
            await self._database.write([Drop(UPLOADS, upload)])
        else:
            await self._discard(upload)

    async def _sweep_file(self, file_id: str, now: datetime) -> bool:
        """Remove one file unless somebody referred to it meanwhile; its chunks go after it."""
        note: Document = {"at": now - UPLOAD_FOR}

        async def work(session: Session) -> bool:
            old = {"_id": file_id, "unreferenced": {"$lte": now - KEPT_FOR}}
            if not await session.find(FILES, old):
                return False
            await session.write([Drop(FILES, file_id), Put(UPLOADS, file_id, note)])
            return True

        removed = await self._database.transaction(work)
        if removed:
            await self._discard(file_id)
        return removed


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


def _unknown() -> NotFound:
    return NotFound("file-unknown", "There is no file with this digest, or no longer.")


def _damaged() -> Unavailable:
    return Unavailable("file-damaged", "The stored file does not match its digest. Tell us.")
