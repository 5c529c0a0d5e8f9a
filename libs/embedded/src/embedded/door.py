"""One door in front of all services: the portal's pages at /, /console/…, /api/<service>/…, /health, /api/docs."""

import asyncio
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from common.http.asgi import language
from common.http.words import Language, wanted
from embedded.docs_page import docs_page
from embedded.engines import Engines
from embedded.rooms import PAGES, PUBLIC, Room


def create_door(rooms: list[Room], engines: Engines, issuer: ASGIApp | None = None) -> Starlette:
    """The ASGI app that `make run` serves."""

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> Response:
        body = await readiness(rooms, engines, language(request.scope))
        return JSONResponse(body, 200 if body["status"] == "ready" else 503)

    async def docs(request: Request) -> Response:
        asked = request.query_params.get("lang") or request.headers.get("accept-language", "")
        shown = [room for room in rooms if room.name not in PAGES]
        return HTMLResponse(docs_page(shown, wanted(asked)))

    async def home(_: Request) -> Response:
        entered = next((room.path + "/" for room in rooms if room.name in PAGES), "/api/docs")
        return RedirectResponse(entered)

    async def not_found(request: Request, _: Exception) -> Response:
        names = ", ".join(room.path for room in rooms)
        problem = {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": f"Nothing is at {request.url.path}; there are {names}, /api/docs, /health/ready",
        }
        return JSONResponse(problem, 404, media_type="application/problem+json")

    routes: list[Any] = [
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/api/docs", docs),
        *(Mount(room.path, room) for room in rooms),
    ]
    if issuer is not None:
        routes.append(Mount("/dev-issuer", issuer))
    routes += _public(rooms, home)
    return Starlette(routes=routes, exception_handlers={404: not_found})


def _public(rooms: list[Room], home: Any) -> list[Any]:
    """The portal's pages at the root, or the way to the room that people enter."""
    public = next((room for room in rooms if room.name == PUBLIC), None)
    if public is None:
        return [Route("/", home)]
    return [Route("/api/{rest:path}", _nowhere), Mount("/", public)]


async def _nowhere(_: Request) -> Response:
    raise HTTPException(404)


async def readiness(rooms: list[Room], engines: Engines, wanted: Language) -> dict[str, Any]:
    """`{status: ready|unready, engines: {kind, …}, services: {name: report}}`."""
    reports = await asyncio.gather(*(room.report() for room in rooms))
    alive = await asyncio.to_thread(_alive, engines)
    fit = all(report.ready for report in reports) and all(alive.values())
    return {
        "status": "ready" if fit else "unready",
        "engines": {"kind": engines.kind}
        | {name: "running" if is_alive else "gone" for name, is_alive in alive.items()},
        "services": {report.service: report.as_json(wanted) for report in reports},
    }


def _alive(engines: Engines) -> dict[str, bool]:
    return {name: engine.alive for name, engine in engines.processes.items()}
