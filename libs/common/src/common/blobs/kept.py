"""What is known about files: digest, size, who refers to them. Their bytes lie in `Contents`.

A file is private until a reference says it is public: a service refers to it when a fact of its names
the digest, and lets go when none does any more. Thirty days after the last reference, or after an
upload that nobody referred to, a sweep removes it.
"""

import hashlib
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Sequence,
)
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from common.blobs.contents import CHUNK, CHUNKS, Contents, GridContents, Measured, damaged
from common.errors import NotFound, TooLarge, Unavailable
from common.logs import logger
from common.mongo import Database, Document, Drop, Filter, Index, Patch, Put, Session
from common.words import say
from common.world import World

FILES, UPLOADS, REFERENCES = "fs.files", "uploads", "references"
INDEXES = (
    Index(FILES, (("filename", 1),), unique=True),
    Index(FILES, (("unreferenced", 1),)),
    Index(CHUNKS, (("files_id", 1), ("n", 1)), unique=True),
    Index(REFERENCES, (("digest", 1),)),
    Index(UPLOADS, (("at", 1),)),
)
KEPT_FOR = timedelta(days=30)
AT_ONCE = 100
NAMED_BY_FACTS = "facts"
UPLOAD_FOR = timedelta(days=1)
"""An upload that has not ended after a day never will."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file: hex SHA-256, bytes, when it was first stored, whether anybody may read it."""

    digest: str
    size: int
    at: datetime
    public: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """How many files were brought over, and how many stay because their bytes are not theirs."""

    files: int
    damaged: int


Named = Callable[[Sequence[str]], Awaitable[Collection[str]]]
"""Which of these digests facts name; raises Unavailable when it does not know all facts."""


class Blobs(Protocol):
    """The port."""

    async def put(self, content: AsyncIterable[bytes], *, limit: int) -> Blob:
        """Store a stream; the same bytes are stored once. Raises TooLarge beyond `limit` bytes."""
        ...

    async def get(self, digest: str) -> Blob:
        """What is known about a file; raises NotFound."""
        ...

    def stream(self, digest: str) -> AsyncGenerator[bytes]:
        """Its bytes, checked against the digest: a damaged file ends in Unavailable."""
        ...

    async def refer(self, digest: str, by: str, *, public: bool = False) -> None:
        """Keep the file as long as `by` (a fact's id) names it; raises NotFound."""
        ...

    async def expect(self, digest: str, by: str) -> bool:
        """Refer to a file for a fact that stands, there or not; answers whether it is there.

        One that is missing and comes after all is kept as if it had been there.
        """
        ...

    async def release(self, digest: str, by: str) -> None:
        """Let go of a reference; harmless when there is none."""
        ...

    async def sweep(self, now: datetime, named: Named | None = None) -> int:
        """Remove what nobody has referred to for thirty days; answers how many files.

        `named` is asked before: what facts name stays, and is referred to from now on.
        """
        ...


