"""Builds the portal: its backbone without a log, its public HTTP app."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from authority import LocalAuthority, hears
from authority.routes import router as authority_router
from common.http.app import Around, create
from common.http.positions import Together
from common.identity import TokenVerifier, verifier_of
from common.service import Parts, Service, assemble
from common.settings import ServiceSettings
from portal.projections import HEARS
from portal.queries import Agencies
from portal.routes import router

PARTS = Parts(hears=(HEARS, hears("portal")), decides=False, logs_of=("directory",))


def create_app(
    settings: ServiceSettings,
    service: Service | None = None,
    verifier: TokenVerifier | None = None,
) -> FastAPI:
    """The portal as an ASGI app; its lifespan runs the consumers."""
    service = service or assemble(settings, PARTS)
    authority = LocalAuthority(service)
    http = httpx.AsyncClient(timeout=5)
    around = Around(
        health=service.health,
        telemetry=service.telemetry,
        metrics=service.metrics,
        world=service.world,
        verifier=verifier or verifier_of(settings, http),
        positions=Together((service.positions, authority)),
        before_metrics=service.readings.refresh,
        operating=service.operating,
        rates_in=service.database if settings.rate_storage == "mongo" else None,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with service.running(), authority.following():
            yield
        await http.aclose()

    deps = Agencies(service.views(HEARS.name))
    app = create(settings, [router, authority_router], around, lifespan=lifespan, deps=deps)
    app.state.service, app.state.health = service, service.health
    app.state.authority = authority
    return app
