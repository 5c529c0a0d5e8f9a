"""Builds the portal: its backbone without a log, the public JSON, the pages and the feeds."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from authority import LocalAuthority, hears
from authority.routes import router as authority_router
from common.beside import BLOBS
from common.errors import DomainError
from common.http import handlers, problems
from common.http.app import Around, create
from common.http.pages_of_problems import People
from common.http.positions import Together
from common.identity import TokenVerifier, verifier_of
from common.service import Parts, Service, assemble
from common.settings import ServiceSettings
from pages.assets import shared_assets
from pages.language import language_asked
from pages.render import Pages
from pages.words import N_
from portal.projections import HEARS
from portal.queries.agencies import Agencies
from portal.queries.articles import Articles
from portal.queries.following import Indexing
from portal.queries.places import KnownPlaces
from portal.queries.search import Search
from portal.routes import ROUTERS
from portal.routes.reading import FILTERS, Reading
from portal.routes.showing import show_refusal
from portal.settings import Settings

HERE = Path(__file__).parent
PARTS = Parts(hears=(HEARS, hears("portal")), decides=False, beside=(BLOBS,))
JSON_ROUTES = ("/agencies", "/sites", "/articles", "/search", "/authority", "/operations",
               "/health", "/metrics", "/openapi.json", "/api")  # fmt: skip


def create_app(
    settings: ServiceSettings,
    service: Service | None = None,
    verifier: TokenVerifier | None = None,
) -> FastAPI:
    """The portal as an ASGI app; its lifespan runs the consumers and keeps the search index."""
    service = service or assemble(settings, PARTS)
    authority = LocalAuthority(service)
    http = httpx.AsyncClient(timeout=5)
    reading = _reading(settings, service)
    service.health.add("search", reading.indexing.check)
    around = Around(
        health=service.health,
        telemetry=service.telemetry,
        metrics=service.metrics,
        world=service.world,
        verifier=verifier or verifier_of(settings, http),
        positions=Together((service.positions, authority, reading.indexing)),
        before_metrics=service.readings.refresh,
        operating=service.operating,
        rates_in=service.database if settings.rate_storage == "mongo" else None,
        people=People(_page, language_asked),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with service.running(), authority.following(), reading.indexing.following():
            yield
        await http.aclose()

    app = create(settings, [*ROUTERS, authority_router], around, lifespan=lifespan, deps=reading)
    app.state.service, app.state.health = service, service.health
    app.state.authority = authority
    app.router.routes.append(reading.assets.route())
    _refusals_are_pages(app)
    return app


def _reading(settings: ServiceSettings, service: Service) -> Reading:
    views = service.views(HEARS.name)
    blobs = service.blobs
    articles = Articles(views, blobs)
    indexing = Indexing(service.database, service.views(HEARS.name), articles)
    styles = {each.name: each.read_bytes() for each in (HERE / "static").iterdir()}
    assets = shared_assets("/static", styles)
    home = settings.home if isinstance(settings, Settings) else settings.public_url.rstrip("/")
    return Reading(
        agencies=Agencies(views),
        articles=articles,
        places=KnownPlaces(views),
        indexing=indexing,
        search=Search(indexing),
        blobs=blobs,
        pages=Pages(N_("Cổng thông tin điện tử"), assets, HERE, FILTERS),
        assets=assets,
        home=home,
    )


def _refusals_are_pages(app: FastAPI) -> None:
    """People read pages: what a page cannot show is said on one; programs get problems as ever."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)
        if _for_programs(request):
            return await handlers.domain(request, error)
        return await show_refusal(request, problems.of(error).status)

    async def wrong(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        if _for_programs(request):
            return await handlers.findings(request, error)
        of_path = any(fault["loc"][0] == "path" for fault in error.errors())
        return await show_refusal(request, 404 if of_path else 422)

    async def nothing(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if _for_programs(request):
            return await handlers.http(request, error)
        return await show_refusal(request, error.status_code)

    app.add_exception_handler(DomainError, refused)
    app.add_exception_handler(RequestValidationError, wrong)
    app.add_exception_handler(HTTPException, nothing)


async def _page(request: Request, problem: Mapping[str, Any]) -> Response | None:
    """The page of a limit; programs read the document."""
    return None if _for_programs(request) else await show_refusal(request, problem["status"])


def _for_programs(request: Request) -> bool:
    """Behind the door the JSON stands under /api/portal, which the app sees as its root."""
    path = str(request.scope["path"]).removeprefix(str(request.scope.get("root_path", "")))
    return path.startswith(JSON_ROUTES)
