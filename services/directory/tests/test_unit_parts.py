"""The parts of a unit stand in a stream of their own: short reads, and no part outlives its unit."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from common.catalogue import Contracts
from common.cause import Cause
from common.errors import DomainError
from common.log.log import CommitLog
from common.log.streams import Standing
from common.world import World
from contracts.events.directory import (
    AdministrativePartRecordedV1,
    AdministrativeUnitChangedV1,
    AdministrativeUnitEndedV1,
    AdministrativeUnitRegisteredV1,
)
from directory.domain.units import NATIONAL
from directory.domain.units import UNITS as UNIT_STREAMS
from directory.usecases import units as usecases
from directory.usecases.doing import By, Deps

from .test_units import HANAM, NINHBINH, REFORM, UNITS

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
BY = By("quan-tri", {"by": "token"})


def _district(number: int) -> dict[str, Any]:
    return {
        "unit_id": f"district.34{number}.2013",
        "level": "district",
        "kind": "rural_district",
        "code": f"34{number}",
        "name_vi": f"Huyện số {number}",
        "parent": HANAM["unit_id"],
        "valid_from": "2013-01-01",
    }


@pytest.fixture
async def province(call: Any) -> Any:
    for body in (HANAM, NINHBINH):
        assert (await call.post(UNITS, body)).status_code == 201
    return call


async def test_a_province_with_many_parts_keeps_a_stream_of_one_commit(province: Any):
    for number in range(5):
        assert (await province.post(UNITS, _district(number))).status_code == 201

    seen = await province.get(f"{UNITS}/{HANAM['unit_id']}")
    told = await province.get(f"{UNITS}/{HANAM['unit_id']}/history", by="reader")
    parts = await province.get(f"/audit/administrative-parts/{HANAM['unit_id']}", by="writer")

    assert (seen.headers["ETag"], len(told.json())) == ('"1"', 1)
    assert [each["facts"][0]["data"]["part"] for each in parts.json()["decisions"]] == [
        f"district.34{number}.2013" for number in range(5)
    ]


async def test_the_end_of_a_unit_stands_in_the_stream_of_its_parts_too(province: Any):
    await province.post(f"{UNITS}/{HANAM['unit_id']}/end", {"ends_on": REFORM})

    parts = await province.get(f"/audit/administrative-parts/{HANAM['unit_id']}", by="writer")

    (decision,) = parts.json()["decisions"]
    assert decision["facts"][0]["data"]["ends_on"] == REFORM
    assert f"/directory/administrative_unit/{HANAM['unit_id']}" in decision["together_with"]


async def test_a_lowest_unit_ends_without_a_stream_of_parts(province: Any):
    await province.post(UNITS, _district(1))
    commune = _district(1) | {
        "unit_id": "commune.13285.2013",
        "level": "commune",
        "kind": "rural_commune",
        "code": "13285",
        "parent": "district.341.2013",
    }
    await province.post(UNITS, commune)

    ended = await province.post(f"{UNITS}/commune.13285.2013/end", {"ends_on": REFORM})
    parts = await province.get("/audit/administrative-parts/commune.13285.2013", by="writer")

    assert (ended.status_code, parts.status_code) == (200, 404)


# -- what was told before November 2026 ------------------------------------------------------------


async def _told_in_its_own_stream(deps: Deps, part: dict[str, Any], key: str) -> None:
    """As the log of an installation says it that imported its maps before."""
    unit = await deps.log.load(UNIT_STREAMS, HANAM["unit_id"])
    fact = AdministrativePartRecordedV1.of(
        {
            "unit_id": HANAM["unit_id"],
            "part": part["unit_id"],
            "site": NATIONAL,
            "valid_from": part["valid_from"],
        }
    )
    cause = Cause(f"old:{key}", NOON, "quan-tri")
    await deps.log.append(unit, (fact,), cause, Standing(site=NATIONAL))


async def test_a_part_that_the_units_own_stream_tells_of_still_holds_it(province: Any):
    deps = province.app.state.deps.deps
    await _told_in_its_own_stream(deps, _district(1), "1")

    answer = await province.post(f"{UNITS}/{HANAM['unit_id']}/end", {"ends_on": REFORM})

    assert (answer.status_code, answer.json()["code"]) == (409, "parts-outlive-it")
    assert answer.json()["parts"] == ["district.341.2013"]


async def test_a_part_told_of_before_moves_and_ends_as_any_other(province: Any):
    deps = province.app.state.deps.deps
    for number in (1, 2):
        await province.post(UNITS, _district(number) | {"parent": NINHBINH["unit_id"]})
        moved = {"valid_from": "2014-01-01", "changes": {"parent": HANAM["unit_id"]}}
        await province.post(f"{UNITS}/district.34{number}.2013/changes", moved)
        await _told_in_its_own_stream(deps, _district(number), str(number))
    back = {"valid_from": "2020-01-01", "changes": {"parent": NINHBINH["unit_id"]}}

    await province.post(f"{UNITS}/district.341.2013/changes", back)
    held = await province.post(f"{UNITS}/{HANAM['unit_id']}/end", {"ends_on": REFORM})
    await province.post(f"{UNITS}/district.342.2013/end", {"ends_on": REFORM})
    ended = await province.post(f"{UNITS}/{HANAM['unit_id']}/end", {"ends_on": REFORM})

    assert held.json()["parts"] == ["district.342.2013"]
    assert ended.status_code == 200


# -- two processes ---------------------------------------------------------------------------------


class House:
    """Two processes of the directory over one log, each with what it remembers."""

    def __init__(self, service: Any, deps: Deps) -> None:
        world = World(lambda: NOON, lambda: str(uuid4()), Random(2))
        other = CommitLog(service.database, Contracts("directory"), world)
        self.here, self.there = deps, replace(deps, log=other)

    async def register(self, deps: Deps, body: dict[str, Any]) -> str:
        fact = AdministrativeUnitRegisteredV1.of(body | {"site": NATIONAL})
        return await self._said(usecases.register(deps, usecases.RegisterUnit(fact, BY), _cause()))

    async def move(self, deps: Deps, unit: str, parent: str, day: str = "2020-01-01") -> str:
        fact = AdministrativeUnitChangedV1.of(
            {
                "unit_id": unit,
                "site": NATIONAL,
                "valid_from": day,
                "changes": {"parent": parent},
            }
        )
        return await self._said(usecases.change(deps, usecases.ChangeUnit(fact, BY), _cause()))

    async def end(self, deps: Deps, unit: str) -> str:
        fact = AdministrativeUnitEndedV1.of({"unit_id": unit, "site": NATIONAL, "ends_on": REFORM})
        return await self._said(usecases.end(deps, usecases.EndUnit(fact, BY), _cause()))

    async def _said(self, decision: Any) -> str:
        try:
            await decision
        except DomainError as refusal:
            rules = [each.rule for each in refusal.errors]
            return rules[0] if rules else refusal.code
        return "done"


def _cause() -> Cause:
    return Cause(str(uuid4()), NOON, "quan-tri")


@pytest.fixture
def house(province: Any) -> House:
    return House(province.app.state.service, province.app.state.deps.deps)


async def test_who_remembers_a_unit_from_before_its_end_gives_it_no_part(house: House):
    before = await house.register(house.there, _district(1))
    moved = await house.move(house.here, "district.341.2013", NINHBINH["unit_id"])
    ended = await house.end(house.here, HANAM["unit_id"])

    late = await house.register(house.there, _district(2))
    back = await house.move(house.there, "district.341.2013", HANAM["unit_id"], "2021-01-01")

    assert (before, moved, ended) == ("done", "done", "done")
    assert (late, back) == ("within-parent", "within-parent")


async def test_who_remembers_a_unit_without_parts_does_not_end_it_under_them(house: House):
    await house.register(house.there, _district(1))
    await house.move(house.there, "district.341.2013", NINHBINH["unit_id"])
    await house.register(house.here, _district(2))

    assert await house.end(house.there, HANAM["unit_id"]) == "parts-outlive-it"
