"""Moments on the wire and in the log: RFC 3339, UTC, milliseconds."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present, cut to milliseconds because that is what is stored and hashed."""
    return cut(datetime.now(UTC))


def cut(moment: datetime) -> datetime:
    """The moment in UTC without what milliseconds cannot say; raises ValueError when naive."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime: say which zone")
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def to_wire(moment: datetime) -> str:
    """`2026-11-23T08:00:00.000Z`."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime: say which zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def from_wire(text: str) -> datetime:
    """The moment of an RFC 3339 text; raises ValueError when it has no zone or is none."""
    return cut(datetime.fromisoformat(text))
