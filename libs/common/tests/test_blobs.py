"""Files are named by their bytes, written once, kept while referred to, swept after thirty days."""

import asyncio
import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import SystemRandom
from uuid import uuid4

import pytest
from gridfs import AsyncGridFSBucket

from common.blobs import (
    AT_ONCE,
    CHUNK,
    CHUNKS,
    FILES,
    INDEXES,
    KEPT_FOR,
    REFERENCES,
    UPLOADS,
    Contents,
    GridContents,
    KeptBlobs,
)
from common.blobs.kept import UPLOAD_FOR, Moved
from common.blobs.s3 import PART, Bucket, S3Contents
from common.errors import NotFound, TooLarge, Unavailable
from common.ids import uuid7
from common.mongo import ANY, Database, Patch
from common.mongo.engine import MongoDatabase, connect, disconnect
from common.testing.mongo import MemoryDatabase
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


def a_world(clock):
    return World(clock, lambda: uuid7(NOON, os.urandom), SystemRandom())


class Kept:
    """Where bytes lie, as the tests look at it from outside."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents

    async def names(self) -> set[str]:
        """Of everything that lies there, whole or not."""
        raise NotImplementedError

    async def spoil(self, content: bytes) -> None:
        """Put other bytes in the place of the only file's."""
        raise NotImplementedError


class InGridFS(Kept):
    def __init__(self, database: Database) -> None:
        super().__init__(GridContents(database))
        self._database = database

    async def names(self):
        return {chunk["files_id"] for chunk in await self._database.find(CHUNKS, ANY)}

    async def spoil(self, content):
        (chunk,) = await self._database.find(CHUNKS, ANY)
        await self._database.write([Patch(CHUNKS, chunk["_id"], values={"data": content})])


class InS3(Kept):
    def __init__(self, bucket: Bucket) -> None:
        super().__init__(S3Contents(bucket))
        self._store = self.contents._store

    async def names(self):
        return {each["path"] for each in await self._store.list().collect_async()}

    async def spoil(self, content):
        (name,) = await self.names()
        await self._store.put_async(name, content)


def a_bucket(s3, **changes):
    return replace(
        Bucket("blobs", uuid4().hex, s3.endpoint, key=s3.key, secret=s3.secret), **changes
    )


@pytest.fixture(
    params=[
        pytest.param("gridfs", id="gridfs"),
        pytest.param("s3", id="s3", marks=pytest.mark.engine),
    ]
)
def kept(request, database: Database):
    if request.param == "gridfs":
        return InGridFS(database)
    return InS3(a_bucket(request.getfixturevalue("s3")))


@pytest.fixture
async def blobs(database: Database, kept, clock):
    await database.migrate(INDEXES)
    return KeptBlobs(database, kept.contents, a_world(clock))


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


async def test_the_same_bytes_are_stored_once(blobs, database, kept):
    content = os.urandom(CHUNK + 5)

    both = await asyncio.gather(*(blobs.put(pieces(content), limit=LIMIT) for _ in range(3)))

    assert len({blob.digest for blob in both}) == 1
    assert await database.count(FILES, ANY) == 1
    assert len(await kept.names()) == 1
    assert await database.count(UPLOADS, ANY) == 0


async def test_a_file_over_its_limit_is_refused_and_leaves_nothing(blobs, database, kept):
    with pytest.raises(TooLarge):
        await blobs.put(pieces(os.urandom(2 * CHUNK)), limit=2 * CHUNK - 1)

    assert await kept.names() == set()
    assert await database.count(UPLOADS, ANY) == 0


async def test_an_unknown_file_is_not_found(blobs):
    with pytest.raises(NotFound):
        await blobs.get("0" * 64)
    with pytest.raises(NotFound):
        await blobs.refer("0" * 64, "fact-1")


async def test_a_damaged_file_does_not_pass_as_whole(blobs, kept):
    blob = await blobs.put(pieces(b"approved text"), limit=LIMIT)
    await kept.spoil(b"approved taxt")

    with pytest.raises(Unavailable, match="file-damaged"):
        await read(blobs, blob.digest)


async def test_a_file_whose_bytes_are_gone_says_so(blobs, kept):
    blob = await blobs.put(pieces(b"approved text"), limit=LIMIT)
    (name,) = await kept.names()
    await kept.contents.remove(name)
    await kept.contents.remove(name)

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


async def test_what_nobody_refers_to_is_swept_after_thirty_days(blobs, kept):
    await blobs.put(pieces(os.urandom(CHUNK + 1)), limit=LIMIT)

    assert await blobs.sweep(NOON + KEPT_FOR - timedelta(milliseconds=1)) == 0
    assert await blobs.sweep(NOON + KEPT_FOR) == 1
    assert await kept.names() == set()


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


