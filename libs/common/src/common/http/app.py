"""Puts a service's HTTP side together: routers in, one FastAPI app with everything around it out.

From the outside in: trace, metrics and log · requests in flight · security headers · rate limit ·
time limit · body limit · routes by their plans (`common.http.direct`). All of it is pure ASGI.
Answers are written as bytes by pydantic or orjson; FastAPI's own tracing stays off, because ours is sampled and knows no path values.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.requests import Request

from common import logs
from common.ending import ended
from common.health import Health
from common.http import desk, handlers, openapi, operations
from common.http.asgi import Scope
from common.http.bounds import BodyLimit, TimeLimit
from common.http.direct import Direct
from common.http.headers import SecurityHeaders
from common.http.observing import Observing
from common.http.pages_of_problems import PagesOfProblems, People
from common.http.positions import PositionReader
from common.http.rates import RateLimit, address_of
from common.http.signed_in import caller_of
from common.http.traffic import Counting, Traffic
from common.http.windows import Rate, Windows, keep_exchanging
from common.identity import TokenVerifier
from common.metrics import Metrics
from common.mongo import Database
from common.settings import ServiceSettings
from common.state import Operating
from common.telemetry import Telemetry
from common.world import World, real_world

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a service's routes; built in its `main.py`.

    verifier     checks tokens; without one every route that asks for a person answers 503
    positions    how far this service's projections are, for `After-Position`
    before_metrics  reads gauges anew (`common.readings`) when Prometheus asks
    rates_in     where the processes of a service share their rate counts; None counts alone
    operating    the service's state for its operators; None leaves those routes out
    body_limits  path prefix → bytes, for routes that take larger bodies (uploads)
    people       how browsers are answered, for a service with pages; None: everybody gets problem documents
    """

    health: Health
    telemetry: Telemetry
    metrics: Metrics = field(default_factory=Metrics)
    world: World = field(default_factory=real_world)
    verifier: TokenVerifier | None = None
    positions: PositionReader | None = None
    body_limits: Mapping[str, int] = field(default_factory=dict[str, int])
    before_metrics: operations.Refresh | None = None
    rates_in: Database | None = None
    operating: Operating | None = None
    people: People | None = None


def create(
    settings: ServiceSettings,
    routers: Sequence[APIRouter],
    around: Around,
    *,
    lifespan: Lifespan | None = None,
    deps: Any = None,
) -> FastAPI:
    """One service's app. `app.state` holds settings, around, traffic, windows and deps.

    Routes reach `deps` with `common.http.wiring.deps_of`. Stop it with `app.state.traffic.drain()`.
    """
    traffic, windows = Traffic(around.health), Windows(Rate.parse(settings.rate_limit))
    app = FastAPI(
        title=f"Nhịp Cầu: {settings.service}",
        version="1",
        description=f"The {settings.service} service. Errors are RFC 9457 problem documents.",
        lifespan=_sharing(windows, around, lifespan),
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        middleware=_layers(settings, around, traffic, windows),
    )
    app.state.settings, app.state.around, app.state.deps = settings, around, deps
    app.state.traffic, app.state.windows = traffic, windows
    handlers.install(app)
    for router in routers:
        app.include_router(router)
    app.include_router(operations.routes(around.health, around.metrics, around.before_metrics))
    if around.operating is not None:
        app.include_router(desk.routes(around.operating))
    app.openapi = openapi.describe(app)
    return app


def _sharing(windows: Windows, around: Around, lifespan: Lifespan | None) -> Lifespan:
    """The service's lifespan, with the rate counts shared meanwhile."""

    @asynccontextmanager
    async def both(app: FastAPI) -> AsyncGenerator[None]:
        sharing = None
        if around.rates_in is not None:
            process = around.world.new_id()
            sharing = asyncio.create_task(keep_exchanging(windows, around.rates_in, process))
        try:
            async with lifespan(app) if lifespan else nullcontext():
                yield
        finally:
            await ended(sharing)

    return both


def _layers(
    settings: ServiceSettings, around: Around, traffic: Traffic, windows: Windows
) -> list[Middleware]:
    def caller(scope: Scope) -> str:
        known = caller_of(scope, around.verifier) or signed_in(scope)
        return known or address_of(scope, settings.trusted_proxies)

    def signed_in(scope: Scope) -> str | None:
        return around.people.caller(Request(scope)) if around.people else None

    people = around.people
    shown = [Middleware(PagesOfProblems, people=people)] if people else []

    log = logs.logger(settings.service)
    return [
        Middleware(Observing, telemetry=around.telemetry, metrics=around.metrics.http, log=log),
        Middleware(Counting, traffic=traffic),
        Middleware(SecurityHeaders, tls=settings.production),
        *shown,
        Middleware(RateLimit, windows=windows, caller=caller),
        Middleware(TimeLimit, seconds=settings.request_timeout),
        Middleware(BodyLimit, limit=settings.body_limit, larger=around.body_limits),
        Middleware(Direct),
    ]
