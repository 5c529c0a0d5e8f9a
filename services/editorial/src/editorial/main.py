"""Builds editorial: its backbone, its reactions and clocks, what routes reach, its HTTP app."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from authority import LocalAuthority, hears
from authority.routes import router as authority_router
from common import telemetry
from common.beside import BLOBS
from common.http.app import Around, create
from common.http.positions import Together
from common.identity import TokenVerifier, verifier_of
from common.service import Parts, Service, assemble
from common.settings import ServiceSettings
from editorial.clocks import PublicationClock, ReminderClock
from editorial.consumers import Reactions
from editorial.domain.article import ARTICLES
from editorial.projections import HEARS
from editorial.queries.articles import Articles
from editorial.queries.files import KeptFiles
from editorial.queries.powers import DirectoryAuthority
from editorial.queries.work import Work
from editorial.routes import ROUTERS
from editorial.routes.shapes import App
from editorial.usecases.doing import Deps

PARTS = Parts(
    hears=(HEARS, *Reactions().hears, hears("editorial")),
    kinds=(ARTICLES,),
    beside=(BLOBS,),
)


def create_app(
    settings: ServiceSettings,
    service: Service | None = None,
    verifier: TokenVerifier | None = None,
) -> FastAPI:
    """Editorial as an ASGI app; its lifespan runs relay, consumers and clocks."""
    service = service or assemble(settings, PARTS)
    authority = LocalAuthority(service)
    http = httpx.AsyncClient(timeout=5)
    traces = telemetry.set_up(settings)
    around = Around(
        health=service.health,
        telemetry=traces,
        metrics=service.metrics,
        world=service.world,
        verifier=verifier or verifier_of(settings, http),
        positions=Together((service.positions, authority)),
        before_metrics=service.readings.refresh,
        operating=service.operating,
        rates_in=service.database if settings.rate_storage == "mongo" else None,
    )
    app_deps = _app(service, authority)
    service.react(Reactions(app_deps.deps).hears)
    views = app_deps.work.views
    service.clocks = (
        PublicationClock(app_deps.deps, views).clock,
        ReminderClock(app_deps.deps, views).clock,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with service.running(), authority.following():
            yield
        await http.aclose()
        traces.close()

    routers = [*ROUTERS, authority_router]
    app = create(settings, routers, around, lifespan=lifespan, deps=app_deps)
    app.state.service, app.state.health = service, service.health
    app.state.authority = authority
    return app


def _app(service: Service, authority: LocalAuthority) -> App:
    powers = DirectoryAuthority(authority)
    files = KeptFiles(service.blobs)
    deps = Deps(service.log, powers, files)
    work = Work(service.views(HEARS.name), powers, deps.profiles)
    return App(deps, powers, Articles(deps), work)
