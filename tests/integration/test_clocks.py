"""A process whose clock jumps back under load: nothing is lost or doubled, leases hold, work goes on."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from .conftest import House, Load, set_ahead
from .counting import a_whole_copy, everything_arrived
from .test_faults import under_load
from .waiting import until

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]
JUMPING = "directory-jumping"


@pytest.fixture
def hand(house: House, tmp_path: Path) -> Generator[Path]:
    """The clock of a second directory."""
    hand = tmp_path / "clock"
    set_ahead(hand, 0)
    jumping = house.service(JUMPING, "directory", hand)
    house.wait_ready(JUMPING)
    yield hand
    jumping.stop()
    del house.processes[JUMPING]


def leader(house: House) -> str:
    """Who holds the lease of the directory's relay: "host:pid:life"; "" between two."""
    with MongoClient[dict[str, Any]](house.engines.mongo_url) as client:
        (lease,) = client[f"{house.prefix}_directory"]["leases"].find({"_id": "relay"})
    return lease["holder"] or ""


async def until_it_leads(house: House) -> str:
    """Let the first directory go for a moment, so that the one with the odd clock leads."""
    odd = house.processes[JUMPING].child
    assert odd is not None

    async def leads() -> bool:
        return f":{odd.pid}:" in leader(house)

    house.processes["directory"].stop()
    await until(leads)
    house.processes["directory"].start()
    house.wait_ready("directory")
    return leader(house)


async def twenty_more(load: Load) -> None:
    before = len(load.acknowledged)

    async def are_there() -> bool:
        return len(load.acknowledged) >= before + 20

    await until(are_there)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(((-7, -25, 0), JUMPING), id="seconds-where-people-ask"),
        pytest.param(((-3600, 0), "directory"), id="an-hour-behind-the-doors"),
    ],
)
async def test_a_clock_that_jumps_back_under_load_loses_and_doubles_nothing(
    house: House, load: Load, hand: Path, case: tuple[tuple[int, ...], str], tmp_path: Path
):
    """An hour off, a process refuses tokens of its time to come, as it must: people ask another."""
    jumps, door = case
    leads = await until_it_leads(house)

    async def jump() -> None:
        for seconds in jumps:
            set_ahead(hand, seconds)
            await twenty_more(load)

    await under_load(load, jump, service=door)

    held = leader(house)
    await everything_arrived(load)
    a_whole_copy(house, tmp_path)
    assert held == leads
