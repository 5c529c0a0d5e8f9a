"""The portal answers who may do what from the directory's facts alone, as soon as they are said."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from authority.testing import NOON, Told
from common.cause import Cause
from common.http.positions import Position, encode
from common.log.streams import Standing, StreamKind
from common.service import Parts, Service
from common.settings import ServiceSettings
from common.testing.issuer import URL, MemoryIssuer
from common.testing.kafka import MemoryCluster
from common.testing.service import memory_service
from common.world import World, real_world
from portal.main import PARTS, create_app
from rulebook import delegated, person, site

KINDS = {
    "person": StreamKind("directory/person", person.NOBODY, person.evolve),
    "delegation": StreamKind("directory/delegation", delegated.NOTHING_GIVEN, delegated.evolve),
    "site": StreamKind("directory/site", site.NO_SITE, site.evolve),
}


class Clock:
    def __init__(self):
        self.at = NOON

    def now(self):
        return self.at


@dataclass
class Town:
    """A directory that says facts, and the portal that hears them."""

    directory: Service
    portal: FastAPI
    http: httpx.AsyncClient
    issuer: MemoryIssuer
    clock: Clock

    async def say(self, told: Told) -> str:
        """Commit what was told since; answers the token to be seen with."""
        positions = []
        for fact in told.facts:
            _, _, kind, id = fact.stream.split("/")
            loaded = await self.directory.log.load(KINDS[kind], id)
            cause = Cause(f"test:{uuid4()}", NOON, "test")
            done = await self.directory.log.append(loaded, (fact.said,), cause, Standing("hanam"))
            positions += [Position(p.topic, p.stream, p.sequence) for p in done.positions]
        told.facts.clear()
        return encode(positions)

    async def may(
        self, subject: str, act: str, after: str | None = None, site: str = "hanam", **params: Any
    ) -> httpx.Response:
        headers = self.issuer.bearer(subject, lasts=10_000)
        headers |= {"After-Position": after} if after else {}
        return await self.http.get(f"/authority/{site}/{act}", params=params, headers=headers)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - background work sets no event
            await asyncio.sleep(0.01)


@pytest.fixture
async def town() -> AsyncGenerator[Town]:
    cluster, clock = MemoryCluster(), Clock()
    issuer = MemoryIssuer(clock=clock.now)
    real = real_world()
    world = World(clock.now, real.new_id, real.random)
    source = memory_service(ServiceSettings(service="directory"), Parts(), cluster, world)
    service = memory_service(ServiceSettings(service="portal"), PARTS, cluster, world)
    portal = create_app(ServiceSettings(service="portal"), service, issuer.verifier())
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(source.running())
        await stack.enter_async_context(portal.router.lifespan_context(portal))
        http = httpx.AsyncClient(transport=httpx.ASGITransport(portal), base_url="http://portal")
        await stack.enter_async_context(http)
        await until(lambda: portal.state.authority.followed.heard is not None)
        yield Town(source, portal, http, issuer, clock)


@pytest.fixture
def told():
    told = Told()
    told.site()
    for name, role in (
        ("thu-truong", "agency_head"),
        ("truong-ban", "board_head"),
        ("can-bo", "staff"),
    ):
        told.person(name)
        told.link(name, f"id-of-{name}", issuer=URL)
        told.position(name, role)
    told.delegation("uq-1", "thu-truong", "can-bo", ["answer"])
    return told


async def test_who_may_answers_with_proof_and_who_may_not_with_the_nearest_way(town, told):
    after = await town.say(told)

    yes = await town.may("id-of-can-bo", "answer", after)
    no = await town.may("id-of-truong-ban", "answer", after)

    assert yes.status_code == 200, yes.text
    assert (yes.json()["rule"], yes.json()["delegations"]) == ("hanam.d10.k6.who-answers", ["uq-1"])
    assert yes.json()["explanation"]["schema"] == "explanation.v1"
    assert no.status_code == 403
    problem = no.json()
    assert no.headers["content-type"] == "application/problem+json"
    assert (problem["code"], problem["rule"]) == ("not-authorised", "hanam.d10.k6.who-answers")
    assert problem["nearest"][0]["people"] == ["thu-truong"]
    assert "Điều 10" in problem["article"]["vi"]


async def test_a_revocation_is_refused_at_once_when_the_token_asks_for_it(town, told):
    after = await town.say(told)
    assert (await town.may("id-of-can-bo", "answer", after)).status_code == 200
    told.revoked("uq-1", NOON)

    revoked = await town.say(told)

    assert (await town.may("id-of-can-bo", "answer", revoked)).status_code == 403


async def test_a_revocation_is_seen_without_a_token(town, told):
    after = await town.say(told)
    assert (await town.may("id-of-can-bo", "answer", after)).status_code == 200
    told.revoked("uq-1", NOON)
    await town.say(told)

    async with asyncio.timeout(20):
        while (await town.may("id-of-can-bo", "answer")).status_code == 200:
            continue


async def test_what_is_not_here_yet_is_503_and_not_403(town, told):
    await town.say(told)
    ahead = encode([Position("directory.person", "/directory/person/truong-ban", 99)])

    answer = await town.may("id-of-truong-ban", "answer", ahead)

    assert (answer.status_code, answer.json()["code"]) == (503, "projection-behind")
    assert answer.headers["retry-after"]


async def test_a_directory_that_is_silent_for_long_makes_a_no_503(town, told):
    await town.say(told)
    told.revoked("uq-1", NOON)
    after = await town.say(told)
    town.clock.at = NOON + timedelta(seconds=150)

    refused = await town.may("id-of-can-bo", "answer", after)
    allowed = await town.may("id-of-thu-truong", "answer", after)

    assert (refused.status_code, refused.json()["code"]) == (503, "directory-behind")
    assert refused.headers["retry-after"]
    assert allowed.status_code == 200


async def test_nobody_asks_for_somebody_else(town, told):
    after = await town.say(told)

    nobody = await town.http.get("/authority/hanam/answer", headers={"After-Position": after})
    stranger = await town.may("somebody-else", "answer", after)
    edited = await town.may("id-of-truong-ban", "answer", after, person="thu-truong")

    assert nobody.status_code == 401
    assert (stranger.status_code, stranger.json()["code"]) == (403, "person-unknown")
    assert edited.status_code == 403


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/authority/HANAM/answer", {}),
        ("/authority/hanam/Answer!", {}),
        ("/authority/hanam/answer", {"fact": "sensitivity"}),
        ("/authority/hanam/answer", {"fact": "a:b:c"}),
        ("/authority/hanam/answer", {"category": "x" * 200}),
        ("/authority/hanam/answer", {"fact": ["a:b"] * 11}),
    ],
)
async def test_what_cannot_be_asked_is_said_with_the_field(town, path, params):
    answer = await town.http.get(path, params=params, headers=town.issuer.bearer("an"))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"]


async def test_everybody_sees_what_they_may_do(town, told):
    after = await town.say(told)
    headers = town.issuer.bearer("id-of-can-bo") | {"After-Position": after}

    mine = (await town.http.get("/authority/mine", headers=headers)).json()
    nobody = (await town.http.get("/authority/mine", headers=town.issuer.bearer("x"))).json()

    assert (mine["person"], [each["act"] for each in mine["may"]]) == ("can-bo", ["answer"])
    assert mine["may"][0]["article"]["en"].startswith("clause 6, Article 10")
    assert nobody == {"person": None, "may": []}


async def test_a_rebuilt_projection_decides_the_same(town, told):
    after = await town.say(told)
    service: Service = town.portal.state.service
    consumption = next(c for c in service.consumptions if c.hears.name == "portal-authority")
    before = town.portal.state.authority.followed.known

    await consumption.rebuild()

    await until(lambda: town.portal.state.authority.followed.known is not before)
    assert (await town.may("id-of-can-bo", "answer", after)).status_code == 200
    assert town.portal.state.authority.followed.known.reached == before.reached
