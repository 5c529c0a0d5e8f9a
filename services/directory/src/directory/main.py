"""Builds the directory: its backbone, what routes reach, its HTTP app."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from common import telemetry
from common.http.app import Around, create
from common.identity import TokenVerifier
from common.issuer import Issuer
from common.service import Parts, Service, assemble
from common.settings import ServiceSettings
from directory.domain.agencies import AGENCIES
from directory.projections import HEARS
from directory.queries.agencies import Agencies
from directory.routes import ROUTERS
from directory.usecases.doing import Deps

PARTS = Parts(hears=(HEARS,), kinds=(AGENCIES,))


@dataclass(frozen=True, slots=True)
class App:
    """What routes reach."""

    deps: Deps
    agencies: Agencies


def create_app(settings: ServiceSettings, service: Service | None = None) -> FastAPI:
    """The directory as an ASGI app; its lifespan runs relay, consumers and clocks."""
    service = service or assemble(settings, PARTS)
    http = httpx.AsyncClient(timeout=5)
    traces = telemetry.set_up(settings)
    around = Around(
        health=service.health,
        telemetry=traces,
        metrics=service.metrics,
        world=service.world,
        verifier=TokenVerifier(Issuer(settings.oidc_issuer, http), settings.oidc_audience),
        positions=service.positions,
        before_metrics=service.readings.refresh,
        rates_in=service.database if settings.rate_storage == "mongo" else None,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with service.running():
            yield
        await http.aclose()
        traces.close()

    deps = App(Deps(service.log), Agencies(service.log, service.views(HEARS.name)))
    app = create(settings, ROUTERS, around, lifespan=lifespan, deps=deps)
    app.state.service, app.state.health = service, service.health
    return app
