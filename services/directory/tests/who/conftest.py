"""A directory on the working fakes with a clock that moves, and people who act in it over HTTP."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from common.clocks import Ticker
from common.identity import Principal
from common.settings import ServiceSettings
from common.testing.kafka import MemoryCluster
from common.testing.service import memory_service
from common.testing.wording import told_in_vietnamese
from common.world import World
from directory.main import PARTS, create_app

DECISION = {"number": "1592/QĐ-UBND"}
ISSUER = ServiceSettings(service="directory").oidc_issuer


@dataclass
class Clock:
    """Time stands until a test moves it. It begins on a Tuesday noon in Hà Nội."""

    now: datetime = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def go(self, **by: float) -> None:
        self.now += timedelta(**by)

    def at(self, moment: str) -> None:
        """Local time of Việt Nam, such as 2027-07-01T00:00."""
        self.now = datetime.fromisoformat(f"{moment}+07:00").astimezone(UTC)


class Tokens:
    """Every word is a token of the person it names; `root` may begin an installation."""

    def known(self, token: str) -> Principal:
        scopes = frozenset({"directory:write"} if token == "root" else set[str]())
        subject, _, site = token.partition("@")
        return Principal(subject, token, "person", scopes, site or None)

    async def verify(self, token: str) -> Principal:
        return self.known(token)


@dataclass
class Town:
    """Speaks HTTP to one or several doors of a directory; remembers what it must have seen."""

    doors: list[httpx.AsyncClient]
    clock: Clock
    apps: list[FastAPI]
    seen: str = ""
    by: str = "root"
    turn: int = 0
    answers: list[httpx.Response] = field(default_factory=list)

    async def post(self, path: str, body: Any, *, by: str = "", door: int = 0, **headers: str):
        """An act that has seen all acts before it."""
        given = {"Authorization": f"Bearer {by or self.by}", "Idempotency-Key": str(uuid4())}
        if self.seen:
            given["After-Position"] = self.seen
        answer = await self.doors[door].post(path, json=body, headers=given | headers)
        self.seen = answer.headers.get("Position", self.seen)
        return answer

    async def done(self, path: str, body: Any, *, by: str = "") -> dict[str, Any]:
        answer = await self.post(path, body, by=by)
        assert answer.is_success, answer.text
        return answer.json()

    async def get(self, path: str, *, by: str = "", **params: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {by or self.by}"}
        if self.seen:
            headers["After-Position"] = self.seen
        return await self.doors[0].get(path, params=params, headers=headers)

    async def seen_json(self, path: str, **params: Any) -> Any:
        answer = await self.get(path, **params)
        assert answer.is_success, answer.text
        return answer.json()

    async def until(self, path: str, holds: Callable[[Any], bool], **params: Any) -> Any:
        """Let the clocks tick until an answer is as wanted; fails after ten seconds."""
        service = self.apps[0].state.service
        ticker = Ticker("directory", service.clocks, service.world)
        async with asyncio.timeout(10):
            while True:
                found = await self.seen_json(path, **params)
                if holds(found):
                    return found
                await ticker.tick()
                await asyncio.sleep(0)

    # -- what most tests begin with ---------------------------------------------------------------

    async def agency(self, id: str, name: str = "Sở Nội vụ", **changes: Any) -> dict[str, Any]:
        site = id.partition(".")[0]
        body = {
            "agency_id": id,
            "site": site,
            "jurisdiction": site,
            "name_vi": name,
            "kind": "department",
            "valid_from": "2019-08-15",
        }
        return await self.done("/agencies", body | changes)

    async def site(self, id: str = "hanam", **changes: Any) -> dict[str, Any]:
        return await self.done("/sites", a_site(id, **changes))

    async def person(self, id: str, site: str = "hanam", **changes: Any) -> dict[str, Any]:
        """Somebody who signs in with their own id."""
        body = {
            "person_id": id,
            "site": site,
            "full_name": "Nguyễn Thị An",
            "valid_from": "2019-01-01",
        }
        await self.done("/people", body | changes)
        identity = {"issuer": ISSUER, "subject": id}
        return await self.done(f"/people/{id}/identities", identity)

    async def position(self, person: str, role: str, site: str = "hanam", **changes: Any):
        return await self.done(f"/people/{person}/positions", a_position(role, site, **changes))


def a_site(id: str = "hanam", **changes: Any) -> dict[str, Any]:
    body = {
        "site": id,
        "agency": "hanam.vpubnd",
        "kind": "province",
        "profile": "hanam@1",
        "name_vi": "Cổng Thông tin điện tử tỉnh Hà Nam",
        "valid_from": "2019-08-15",
        "document": DECISION,
    }
    return body | changes


def a_position(role: str, site: str = "hanam", **changes: Any) -> dict[str, Any]:
    body = {"role": role, "site": site, "valid_from": "2020-01-01", "document": DECISION}
    return body | changes


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def empty(clock: Clock) -> AsyncGenerator[Town]:
    """A directory in which nothing is."""
    settings = ServiceSettings(service="directory")
    world = World(clock, lambda: str(uuid4()), Random(1))
    app = create_app(settings, memory_service(settings, PARTS, MemoryCluster(), world))
    object.__setattr__(app.state.around, "verifier", Tokens())
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://d",
            event_hooks={"response": [told_in_vietnamese]},
        ) as http,
    ):
        yield Town([http], clock, [app])


@pytest.fixture
async def town(empty: Town) -> Town:
    """A directory with the province's portal, begun by `root`."""
    await empty.agency("hanam.vpubnd", "Văn phòng UBND tỉnh Hà Nam", kind="office")
    await empty.site()
    return empty
