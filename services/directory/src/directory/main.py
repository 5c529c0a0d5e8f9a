"""Builds the directory: its backbone, what routes reach, its HTTP app."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx
from fastapi import FastAPI

from common import telemetry
from common.catalogue import Contracts
from common.http.app import Around, create
from common.identity import TokenVerifier
from common.issuer import Issuer
from common.log.rehearsal import Rehearsal
from common.service import Parts, Service, assemble
from common.settings import ServiceSettings
from directory.domain.agencies import AGENCIES
from directory.domain.calendars import CALENDARS, CLOSURES
from directory.domain.units import CODES, UNITS
from directory.domain.uploads import MOST_BYTES
from directory.projections import HEARS
from directory.queries.agencies import Agencies
from directory.queries.calendars import Calendars
from directory.queries.units import Units
from directory.routes import ROUTERS
from directory.usecases import import_jobs
from directory.usecases.doing import Deps
from directory.usecases.import_jobs import ImportJobs

PARTS = Parts(
    hears=(HEARS,),
    indexes=import_jobs.INDEXES,
    kinds=(AGENCIES, UNITS, CODES, CALENDARS, CLOSURES),
)
UPLOAD_BYTES = MOST_BYTES + 2**16


@dataclass(frozen=True, slots=True)
class App:
    """What routes reach."""

    deps: Deps
    agencies: Agencies
    units: Units
    calendars: Calendars
    imports: ImportJobs
    rehearsal: Callable[[], Deps]


async def _around(place: str) -> tuple[str, ...]:
    return (place,)


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
        body_limits={"/imports": UPLOAD_BYTES},
        before_metrics=service.readings.refresh,
        rates_in=service.database if settings.rate_storage == "mongo" else None,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with service.running():
            yield
            await imports.close()
        await http.aclose()
        traces.close()

    log, views = service.log, service.views(HEARS.name)
    imports, deps = ImportJobs(service.database, service.world), Deps(log)

    def rehearsal() -> Deps:
        contracts = Contracts(service.name)
        return replace(deps, log=Rehearsal(service.database, contracts, service.world))

    app = App(
        deps,
        Agencies(log, views),
        Units(log, views),
        Calendars(log, views, _around),
        imports,
        rehearsal,
    )
    made = create(settings, ROUTERS, around, lifespan=lifespan, deps=app)
    made.state.service, made.state.health = service, service.health
    return made
