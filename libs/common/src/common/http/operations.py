"""The routes every service has for its operators: alive, ready, metrics."""

from collections.abc import Awaitable, Callable

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from common.health import Health, Report
from common.http.asgi import language
from common.metrics import CONTENT_TYPE, Metrics

OK, UNAVAILABLE = 200, 503


Refresh = Callable[[], Awaitable[None]]


def routes(health: Health, metrics: Metrics, refresh: Refresh | None = None) -> APIRouter:
    """`/health/live`, `/health/ready` and `/metrics`, left out of the public document."""
    router = APIRouter(include_in_schema=False)

    async def live(request: Request) -> Response:
        report = await health.report()
        return _answer(request, report, well=report.alive)

    async def ready(request: Request) -> Response:
        report = await health.report()
        return _answer(request, report, well=report.ready)

    async def page(_: Request) -> Response:
        if refresh is not None:
            await refresh()
        return Response(metrics.page(), media_type=CONTENT_TYPE)

    router.add_api_route("/health/live", live, methods=["GET"])
    router.add_api_route("/health/ready", ready, methods=["GET"])
    router.add_api_route("/metrics", page, methods=["GET"])
    return router


def _answer(request: Request, report: Report, *, well: bool) -> Response:
    wanted = language(request.scope)
    headers = {
        "Cache-Control": "no-store",
        "Content-Language": wanted,
        "Vary": "Accept-Language",
    }
    status = OK if well else UNAVAILABLE
    return Response(orjson.dumps(report.as_json(wanted)), status, headers, "application/json")
