"""Imports that are interrupted, side by side, or old: what the next one finds."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest

from common.cause import Cause
from common.errors import Forbidden, NotFound, Unavailable
from common.identity import Principal
from common.log.log import INDEXES, CommitLog
from common.log.streams import Loaded
from common.testing.ledger import ACCOUNT, LedgerCatalogue
from common.testing.mongo import MemoryDatabase
from common.world import World
from directory.usecases.doing import By, Deps, Wish
from directory.usecases.import_jobs import JOBS, ROWS, ImportJobs, Order
from directory.usecases.importing import BEGINNING, Plan, Rights, Task, take_turns

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER = Order("agencies", "x.csv", "an", rehearsal=False)
WISH = Wish(("register_agency",), "hanam", BEGINNING)
Run = Callable[[Deps, By, Cause], Awaitable[Loaded[Any]]]


class Allowing:
    """Allows everything, or nothing from a moment on; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.refuses = False

    async def may(self, who: Principal, wish: Wish) -> By:
        self.asked += 1
        if self.refuses:
            raise Forbidden("may-not-act", "Not you.")
        return By(who.subject, {"by": "position", "acts": list(wish.acts)})

    async def speaks_for(self, who: Principal, person: str, wish: Wish) -> By:
        del person
        return await self.may(who, wish)


class House:
    def __init__(self) -> None:
        self.now = NOON
        self.database = MemoryDatabase()
        numbers = count()
        world = World(lambda: self.now, lambda: f"job-{next(numbers):03d}", Random(1))
        self.deps = Deps(CommitLog(self.database, LedgerCatalogue(), world))
        self.jobs = ImportJobs(self.database, world)
        self.authority = Allowing()

    async def start(self, *runs: Run, digest: str = "d") -> str:
        waves = [[Task(n, f"k{n}", run=run, asks=WISH) for n, run in enumerate(runs, 1)]]
        who = Principal("an", "t", "person", frozenset())
        rights = Rights(self.authority, who, lambda: self.now)
        return await self.jobs.start(self.deps, Plan(digest, waves), ORDER, rights)

    async def ended(self, *runs: Run, digest: str = "d") -> dict[str, Any]:
        job = await self.start(*runs, digest=digest)
        async with asyncio.timeout(30):
            await self.jobs.idle()
        return await self.jobs.get(job, "an")


@pytest.fixture
async def house() -> House:
    house = House()
    await house.database.migrate(INDEXES)
    return house


async def nothing_new(deps: Deps, _by: By, _cause: Cause) -> Loaded[Any]:
    return await deps.log.load(ACCOUNT, "a")


async def log_is_away(_deps: Deps, _by: By, _cause: Cause) -> Loaded[Any]:
    raise Unavailable("log-unavailable", "The commit log does not answer.")


async def test_an_import_stops_when_the_log_is_away_and_says_why(house: House):
    job = await house.ended(nothing_new, log_is_away, nothing_new)

    assert (job["state"], job["stopped_by"]) == ("stopped", "log-unavailable")


async def test_sent_again_it_goes_to_the_end(house: House):
    await house.ended(nothing_new, log_is_away)

    job = await house.ended(nothing_new, nothing_new)

    assert (job["state"], job["unchanged"]) == ("done", 2)


async def test_an_import_of_a_process_that_died_is_said_to_have_stopped(house: House):
    held = asyncio.Event()

    async def waits(deps: Deps, by: By, cause: Cause) -> Loaded[Any]:
        await held.wait()
        return await nothing_new(deps, by, cause)

    job = await house.start(waits)
    elsewhere = ImportJobs(house.database, World(lambda: house.now, lambda: "x", Random(2)))
    running = await elsewhere.get(job, "an")
    house.now += timedelta(minutes=1)
    stopped = await elsewhere.get(job, "an")
    held.set()
    await house.jobs.idle()

    assert (running["state"], stopped["state"]) == ("running", "stopped")
    assert stopped["stopped_by"] == "process-ended"


async def test_no_more_than_two_run_in_a_process(house: House):
    held = asyncio.Event()

    async def waits(deps: Deps, by: By, cause: Cause) -> Loaded[Any]:
        await held.wait()
        return await nothing_new(deps, by, cause)

    await house.start(waits, digest="a")
    await house.start(waits, digest="b")
    with pytest.raises(Unavailable) as refusal:
        await house.start(waits, digest="c")
    held.set()
    await house.jobs.idle()

    assert refusal.value.code == "imports-busy"


async def test_a_stop_of_the_service_stops_its_imports(house: House):
    async def waits(_deps: Deps, _by: By, _cause: Cause) -> Loaded[Any]:
        await asyncio.Event().wait()
        raise AssertionError

    job = await house.start(waits)
    await asyncio.sleep(0)
    await house.jobs.close()

    assert (await house.jobs.get(job, "an"))["state"] == "stopped"


async def test_the_right_is_asked_once_a_second_not_once_a_row(house: House):
    await house.ended(*[nothing_new] * 300)

    assert house.authority.asked <= 3


async def test_a_right_that_is_lost_refuses_the_whole_file(house: House):
    house.authority.refuses = True

    with pytest.raises(Forbidden):
        await house.start(nothing_new)


async def test_an_import_is_forgotten_after_a_month(house: House):
    job = await house.ended(nothing_new)
    house.now += timedelta(days=31)

    forgotten = await house.jobs.sweep()

    assert forgotten == 1
    assert await house.database.count(JOBS, {}) == await house.database.count(ROWS, {}) == 0
    with pytest.raises(NotFound):
        await house.jobs.get(job["_id"], "an")


def test_rows_that_share_a_parent_take_turns():
    tasks = [Task(n, f"k{n}", near) for n, near in enumerate("aaabbc")]

    assert "".join(task.near for task in take_turns(tasks)) == "abcaba"
