"""Handlers, traced: a sampled fact's handler runs in a span of the trace that began with the request.

Commits and publishing are recorded at the measured doors (`common.measured`), the request itself in
`common.http.observing`: one trace id from HTTP to commit, Kafka and handler.
"""

import inspect
from collections.abc import Awaitable
from dataclasses import replace
from functools import wraps
from typing import Any

from opentelemetry.trace import SpanKind

from common.consumer.hears import Hears, Projector, Reactor, Seen
from common.telemetry import Telemetry, is_sampled


def traced(hears: Hears, telemetry: Telemetry) -> Hears:
    """The same consumer; a fact whose trace is not sampled costs one look at its last character."""
    handlers = {
        fact: _traced(handler, hears.name, telemetry) for fact, handler in hears.handlers.items()
    }
    return replace(hears, handlers=handlers)


def _traced(handler: Projector | Reactor, consumer: str, telemetry: Telemetry) -> Any:
    name = getattr(handler, "__name__", "handler")

    def span(seen: Seen) -> Any:
        return telemetry.span(
            f"{consumer}: {name}",
            parent=seen.traceparent,
            kind=SpanKind.CONSUMER,
            **{"messaging.destination.name": seen.topic, "messaging.message.type": seen.type},
        )

    async def finished(outcome: Awaitable[Any], seen: Seen) -> Any:
        with span(seen):
            return await outcome

    @wraps(handler)
    def run(fact: Any, seen: Seen) -> Any:
        if not is_sampled(seen.traceparent):
            return handler(fact, seen)
        if inspect.iscoroutinefunction(handler):
            return finished(handler(fact, seen), seen)
        with span(seen):
            outcome: Any = handler(fact, seen)
            return finished(outcome, seen) if inspect.isawaitable(outcome) else list(outcome or ())

    return run