async def test_an_old_file_that_is_referred_to_stays_though_it_is_noted_as_unreferenced(
    blobs, database
):
    digest = (await blobs.put(pieces(b"named"), limit=LIMIT)).digest
    await blobs.put(pieces(b"nobody's"), limit=LIMIT)
    await blobs.refer(digest, "fact")
    (file,) = await database.find(FILES, {"filename": digest})
    await database.write([Patch(FILES, file["_id"], values={"unreferenced": NOON})])

    assert await blobs.sweep(NOON + 2 * KEPT_FOR) == 1
    assert await read(blobs, digest) == b"named"
    (file,) = await database.find(FILES, {"filename": digest})
    assert "unreferenced" not in file


async def test_uploading_it_again_begins_another_thirty_days(blobs, clock):
    await blobs.put(pieces(b"text"), limit=LIMIT)
    clock.now = NOON + KEPT_FOR - timedelta(days=1)
    digest = (await blobs.put(pieces(b"text"), limit=LIMIT)).digest

    assert await blobs.sweep(NOON + KEPT_FOR) == 0
    assert await read(blobs, digest) == b"text"


class HungUp(Exception):
    pass


async def test_an_upload_that_broke_off_is_swept_after_a_day_and_others_are_not(
    blobs, database, kept
):
    async def broken():
        yield os.urandom(CHUNK)
        raise HungUp

    with pytest.raises(HungUp):
        await blobs.put(broken(), limit=LIMIT)
    whole = await blobs.put(pieces(b"whole"), limit=LIMIT)

    await blobs.sweep(NOON + timedelta(days=1))

    assert len(await kept.names()) == 1
    assert await database.count(UPLOADS, ANY) == 0
    assert await read(blobs, whole.digest) == b"whole"


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


async def many_old_files(database, count):
    """Known, with no bytes: what a sweep looks at."""
    files = [
        {
            "_id": f"f{number:05d}",
            "filename": hashlib.sha256(f"{number}".encode()).hexdigest(),
            "length": 0,
            "uploadDate": NOON,
            "unreferenced": NOON,
        }
        for number in range(count)
    ]
    await database.insert(FILES, files)
    return [file["filename"] for file in files]


async def test_a_sweep_looks_at_a_few_files_at_a_time_and_leaves_none_out(blobs, database):
    digests = await many_old_files(database, 2 * AT_ONCE + 7)
    asked = []

    async def nobody(some):
        asked.append(list(some))
        return []

    assert await blobs.sweep(NOON + KEPT_FOR, nobody) == len(digests)
    assert [len(some) for some in asked] == [AT_ONCE, AT_ONCE, 7]
    assert sorted(digest for some in asked for digest in some) == sorted(digests)
    assert await database.count(FILES, ANY) == 0


async def test_what_facts_name_stays_though_nothing_refers_to_it_and_is_referred_to_from_then_on(
    blobs, database
):
    named = (await blobs.put(pieces(b"named"), limit=LIMIT)).digest
    await blobs.put(pieces(b"nobody's"), limit=LIMIT)

    async def facts(some):
        return {named} & set(some)

    assert await blobs.sweep(NOON + KEPT_FOR, facts) == 1
    assert await blobs.sweep(NOON + 2 * KEPT_FOR) == 0
    assert await read(blobs, named) == b"named"
    assert [each["digest"] for each in await database.find(REFERENCES, ANY)] == [named]


async def test_nothing_goes_while_it_is_not_known_what_facts_name(blobs):
    digest = (await blobs.put(pieces(b"text"), limit=LIMIT)).digest

    async def not_yet(some):
        raise Unavailable("files-not-known")

    with pytest.raises(Unavailable):
        await blobs.sweep(NOON + KEPT_FOR, not_yet)

    assert await read(blobs, digest) == b"text"


async def test_a_file_that_a_fact_names_before_it_is_there_is_kept_when_it_comes(blobs):
    digest = hashlib.sha256(b"late").hexdigest()

    assert not await blobs.expect(digest, "fact")
    await blobs.put(pieces(b"late"), limit=LIMIT)

    assert await blobs.sweep(NOON + KEPT_FOR) == 0
    assert await blobs.expect(digest, "fact")
    assert await read(blobs, digest) == b"late"


async def test_bytes_in_a_bucket_that_nobody_named_keep_no_other_file_from_going(blobs, database):
    await blobs.put(pieces(b"here"), limit=LIMIT)
    (file,) = await database.find(FILES, ANY)
    await database.insert(
        FILES, [{**file, "_id": "a", "filename": "0" * 64, "contents": "elsewhere"}]
    )

    assert await blobs.sweep(NOON + KEPT_FOR) == 2
    assert await blobs.sweep(NOON + KEPT_FOR) == 0
    (note,) = await database.find(UPLOADS, ANY)
    assert (note["_id"], note["contents"]) == ("a", "elsewhere")


