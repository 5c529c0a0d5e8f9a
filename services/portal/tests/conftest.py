"""A press for tests: a directory and an editorial office that say facts, and the portal that hears them."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from common.blobs import Blobs
from common.cause import Cause
from common.http.positions import Position, encode
from common.log.streams import Standing, StreamKind
from common.service import Parts, Service
from common.settings import ServiceSettings
from common.testing.kafka import MemoryCluster
from common.testing.service import memory_service
from common.world import World
from contracts.events.directory import AgencyChangedV1, AgencyRegisteredV1, SiteOpenedV1
from contracts.events.editorial import ArticleCorrectedV1, ArticlePublishedV1, ArticleWithdrawnV1
from contracts.fact import Fact
from contracts.place import ROOT
from portal.main import PARTS, create_app
from rulebook import agency, site

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
EXAMPLES = ROOT / "examples"
KINDS = {
    "site": StreamKind("directory/site", site.NO_SITE, site.evolve),
    "agency": StreamKind("directory/agency", agency.NOBODY, agency.evolve),
    "article": StreamKind("editorial/article", 0, lambda count, _: count + 1),
}


def an_id(number: int) -> str:
    return f"0198c0de-0000-7000-8000-{number:012d}"


def example(name: str) -> dict[str, Any]:
    return json.loads((EXAMPLES / name / "full.json").read_text(encoding="utf-8"))


def published(number: int, title: str, html: str = "<p>Nội dung</p>", **changes: Any) -> Fact:
    data = example("editorial.article_published.v1") | {
        "article_id": an_id(number),
        "site": "hanam",
        "category": "news",
        "title": title,
        "fields": [],
        "attachments": [],
        "published_at": f"2026-11-20T05:00:{number % 60:02d}.{number % 1000:03d}Z",
    }
    del data["summary"], data["source"]
    data["body"] = {**data["body"], "html": html}
    return ArticlePublishedV1.model_validate(data | changes)


def a_field(name: str, value: Any) -> dict[str, str]:
    return {"name": name, "value": json.dumps(value, ensure_ascii=False)}


def corrected(fact: Fact, note: str, at: str = "2026-11-21T05:00:00.000Z", **changes: Any) -> Fact:
    more = {"note": note, "level": "minor", "corrected_at": at}
    return ArticleCorrectedV1.model_validate(fact.data() | more | changes)


def withdrawn(fact: Fact, explanation: str, **changes: Any) -> Fact:
    kept = ("article_id", "site", "category", "language", "title", "published_at")
    data = example("editorial.article_withdrawn.v1") | {name: fact.data()[name] for name in kept}
    return ArticleWithdrawnV1.model_validate(data | {"explanation": explanation} | changes)


def opened(id: str, name: str, **changes: Any) -> SiteOpenedV1:
    data = example("directory.site_opened.v1") | {
        "site": id,
        "name_vi": name,
        "agency": f"{id}.ubnd",
        "kind": "province",
    }
    for absent in ("parent", "valid_to", "name_en"):
        del data[absent]
    return SiteOpenedV1.model_validate(data | changes)


def registered(id: str, name: str, **changes: Any) -> AgencyRegisteredV1:
    base = {"agency_id": id, "site": id.partition(".")[0], "jurisdiction": "hanam", "name_vi": name,
            "kind": "provincial_committee", "valid_from": "2010-01-01"}  # fmt: skip
    return AgencyRegisteredV1.model_validate(base | changes)


def renamed(id: str, name: str, day: str) -> AgencyChangedV1:
    return AgencyChangedV1.model_validate(
        {"agency_id": id, "site": "hanam", "valid_from": day, "changes": {"name_vi": name}}
    )


@dataclass
class Press:
    """Says facts, and asks the portal."""

    sources: dict[str, Service]
    portal: FastAPI
    http: httpx.AsyncClient
    after: dict[str, str] = field(default_factory=dict)

    published = staticmethod(published)
    corrected = staticmethod(corrected)
    withdrawn = staticmethod(withdrawn)
    opened = staticmethod(opened)
    registered = staticmethod(registered)
    renamed = staticmethod(renamed)
    a_field = staticmethod(a_field)
    an_id = staticmethod(an_id)

    async def say(self, *facts: Fact) -> None:
        """One decision each; what is asked afterwards waits for them."""
        positions = []
        for fact in facts:
            service, _, kind = fact.TOPIC.partition(".")
            data = fact.data()
            id = data.get("article_id") or data.get("agency_id") or data["site"]
            loaded = await self.sources[service].log.load(KINDS[kind], id)
            cause = Cause(f"test:{uuid4()}", NOON, "test")
            done = await self.sources[service].log.append(
                loaded, (fact,), cause, Standing(data["site"])
            )
            positions += [Position(p.topic, p.stream, p.sequence) for p in done.positions]
        self.after = {"After-Position": encode(positions[-40:])}

    async def get(self, path: str, **more: Any) -> httpx.Response:
        headers = self.after | more.pop("headers", {})
        return await self.http.get(path, headers=headers, **more)

    async def page(self, path: str, **more: Any) -> httpx.Response:
        """A page as a browser asks for it, once everything said is known."""
        await self.get("/articles", params={"limit": 1})
        self.portal.state.deps.places._looked_at = float("-inf")
        headers = {"Accept": "text/html", "Accept-Language": "vi"} | more.pop("headers", {})
        return await self.http.get(path, headers=headers, **more)

    async def found(self, q: str, **params: Any) -> list[str]:
        answer = await self.get("/search", params={"q": q, **params})
        assert answer.status_code == 200, answer.text
        return ["".join(p["text"] for p in hit["title"]) for hit in answer.json()["items"]]

    async def titles(self, path: str = "/articles", **params: Any) -> list[str]:
        answer = await self.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return [each["title"] for each in answer.json()["items"]]

    @property
    def blobs(self) -> Blobs:
        service: Service = self.portal.state.service
        return service.blobs

    async def file(self, content: bytes) -> str:
        """Among the blobs, as intake keeps files; answers the digest."""

        async def pieces() -> AsyncGenerator[bytes]:
            yield content

        return (await self.blobs.put(pieces(), limit=1_000_000)).digest


@asynccontextmanager
async def a_press() -> AsyncGenerator[Press]:
    cluster, world = MemoryCluster(), World(lambda: NOON, lambda: str(uuid4()), Random(1))
    sources = {
        name: memory_service(ServiceSettings(service=name), Parts(), cluster, world)
        for name in ("directory", "editorial")
    }
    settings = ServiceSettings(service="portal")
    portal = create_app(settings, memory_service(settings, PARTS, cluster, world))
    transport = httpx.ASGITransport(portal)
    async with (
        sources["directory"].running(),
        sources["editorial"].running(),
        portal.router.lifespan_context(portal),
        httpx.AsyncClient(transport=transport, base_url="http://portal") as http,
    ):
        yield Press(sources, portal, http)


@pytest.fixture
async def press() -> AsyncGenerator[Press]:
    async with a_press() as press:
        yield press
