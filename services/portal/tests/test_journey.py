"""Facts in, answers out: directory and portal together on one cluster of working fakes."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from common.cause import Cause
from common.consumer.views import Generation
from common.http.positions import Position, encode
from common.log.streams import Standing, StreamKind
from common.service import Parts, Service
from common.settings import ServiceSettings
from common.testing.kafka import MemoryCluster
from common.testing.service import memory_service
from common.world import World
from contracts.events.directory import AgencyChangedV1, AgencyRegisteredV1
from portal.main import PARTS, create_app
from rulebook.agency import NOBODY, evolve

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
AGENCIES = StreamKind("directory/agency", NOBODY, evolve)


@dataclass
class Town:
    """A publisher of agency facts, and the portal's public face."""

    source: Service
    portal: FastAPI
    http: httpx.AsyncClient

    async def say(self, *facts: AgencyRegisteredV1 | AgencyChangedV1) -> str:
        """Commit facts, one decision each; answers the token to read them with."""
        for fact in facts:
            loaded = await self.source.log.load(AGENCIES, fact.agency_id)
            cause = Cause(f"test:{uuid4()}", NOON, "test")
            done = await self.source.log.append(loaded, (fact,), cause, Standing(fact.site))
        return encode([Position(p.topic, p.stream, p.sequence) for p in done.positions])

    async def names(self, after: str, **params: str) -> list[str]:
        answer = await self.http.get("/agencies", params=params, headers={"After-Position": after})
        assert answer.status_code == 200, answer.text
        return [each["name_vi"] for each in answer.json()["items"]]


def an_agency(id: str, name: str, **changes: str) -> AgencyRegisteredV1:
    values = {
        "agency_id": id,
        "site": id.partition(".")[0],
        "jurisdiction": "hanam",
        "name_vi": name,
        "kind": "department",
        "valid_from": "2019-08-15",
    }
    return AgencyRegisteredV1.model_validate(values | changes)


def renamed(id: str, name: str, day: str) -> AgencyChangedV1:
    return AgencyChangedV1.model_validate(
        {"agency_id": id, "site": "hanam", "valid_from": day, "changes": {"name_vi": name}}
    )


@pytest.fixture
async def town() -> AsyncGenerator[Town]:
    cluster = MemoryCluster()
    world = World(lambda: NOON, lambda: str(uuid4()), Random(1))
    source = memory_service(ServiceSettings(service="directory"), Parts(), cluster, world)
    settings = ServiceSettings(service="portal")
    portal = create_app(settings, memory_service(settings, PARTS, cluster, world))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(source.running())
        await stack.enter_async_context(portal.router.lifespan_context(portal))
        http = httpx.AsyncClient(transport=httpx.ASGITransport(portal), base_url="http://portal")
        yield Town(source, portal, await stack.enter_async_context(http))


async def test_a_name_is_found_with_and_without_diacritics(town: Town):
    after = await town.say(
        an_agency("hanam.stc", "Sở Tài chính"),
        an_agency("hanam.stnmt", "Sở Tài nguyên và Môi trường"),
        an_agency("khanhhoa.ubnd", "UBND tỉnh Khánh Hoà"),
    )

    assert await town.names(after, q="so tai chinh") == ["Sở Tài chính"]
    assert await town.names(after, q="Tài") == ["Sở Tài chính", "Sở Tài nguyên và Môi trường"]
    assert await town.names(after, q="khánh hòa") == ["UBND tỉnh Khánh Hoà"]
    assert await town.names(after, q="tái") == []
    assert await town.names(after, q="tai", site="khanhhoa") == []


async def test_a_name_is_found_on_the_days_it_was_the_name(town: Town):
    after = await town.say(
        an_agency("hanam.snnmt", "Sở Nông nghiệp"),
        renamed("hanam.snnmt", "Sở Nông nghiệp và Môi trường", "2025-03-01"),
    )

    assert await town.names(after, q="moi truong", on="2025-02-28") == []
    assert await town.names(after, q="moi truong", on="2025-03-01") == [
        "Sở Nông nghiệp và Môi trường"
    ]


async def test_who_existed_on_a_day(town: Town):
    after = await town.say(
        an_agency("hanam.cu", "Cũ", valid_to="2025-07-01"),
        an_agency("hanam.moi", "Mới", valid_from="2025-07-01"),
    )

    assert await town.names(after, on="2025-06-30") == ["Cũ"]
    assert await town.names(after, on="2025-07-01") == ["Mới"]
    gone = await town.http.get("/agencies/hanam.cu", params={"on": "2025-07-01"})
    assert (gone.status_code, gone.json()["code"]) == (404, "agency-not-then")


async def test_a_rebuild_serves_the_same_and_the_old_one_serves_meanwhile(town: Town):
    after = await town.say(an_agency("hanam.a", "Sở A"), renamed("hanam.a", "Sở B", "2021-01-01"))
    before = await town.names(after)
    service: Service = town.portal.state.service
    consumption = next(each for each in service.consumptions if each.hears.name == "portal")

    generation = await consumption.rebuild()

    assert generation == Generation("portal", 2)
    assert before == ["Sở B"]
    town.portal.state.deps.agencies._views.forget()
    assert await town.names(after) == before
    old = await service.database.find("agencies@1", {})
    new = await service.database.find("agencies@2", {})
    assert old == new


async def test_bad_questions_are_answered_with_what_to_do(town: Town):
    for params, code in [
        ({"on": "2025-02-30"}, "content-invalid"),
        ({"q": "?!"}, "no-word"),
        ({"site": "HÀ NAM"}, "content-invalid"),
        ({"limit": "0"}, "content-invalid"),
        ({"cursor": "made-up"}, "cursor-not-ours"),
    ]:
        answer = await town.http.get("/agencies", params=params)
        assert answer.status_code in (400, 422), params
        assert answer.json()["code"] == code


async def test_what_is_not_here_yet_is_said_within_two_seconds(town: Town):
    token = encode([Position("directory.agency", "/directory/agency/hanam.x", 7)])

    waited = await town.http.get("/agencies", headers={"After-Position": token})
    stale = await town.http.get(
        "/agencies", params={"stale": "ok"}, headers={"After-Position": token}
    )

    assert (waited.status_code, waited.json()["code"]) == (503, "projection-behind")
    assert waited.headers["Retry-After"]
    assert (stale.status_code, stale.headers["Position-Stale"]) == (200, "?1")
