"""The routes every service has for its operators: alive, ready, metrics."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from common.health import Health
from common.metrics import CONTENT_TYPE, Metrics

OK, UNAVAILABLE = 200, 503


Refresh = Callable[[], Awaitable[None]]


def routes(health: Health, metrics: Metrics, refresh: Refresh | None = None) -> APIRouter:
    """`/health/live`, `/health/ready` and `/metrics`, left out of the public document."""
    router = APIRouter(include_in_schema=False)

    async def live(_: Request) -> Response:
        report = await health.report()
        return _answer(report.as_json(), well=report.alive)

    async def ready(_: Request) -> Response:
        report = await health.report()
        return _answer(report.as_json(), well=report.ready)

    async def page(_: Request) -> Response:
        if refresh is not None:
            await refresh()
        return Response(metrics.page(), media_type=CONTENT_TYPE)

    router.add_api_route("/health/live", live, methods=["GET"])
    router.add_api_route("/health/ready", ready, methods=["GET"])
    router.add_api_route("/metrics", page, methods=["GET"])
    return router


def _answer(body: dict[str, Any], *, well: bool) -> Response:
    status = OK if well else UNAVAILABLE
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(body), status, headers, "application/json")
