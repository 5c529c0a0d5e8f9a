"""The measured doors pass everything on, and what they count is what happened."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from random import SystemRandom

import pytest

from common.cause import Cause
from common.consumer.lives import SETTLED
from common.consumer.positions import HELD, OFFSETS, PARKED
from common.errors import Refused, Unprocessable
from common.kafka import Broker, PublishFailed, Record, TopicSpec
from common.log.committer import COLLECTION as COMMITS
from common.log.log import INDEXES as LOG_INDEXES
from common.log.log import CommitLog
from common.log.streams import Standing
from common.measured import CountedLog, CountedRelay, MeasuredBroker, MeasuredDatabase
from common.metrics import Metrics
from common.mongo import Database, Index, Transient
from common.readings import Readings
from common.relay.heads import INDEXES as HEAD_INDEXES
from common.relay.relay import RelayNames, ask_resend
from common.testing.http import an_app, client_of
from common.testing.kafka import MemoryBroker
from common.testing.ledger import ACCOUNT, Added, LedgerCatalogue
from common.testing.loop import elapse, run_virtually
from common.testing.mongo import EPOCH, MemoryDatabase
from common.world import World

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
TOPIC = "t.directory.agency"


def value(metrics, line):
    found = [one for one in metrics.page().decode().splitlines() if one.startswith(line + " ")]
    return float(found[0].rsplit(" ", 1)[1]) if found else None


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture
def world():
    return World(lambda: NOON + timedelta(seconds=3), lambda: "id", SystemRandom())


class Away(MemoryDatabase):
    async def insert(self, *_):
        raise Transient("away")


def commit(number):
    return {"_id": f"c{number}", "cause": f"cause-{number}", "at": "2026-03-02T05:00:00.000Z"}


async def test_commits_are_counted_by_what_became_of_them(metrics, world):
    database = MeasuredDatabase(MemoryDatabase(), metrics, world)
    await database.migrate([Index(COMMITS, (("cause", 1),), unique=True)])

    await database.insert(COMMITS, [commit(1), commit(2)])
    inserted = await database.insert(COMMITS, [commit(3), commit(1) | {"_id": "other"}])
    await database.insert("elsewhere", [{"_id": 1}])
    with pytest.raises(Transient):
        await MeasuredDatabase(Away(), metrics, world).insert(COMMITS, [commit(9)])

    assert inserted.landed == (True, False)
    assert value(metrics, 'commits_total{outcome="appended"}') == 3
    assert value(metrics, 'commits_total{outcome="unknown"}') == 1
    assert value(metrics, "append_conflicts_total") == 1
    assert value(metrics, "append_batch_size_count") == 2
    assert value(metrics, "append_seconds_count") == 2


async def test_the_relays_lag_is_the_age_of_what_it_sees(metrics, world):
    database = MeasuredDatabase(MemoryDatabase(), metrics, world)
    watch = await database.watch(COMMITS, None)
    await database.insert(COMMITS, [commit(1)])

    seen = await watch.next(1)
    lag = value(metrics, "relay_lag_seconds")
    await watch.next(0.001)
    await watch.close()

    assert len(seen.documents) == 1
    assert lag == 3
    assert value(metrics, "relay_lag_seconds") == 0


class Collecting:
    """A handler that begins at 0 and keeps what it is given."""

    def __init__(self, count):
        self.taken = []
        self.done = asyncio.Event()
        self._count = count

    async def start_from(self, partitions):
        return dict.fromkeys(partitions, 0)

    async def take(self, batch):
        self.taken += batch
        if len(self.taken) >= self._count:
            self.done.set()


def records(count):
    return [Record(TOPIC, f"k{number}", b"{}", ()) for number in range(count)]


async def what_waits():
    database, since = MemoryDatabase(), "2026-03-02T05:00:00.000Z"
    await database.insert(HELD, [{"_id": 1, "consumer": "portal@1", "since": since}])
    await database.insert(OFFSETS, [an_offset(0, 2)])
    await database.insert(PARKED, [{"_id": n, "consumer": "portal@1"} for n in range(2)])
    await database.insert(SETTLED, [{"_id": n, "consumer": "portal@1"} for n in range(4)])
    return database


async def test_chunks_and_batches_are_counted_and_the_lag_is_read_when_asked(metrics):
    database, broker = await what_waits(), MeasuredBroker(MemoryBroker(), metrics)
    await broker.migrate([TopicSpec(TOPIC, 3)])
    producer = await broker.producer()
    await producer.publish(records(5))
    handler = Collecting(5)
    subscription = broker.subscribe("t.portal@1", [TOPIC], handler)
    await subscription.start()
    async with asyncio.timeout(5):
        await handler.done.wait()
    readings = Readings(
        database, broker, metrics.consumers, "t.", lambda: NOON + timedelta(seconds=40)
    )

    app = an_app(around={"metrics": metrics, "before_metrics": readings.refresh})
    async with client_of(app) as client:
        page = (await client.get("/metrics")).text
    await subscription.stop()
    await producer.close()

    assert value(metrics, "relay_published_total") == 5
    assert value(metrics, "relay_chunk_size_count") == 1
    assert 'consumer_lag_records{consumer="portal@1",topic="directory.agency"} 3.0' in page
    assert 'consumer_position_records{consumer="portal@1",topic="directory.agency"} 2.0' in page
    assert 'consumer_held_seconds{consumer="portal@1"} 40.0' in page
    assert 'consumer_held_records{consumer="portal@1"} 1.0' in page
    assert 'consumer_parked_records{consumer="portal@1"} 2.0' in page
    assert 'consumer_settled_records{consumer="portal@1"} 4.0' in page
    assert broker.subscriptions == {}


def an_offset(partition, next):
    place = {"consumer": "portal@1", "topic": TOPIC, "partition": partition, "next": next}
    return {"_id": f"portal@1|{TOPIC}|{partition}"} | place


async def test_the_age_of_heartbeats_is_read_when_asked(metrics):
    database, broker = MemoryDatabase(), MeasuredBroker(MemoryBroker(), metrics)
    await broker.migrate([TopicSpec(TOPIC, 1)])
    subscription = broker.subscribe("portal-heartbeats@1", [TOPIC], Collecting(1))
    await subscription.start()
    beat = {"_id": "directory", "at": "2026-03-02T05:00:00.000Z", "number": 7, "every_seconds": 60}
    await database.insert("heartbeats@1", [beat])

    clock = lambda: NOON + timedelta(seconds=75)  # noqa: E731 - shorter than a function
    await Readings(database, broker, metrics.consumers, "", clock).refresh()

    await subscription.stop()
    assert value(metrics, 'heartbeat_age_seconds{log="directory"}') == 75


async def test_decisions_are_counted_by_how_they_ended(metrics, world):
    database = MemoryDatabase()
    await database.migrate(LOG_INDEXES)
    log = CountedLog(metrics.log, database, LedgerCatalogue(), world)

    async def put(key, digest="", *, refused=False):
        cause = Cause(key, NOON, "somebody", digest)

        async def use_case():
            if refused:
                raise Refused("closed")
            loaded = await log.load(ACCOUNT, key)
            return await log.append(loaded, (Added("x"),), cause, Standing(site="test"))

        return await log.decide(cause, use_case)

    await put("first")
    await put("first")
    with pytest.raises(Refused):
        await put("second", refused=True)
    with pytest.raises(Unprocessable):
        await put("first", "another body")

    assert value(metrics, 'decisions_total{outcome="done"}') == 2
    assert value(metrics, 'decisions_total{outcome="repeated"}') == 1
    assert value(metrics, 'decisions_total{outcome="refused"}') == 1
    assert value(metrics, 'decisions_total{outcome="unprocessable"}') == 1


async def test_how_long_the_longest_stream_is_can_be_seen(metrics):
    ids = map(str, itertools.count())
    world = World(lambda: NOON, lambda: next(ids), SystemRandom())
    database = MemoryDatabase()
    await database.migrate(LOG_INDEXES)
    log = CountedLog(metrics.log, database, LedgerCatalogue(), world)

    for number, account in enumerate(["a", "a", "b"]):
        cause = Cause(str(number), NOON, "somebody")

        async def use_case(number=number, account=account, cause=cause):
            loaded = await log.load(ACCOUNT, account)
            return await log.append(loaded, (Added(str(number)),), cause, Standing(site="test"))

        await log.decide(cause, use_case)

    assert value(metrics, "longest_stream_commits") == 2


def test_what_is_sent_again_is_counted_by_its_reason(metrics):
    async def work(loop):
        world = World(lambda: EPOCH + timedelta(seconds=loop.time()), lambda: "c1", SystemRandom())
        database, broker = MemoryDatabase(), MemoryBroker()
        await database.migrate((*LOG_INDEXES, *HEAD_INDEXES))
        await broker.migrate([TopicSpec("ledger.account", 1)])
        log = CommitLog(database, LedgerCatalogue(), world)
        cause = Cause("first", world.now(), "somebody")
        loaded = await log.load(ACCOUNT, "a")
        await log.append(loaded, (Added("x"), Added("y")), cause, Standing(site="test"))
        await ask_resend(database, "first", loaded.stream)

        names = RelayNames("ledger", "one")
        running = asyncio.create_task(
            CountedRelay(metrics.relay, database, broker, names, world).run()
        )
        await elapse(10)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    run_virtually(work)

    assert value(metrics, 'relay_resent_records_total{reason="token-lost"}') == 2
    assert value(metrics, 'relay_resent_records_total{reason="asked"}') == 2


async def test_every_record_read_is_counted(metrics):
    broker = MeasuredBroker(MemoryBroker(), metrics)
    await broker.migrate([TopicSpec(TOPIC, 3)])
    await (await broker.producer()).publish(records(7))
    handler = Collecting(7)
    subscription = broker.subscribe("portal@1", [TOPIC], handler)

    await subscription.start()
    async with asyncio.timeout(5):
        await handler.done.wait()
    await subscription.stop()

    assert len(handler.taken) == 7
    assert value(metrics, 'consumer_records_total{consumer="portal@1"}') == 7


class Refusing(MemoryBroker):
    async def producer(self):
        return self

    async def publish(self, _):
        raise PublishFailed("no acknowledgement")


async def test_a_chunk_without_acknowledgement_is_counted_and_told(metrics):
    producer = await MeasuredBroker(Refusing(), metrics).producer()

    with pytest.raises(PublishFailed):
        await producer.publish(records(1))

    assert value(metrics, "relay_resent_chunks_total") == 1
    assert value(metrics, "relay_published_total") == 0


async def test_readings_never_fail_for_an_engine_that_is_away(metrics):
    class Gone(MemoryDatabase):
        async def count(self, *_):
            raise Transient("away")

    broker = MeasuredBroker(MemoryBroker(), metrics)
    await broker.migrate([TopicSpec(TOPIC, 1)])
    subscription = broker.subscribe("portal@1", [TOPIC], Collecting(1))
    await subscription.start()

    await Readings(Gone(), broker, metrics.consumers).refresh()

    await subscription.stop()
    assert value(metrics, 'consumer_lag_records{consumer="portal@1"') is None


@pytest.mark.parametrize(
    ("measured", "door"), [(MeasuredDatabase, Database), (MeasuredBroker, Broker)]
)
def test_no_method_of_a_door_is_forgotten(measured, door):
    methods = {name for name in vars(door) if not name.startswith("_")}

    assert methods <= set(vars(measured))
