"""Builds the directory: its backbone, what routes reach, its HTTP app."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from common import telemetry
from common.http.app import Around, create
from common.identity import TokenVerifier, verifier_of
from common.service import Parts, Service, assemble
from common.settings import ServiceSettings
from directory.clocks import Successions
from directory.domain.agencies import AGENCIES, HIERARCHY
from directory.domain.boards import BOARDS
from directory.domain.delegations import DELEGATIONS
from directory.domain.people import PEOPLE
from directory.domain.sites import SITES
from directory.projections import HEARS, boards, delegations, people, sites
from directory.queries.agencies import Agencies
from directory.queries.authority import Proving
from directory.queries.boards import Compositions
from directory.queries.finding import Found
from directory.queries.leftovers import Leftovers
from directory.queries.posts import Posts
from directory.queries.reading import Reading
from directory.routes import ROUTERS
from directory.usecases.doing import Authority, Deps
from rulebook import board, delegated, person, site
from rulebook.board import Board
from rulebook.delegated import Entrusted
from rulebook.person import Person
from rulebook.profiles.loader import load_profiles
from rulebook.site import Site

PARTS = Parts(hears=(HEARS,), kinds=(AGENCIES, HIERARCHY, SITES, PEOPLE, BOARDS, DELEGATIONS))


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


def _app(settings: ServiceSettings, service: Service) -> App:
    log, views, profiles = service.log, service.views(HEARS.name), load_profiles()
    found = Found(views)
    return App(
        deps=Deps(log, found, profiles),
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
    )


def create_app(
    settings: ServiceSettings,
    service: Service | None = None,
    verifier: TokenVerifier | None = None,
) -> FastAPI:
    """The directory as an ASGI app; its lifespan runs relay, consumers and clocks."""
    service = service or assemble(settings, PARTS)
    http = httpx.AsyncClient(timeout=5)
    traces = telemetry.set_up(settings)
    around = Around(
        health=service.health,
        telemetry=traces,
        metrics=service.metrics,
        world=service.world,
        verifier=verifier or verifier_of(settings, http),
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

    deps = _app(settings, service)
    leftovers = Leftovers(service.log, service.views(HEARS.name))
    service.clocks = (Successions(deps.deps, leftovers).clock,)
    app = create(settings, ROUTERS, around, lifespan=lifespan, deps=deps)
    app.state.service, app.state.health = service, service.health
    return app
