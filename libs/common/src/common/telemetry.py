"""Traces: one W3C trace context from request to commit, Kafka, handler and projection.

The context always travels (a header costs nothing); spans are recorded for a sampled part of the
requests, because recording all of them costs half of a request's CPU again (architecture.md §4).
"""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    use_span,
)

from common.settings import ServiceSettings

TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_ODD = frozenset({*"13579bdf", *(digit.encode() for digit in "13579bdf")})
AttributeValue = str | bool | int | float


@dataclass(frozen=True, slots=True)
class Telemetry:
    """The tracer of one service; `close` sends what is still waiting."""

    tracer: Tracer
    provider: TracerProvider | None = field(default=None, repr=False)

    @contextmanager
    def span(
        self,
        name: str,
        *,
        parent: str | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        **attributes: AttributeValue,
    ) -> Generator[Span]:
        """Run a block inside a span, below `parent` (a traceparent) or the present span.

        Exceptions mark the span by type only: their text may hold personal data.
        """
        context = None
        if (above := parse(parent)) is not None:
            context = trace.set_span_in_context(NonRecordingSpan(above))
        span = self.tracer.start_span(name, context, kind, attributes)
        with use_span(
            span, end_on_exit=True, record_exception=False, set_status_on_exception=False
        ):
            try:
                yield span
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def record(
        self,
        name: str,
        parent: str,
        began: int,
        kind: SpanKind = SpanKind.INTERNAL,
        **attributes: AttributeValue,
    ) -> None:
        """A span below `parent` that is over now: from `began`, in nanoseconds since 1970."""
        above = parse(parent)
        if above is not None:
            context = trace.set_span_in_context(NonRecordingSpan(above))
            self.tracer.start_span(name, context, kind, attributes, start_time=began).end()

    def close(self) -> None:
        """Flush and stop the exporter, if there is one."""
        if self.provider is not None:
            self.provider.shutdown()


def set_up(settings: ServiceSettings, *, processor: SpanProcessor | None = None) -> Telemetry:
    """The telemetry of a service: exports to `otlp_endpoint` when set, nowhere otherwise.

    No global provider is set, so several services can live in one process. `processor` takes the
    exporter's place (tests give an in-memory one).
    """
    provider = TracerProvider(
        sampler=ParentBasedTraceIdRatio(settings.sample_ratio),
        resource=Resource.create(
            {
                "service.name": settings.service,
                "service.namespace": "nhipcau",
                "deployment.environment.name": settings.environment,
            }
        ),
        shutdown_on_exit=False,
    )
    if processor is None and settings.otlp_endpoint:
        endpoint = settings.otlp_endpoint.rstrip("/") + "/v1/traces"
        processor = BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=5))
    if processor is not None:
        provider.add_span_processor(processor)
    return Telemetry(provider.get_tracer("nhipcau"), provider)


def parse(traceparent: str | None) -> SpanContext | None:
    """Read a W3C traceparent; None for none or for one that breaks the standard."""
    match = TRACEPARENT.fullmatch(traceparent or "")
    if match is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in match.groups())
    context = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags & 1))
    return context if context.is_valid else None


def is_sampled(traceparent: str | bytes | None) -> bool:
    """Whether whoever began this trace records it; costs next to nothing, for hot paths."""
    return bool(traceparent) and traceparent[-1:] in _ODD


def current_traceparent() -> str | None:
    """The present span as a W3C traceparent, to be kept in a commit or sent in a header."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags & 1:02x}"


def current_trace_id() -> str | None:
    """The present trace's id in 32 hex digits: what a person quotes to an operator."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def from_kafka(headers: Mapping[str, bytes]) -> str | None:
    """The traceparent among a record's headers; None when absent, wrong or not ASCII."""
    raw = headers.get("traceparent", b"")
    text = raw.decode("ascii", errors="replace")
    return text if parse(text) is not None else None


def into_kafka(traceparent: str | None) -> list[tuple[str, bytes]]:
    """The header to put on a record, or none."""
    return [] if parse(traceparent) is None else [("traceparent", (traceparent or "").encode())]
