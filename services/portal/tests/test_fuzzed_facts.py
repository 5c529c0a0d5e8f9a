"""Damaged facts on the portal's real consumer, in memory: each is applied, parked or skipped by rule."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from common.catalogue import Contracts
from common.consumer.positions import INDEXES
from common.consumer.reader import Reader, ReaderNames
from common.kafka import Arrived, Partition
from common.testing.fuzz import Fuzz, differences, examples_of, outcome, refused_by, unjustified
from common.testing.mongo import MemoryDatabase
from common.world import World
from contracts.place import ROOT
from portal.projections import HEARS

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
CONTRACTS = Contracts("portal")
RECORDS, BATCH = 1_500, 40


def arriving(seed: int) -> list[Arrived]:
    """Fuzzed records as two partitions hold them."""
    fuzz = Fuzz(Random(seed), examples_of(HEARS, ROOT / "examples"))
    offsets: Counter[int] = Counter()
    arrived: list[Arrived] = []
    for sent in fuzz.records(RECORDS, huge=2):
        number = len(sent.key or b"") % 2
        partition = Partition(sent.topic, number)
        arrived.append(Arrived(partition, offsets[number], sent.key, sent.value, sent.headers))
        offsets[number] += 1
    return arrived


@pytest.mark.parametrize("seed", range(2))
async def test_every_damaged_fact_is_applied_parked_or_skipped_by_the_rule(seed: int):
    database = MemoryDatabase()
    await database.migrate((*INDEXES, *HEARS.indexes))
    names = ReaderNames("portal@1", CONTRACTS)
    world = World(lambda: NOON, lambda: "", Random(seed))
    reader, arrived = Reader(database, HEARS, names, world), arriving(seed)

    for first in range(0, len(arrived), BATCH):
        await reader.take(arrived[first : first + BATCH])

    refused = await refused_by(database, "portal@1")
    expected = outcome(arrived, HEARS, CONTRACTS, refused=refused)
    assert reader.halted is None
    assert unjustified(refused, arrived) == []
    assert await differences(database, "portal@1", expected) == []
    assert expected.counts.keys() == {"applied", "parked", "held", "skipped", "unreadable"}
    assert expected.counts["applied"] > RECORDS / 5
