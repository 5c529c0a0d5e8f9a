"""Official numbers are dense, one per cause, and every gap has its reason."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from common.counters import IN_HAND, INDEXES, Counters, Series
from common.errors import NotFound, Refused
from common.mongo import Database

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
LATER = NOON + IN_HAND
ANSWERS = Series("answer", "hanam", 2026)


@pytest.fixture
async def counters(database: Database):
    await database.migrate(INDEXES)
    return Counters(database)


async def test_numbers_count_up_from_one_per_site_and_year(counters):
    numbers = [await counters.take(ANSWERS, f"c{n}", NOON) for n in range(3)]
    elsewhere = await counters.take(Series("answer", "langson", 2026), "c0", NOON)
    next_year = await counters.take(Series("answer", "hanam", 2027), "c0", NOON)

    assert (numbers, elsewhere, next_year) == ([1, 2, 3], 1, 1)


async def test_the_same_cause_is_given_the_same_number(counters):
    first = await counters.take(ANSWERS, "c1", NOON)
    await counters.take(ANSWERS, "c2", NOON)

    assert await counters.take(ANSWERS, "c1", LATER) == first


async def test_numbers_taken_at_once_are_dense_and_different(counters):
    causes = [f"c{n % 12}" for n in range(24)]

    numbers = await asyncio.gather(*(counters.take(ANSWERS, cause, NOON) for cause in causes))

    assert set(numbers) == set(range(1, 13))
    assert numbers[:12] == numbers[12:]


async def test_a_number_without_a_document_is_a_gap_until_it_is_explained(counters):
    for cause in ("c1", "c2", "c3"):
        await counters.take(ANSWERS, cause, NOON)
    await counters.used(ANSWERS, "c1")
    await counters.used(ANSWERS, "c3")

    (gap,) = await counters.gaps(ANSWERS, LATER)
    await counters.void(ANSWERS, 2, "Hệ thống dừng khi đang ghi", by="an")
    (explained,) = await counters.gaps(ANSWERS, LATER)

    assert (gap.number, gap.cause, gap.at, gap.reason) == (2, "c2", NOON, "")
    assert explained.reason == "Hệ thống dừng khi đang ghi"


async def test_a_number_on_its_way_into_a_commit_is_no_gap_yet(counters):
    await counters.take(ANSWERS, "c1", NOON)

    assert await counters.gaps(ANSWERS, LATER - timedelta(milliseconds=1)) == []


async def test_a_number_that_a_document_bears_cannot_be_voided(counters):
    await counters.take(ANSWERS, "c1", NOON)
    await counters.used(ANSWERS, "c1")

    with pytest.raises(Refused, match="number-in-use"):
        await counters.void(ANSWERS, 1, "typo", by="an")
    with pytest.raises(NotFound, match="number-unknown"):
        await counters.void(ANSWERS, 9, "typo", by="an")


def test_a_series_name_cannot_pose_as_another():
    with pytest.raises(ValueError, match="can't hold"):
        Series("answer|hanam", "x", 2026)
