"""A fact that was decided long ago is read in its newest version, by a fold and by a consumer alike."""

from collections.abc import Iterable
from datetime import UTC, datetime
from random import Random

import orjson
import pytest

from common.catalogue import Contracts
from common.cause import Cause
from common.consumer.hears import Seen, consumer
from common.consumer.reader import Reader, ReaderNames
from common.errors import Unprocessable
from common.kafka import Arrived, Partition
from common.log.committer import COLLECTION as COMMITS
from common.log.log import INDEXES, CommitLog
from common.log.model import of_document
from common.log.streams import Loaded, Standing, StreamKind
from common.mongo import ANY, Index, Patch, Write
from common.relay.records import records_of
from common.testing.mongo import MemoryDatabase
from common.world import World
from contracts.events import FACTS
from contracts.events.directory import AgencyEndedV1

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
OLD = AgencyEndedV1.model_validate({"agency_id": "a", "site": "hanam", "ends_on": "2026-01-01"})


class AgencyEndedV2(AgencyEndedV1):
    """The same fact as a later release knows it."""

    VERSION = 2


STEPS = {("directory.agency_ended", 1): lambda data: {**data, "site": "khanhhoa"}}
LATER = Contracts("directory", STEPS, {**FACTS, ("directory.agency_ended", 2): AgencyEndedV2})
KIND: StreamKind[tuple[str, ...]] = StreamKind(
    "directory/agency", (), lambda state, fact: (*state, f"{type(fact).__name__} {fact.site}")
)


@pytest.fixture
def world() -> World:
    return World(lambda: NOON, lambda: "id", Random(1))


@pytest.fixture
async def database(world: World) -> MemoryDatabase:
    """With a commit of the release before."""
    database = MemoryDatabase()
    await database.migrate(INDEXES)
    log = CommitLog(database, Contracts("directory"), world)
    cause = Cause("c", NOON, "somebody")

    async def end() -> Loaded[tuple[str, ...]]:
        loaded = await log.load(KIND, "a")
        return await log.append(loaded, (OLD,), cause, Standing(site="hanam"))

    await log.decide(cause, end)
    return database


async def test_a_fold_lifts_what_stands_and_leaves_the_log_as_it_is(
    database: MemoryDatabase, world: World
):
    before = await database.find(COMMITS, ANY)

    loaded = await CommitLog(database, LATER, world).load(KIND, "a")

    assert loaded.state == ("AgencyEndedV2 khanhhoa",)
    assert await database.find(COMMITS, ANY) == before


async def test_a_consumer_lifts_what_was_published(database: MemoryDatabase, world: World):
    (stored,) = await database.find(COMMITS, ANY)
    (record,) = records_of(of_document(stored), service="directory", prefix="", incarnation=1)

    def note(fact: AgencyEndedV2, seen: Seen) -> Iterable[Write]:
        yield Patch("ended", seen.stream, values={"site": fact.site}, upsert=True)

    hears = consumer("endings", {AgencyEndedV2: note}, indexes=(Index("ended", (("site", 1),)),))
    seen = MemoryDatabase()
    reader = Reader(seen, hears, ReaderNames("endings@1", LATER, "@1", "", {}), world)
    key, partition = record.key.encode(), Partition(record.topic, 0)
    await reader.take([Arrived(partition, 0, key, record.value, record.headers)])

    assert await seen.find("ended@1", ANY) == [{"_id": "/directory/agency/a", "site": "khanhhoa"}]


def test_what_no_release_knows_is_refused_in_words_of_both_languages():
    with pytest.raises(Unprocessable) as unknown:
        LATER.read("directory.never_was.v1", orjson.loads(b"{}"))

    assert unknown.value.code == "unknown-fact"
