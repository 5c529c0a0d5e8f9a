"""The demo's sites and people are accepted by the directory, and each may do what their story says."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from authority.checking import Entry, check
from authority.cli import all_commits
from common.identity import TokenVerifier
from common.issuer import Issuer
from common.service import Service
from common.settings import ServiceSettings
from common.testing.kafka import MemoryCluster
from common.testing.service import memory_service
from directory.main import PARTS as DIRECTORY
from directory.main import create_app as create_directory
from embedded.demo import demo
from embedded.issuer import DEMO_GRANT, create_issuer
from embedded.people import PEOPLE
from portal.main import PARTS as PORTAL
from portal.main import create_app as create_portal

URL = "http://127.0.0.1:8000"
ISSUER = f"{URL}/dev-issuer"


@dataclass
class House:
    http: httpx.AsyncClient
    portal: FastAPI
    directory: Service

    async def token(self, person: str) -> dict[str, str]:
        form = {"grant_type": DEMO_GRANT, "person": person}
        answer = await self.http.post("/dev-issuer/token", data=form)
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def mine(self, person: str) -> set[tuple[str, str]]:
        answer = await self.http.get("/api/portal/authority/mine", headers=await self.token(person))
        return {(each["act"], each["site"]) for each in answer.json()["may"]}


@pytest.fixture
async def house():
    cluster = MemoryCluster()
    issuer = create_issuer(ISSUER, environment="development")
    keys = httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=[Mount("/dev-issuer", issuer)]))
    )

    def verifier() -> TokenVerifier:
        return TokenVerifier(Issuer(ISSUER, keys), "nhipcau")

    settings = {
        name: ServiceSettings(service=name, oidc_issuer=ISSUER, rate_limit="100000/minute")
        for name in ("directory", "portal")
    }
    service = memory_service(settings["directory"], DIRECTORY, cluster)
    directory = create_directory(settings["directory"], service, verifier())
    portal = create_portal(
        settings["portal"], memory_service(settings["portal"], PORTAL, cluster), verifier()
    )
    mounts = [
        Mount("/dev-issuer", issuer),
        Mount("/api/directory", directory),
        Mount("/api/portal", portal),
    ]
    async with AsyncExitStack() as stack:
        for app in (directory, portal):
            await stack.enter_async_context(app.router.lifespan_context(app))
        transport = httpx.ASGITransport(Starlette(routes=mounts))
        http = httpx.AsyncClient(transport=transport, base_url=URL)
        yield House(await stack.enter_async_context(http), portal, service)


async def heard_all(house: House) -> None:
    """Until the portal knows the last sign-in that was linked."""
    known = house.portal.state.authority.followed
    subjects = [person.id for person in PEOPLE if person.person_id != "hanam.cong-dan"]
    async with asyncio.timeout(30):
        while not all(known.known.person_of(ISSUER, each) for each in subjects):  # noqa: ASYNC110 - background work sets no event
            await asyncio.sleep(0.05)


async def test_the_demo_is_accepted_and_each_person_may_do_what_their_story_says(house):
    await demo().load_through(house.http, ISSUER)
    await heard_all(house)

    assert ("answer", "hanam") in await house.mine("hanam.thu-truong")
    assert ("answer", "hanam") in await house.mine("hanam.can-bo"), "delegation in force"
    assert ("answer", "hanam") not in await house.mine("hanam.chuyen-vien"), "expired"
    assert ("approve", "binhduong") in await house.mine("binhduong.truong-ban")
    assert ("approve", "binhduong") not in await house.mine("binhduong.thanh-vien"), "revoked"
    other_site = await house.mine("hanam.pho-ban")
    assert ("approve", "binhduong") in other_site
    assert ("approve", "hanam") not in other_site
    assert ("approve", "langson") in await house.mine("langson.pho-ban"), "authorised"
    assert ("publish", "khanhhoa") in await house.mine("khanhhoa.thu-ky")
    assert await house.mine("cong-dan") == set()


async def test_loading_it_again_changes_nothing(house):
    await demo().load_through(house.http, ISSUER)
    await heard_all(house)
    log = house.portal.state.authority.followed.known.reached.copy()

    await demo().load_through(house.http, ISSUER)

    assert house.portal.state.authority.followed.known.reached == log


async def test_every_act_of_the_demo_holds_when_it_is_proved_again(house):
    await demo().load_through(house.http, ISSUER)
    log = await all_commits(house.directory.database)

    verdict = check(log, [Entry("directory", commit) for commit in log])

    assert verdict.holds, [str(finding) for finding in verdict.findings[:5]]
    assert verdict.proved > 100
    assert verdict.own > 0
    assert verdict.beginnings >= 3
