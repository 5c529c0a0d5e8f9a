"""Builds intake: its backbone, its stores, its clocks, what routes reach, its HTTP app."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import httpx
from fastapi import FastAPI

from authority import LocalAuthority, hears
from authority.routes import router as authority_router
from common import counters, telemetry, vault
from common.beside import BLOBS, VAULT, VAULT_KEYS
from common.counters import Counters
from common.filekinds import LARGEST, MEGABYTE
from common.http.app import Around, create
from common.http.positions import Together
from common.identity import TokenVerifier, verifier_of
from common.service import Parts, Service, assemble
from common.settings import ServiceSettings
from common.sweeping import Sweeper
from common.vault import Vault
from contracts.categories import load_categories
from intake.clocks import PublicationClock
from intake.domain.checking import Law
from intake.domain.submission import SUBMISSIONS
from intake.projections import HEARS, NAMES_FILES
from intake.queries.answering import Successors
from intake.queries.duties import Duties
from intake.queries.files import NamedFiles
from intake.queries.senders import DirectorySenders
from intake.queries.submissions import Submissions
from intake.routes import ROUTERS
from intake.settings import Settings
from intake.usecases.doing import Deps, Stores
from intake.usecases.uploads import Uploads
from rulebook.calendar_files import load_calendar
from rulebook.profiles.loader import load_profiles

DRAFTS = ("/submissions", "/checks")
PARTS = Parts(
    hears=(HEARS, NAMES_FILES, hears("intake")),
    indexes=counters.INDEXES + vault.LEDGER_INDEXES,
    kinds=(SUBMISSIONS,),
    beside=(BLOBS, VAULT, VAULT_KEYS),
)


@dataclass(frozen=True, slots=True)
class App:
    """What routes reach."""

    deps: Deps
    submissions: Submissions
    duties: Duties
    senders: DirectorySenders
    successors: Successors


def create_app(
    settings: ServiceSettings,
    service: Service | None = None,
    verifier: TokenVerifier | None = None,
) -> FastAPI:
    """Intake as an ASGI app; its lifespan runs relay, consumers and clocks."""
    service = service or assemble(settings, PARTS)
    authority = LocalAuthority(service)
    http = httpx.AsyncClient(timeout=5)
    traces = telemetry.set_up(settings)
    own = settings if isinstance(settings, Settings) else Settings(service=settings.service)
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
        body_limits=dict.fromkeys(DRAFTS, own.draft_limit) | {"/files": LARGEST + MEGABYTE},
    )
    app_deps = _deps(settings, own, service, authority)
    service.clocks = (PublicationClock(app_deps.deps, app_deps.submissions).clock,)
    service.sweep = sweeper_of(service).run

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


def _deps(
    settings: ServiceSettings, own: Settings, service: Service, authority: LocalAuthority
) -> App:
    views = service.views(HEARS.name)
    submissions, senders = Submissions(views), DirectorySenders(authority)
    profiles, reported = load_profiles(), frozenset(own.reported_hosts)

    def law_of(profile: str) -> Law:
        return Law(profiles[profile], load_calendar(), reported)

    deps = Deps(
        log=service.log,
        world=service.world,
        stores=_stores(settings, service),
        senders=senders,
        outcomes=submissions.outcome,
        twins=submissions.twin,
        categories=load_categories(),
        law_of=law_of,
    )
    return App(deps, submissions, Duties(views, submissions), senders, Successors(views))


def sweeper_of(service: Service) -> Sweeper:
    name = NAMES_FILES.name
    named = NamedFiles(service.views(name), partial(service.operating.behind, name))
    return Sweeper(service.name, service.database, service.blobs, service.world, named)


def _stores(settings: ServiceSettings, service: Service) -> Stores:
    kept = service.stores
    places = vault.Stores(kept[VAULT], kept[VAULT_KEYS], service.database)
    return Stores(
        blobs=service.blobs,
        vault=Vault(places, vault.secrets_of(settings, os.urandom), service.world),
        counters=Counters(service.database),
        uploads=Uploads(service.database),
    )
