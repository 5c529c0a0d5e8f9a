"""The blobs as this service uses them: what is there, what is kept, what the public may read."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from io import BytesIO

from common.blobs import Blobs
from common.errors import NotFound
from common.filekinds import Recognised, check_size, is_container, recognise
from common.logs import logger
from common.markup import INLINE_BYTES
from editorial.domain.words import say
from editorial.usecases.doing import Files

LARGEST = 26_214_400


class KeptFiles(Files):
    """Files by their digests; a reference is named after the article that makes it."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def missing(self, digests: Sequence[str]) -> tuple[str, ...]:
        return tuple([each for each in digests if not await self._there(each)])

    def stream(self, digest: str) -> AsyncIterator[bytes]:
        return self._blobs.stream(digest)

    async def recognised(self, digest: str, at: str) -> tuple[Recognised, int]:
        blob = await self._blobs.get(digest)
        content = BytesIO()
        async with aclosing(self._blobs.stream(digest)) as pieces:
            content.write(await anext(pieces, b""))
            if is_container(content.getvalue()):
                check_size(blob.size, "document", at)
                async for piece in pieces:
                    content.write(piece)
        content.seek(0)
        found = recognise(content, at)
        check_size(blob.size, found.kind, at)
        return found, blob.size

    async def put(self, content: bytes) -> None:
        await self._blobs.put(_pieces(content), limit=LARGEST)

    async def keep(self, digests: Sequence[str], by: str) -> None:
        missing: list[str] = []
        for digest in digests:
            try:
                await self._blobs.refer(digest, f"editorial:{by}")
            except NotFound:
                missing.append(digest)
        if missing:
            raise NotFound("file-gone", say("file-gone", files=", ".join(missing)))

    async def expect(self, digests: Sequence[str], by: str) -> None:
        for digest in digests:
            if not await self._blobs.expect(digest, f"editorial:{by}"):
                logger("editorial").error("file-missing", digest=digest, named_by=by)

    async def show(self, digests: Sequence[str], by: str) -> None:
        for digest in digests:
            await self._blobs.refer(digest, f"editorial:{by}:public", public=True)

    async def hide(self, digests: Sequence[str], by: str) -> None:
        for digest in digests:
            await self._blobs.release(digest, f"editorial:{by}:public")

    async def _there(self, digest: str) -> bool:
        try:
            await self._blobs.get(digest)
        except NotFound:
            return False
        return True


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), INLINE_BYTES):
        yield content[start : start + INLINE_BYTES]
