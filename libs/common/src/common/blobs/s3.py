"""Bytes in a bucket that speaks S3: parts go up as they arrive, and come down as they are asked for."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from obstore.exceptions import BaseError
from obstore.store import S3Store

from common.blobs.contents import CHUNK, Contents, damaged
from common.errors import Unavailable
from common.logs import logger
from common.words import say

PART = 8 * 1024 * 1024
AT_ONCE = 2
MARK = "nhipcau"
CONNECT_SECONDS, REQUEST_SECONDS, RETRY_SECONDS = 3, 30, 10


@dataclass(frozen=True, slots=True)
class Bucket:
    """Which bucket, behind which address, with which key.

    endpoint  "" for Amazon's own; else the server's address, whose buckets are paths
    key, secret  "" for what the machine itself may do (a role, AWS_* variables)
    """

    name: str
    folder: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    key: str = ""
    secret: str = ""

    @classmethod
    def of(cls, url: str, **more: str) -> "Bucket":
        """`s3://bucket/folder`; the settings refuse anything else."""
        parts = urlsplit(url)
        return cls(parts.netloc, parts.path.strip("/"), **more)


class S3Contents(Contents):
    """One object for each file, under the name of its upload: no object is ever written twice."""

    kind = "s3"

    def __init__(self, bucket: Bucket) -> None:
        self._store = S3Store(
            bucket.name,
            prefix=bucket.folder or None,
            client_options={
                "allow_http": bucket.endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
                "timeout": timedelta(seconds=REQUEST_SECONDS),
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=RETRY_SECONDS)},
            **_config(bucket),
        )

    async def write(self, name: str, content: AsyncIterable[bytes]) -> None:
        async with _answering():
            await self._store.put_async(
                name, content, chunk_size=PART, max_concurrency=AT_ONCE, use_multipart=None
            )

    async def read(self, name: str, size: int) -> AsyncIterator[bytes]:
        del size
        async with _answering():
            found = await self._store.get_async(name)
            async for piece in found.stream(min_chunk_size=CHUNK):
                yield bytes(piece)

    async def remove(self, name: str) -> None:
        async with _answering():
            await self._store.delete_async(name)

    async def prepare(self) -> None:
        """A mark to look for: reading it needs no right to list the bucket."""
        async with _answering():
            await self._store.put_async(MARK, b"The blobs of Nhip Cau.\n")

    async def check(self) -> str:
        try:
            async with _answering():
                await self._store.head_async(MARK)
        except Unavailable as error:
            if error.code == damaged().code:
                raise Unavailable("not-migrated", say("bucket-not-migrated")) from error
            raise
        return say("files-in-bucket")


@asynccontextmanager
async def _answering() -> AsyncGenerator[None]:
    """What the bucket does wrong is the world's fault."""
    try:
        yield
    except FileNotFoundError as error:
        raise damaged() from error
    except BaseError as error:
        logger("blobs").warning("files-away", said=str(error).splitlines()[0][:200])
        raise Unavailable("files-unavailable", say("files-unavailable")) from error


def _config(bucket: Bucket) -> dict[str, Any]:
    config: dict[str, Any] = {"region": bucket.region}
    if bucket.endpoint:
        config |= {"endpoint": bucket.endpoint, "virtual_hosted_style_request": False}
    if bucket.key:
        config |= {"access_key_id": bucket.key, "secret_access_key": bucket.secret}
    return config
