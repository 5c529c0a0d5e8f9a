"""A service's HTTP side without a server: one app, one client, no sockets."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI

from common.health import Health
from common.http.app import Around, create
from common.settings import ServiceSettings
from common.telemetry import set_up
from common.world import World, real_world

ADDRESS = "http://service.test"


def an_app(
    routers: Sequence[APIRouter] = (),
    *,
    deps: Any = None,
    world: World | None = None,
    around: dict[str, Any] | None = None,
    **settings: Any,
) -> FastAPI:
    """An app as `create` makes it; `around` and `settings` change the usual test values."""
    wanted: dict[str, Any] = {"service": "testing", "sample_ratio": 0.0} | settings
    chosen = ServiceSettings(**wanted)
    parts: dict[str, Any] = {
        "health": Health(chosen.service, fresh_for=0),
        "telemetry": set_up(chosen),
        "world": world or real_world(),
    }
    return create(chosen, routers, Around(**(parts | (around or {}))), deps=deps)


@asynccontextmanager
async def client_of(app: FastAPI, **options: Any) -> AsyncGenerator[httpx.AsyncClient]:
    """A client that speaks to the app in this process, its lifespan run around."""
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=ADDRESS, **options) as client,
    ):
        yield client
