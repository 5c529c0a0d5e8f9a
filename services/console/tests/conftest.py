"""The article desk over editorial itself: the whole service on the working fakes, people who sign in."""

import importlib.util
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI

from authority.testing import position_id
from common.http.positions import encode
from common.testing.issuer import URL
from common.world import World
from console.main import create_app
from console.settings import Settings
from contracts.categories import load_categories
from intake.queries.forms import Place, form, forms
from rulebook.profiles.loader import load_profiles

SERVICES = Path(__file__).parents[2]
SITES = {
    "hanam": "Cổng thông tin điện tử tỉnh Hà Nam",
    "binhduong": "Cổng thông tin điện tử tỉnh Bình Dương",
    "langson": "Trang thông tin điện tử Sở Lạng Sơn",
    "khanhhoa": "Cổng thông tin điện tử công vụ Khánh Hòa",
}
NAMES = {
    "board-head": "Trần Văn An", "deputy-board-head": "Lê Thị Bình", "board-member": "Phạm Minh Châu",
    "board-secretary": "Vũ Thu Dung", "centre": "Đỗ Quang Em", "office-head": "Hoàng Gia Phúc",
    "member-centre": "Ngô Hải Giang", "can-bo": "Nguyễn Thị Hoa", "editorial-board": "Bùi Khánh Linh",
    "member-science": "Đinh Công Minh", "agency": "Mai Thanh Nga",
}  # fmt: skip


def _editorial() -> Any:
    """Editorial's own test house: its boards, its publishers of facts, its clock."""
    file = SERVICES / "editorial" / "tests" / "conftest.py"
    spec = importlib.util.spec_from_file_location("editorials_house", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


EDITORIAL = _editorial()


@dataclass
class Neighbourhood(httpx.AsyncBaseTransport):
    """Everything the console calls: the issuer, editorial, and what directory and intake answer."""

    house: Any
    person: str = ""
    nonce: str = ""
    asked: list[httpx.Request] = field(default_factory=list[httpx.Request])

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.host == urlsplit(URL).hostname:
            return self._issuer(request)
        _, _, service, path = request.url.path.split("/", 3)
        if service == "editorial":
            return await self._from_editorial(request, path)
        answer = {"directory": self._from_directory, "intake": self._from_intake}[service]
        await request.aread()
        return httpx.Response(200, json=answer(request, path))

    async def _from_editorial(self, request: httpx.Request, path: str) -> httpx.Response:
        headers = dict(request.headers) | {"after-position": encode(self.house.seen[-30:])}
        del headers["host"]
        content = await request.aread()
        address = httpx.URL(f"/{path}", query=request.url.query)
        answer = await self.house.http.request(
            request.method, address, content=content, headers=headers
        )
        kept = {k: v for k, v in answer.headers.items() if k != "content-length"}
        return httpx.Response(answer.status_code, content=answer.content, headers=kept)

    def _from_directory(self, request: httpx.Request, path: str) -> Any:
        site = request.url.params.get("site", "")
        roles = (*EDITORIAL.BOARDS.get(site, ()), "staff")
        people = {role: EDITORIAL.person(site, role) if role != "staff" else f"{site}.can-bo" for role in roles}  # fmt: skip
        items = {
            "sites": [{"site": id, "attributes": {"name_vi": name}} for id, name in SITES.items()],
            "people": [
                {"person_id": id, "attributes": {"full_name": NAMES[id.partition(".")[2]]}}
                for id in people.values()
            ],
            "positions": [
                {"person_id": id, "role": role, "position_id": position_id(id, role), "attributes": {"agency": "vpubnd"}}
                for role, id in people.items()
            ],
        }  # fmt: skip
        if path == "agencies/vpubnd":
            return {
                "attributes": {"name_vi": "Văn phòng UBND", "name_en": "Office of the Committee"}
            }
        return {"items": items[path], "next": None}

    def _from_intake(self, request: httpx.Request, path: str) -> Any:
        if path == "files":
            return {"name": "anh.png", "digest": "f" * 64, "size": 9, "media_type": "image/png", "kind": "image"}  # fmt: skip
        site = request.url.params["site"]
        place = Place(load_profiles()[f"{site}@1"], "province", date(2026, 11, 23))
        if path == "categories":
            return list(forms(load_categories(), place))
        return form(load_categories(), path.rpartition("/")[2], place)

    def _issuer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/openid-configuration"):
            places = {"jwks_uri": "keys", "authorization_endpoint": "auth", "token_endpoint": "token"}  # fmt: skip
            return httpx.Response(200, json={"issuer": URL} | {k: f"{URL}/{v}" for k, v in places.items()})  # fmt: skip
        issuer = self.house.issuer
        if request.url.path.endswith("/token"):
            subject = f"id-of-{self.person}"
            name = NAMES[self.person.partition(".")[2]]
            return httpx.Response(
                200,
                json={
                    "access_token": issuer.token(subject, lasts=1_000_000),
                    "refresh_token": "refresh",
                    "expires_in": 1_000_000,
                    "scope": "openid",
                    "id_token": issuer.token(
                        subject, lasts=1_000_000, aud="nhipcau-console", nonce=self.nonce, name=name
                    ),
                },
            )
        keys = [key.as_dict(private=False) for key in issuer.keys.values()]
        return httpx.Response(200, json={"keys": keys})


@dataclass
class Desk:
    """The console in a browser without scripts, and editorial behind it."""

    house: Any
    around: Neighbourhood
    app: FastAPI
    browser: httpx.AsyncClient

    async def sign_in(self, person: str) -> None:
        self.browser.cookies.clear()
        self.around.person = person
        begun = await self.browser.get("/console/sign-in")
        asked = parse_qs(urlsplit(begun.headers["location"]).query)
        self.around.nonce = asked["nonce"][0]
        await self.browser.get(
            "/console/callback", params={"state": asked["state"][0], "code": "c", "iss": URL}
        )

    async def get(self, path: str, **params: Any) -> httpx.Response:
        answer = await self.browser.get(f"/console{path}", params=params or None)
        assert answer.status_code < 500, answer.text
        return answer


@asynccontextmanager
async def a_desk(home: str = "http://house") -> AsyncGenerator[Desk]:
    async with EDITORIAL.a_house() as house:
        around = Neighbourhood(house)
        settings = Settings(
            service="console", public_url=home, oidc_issuer=URL, api_url="http://services"
        )
        world = World(house.clock.now, lambda: "id", Random(1))
        services = httpx.AsyncClient(transport=around, timeout=10)
        app = create_app(settings, services, world)
        transport = httpx.ASGITransport(app, root_path="/console")
        async with httpx.AsyncClient(transport=transport, base_url=home) as browser:
            yield Desk(house, around, app, browser)


@pytest.fixture
async def desk() -> AsyncGenerator[Desk]:
    async with a_desk() as desk:
        yield desk
