"""Builds the directory: its backbone, what routes reach, its HTTP app."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx
from fastapi import FastAPI

from common.catalogue import Contracts
from common.http.app import Around, create
from common.identity import TokenVerifier, verifier_of
from common.log.rehearsal import Rehearsal
from common.service import Parts, Service, assemble
from common.settings import ServiceSettings
from directory.clocks import Successions
from directory.domain.agencies import AGENCIES, HIERARCHY
from directory.domain.boards import BOARDS
from directory.domain.calendars import CALENDARS, CLOSURES
from directory.domain.delegations import DELEGATIONS
from directory.domain.people import PEOPLE
from directory.domain.sites import SITES
from directory.domain.units import CODES, UNITS
from directory.domain.units import PARTS as UNIT_PARTS
from directory.domain.uploads import MOST_BYTES
from directory.projections import HEARS, boards, delegations, people, sites
from directory.queries.agencies import Agencies
from directory.queries.audit import Audit
from directory.queries.authority import Proving
from directory.queries.boards import Compositions
from directory.queries.calendars import Calendars
from directory.queries.finding import Found
from directory.queries.leftovers import Leftovers
from directory.queries.pointing import Pointers
from directory.queries.posts import Posts
from directory.queries.reading import Reading
from directory.queries.units import Units
from directory.routes import ROUTERS
from directory.usecases import import_jobs
from directory.usecases.doing import Authority, Deps
from directory.usecases.import_jobs import ImportJobs
from rulebook import board, delegated, person, site
from rulebook.board import Board
from rulebook.delegated import Entrusted
from rulebook.person import Person
from rulebook.profiles.loader import load_profiles
from rulebook.site import Site

PARTS = Parts(
    hears=(HEARS,),
    indexes=import_jobs.INDEXES,
    kinds=(
        AGENCIES,
        HIERARCHY,
        SITES,
        PEOPLE,
        BOARDS,
        DELEGATIONS,
        UNITS,
        CODES,
        UNIT_PARTS,
        CALENDARS,
        CLOSURES,
    ),
)
UPLOAD_BYTES = MOST_BYTES + 2**16


@dataclass(frozen=True, slots=True)
class App:
    """What routes reach."""

    deps: Deps
    authority: Authority
    agencies: Agencies
    sites: Reading[Site]
    people: Reading[Person]
    posts: Posts
    boards: Reading[Board]
    compositions: Compositions
    delegations: Reading[Entrusted]
    units: Units
    calendars: Calendars
    imports: ImportJobs
    audit: Audit
    pointers: Pointers
    rehearsal: Callable[[], Deps]


def _app(settings: ServiceSettings, service: Service) -> App:
    log, views, profiles = service.log, service.views(HEARS.name), load_profiles()
    found = Found(views)
    deps = Deps(log, found, profiles)

    def rehearsal() -> Deps:
        contracts = Contracts(service.name)
        return replace(deps, log=Rehearsal(service.database, contracts, service.world))

    return App(
        deps=deps,
        authority=Proving(log, found, profiles, settings.oidc_issuer),
        agencies=Agencies(log, views),
        sites=Reading(log, views, SITES, sites.SITES, site.of_stored, "site"),
        people=Reading(log, views, PEOPLE, people.PEOPLE, person.of_stored, "person"),
        posts=Posts(views),
        boards=Reading(log, views, BOARDS, boards.BOARDS, board.of_stored, "board"),
        compositions=Compositions(log, views, profiles),
        delegations=Reading(
            log,
            views,
            DELEGATIONS,
            delegations.DELEGATIONS,
            delegated.of_stored,
            "delegation",
        ),
        units=Units(log, views),
        calendars=Calendars(log, views),
        imports=ImportJobs(service.database, service.world),
        audit=Audit(log, views, service.database),
        pointers=Pointers(views),
        rehearsal=rehearsal,
    )


def create_app(
    settings: ServiceSettings,
    service: Service | None = None,
    verifier: TokenVerifier | None = None,
) -> FastAPI:
    """The directory as an ASGI app; its lifespan runs relay, consumers and clocks."""
    service = service or assemble(settings, PARTS)
    http = httpx.AsyncClient(timeout=5)
    around = Around(
        health=service.health,
        telemetry=service.telemetry,
        metrics=service.metrics,
        world=service.world,
        verifier=verifier or verifier_of(settings, http),
        positions=service.positions,
        body_limits={"/imports": UPLOAD_BYTES},
        before_metrics=service.readings.refresh,
        operating=service.operating,
        rates_in=service.database if settings.rate_storage == "mongo" else None,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with service.running():
            yield
            await reached.imports.close()
        await http.aclose()

    reached = _app(settings, service)
    leftovers = Leftovers(service.log, service.views(HEARS.name), reached.pointers)
    service.clocks = (Successions(reached.deps, leftovers).clock,)
    app = create(settings, ROUTERS, around, lifespan=lifespan, deps=reached)
    app.state.service, app.state.health = service, service.health
    return app
