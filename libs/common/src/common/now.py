"""The wall clock as a value to pass in, and the one form of a moment on the wire."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present moment, aware and in UTC."""


def wall_clock() -> datetime:
    """The machine's clock: the default at the edge, never called inside a rule."""
    return datetime.now(UTC)


def rfc3339(at: datetime) -> str:
    """UTC with milliseconds, such as "2026-03-01T01:02:03.004Z"."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
