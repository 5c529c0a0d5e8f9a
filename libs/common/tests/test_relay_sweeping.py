"""What a sweep looks at, and how far a head says that a stream is acknowledged."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from random import Random

import pytest

from common.log.model import GENESIS, Part
from common.moments import to_wire
from common.mongo import Document
from common.relay.heads import Heads
from common.relay.sweeping import PAGE, WALKED, Sweep
from common.testing.mongo import EPOCH, MemoryDatabase, MemoryServer
from common.world import World

A = "/ledger/account/a"
NOW = EPOCH + timedelta(days=1)


@pytest.fixture
def database() -> MemoryDatabase:
    return MemoryDatabase(MemoryServer())


def sweep_at(database: MemoryDatabase, *moments: datetime) -> Sweep:
    left = list(moments)
    return Sweep(database, World(lambda: left.pop(0), lambda: "id", Random(1)))


async def decided(database: MemoryDatabase, moments: list[datetime], name: str = "c") -> None:
    documents = [{"_id": f"{name}{n:06d}", "at": to_wire(at)} for n, at in enumerate(moments)]
    assert all((await database.insert("commits", documents)).landed)


async def looked_at(sweep: Sweep) -> Counter[str]:
    pages = [page async for page in sweep.pages()]
    assert all(len(page) <= PAGE for page in pages)
    return Counter(str(commit["_id"]) for page in pages for commit in page)


async def test_what_was_decided_lately_is_looked_at_once_a_few_at_a_time(database: MemoryDatabase):
    walked = PAGE * WALKED
    await decided(database, [EPOCH] * walked, "a")
    lately = [NOW - timedelta(minutes=5) + timedelta(milliseconds=n // 7) for n in range(1_600)]
    await decided(database, lately, "b")

    sweep = sweep_at(database, NOW, NOW + timedelta(minutes=1))
    first = await looked_at(sweep)
    second = await looked_at(sweep)

    assert {name: n for name, n in first.items() if name[0] == "b"} == {
        f"b{n:06d}": 1 for n in range(1_600)
    }
    assert set(second) == {f"b{n:06d}" for n in range(walked)}, "the walk goes on"


async def test_many_of_one_moment_do_not_stop_a_sweep(database: MemoryDatabase):
    await decided(database, [NOW - timedelta(minutes=2)] * (PAGE + 5))
    await decided(database, [NOW - timedelta(minutes=1)], "d")

    seen = await looked_at(sweep_at(database, NOW))

    assert set(seen) == {*(f"c{n:06d}" for n in range(PAGE + 5)), "d000000"}


async def test_what_may_still_be_on_its_way_waits_for_the_next_sweep(database: MemoryDatabase):
    await decided(database, [NOW - timedelta(seconds=20)])
    sweep = sweep_at(database, NOW, NOW + timedelta(seconds=60))

    assert not await looked_at(sweep)
    assert await looked_at(sweep)


async def test_a_walk_sees_every_commit_in_rounds_whatever_its_moment(database: MemoryDatabase):
    size = PAGE * WALKED * 2 + 10
    await decided(database, [EPOCH + timedelta(days=400 * (n % 3)) for n in range(size)])
    moments = [NOW + timedelta(minutes=n) for n in range(6)]

    rounds = [await looked_at(sweep_at(database, moment)) for moment in moments]

    assert sum(rounds[:3], Counter()).keys() == {f"c{n:06d}" for n in range(size)}
    assert [set(seen) for seen in rounds[3:]] == [set(seen) for seen in rounds[:3]]


async def test_a_page_that_fails_is_looked_at_again(database: MemoryDatabase):
    await decided(database, [NOW - timedelta(minutes=1)] * 3)
    sweep = sweep_at(database, NOW, NOW + timedelta(minutes=1))
    pages: AsyncIterator[object] = sweep.pages()

    await anext(pages)
    await pages.aclose()  # pyright: ignore[reportAttributeAccessIssue] - an async generator

    assert (await looked_at(sweep))["c000000"] == 2, "by its moment, and in the walk"


async def test_after_a_clock_went_back_a_sweep_goes_on_from_there(database: MemoryDatabase):
    back = NOW - timedelta(hours=1)
    sweep = sweep_at(database, NOW, back, back + timedelta(minutes=2))
    await looked_at(sweep)
    await looked_at(sweep)
    await decided(database, [back + timedelta(minutes=1)])

    assert (await looked_at(sweep))["c000000"] == 2, "by its moment, and in the walk"


def part(version: int) -> Part:
    return Part(A, version, GENESIS, f"{version:064d}", (), {"ledger.account": version})


async def saved(database: MemoryDatabase) -> Document:
    return (await database.find("heads", {"_id": A}))[0]


async def test_a_head_never_stands_behind_a_hole(database: MemoryDatabase):
    heads = Heads(database)
    heads.acknowledge([part(1), part(2), part(4), part(5)])

    assert await heads.save() == {A: 3}
    assert (await saved(database))["mark"].startswith("0000000002 ")
    assert await heads.versions([A]) == {A: 2}

    heads.acknowledge([part(3)])

    assert await heads.versions([A]) == {A: 5}
    assert await heads.save() == {}
    assert (await saved(database))["mark"].startswith("0000000005 ")


async def test_a_hole_is_seen_behind_what_another_relay_has_saved(database: MemoryDatabase):
    first, second = Heads(database), Heads(database)
    first.acknowledge([part(1)])
    await first.save()
    second.acknowledge([part(3)])

    assert await second.save() == {A: 2}

    first.acknowledge([part(2)])
    await first.save()

    assert await second.save() == {}
    assert (await saved(database))["mark"].startswith("0000000003 ")


async def test_what_was_sent_from_the_log_itself_has_no_hole(database: MemoryDatabase):
    heads = Heads(database)
    heads.acknowledge([part(4)])
    heads.reach(part(3))

    assert await heads.save() == {}
    assert await heads.versions([A, "other"]) == {A: 4, "other": 0}


async def test_an_older_head_takes_nothing_from_a_newer_one(database: MemoryDatabase):
    heads = Heads(database)
    heads.reach(part(6))
    heads.reach(part(5))
    await heads.save()
    heads.acknowledge([part(2)])

    assert await heads.save() == {}
    assert (await saved(database))["mark"].startswith("0000000006 ")
