"""Health: each dependency by name, since when, and never an answer that hangs."""

import asyncio
from datetime import UTC, datetime, timedelta

from common.errors import Unavailable
from common.health import Health

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


class Dependency:
    """Counts how often it was asked and fails on demand."""

    def __init__(self):
        self.asked = 0
        self.fault: Exception | None = None

    async def __call__(self):
        self.asked += 1
        await asyncio.sleep(0)
        if self.fault is not None:
            raise self.fault
        return "well"


async def test_a_service_with_well_checks_is_ready():
    health = Health("directory")
    health.add("mongo", Dependency())

    report = await health.report()

    assert (report.ready, report.alive, report.status) == (True, True, "ok")
    assert report.as_json("vi")["checks"][0]["detail"] == "well"


async def test_a_failing_dependency_makes_it_unready_and_says_since_when():
    clock, mongo = Clock(), Dependency()
    health = Health("directory", clock=clock, fresh_for=0)
    health.add("mongo", mongo)
    await health.report()

    mongo.fault = Unavailable("mongo-away", "The database does not answer.")
    clock.now += timedelta(minutes=1)
    await health.report()
    clock.now += timedelta(minutes=1)
    report = await health.report()

    assert not report.ready
    assert report.alive
    assert report.checks[0].detail == "The database does not answer."
    assert report.checks[0].since == NOON + timedelta(minutes=1)


async def test_the_text_of_an_unexpected_fault_is_not_shown():
    mongo = Dependency()
    mongo.fault = RuntimeError("mongodb://user:hunter2@db")
    health = Health("directory")
    health.add("mongo", mongo)

    assert (await health.report()).checks[0].detail == "RuntimeError"


async def test_a_check_that_hangs_is_cut_off():
    async def hangs():
        await asyncio.Event().wait()
        return ""

    health = Health("directory", timeout=0.01)
    health.add("kafka", hangs)

    report = await health.report()

    assert not report.ready
    assert report.checks[0].detail == "No answer in 0.01 s."


async def test_many_probes_at_once_ask_the_dependency_once():
    mongo = Dependency()
    health = Health("directory")
    health.add("mongo", mongo)

    await asyncio.gather(*(health.report() for _ in range(50)))

    assert mongo.asked == 1


async def test_a_watched_check_degrades_without_turning_unready():
    lag = Dependency()
    lag.fault = Unavailable("behind")
    health = Health("portal")
    health.add("lag", lag, kind="watch")

    report = await health.report()

    assert (report.status, report.ready) == ("degraded", True)


async def test_a_dead_loop_asks_for_a_restart():
    relay = Dependency()
    relay.fault = Unavailable("relay-died")
    health = Health("portal")
    health.add("relay", relay, kind="live")

    assert not (await health.report()).alive


async def test_a_draining_service_is_alive_and_not_ready():
    health = Health("portal")
    health.drain()

    report = await health.report()

    assert (report.status, report.ready, report.alive) == ("draining", False, True)
