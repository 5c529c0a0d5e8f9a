"""A town of four sites with intake at work in it: on the working fakes, its neighbours told fact by fact."""

import asyncio
import io
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import httpx
import pytest
from fastapi import FastAPI

from authority.testing import NOON, Told
from common.cause import Cause
from common.http.positions import Position, decode, encode
from common.log.streams import Standing, StreamKind
from common.service import Parts, Service
from common.testing.closable import unclosable
from common.testing.issuer import URL, MemoryIssuer
from common.testing.kafka import MemoryCluster
from common.testing.service import memory_service
from common.world import World, real_world
from contracts.events import editorial as article
from contracts.place import ROOT
from intake.main import PARTS, create_app
from intake.settings import Settings
from rulebook import agency, delegated, person, site

KINDS = {
    "agency": StreamKind("directory/agency", agency.NOBODY, agency.evolve),
    "person": StreamKind("directory/person", person.NOBODY, person.evolve),
    "delegation": StreamKind("directory/delegation", delegated.NOTHING_GIVEN, delegated.evolve),
    "site": StreamKind("directory/site", site.NO_SITE, site.evolve),
}
ARTICLES = StreamKind("editorial/article", None, lambda state, _: state)
EXAMPLES = ROOT / "examples"
SITES = {
    "binhduong": "province",
    "hanam": "province",
    "khanhhoa": "public_service_portal",
    "langson": "department",
}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "08d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def docx_of(**more: bytes) -> bytes:
    """The least that is a DOCX by its content."""
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


class Clock:
    def __init__(self):
        self.at = NOON

    def now(self):
        return self.at


@dataclass
class Town:
    """Intake, the directory and the board as publishers of facts, and people who sign in."""

    directory: Service
    editorial: Service
    app: FastAPI
    http: httpx.AsyncClient
    issuer: MemoryIssuer
    clock: Clock
    seen: list[Position] = field(default_factory=list[Position])

    @property
    def service(self) -> Service:
        return self.app.state.service

    def headers(self, who: str = "an", **more: str) -> dict[str, str]:
        signed_in = self.issuer.bearer(f"id-of-{who}", lasts=100_000)
        return signed_in | {"After-Position": encode(self.seen[-40:])} | more

    async def told(self, told: Told) -> None:
        """What the directory says; everything asked afterwards waits until intake has heard it."""
        last: dict[str, Position] = {}
        for fact in told.facts:
            _, _, kind, id = fact.stream.split("/")
            loaded = await self.directory.log.load(KINDS[kind], id)
            cause = Cause(f"test:{uuid4()}", NOON, "test")
            done = await self.directory.log.append(loaded, (fact.said,), cause, Standing("hanam"))
            last |= {p.stream: Position(p.topic, p.stream, p.sequence) for p in done.positions}
        told.facts.clear()
        self.seen += last.values()

    async def board_says(self, kind: type[Any], id: str, **values: Any) -> None:
        """One fact of an article's stream, as its example is; what is asked afterwards waits for it."""
        example = EXAMPLES / str(kind.name()) / "minimal.json"
        usual = json.loads(example.read_text("utf-8")) | {"article_id": id, "site": "hanam"}
        fact = kind.of(usual | values)
        loaded = await self.editorial.log.load(ARTICLES, id)
        cause = Cause(f"test:{uuid4()}", self.clock.at, "test")
        done = await self.editorial.log.append(loaded, (fact,), cause, Standing(fact.site))
        self.seen += [Position(p.topic, p.stream, p.sequence) for p in done.positions]

    async def returned(self, id: str, *reasons: str) -> None:
        await self.board_says(article.ArticleReturnedV1, id, reasons=[*reasons] or ["Thiếu nguồn."])

    async def post(
        self, path: str, body: Any, who: str = "an", *, key: str = "", **more: str
    ) -> httpx.Response:
        headers = self.headers(who, **{"Idempotency-Key": key or str(uuid4()), **more})
        answer = await self.http.post(path, json=body, headers=headers)
        self._note(answer)
        return answer

    async def get(self, path: str, who: str = "an", **params: Any) -> httpx.Response:
        return await self.http.get(path, params=params, headers=self.headers(who))

    async def upload(self, name: str, content: bytes, who: str = "an") -> httpx.Response:
        return await self.http.post(
            "/files", files={"file": (name, content)}, headers=self.headers(who)
        )

    def _note(self, answer: httpx.Response) -> None:
        if "Position" in answer.headers:
            self.seen += decode(answer.headers["Position"])


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - background work sets no event
            await asyncio.sleep(0.01)


def the_four_sites() -> Told:
    """Each site with its profile, an officer `an`, another `binh`, and a system that passes on."""
    told = Told()
    for id, kind in SITES.items():
        languages = ["vi", "en", "zh"] if id == "langson" else ["vi", "en"]
        told.site(id, kind=kind, profile=f"{id}@1", languages=languages)
    for name, kind in (("an", "person"), ("binh", "person"), ("he-thong", "system")):
        told.person(name, kind=kind, site="installation" if kind == "system" else "hanam")
        told.link(name, f"id-of-{name}", issuer=URL)
    for id in SITES:
        told.position("an", "staff", site=id, position_id=f"an.{id}", agency=f"{id}.vpubnd")
        told.position("he-thong", "staff", site=id, position_id=f"he-thong.{id}")
    told.position("binh", "board_head", site="hanam", position_id="binh.hanam")
    return told


@pytest.fixture
async def town() -> AsyncGenerator[Town]:
    cluster, clock = MemoryCluster(), Clock()
    issuer, real = MemoryIssuer(clock=clock.now), real_world()
    world = World(clock.now, real.new_id, real.random)
    directory = memory_service(Settings(service="directory"), Parts(), cluster, world)
    editorial = memory_service(Settings(service="editorial"), Parts(), cluster, world)
    service = memory_service(Settings(service="intake"), PARTS, cluster, world)
    app = create_app(Settings(service="intake"), service, issuer.verifier())
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(directory.running())
        await stack.enter_async_context(editorial.running())
        await stack.enter_async_context(app.router.lifespan_context(app))
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://intake")
        await stack.enter_async_context(http)
        await until(lambda: app.state.authority.followed.heard is not None)
        town = Town(directory, editorial, app, http, issuer, clock)
        await town.told(the_four_sites())
        yield town
        assert await unclosable(service.log, service.database, PARTS.kinds) == []


@pytest.fixture
def a_news_item() -> Callable[..., dict[str, Any]]:
    """A sound news item for Hà Nam; keywords change it."""

    def made(**changes: Any) -> dict[str, Any]:
        usual = {
            "site": "hanam",
            "category": "news",
            "title": "Hội nghị chuyển đổi số",
            "body": "<p>Hội nghị triển khai nhiệm vụ chuyển đổi số.</p>",
            "author": "Ban Biên tập",
            "source": {"type": "own", "name": "Văn phòng UBND tỉnh"},
        }
        return {k: v for k, v in (usual | changes).items() if v is not None}

    return made


@pytest.fixture
def a_docx() -> Callable[..., bytes]:
    return docx_of


@pytest.fixture
def a_pdf() -> bytes:
    return PDF


@pytest.fixture
def a_picture() -> bytes:
    return PNG
