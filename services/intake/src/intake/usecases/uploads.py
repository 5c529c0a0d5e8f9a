"""Uploading a file: known by its content, stored once under its digest, named by a submission later."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from common import filekinds
from common.blobs import Blobs
from common.filekinds import FileKind, Recognised
from common.mongo import Database, Put

COLLECTION = "uploads"
CHUNK = 256 * 1024


class Sent(Protocol):
    """A file as it was sent: spooled, so that its content can be looked at before it is stored."""

    @property
    def filename(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    @property
    def file(self) -> BinaryIO: ...

    async def read(self, size: int = -1) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored file: what it is by its content, and the name it was sent under last."""

    digest: str
    name: str
    size: int
    media_type: str
    kind: FileKind

    @property
    def recognised(self) -> Recognised:
        return Recognised(self.media_type, self.kind)


class Uploads:
    """What is known about uploaded files; the bytes lie among the blobs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def remember(self, upload: Upload, at: datetime) -> None:
        document = {
            "name": upload.name,
            "size": upload.size,
            "media_type": upload.media_type,
            "kind": upload.kind,
            "at": at,
        }
        await self._database.write([Put(COLLECTION, upload.digest, document)])

    async def known(self, digests: tuple[str, ...]) -> dict[str, Upload]:
        """By digest; one that was never uploaded here is left out."""
        if not digests:
            return {}
        found = await self._database.find(COLLECTION, {"_id": {"$in": list(digests)}})
        return {
            one["_id"]: Upload(one["_id"], one["name"], one["size"], one["media_type"], one["kind"])
            for one in found
        }


async def upload(blobs: Blobs, uploads: Uploads, sent: Sent, at: datetime) -> Upload:
    """Recognise, then store; raises Unprocessable or TooLarge and leaves nothing behind."""
    found = filekinds.recognise(sent.file)
    name = filekinds.check_name(sent.filename or "", found)
    filekinds.check_size(sent.size or 0, found.kind)
    blob = await blobs.put(_pieces(sent), limit=found.limit)
    made = Upload(blob.digest, name, blob.size, found.media_type, found.kind)
    await uploads.remember(made, at)
    return made


async def _pieces(sent: Sent) -> AsyncIterator[bytes]:
    while piece := await sent.read(CHUNK):
        yield piece