class KeptBlobs(Blobs):
    """Names and references in a database of their own; new bytes in `contents`.

    What an installation kept in GridFS before it had a bucket is still read there.
    """

    def __init__(self, database: Database, contents: Contents, world: World) -> None:
        self._database = database
        self._contents = contents
        self._world = world
        self._all = {each.kind: each for each in (GridContents(database), contents)}

    async def put(self, content: AsyncIterable[bytes], *, limit: int) -> Blob:
        upload = self._world.new_id()
        kind = self._contents.kind
        begun: Document = {"at": self._world.now(), "contents": kind}
        await self._database.write([Put(UPLOADS, upload, begun)])
        passing = Measured(content, limit)
        try:
            await self._contents.write(upload, passing)
        except TooLarge:
            await self._discard(upload, kind)
            raise
        while not await self._finish(upload, passing.digest, passing.size):
            if await self._touch(passing.digest):
                await self._discard(upload, kind)
                break
        else:
            await self._database.write([Drop(UPLOADS, upload)])
        return await self.get(passing.digest)

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
            "contents": self._contents.kind,
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

    async def _discard(self, upload: str, kind: str) -> None:
        await self._at(kind).remove(upload)
        await self._database.write([Drop(UPLOADS, upload)])

    def _at(self, kind: str) -> Contents:
        """Raises Unavailable where files lie in a bucket that this process was not told of."""
        if kind not in self._all:
            raise Unavailable("files-unavailable", say("files-unavailable"))
        return self._all[kind]

    async def get(self, digest: str) -> Blob:
        file = await self._file(digest)
        public = await self._database.find(REFERENCES, {"digest": digest, "public": True}, limit=1)
        return Blob(digest, file["length"], file["uploadDate"], public=bool(public))

    async def _file(self, digest: str) -> Document:
        found = await self._database.find(FILES, {"filename": digest}, limit=1)
        if not found:
            raise _unknown()
        return found[0]

    async def stream(self, digest: str) -> AsyncGenerator[bytes]:
        file = await self._file(digest)
        seen = hashlib.sha256()
        async for piece in self._at(_kind(file)).read(file["_id"], file["length"]):
            seen.update(piece)
            yield piece
        if seen.hexdigest() != digest:
            raise damaged()

    async def refer(self, digest: str, by: str, *, public: bool = False) -> None:
        if not await self._refer(digest, by, public=public, ahead=False):
            raise _unknown()

    async def expect(self, digest: str, by: str) -> bool:
        return await self._refer(digest, by, public=False, ahead=True)

    async def _refer(self, digest: str, by: str, *, public: bool, ahead: bool) -> bool:
        """Answers whether the file is there; `ahead` refers to it also when it is not."""
        reference: dict[str, Any] = {"digest": digest, "by": by, "public": public}

        async def work(session: Session) -> bool:
            found = await session.find(FILES, {"filename": digest})
            if found or ahead:
                known = [Patch(FILES, file["_id"], unset=["unreferenced"]) for file in found]
                await session.write([Put(REFERENCES, f"{digest}|{by}", reference), *known])
            return bool(found)

        return await self._database.transaction(work)

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

    async def sweep(self, now: datetime, named: Named | None = None) -> int:
        swept = 0
        old = {"unreferenced": {"$lte": now - KEPT_FOR}}
        async for files in self._pages(FILES, old):
            kept = await self._kept(files, named)
            lost = [file for file in files if file["filename"] not in kept]
            swept += sum([await self._sweep_file(file, now) for file in lost])
        async for uploads in self._pages(UPLOADS, {"at": {"$lte": now - UPLOAD_FOR}}):
            for upload in uploads:
                await self._sweep_upload(upload)
        return swept

    async def move(self) -> Moved:
        """Bring what lies elsewhere to where new files go; safe to break off, and to repeat.

        What was read is compared with its digest first. The old bytes stay a day: somebody may just
        be reading them; then a sweep takes them.
        """
        moved = damaged = 0
        elsewhere = {"contents": {"$ne": self._contents.kind}}
        async for files in self._pages(FILES, elsewhere):
            for file in files:
                brought = await self._bring(file)
                moved += brought is True
                damaged += brought is None
        return Moved(moved, damaged)

    async def _bring(self, file: Document) -> bool | None:
        """Whether it lies where new files go now; None when its bytes are not what they should be."""
        name, kind = self._world.new_id(), self._contents.kind
        note: Document = {"at": self._world.now(), "contents": kind}
        await self._database.write([Put(UPLOADS, name, note)])
        old = self._at(_kind(file))
        passing = Measured(old.read(file["_id"], file["length"]), file["length"])
        try:
            await self._contents.write(name, passing)
        except (TooLarge, Unavailable) as error:
            if error.code == "files-unavailable":
                raise
            return await self._not_brought(name, file)
        if passing.digest != file["filename"]:
            return await self._not_brought(name, file)
        if await self._database.transaction(partial(self._rename, file=file, name=name)):
            return True
        await self._discard(name, kind)
        return False

    async def _not_brought(self, name: str, file: Document) -> None:
        logger("blobs").error("file-damaged", digest=file["filename"])
        await self._discard(name, self._contents.kind)

    async def _rename(self, session: Session, file: Document, name: str) -> bool:
        """Its new bytes stand for it from here on; False when it was swept meanwhile."""
        found = await session.find(FILES, {"_id": file["_id"]})
        if not found:
            return False
        known = {key: value for key, value in found[0].items() if key != "_id"}
        left: Document = {"at": self._world.now(), "contents": _kind(file)}
        await session.write(
            [
                Drop(FILES, file["_id"]),
                Put(FILES, name, {**known, "contents": self._contents.kind}),
                Drop(UPLOADS, name),
                Put(UPLOADS, file["_id"], left),
            ]
        )
        return True

    async def _pages(self, collection: str, where: Filter) -> AsyncIterator[list[Document]]:
        """A few at a time, each once, whatever becomes of them."""
        last = ""
        while page := await self._database.find(
            collection, {**where, "_id": {"$gt": last}}, sort=(("_id", 1),), limit=AT_ONCE
        ):
            yield page
            last = page[-1]["_id"]

    async def _kept(self, files: Sequence[Document], named: Named | None) -> Collection[str]:
        """What facts name has no business here: its reference is missing, and is made."""
        if named is None:
            return ()
        kept = await named([file["filename"] for file in files])
        for digest in kept:
            logger("blobs").error("file-named-without-reference", digest=digest)
            await self.refer(digest, NAMED_BY_FACTS)
        return kept

    async def _sweep_upload(self, upload: Document) -> None:
        """A crash may have come before the file stood, or just after: then only the note is left."""
        if await self._database.find(FILES, {"_id": upload["_id"]}):
            await self._database.write([Drop(UPLOADS, upload["_id"])])
        else:
            await self._discard_known(upload["_id"], _kind(upload))

    async def _sweep_file(self, file: Document, now: datetime) -> bool:
        """Remove one file unless somebody refers to it; its bytes go after it.

        The references decide, not the note that there are none: the last let go of while another
        was being written may leave both, and then the note is wrong.
        """
        name, kind = file["_id"], _kind(file)
        note: Document = {"at": now - UPLOAD_FOR, "contents": kind}

        async def work(session: Session) -> bool:
            old = {"_id": name, "unreferenced": {"$lte": now - KEPT_FOR}}
            if not await session.find(FILES, old):
                return False
            if await session.find(REFERENCES, {"digest": file["filename"]}):
                await session.write([Patch(FILES, name, unset=["unreferenced"])])
                return False
            await session.write([Drop(FILES, name), Put(UPLOADS, name, note)])
            return True

        removed = await self._database.transaction(work)
        if removed:
            await self._discard_known(name, kind)
        return removed

    async def _discard_known(self, name: str, kind: str) -> None:
        """Bytes in a bucket that nobody told us of stay noted, and keep no other file from going."""
        try:
            await self._discard(name, kind)
        except Unavailable as error:
            logger("blobs").warning("file-not-removed", code=error.code)


def _kind(document: Document) -> str:
    """Where its bytes lie; files from before there was a choice lie in GridFS."""
    return document.get("contents", GridContents.kind)


def _unknown() -> NotFound:
    return NotFound("file-unknown", say("file-unknown"))
