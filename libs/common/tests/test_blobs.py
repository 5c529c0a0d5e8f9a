"""Files are named by their bytes, written once, kept while referred to, swept after thirty days."""

import asyncio
import hashlib
import os
from datetime import UTC, datetime, timedelta
from random import SystemRandom

import pytest
from gridfs import AsyncGridFSBucket

from common.blobs import CHUNK, CHUNKS, FILES, INDEXES, KEPT_FOR, UPLOADS, MongoBlobs
from common.errors import NotFound, TooLarge, Unavailable
from common.ids import uuid7
from common.mongo import ANY, Database, Patch
from common.mongo.engine import MongoDatabase, connect, disconnect
from common.world import World

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
LIMIT = 5 * CHUNK


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def blobs(database: Database, clock):
    await database.migrate(INDEXES)
    return MongoBlobs(database, World(clock, lambda: uuid7(NOON, os.urandom), SystemRandom()))


async def pieces(content, size=100_000):
    for at in range(0, len(content), size):
        yield content[at : at + size]


async def read(blobs, digest):
    return b"".join([piece async for piece in blobs.stream(digest)])


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
async def test_what_is_put_comes_back_under_its_digest(blobs, size):
    content = os.urandom(size)

    blob = await blobs.put(pieces(content), limit=LIMIT)

    assert blob.digest == hashlib.sha256(content).hexdigest()
    assert (blob.size, blob.at, blob.public) == (size, NOON, False)
    assert await read(blobs, blob.digest) == content


async def test_the_same_bytes_are_stored_once(blobs, database):
    content = os.urandom(CHUNK + 5)

    both = await asyncio.gather(*(blobs.put(pieces(content), limit=LIMIT) for _ in range(3)))

    assert len({blob.digest for blob in both}) == 1
    assert await database.count(FILES, ANY) == 1
    assert await database.count(CHUNKS, ANY) == 2
    assert await database.count(UPLOADS, ANY) == 0


async def test_a_file_over_its_limit_is_refused_and_leaves_nothing(blobs, database):
    with pytest.raises(TooLarge):
        await blobs.put(pieces(os.urandom(2 * CHUNK)), limit=2 * CHUNK - 1)

    assert await database.count(CHUNKS, ANY) == 0
    assert await database.count(UPLOADS, ANY) == 0


async def test_an_unknown_file_is_not_found(blobs):
    with pytest.raises(NotFound):
        await blobs.get("0" * 64)
    with pytest.raises(NotFound):
        await blobs.refer("0" * 64, "fact-1")


async def test_a_damaged_file_does_not_pass_as_whole(blobs, database):
    blob = await blobs.put(pieces(b"approved text"), limit=LIMIT)
    (chunk,) = await database.find(CHUNKS, ANY)
    await database.write([Patch(CHUNKS, chunk["_id"], values={"data": b"approved taxt"})])

    with pytest.raises(Unavailable, match="file-damaged"):
        await read(blobs, blob.digest)


async def test_a_file_is_public_while_a_published_fact_names_it(blobs):
    digest = (await blobs.put(pieces(b"text"), limit=LIMIT)).digest

    await blobs.refer(digest, "draft-1")
    private = (await blobs.get(digest)).public
    await blobs.refer(digest, "published-1", public=True)
    public = (await blobs.get(digest)).public
    await blobs.release(digest, "published-1")

    assert (private, public) == (False, True)
    assert not (await blobs.get(digest)).public


async def test_what_nobody_refers_to_is_swept_after_thirty_days(blobs, database):
    await blobs.put(pieces(os.urandom(CHUNK + 1)), limit=LIMIT)

    assert await blobs.sweep(NOON + KEPT_FOR - timedelta(milliseconds=1)) == 0
    assert await blobs.sweep(NOON + KEPT_FOR) == 1
    assert await database.count(CHUNKS, ANY) == 0


async def test_what_is_referred_to_stays_and_thirty_days_begin_at_the_last_release(blobs, clock):
    digest = (await blobs.put(pieces(b"text"), limit=LIMIT)).digest
    await blobs.refer(digest, "fact-1")
    await blobs.refer(digest, "fact-2")

    assert await blobs.sweep(NOON + 10 * KEPT_FOR) == 0

    clock.now = NOON + 20 * KEPT_FOR
    await blobs.release(digest, "fact-1")
    assert await blobs.sweep(NOON + 30 * KEPT_FOR) == 0
    await blobs.release(digest, "fact-2")
    await blobs.release(digest, "fact-2")
    assert await blobs.sweep(NOON + 21 * KEPT_FOR - timedelta(seconds=1)) == 0
    assert await blobs.sweep(NOON + 21 * KEPT_FOR) == 1


async def test_uploading_it_again_begins_another_thirty_days(blobs, clock):
    await blobs.put(pieces(b"text"), limit=LIMIT)
    clock.now = NOON + KEPT_FOR - timedelta(days=1)
    digest = (await blobs.put(pieces(b"text"), limit=LIMIT)).digest

    assert await blobs.sweep(NOON + KEPT_FOR) == 0
    assert await read(blobs, digest) == b"text"


class HungUp(Exception):
    pass


async def test_an_upload_that_broke_off_is_swept_after_a_day_and_others_are_not(blobs, database):
    async def broken():
        yield os.urandom(CHUNK)
        raise HungUp

    with pytest.raises(HungUp):
        await blobs.put(broken(), limit=LIMIT)
    kept = await blobs.put(pieces(b"whole"), limit=LIMIT)

    await blobs.sweep(NOON + timedelta(days=1))

    assert await database.count(CHUNKS, ANY) == 1
    assert await database.count(UPLOADS, ANY) == 0
    assert await read(blobs, kept.digest) == b"whole"


async def test_referring_and_sweeping_at_once_never_loses_a_file_that_is_referred_to(blobs):
    for number in range(5):
        content = f"text {number}".encode()
        digest = (await blobs.put(pieces(content), limit=LIMIT)).digest
        swept, referred = await asyncio.gather(
            blobs.sweep(NOON + KEPT_FOR), blobs.refer(digest, "fact"), return_exceptions=True
        )

        if referred is None:
            assert await read(blobs, digest) == content
        else:
            assert isinstance(referred, NotFound)
            assert swept == 1


@pytest.mark.engine
async def test_the_tools_of_gridfs_read_what_we_wrote(engines, database_prefix):
    content = os.urandom(CHUNK + 7)
    client = connect(engines.mongo_url)
    try:
        database = MongoDatabase(client, f"{database_prefix}gridfs")
        await database.migrate(INDEXES)
        world = World(lambda: NOON, lambda: uuid7(NOON, os.urandom), SystemRandom())
        digest = (await MongoBlobs(database, world).put(pieces(content), limit=LIMIT)).digest

        bucket = AsyncGridFSBucket(client[f"{database_prefix}gridfs"])
        read_back = await (await bucket.open_download_stream_by_name(digest)).read()
    finally:
        await disconnect(client)

    assert read_back == content
