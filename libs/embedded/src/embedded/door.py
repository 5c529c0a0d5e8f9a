"""One door in front of all services: the portal's pages at /, /console/…, /api/<service>/…, /health, /api/docs."""

import asyncio
from html import escape
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from common.http.asgi import language
from common.http.words import Language
from embedded.engines import Engines
from embedded.rooms import PAGES, PUBLIC, Room

METHODS = ("get", "post", "put", "patch", "delete")


def create_door(rooms: list[Room], engines: Engines, issuer: ASGIApp | None = None) -> Starlette:
    """The ASGI app that `make run` serves."""

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> Response:
        body = await readiness(rooms, engines, language(request.scope))
        return JSONResponse(body, 200 if body["status"] == "ready" else 503)

    async def docs(_: Request) -> Response:
        return HTMLResponse(docs_page(rooms))

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


def docs_page(rooms: list[Room]) -> str:
    """Every operation of every service on one page that needs nothing from elsewhere."""
    sections = "".join(_section(room) for room in rooms if room.name not in PAGES)
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Nhịp Cầu: API</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
td {{ padding: .2rem .8rem .2rem 0; vertical-align: top }} code {{ font-size: .95em }}
</style>
<h1>Nhịp Cầu: API</h1>
<p>State of the house: <a href="/health/ready">/health/ready</a>. Demo people and tokens:
<a href="/dev-issuer/people">/dev-issuer/people</a>.</p>
{sections}</html>"""


def _section(room: Room) -> str:
    document = room.app.openapi()
    base = f"/api/{room.name}"
    rows = "".join(
        f"<tr><td><code>{method.upper()}</code><td><code>{escape(base + path)}</code>"
        f"<td>{escape(operation.get('summary', ''))}"
        for path, operations in sorted(document.get("paths", {}).items())
        for method, operation in operations.items()
        if method in METHODS
    )
    return (
        f"<h2>{escape(room.name)}</h2><p>{escape(document['info'].get('description', ''))} "
        f'<a href="{base}/openapi.json">OpenAPI document</a></p><table>{rows}</table>'
    )
