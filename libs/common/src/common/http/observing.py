"""The outermost layer: trace context, metrics, access log, and an answer for our own bugs.

One pure-ASGI layer, because `@app.middleware("http")` doubles a request's cost. What it notes about
a request is method, route template, status and time: no path with values, query, address or body.
"""

import time
from dataclasses import dataclass

from opentelemetry.trace import Span, SpanKind
from prometheus_client import Counter, Histogram
from starlette.requests import ClientDisconnect
from structlog.typing import FilteringBoundLogger

from common.http.asgi import ASGIApp, Message, Receive, Scope, Send, header, language, route_of
from common.http.problems import known
from common.logs import ACCESS
from common.metrics import HttpMetrics
from common.telemetry import Telemetry, current_trace_id, current_traceparent

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = frozenset({"/health/live", "/health/ready", "/metrics"})
HUNG_UP = 499
OUR_FAULT = 500


@dataclass(slots=True)
class _Answer:
    """What is known about the answer so far; 0 until it starts."""

    status: int = 0


class Observing:
    """Wraps a whole service."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        telemetry: Telemetry,
        metrics: HttpMetrics,
        log: FilteringBoundLogger,
    ) -> None:
        self._app = app
        self._telemetry = telemetry
        self._metrics = metrics
        self._log = log
        self._access: FilteringBoundLogger | None = None
        self._series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, answer = time.perf_counter(), _Answer()
        parent = header(scope, b"traceparent")
        self._metrics.in_flight.inc()
        try:
            with self._telemetry.span("request", parent=parent, kind=SpanKind.SERVER) as span:
                await self._answer(scope, receive, send, answer)
                self._note(scope, answer.status, time.perf_counter() - started, span)
        finally:
            self._metrics.in_flight.dec()

    async def _answer(self, scope: Scope, receive: Receive, send: Send, answer: _Answer) -> None:
        traceresponse = (b"traceresponse", (current_traceparent() or "").encode())

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), traceresponse]}
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except ClientDisconnect:
            answer.status = HUNG_UP
        except Exception as error:
            self._log.error("bug", exc_info=error, route=route_of(scope), method=scope["method"])
            if answer.status:
                raise  # the answer is half sent: let the server cut the connection
            trace = current_trace_id() or "-"
            problem = known(OUR_FAULT, "unexpected", language(scope), trace=trace)
            await problem.response(language(scope))(scope, receive, noted)

    def _note(self, scope: Scope, status: int, seconds: float, span: Span) -> None:
        route = route_of(scope)
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        counter, histogram = self._series_of(method, route, status)
        counter.inc()
        histogram.observe(seconds)
        if span.is_recording():
            span.update_name(f"{method} {route}")
            span.set_attribute("http.request.method", method)
            span.set_attribute("http.route", route)
            span.set_attribute("http.response.status_code", status)
        if route not in QUIET:
            milliseconds = round(seconds * 1000, 1)
            if self._access is None:
                self._access = self._log.bind()  # once: the lazy logger costs as much as the line
            self._access.info(ACCESS, method=method, route=route, status=status, ms=milliseconds)

    def _series_of(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        """Looked up once: as many as there are routes, methods and statuses."""
        key = (method, route, status)
        if key not in self._series:
            counter = self._metrics.requests.labels(method, route, str(status))
            self._series[key] = (counter, self._metrics.seconds.labels(method, route))
        return self._series[key]
