"""The demo's sites and people are accepted by the directory, and each may do what their story says."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
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
from common.service import Doors, Service, assemble
from common.settings import ServiceSettings
from common.testing.kafka import MemoryCluster
from common.testing.service import memory_doors
from directory.main import PARTS as DIRECTORY
from directory.main import create_app as create_directory
from embedded.demo import demo
from embedded.issuer import DEMO_GRANT, create_issuer
from embedded.people import PEOPLE, written
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


@asynccontextmanager
async def a_house(url: str, doors: dict[str, Doors]) -> AsyncGenerator[House]:
    """Directory, portal and issuer as one house at an address, over databases that may be used already."""
    issuer_url = f"{url}/dev-issuer"
    issuer = create_issuer(issuer_url, environment="development")
    keys = httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=[Mount("/dev-issuer", issuer)]))
    )

    def verifier() -> TokenVerifier:
        return TokenVerifier(Issuer(issuer_url, keys), "nhipcau")

    def settings(name: str) -> ServiceSettings:
        return ServiceSettings(service=name, oidc_issuer=issuer_url, rate_limit="100000/minute")

    service = assemble(settings("directory"), DIRECTORY, doors["directory"])
    directory = create_directory(settings("directory"), service, verifier())
    portal = create_portal(
        settings("portal"), assemble(settings("portal"), PORTAL, doors["portal"]), verifier()
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
        http = httpx.AsyncClient(transport=transport, base_url=url)
        yield House(await stack.enter_async_context(http), portal, service)


@pytest.fixture
def doors() -> dict[str, Doors]:
    cluster = MemoryCluster()
    return {name: memory_doors(cluster) for name in ("directory", "portal")}


@pytest.fixture
async def house(doors) -> AsyncGenerator[House]:
    async with a_house(URL, doors) as house:
        yield house


async def heard_all(house: House, issuer: str = ISSUER) -> None:
    """Until the portal knows the last sign-in that was linked."""
    known = house.portal.state.authority.followed
    subjects = [person.id for person in PEOPLE if person.person_id != "hanam.cong-dan"]
    async with asyncio.timeout(30):
        while not all(known.known.person_of(issuer, each) for each in subjects):  # noqa: ASYNC110 - background work sets no event
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


async def test_a_house_that_moved_to_another_address_links_its_people_there(doors):
    moved = "http://127.0.0.1:8001"
    async with a_house(URL, doors) as house:
        await demo().load_through(house.http, ISSUER)

    async with a_house(moved, doors) as house:
        assert await house.mine("hanam.thu-truong") == set()
        await demo().load_through(house.http, f"{moved}/dev-issuer")
        await heard_all(house, f"{moved}/dev-issuer")

        assert ("answer", "hanam") in await house.mine("hanam.thu-truong")
        log = await all_commits(house.directory.database)
        verdict = check(log, [Entry("directory", commit) for commit in log])
        assert verdict.holds, [str(finding) for finding in verdict.findings[:5]]


def test_the_file_of_people_tells_the_story_of_four_sites():
    told = written()
    sites = {each["site"]: each["profile"].partition("@")[0] for each in told["sites"]}
    given = {each["delegation_id"]: each for each in told["delegations"]}
    roles = {(each["site"], each["role"]) for each in told["positions"]}

    assert sites == {name: name for name in ("hanam", "binhduong", "langson", "khanhhoa")}
    for site in sites:
        assert {(site, "board_head"), (site, "board_secretary")} <= roles
    assert given["hanam.uq-2025-04"]["valid_to"] < "2026-11-01"
    assert "revoked" in given["binhduong.uq-2026-02"]
    assert given["binhduong.uq-2026-03"]["receiver"].startswith("hanam.")