async def test_an_append_that_races_a_sweep_names_no_file_that_is_gone(blobs, database):
    """An act refers, then appends the fact: whichever of the two is first, no fact names what was swept."""
    texts = [f"text {number}".encode() for number in range(24)]
    digests = [(await blobs.put(pieces(text), limit=LIMIT)).digest for text in texts]
    go = asyncio.Event()

    async def act(number):
        await go.wait()
        try:
            await blobs.refer(digests[number], f"fact-{number}")
        except NotFound:
            return
        await database.insert("facts", [{"_id": number, "digest": digests[number]}])

    async def sweep():
        await go.wait()
        return await blobs.sweep(NOON + KEPT_FOR)

    works = [asyncio.create_task(act(number)) for number in range(len(texts))]
    works[len(works) // 2 : len(works) // 2] = [asyncio.create_task(sweep()) for _ in range(3)]
    go.set()
    await asyncio.gather(*works)
    swept = sum([each.result() or 0 for each in works])

    named = await database.find("facts", ANY)
    assert len(named) + swept == len(texts)
    for fact in named:
        assert await read(blobs, fact["digest"]) == texts[fact["_id"]]


SWEEPS_AND_STOPS = """
import asyncio, sys
from datetime import datetime
from random import Random
from common.blobs import GridContents, KeptBlobs
from common.mongo.engine import MongoDatabase, connect
from common.world import World

class Stops(GridContents):
    async def remove(self, name):
        print("noted, not removed", flush=True)
        await asyncio.Event().wait()

async def main(url, name, moment):
    now = datetime.fromisoformat(moment)
    database = MongoDatabase(connect(url), name)
    world = World(lambda: now, lambda: "id", Random(1))
    await KeptBlobs(database, Stops(database), world).sweep(now)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.engine
async def test_a_sweep_killed_between_its_note_and_the_removal_is_ended_by_the_next(
    engines, database_prefix
):
    name, moment = f"{database_prefix}killed", NOON + KEPT_FOR
    client = connect(engines.mongo_url)
    try:
        database = MongoDatabase(client, name)
        await database.migrate(INDEXES)
        kept = InGridFS(database)
        blobs = KeptBlobs(database, kept.contents, a_world(lambda: NOON))
        await blobs.put(pieces(b"text"), limit=LIMIT)
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", SWEEPS_AND_STOPS),
            *(engines.mongo_url, name, moment.isoformat()),
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        async with asyncio.timeout(60):
            said = await child.stdout.readline()
        child.kill()
        await child.wait()

        assert said == b"noted, not removed\n"
        assert (await database.count(FILES, ANY), len(await kept.names())) == (0, 1)

        again = await blobs.put(pieces(b"text"), limit=LIMIT)
        assert len(await kept.names()) == 2
        await blobs.refer(again.digest, "fact")

        assert await blobs.sweep(moment) == 0
        assert (len(await kept.names()), await database.count(UPLOADS, ANY)) == (1, 0)
        assert await read(blobs, again.digest) == b"text"
    finally:
        await disconnect(client)


@pytest.fixture
async def in_s3(s3):
    return KeptBlobs(await a_database(), S3Contents(a_bucket(s3)), a_world(lambda: NOON))


async def a_database():
    database = MemoryDatabase()
    await database.migrate(INDEXES)
    return database


@pytest.mark.engine
@pytest.mark.parametrize("size", [PART - 1, PART, PART + 1, 3 * PART + 7])
async def test_a_file_of_several_parts_comes_back_from_a_bucket(in_s3, size):
    content = os.urandom(size)

    blob = await in_s3.put(pieces(content), limit=size)

    assert blob.size == size
    assert await read(in_s3, blob.digest) == content


@pytest.mark.engine
async def test_an_upload_of_several_parts_that_breaks_off_leaves_nothing_in_the_bucket(s3):
    kept = InS3(a_bucket(s3))
    blobs = KeptBlobs(await a_database(), kept.contents, a_world(lambda: NOON))

    async def broken():
        yield os.urandom(2 * PART)
        raise HungUp

    with pytest.raises(HungUp):
        await blobs.put(broken(), limit=9 * PART)

    assert await kept.names() == set()


@pytest.mark.engine
async def test_what_lay_in_gridfs_is_read_and_swept_after_a_bucket_was_given(s3):
    database, kept = await a_database(), InS3(a_bucket(s3))
    before = KeptBlobs(database, GridContents(database), a_world(lambda: NOON))
    old = await before.put(pieces(b"old"), limit=LIMIT)
    blobs = KeptBlobs(database, kept.contents, a_world(lambda: NOON))
    new = await blobs.put(pieces(b"new"), limit=LIMIT)

    assert (await read(blobs, old.digest), await read(blobs, new.digest)) == (b"old", b"new")
    with pytest.raises(Unavailable, match="files-unavailable"):
        await read(before, new.digest)
    assert await blobs.sweep(NOON + KEPT_FOR) == 2
    assert (await kept.names(), await database.count(CHUNKS, ANY)) == (set(), 0)


@pytest.mark.engine
async def test_files_move_to_a_bucket_with_their_references_and_whoever_reads_is_not_disturbed(
    s3, database
):
    await database.migrate(INDEXES)
    kept = InS3(a_bucket(s3))
    clock = Clock()
    before = KeptBlobs(database, GridContents(database), a_world(clock))
    texts = [os.urandom(CHUNK + 1), b"two", b""]
    digests = [(await before.put(pieces(text), limit=LIMIT)).digest for text in texts]
    await before.refer(digests[0], "fact", public=True)
    reading = before.stream(digests[0])
    first = await anext(reading)
    blobs = KeptBlobs(database, kept.contents, a_world(clock))

    moved, again = await blobs.move(), await blobs.move()
    rest = [piece async for piece in reading]

    assert (moved, again) == (Moved(3, 0), Moved(0, 0))
    assert b"".join([first, *rest]) == texts[0]
    assert [await read(blobs, digest) for digest in digests] == texts
    assert (await blobs.get(digests[0])).public
    assert len(await kept.names()) == 3
    assert await blobs.sweep(NOON + UPLOAD_FOR) == 0
    assert await database.count(CHUNKS, ANY) == 0
    assert await blobs.sweep(NOON + KEPT_FOR) == 2
    assert await read(blobs, digests[0]) == texts[0]


@pytest.mark.engine
async def test_a_damaged_file_is_not_moved_and_the_others_are(s3):
    database, kept = await a_database(), InS3(a_bucket(s3))
    before = KeptBlobs(database, GridContents(database), a_world(lambda: NOON))
    await before.put(pieces(b"approved text"), limit=LIMIT)
    await InGridFS(database).spoil(b"approved taxt")
    gone = await before.put(pieces(b"gone"), limit=LIMIT)
    (file,) = await database.find(FILES, {"filename": gone.digest})
    await GridContents(database).remove(file["_id"])
    whole = await before.put(pieces(b"whole"), limit=LIMIT)
    blobs = KeptBlobs(database, kept.contents, a_world(lambda: NOON))

    assert await blobs.move() == Moved(1, 2)
    assert await read(blobs, whole.digest) == b"whole"
    assert len(await kept.names()) == 1
    assert await database.count(FILES, {"contents": "gridfs"}) == 2


@pytest.mark.engine
async def test_a_bucket_is_ready_once_it_is_marked(s3):
    contents = S3Contents(a_bucket(s3))

    with pytest.raises(Unavailable, match="not-migrated"):
        await contents.check()
    await contents.prepare()

    assert await contents.check() == "Files lie in a bucket."


@pytest.mark.engine
@pytest.mark.parametrize(
    "changes", [{"secret": "wrong"}, {"endpoint": "http://127.0.0.1:9"}], ids=["refused", "away"]
)
async def test_a_bucket_that_refuses_or_is_away_is_the_worlds_fault(s3, changes):
    database = await a_database()
    blobs = KeptBlobs(database, S3Contents(a_bucket(s3, **changes)), a_world(lambda: NOON))

    with pytest.raises(Unavailable, match="files-unavailable"):
        await blobs.put(pieces(b"text"), limit=LIMIT)

    assert await database.count(FILES, ANY) == 0
    assert await database.count(UPLOADS, ANY) == 1


def test_a_bucket_is_named_by_its_address():
    assert Bucket.of("s3://files") == Bucket("files")
    assert Bucket.of("s3://files/a/b/", region="eu") == Bucket("files", "a/b", region="eu")


@pytest.mark.engine
async def test_the_tools_of_gridfs_read_what_we_wrote(engines, database_prefix):
    content = os.urandom(CHUNK + 7)
    client = connect(engines.mongo_url)
    try:
        database = MongoDatabase(client, f"{database_prefix}gridfs")
        await database.migrate(INDEXES)
        world = World(lambda: NOON, lambda: uuid7(NOON, os.urandom), SystemRandom())
        digest = (
            await KeptBlobs(database, GridContents(database), world).put(
                pieces(content), limit=LIMIT
            )
        ).digest

        bucket = AsyncGridFSBucket(client[f"{database_prefix}gridfs"])
        read_back = await (await bucket.open_download_stream_by_name(digest)).read()
    finally:
        await disconnect(client)

    assert read_back == content
