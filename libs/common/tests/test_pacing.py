"""Pacing (D3): after a chunk a background hop waits ten milliseconds; a lone fact waits for nothing.

Time is virtual and the fakes take none of it, so every moment here is somebody's decision.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from random import Random

from common.canonical import canonical, digest
from common.cause import Cause
from common.consumer import Seen, consumer
from common.consumer.reader import Reader, ReaderNames
from common.ending import ended
from common.kafka import Producer, Record, TopicSpec
from common.log.log import INDEXES, CommitLog
from common.log.streams import Loaded, Standing
from common.moments import to_wire
from common.mongo import Index, Put, Write
from common.relay.heads import INDEXES as HEAD_INDEXES
from common.relay.relay import Relay, RelayNames
from common.testing.kafka import MemoryBroker, MemoryCluster
from common.testing.ledger import ACCOUNT, ACCOUNTS, Account, Added, LedgerCatalogue
from common.testing.loop import VirtualLoop, elapse, run_virtually
from common.testing.mongo import EPOCH, MemoryDatabase, MemoryServer
from common.world import World
from contracts import wire

PACE = 0.010
"""What D3 says; written here once more, so that a change of it is seen."""
STREAM = "/ledger/account/a"
LOAD, EACH = 200, 0.001
"""Facts, and the seconds between them."""
AT_ONCE = 0.002
"""A lone fact is with its reader within this, by the virtual clock of fakes that take no time."""


def published(fact: Added, sequence: int) -> Record:
    """A record as a relay publishes it."""
    type_, topic, data = LedgerCatalogue().write(fact)
    hash_ = digest(b"")
    headers, body = wire.encode(
        wire.Envelope(
            id=f"ledger{STREAM}/{sequence}.0",
            type=type_,
            source=STREAM,
            time=to_wire(EPOCH),
            sequence=sequence,
            traceparent=None,
            incarnation=1,
            site="test",
            chain=wire.Chain(sequence, 0, hash_, hash_, hash_, [hash_]),
            data=canonical(data),
        )
    )
    assert topic is not None
    return Record(topic, STREAM, body, headers)


class Counting(MemoryBroker):
    """Notes how many records go out together."""

    def __init__(self, cluster: MemoryCluster) -> None:
        super().__init__(cluster, batch=LOAD)
        self.chunks: list[int] = []

    async def producer(self) -> Producer:
        producer = await super().producer()
        publish = producer.publish

        async def noted(records: Sequence[Record]) -> None:
            self.chunks.append(len(records))
            await publish(records)

        producer.publish = noted
        return producer


class Chain:
    """A log, its relay, a topic and a projection of it."""

    def __init__(self, loop: VirtualLoop) -> None:
        ids = count()
        self.world = World(
            lambda: EPOCH + timedelta(seconds=loop.time()), lambda: f"{next(ids):08d}", Random(1)
        )
        self.loop = loop
        self.database = MemoryDatabase(MemoryServer())
        self.broker = Counting(MemoryCluster())
        self.log = CommitLog(self.database, LedgerCatalogue(), self.world)
        self.seen: dict[str, float] = {}
        hears = consumer(
            "seen", {Added: self.when_added}, indexes=(Index("items", (("stream", 1),)),)
        )
        self.reader = Reader(
            MemoryDatabase(), hears, ReaderNames("seen@1", LedgerCatalogue(), "@1"), self.world
        )

    def when_added(self, fact: Added, seen: Seen) -> Iterable[Write]:
        self.seen.setdefault(fact.item, self.loop.time())
        yield Put("items", fact.item, {"stream": seen.stream})

    async def put(self, item: str) -> None:
        cause = Cause(item, self.world.now(), "somebody")

        async def use_case() -> Loaded[Account]:
            loaded = await self.log.load(ACCOUNT, "a")
            return await self.log.append(loaded, (Added(item),), cause, Standing(site="test"))

        await self.log.decide(cause, use_case)

    @asynccontextmanager
    async def working(self) -> AsyncGenerator[None]:
        await self.database.migrate((*INDEXES, *HEAD_INDEXES))
        await self.broker.migrate([TopicSpec(ACCOUNTS, 1)])
        names = RelayNames("ledger", "one")
        relay = asyncio.create_task(Relay(self.database, self.broker, names, self.world).run())
        subscription = self.broker.subscribe("seen", [ACCOUNTS], self.reader)
        await subscription.start()
        await elapse(5)
        yield
        await subscription.stop()
        await ended(relay)


def story(work: Callable[[Chain], Awaitable[None]]) -> None:
    async def run(loop: VirtualLoop) -> None:
        chain = Chain(loop)
        async with asyncio.timeout(100), chain.working():
            await work(chain)

    run_virtually(run)


async def under_load(chain: Chain) -> None:
    """A fact each millisecond, until all have been seen."""
    for number in range(LOAD):
        await chain.put(f"{number}")
        await elapse(EACH)
    await elapse(1)
    assert len(chain.seen) == LOAD


def test_under_load_what_comes_within_ten_milliseconds_is_published_together():
    async def work(chain: Chain) -> None:
        await under_load(chain)

        assert len(chain.broker.chunks) <= LOAD * EACH / PACE + 2
        assert max(chain.broker.chunks) <= 2 * PACE / EACH

    story(work)


def test_under_load_what_arrives_within_ten_milliseconds_is_applied_in_one_transaction():
    async def work(chain: Chain) -> None:
        """Fed record by record: the reader's own pace, not the relay's, is what gathers here."""
        producer = await MemoryBroker.producer(chain.broker)
        for number in range(1, LOAD + 1):
            await producer.publish([published(Added(f"{number}"), number)])
            await elapse(EACH)
        await elapse(1)

        assert len(chain.seen) == LOAD
        assert chain.reader.tally.batches <= LOAD * EACH / PACE + 2

    story(work)


def test_a_lone_fact_waits_for_nothing():
    async def work(chain: Chain) -> None:
        await chain.put("first")
        await elapse(1)
        for number in range(5):
            began = chain.loop.time()
            await chain.put(f"lone {number}")
            await elapse(1)

            assert chain.seen[f"lone {number}"] - began <= AT_ONCE

    story(work)


def test_a_fact_under_load_waits_for_no_more_than_the_pace_of_each_hop():
    async def work(chain: Chain) -> None:
        told: dict[str, float] = {}
        for number in range(LOAD):
            told[f"{number}"] = chain.loop.time()
            await chain.put(f"{number}")
            await elapse(EACH)
        await elapse(1)

        waited = max(chain.seen[item] - at for item, at in told.items())
        assert waited <= 2 * PACE + AT_ONCE

    story(work)
