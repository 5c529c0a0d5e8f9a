"""Structured logs: one JSON object per line, with the trace's id and without personal data.

    {"level": "info", "event": "request", "service": "directory", "trace": "…", "at": "…", …}

`event` is a fixed name of what happened, never a sentence with values in it.
"""

import logging
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import FilteringBoundLogger, Processor

from common.moments import Clock, utc_now
from common.redaction import redacted
from common.telemetry import current_trace_id

EventDict = MutableMapping[str, Any]
ACCESS = "request"
"""The event of `common.http.observing` alone: method, route template, status, milliseconds."""

PLAIN = frozenset({"event", "level", "service", "at", "trace", "logger", "where"})
"""Keys that the code itself fills: their values need no mask (and a trace id looks like one)."""


def set_up(*, level: str = "info", clock: Clock = utc_now, stream: TextIO | None = None) -> None:
    """Send the logs of this process, of libraries too, to `stream` (standard output by default)."""
    out = stream or sys.stdout
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=_processors(clock),
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[_Handler()], force=True)


def logger(service: str, **fixed: Any) -> FilteringBoundLogger:
    """A logger that names the service in every line."""
    return structlog.get_logger(service=service, **fixed)


def _processors(clock: Clock) -> list[Processor]:
    def stamp(_: Any, __: str, line: EventDict) -> EventDict:
        line["at"] = clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return line

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        stamp,
        _trace,
        _exception,
        redact,
        _render,
    ]


def _trace(_: Any, __: str, line: EventDict) -> EventDict:
    if (trace := current_trace_id()) is not None:
        line["trace"] = trace
    return line


def _exception(_: Any, __: str, line: EventDict) -> EventDict:
    """Name the exception and where it came from; its text and local values stay out."""
    given = line.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        line["error"] = type(error).__qualname__
        line["where"] = trail(error.__traceback__)
    return line


def trail(traceback: TracebackType | None, *, last: int = 8) -> list[str]:
    """The last frames of a traceback as `module:line function`, innermost last."""
    frames: list[str] = []
    while traceback is not None:
        frame = traceback.tb_frame
        name = frame.f_globals.get("__name__", "?")
        frames.append(f"{name}:{traceback.tb_lineno} {frame.f_code.co_name}")
        traceback = traceback.tb_next
    return frames[-last:]


def redact(_: Any, __: str, line: EventDict) -> EventDict:
    """The processor that masks personal data and secrets, by key and by look.

    The access log is let through: its fields come from closed sets, and there is one per request.
    """
    if line["event"] == ACCESS:
        return line
    plain = {key: value for key, value in line.items() if key in PLAIN}
    return redacted({key: value for key, value in line.items() if key not in PLAIN}) | plain


def _render(_: Any, __: str, line: EventDict) -> str:
    return orjson.dumps(line, default=str).decode()


class _Handler(logging.Handler):
    """Passes what libraries log on to structlog, with the same shape and the same mask."""

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {"logger": record.name, "message": record.getMessage()}
        if record.exc_info is not None:
            fields["exc_info"] = record.exc_info
        structlog.get_logger().log(record.levelno, "library", **fields)
