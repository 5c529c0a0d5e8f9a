"""Builds the console: sign-in, the services' APIs, its pages."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from common import telemetry
from common.errors import DomainError, spoken
from common.health import Health
from common.http import problems
from common.http.app import Around, create
from common.http.pages_of_problems import People
from common.issuer import Issuer
from common.service import Parts
from common.world import World, real_world
from console import usecases
from console.queries import Api, Refusal
from console.routes import ROUTERS
from console.routes.fields import cleaned, date_or_text
from console.routes.naming import named, names_in
from console.routes.visiting import SEE_OTHER, Desk, MustSignIn, answer_values, visitor_of
from console.settings import Settings
from contracts.categories import load_categories
from pages.assets import shared_assets
from pages.language import Language, language_asked
from pages.render import Pages
from pages.words import N_
from rulebook.explanation import Citation
from rulebook.phrases import terms
from rulebook.profiles.said import place_text, regulation_text
from rulebook.sentences import citation_text

HERE = Path(__file__).parent
PARTS = Parts(decides=False)
TIMEOUT = 10.0
KEPT = httpx.Limits(keepalive_expiry=2.0)
"""Connections are given up long before the services (`common.serve.KEEP_ALIVE`) close them on us."""
FORM_LIMIT = 210 * 1024 * 1024
"""A form with the largest file that intake takes."""
UNAUTHENTICATED = 401


def create_app(
    settings: Settings, http: httpx.AsyncClient | None = None, world: World | None = None
) -> FastAPI:
    """The console as an ASGI app; it has no store, no consumer, no log."""
    http = http or httpx.AsyncClient(timeout=TIMEOUT, limits=KEPT)
    world = world or real_world()
    traces = telemetry.set_up(settings)
    health = Health(settings.service, clock=world.now)
    issuer = Issuer(settings.oidc_issuer, http)
    health.add("issuer", issuer.check, kind="watch")
    assets = shared_assets(urlsplit(settings.home).path + "/static")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await http.aclose()
        traces.close()

    desk = _desk(
        settings,
        http,
        world,
        issuer,
        Pages(
            N_("Trang làm việc"),
            assets,
            HERE,
            {
                "term": term,
                "prose": cleaned,
                "date_or_text": date_or_text,
                "regulation": regulation_text,
                "cited": cited,
                "place": place_text,
                "named": named,
            },
        ),
    )
    app = create(
        settings,
        ROUTERS,
        Around(
            health=health,
            telemetry=traces,
            world=world,
            body_limits=dict.fromkeys(("/submit/", "/submissions/"), FORM_LIMIT),
            people=People(_page, language_asked, _caller),
        ),
        lifespan=lifespan,
        deps=desk,
    )
    app.root_path = desk.base
    app.router.routes.append(assets.route("/static"))
    app.state.health = health
    _refusals_are_pages(app)
    return app


def _desk(
    settings: Settings, http: httpx.AsyncClient, world: World, issuer: Issuer, pages: Pages
) -> Desk:
    provider = usecases.Provider(
        settings.oidc_issuer,
        settings.oidc_client,
        settings.oidc_client_secret.get_secret_value(),
        f"{settings.home}/callback",
        http,
        issuer,
    )
    home = urlsplit(settings.home)
    return Desk(
        pages=pages,
        api=Api(http, settings.api),
        sign_in=usecases.Deps(provider, world.now, world.random.randbytes),
        key=settings.session_bytes(),
        base=home.path,
        origin=f"{home.scheme}://{home.netloc}",
        services=settings.services,
    )


def term(code: str, language: Language) -> str:
    """A category's name on its forms, the rulebook's word for a role or an act; else the code."""
    category = load_categories().get(code)
    if category is not None:
        return getattr(category.label, language)
    vietnamese, english = terms().get(code, (code, code))
    return vietnamese if language == "vi" else english


def cited(place: Mapping[str, str | None], language: Language) -> str:
    """Where a rule stands, of a citation as it is kept with an act."""
    return citation_text(Citation(**place), language)  # pyright: ignore[reportArgumentType] - as explanations keep it


def _is_no_address(request: Request, error: Refusal) -> bool:
    """Whether a service only refuses the shape of what stands in the address of a page."""
    places = [str(each["pointer"]) for each in error.problem.get("errors") or ()]
    return request.method == "GET" and bool(places) and all(p.startswith("path:") for p in places)


async def _page(request: Request, problem: Mapping[str, Any]) -> Response:
    """The page of a limit: too many requests, a form too large, an answer that took too long."""
    visitor = visitor_of(request)
    values = answer_values(problem, visitor.language)
    return visitor.show("refused.html", problem["status"], names={}, **values)


def _caller(request: Request) -> str | None:
    """Who is signed in here is counted as a person, however many share an address."""
    session = visitor_of(request).session
    return f"session:{session.subject}" if session else None


def _refusals_are_pages(app: FastAPI) -> None:
    """People read pages: every refusal says what, by which rule, and the way on."""

    async def sign_in(request: Request, error: Exception) -> Response:
        assert isinstance(error, MustSignIn)
        desk: Desk = request.app.state.deps
        query = httpx.QueryParams({"then": error.then})
        return RedirectResponse(f"{desk.base}/sign-in?{query}", SEE_OTHER)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        visitor = visitor_of(request)
        if error.status == UNAUTHENTICATED:
            visitor.keep(None)
            return visitor.show("signed_out.html", 401, refused=True)
        if _is_no_address(request, error):
            return visitor.show("nothing.html", 404)
        values = answer_values(error.problem, visitor.language)
        names = await names_in(visitor, (values["detail"], *values["sentences"]))
        return visitor.show("refused.html", error.status, names=names, **values)

    async def failed(request: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)
        visitor = visitor_of(request)
        problem = problems.of(error)
        document = {"title": "", "detail": spoken(problem.detail, visitor.language)}
        values = answer_values(document, visitor.language)
        return visitor.show("refused.html", problem.status, names={}, **values)

    async def nothing(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return visitor_of(request).show("nothing.html", error.status_code)

    app.add_exception_handler(MustSignIn, sign_in)
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(DomainError, failed)
    app.add_exception_handler(HTTPException, nothing)
