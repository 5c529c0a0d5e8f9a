"""Why a commit exists: a request, a fact or a tick of the clock, each applied at most once."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Cause:
    """What made somebody decide, unique in a service's log by `id`.

    id           "http:<principal>:<route>:<key>", "fact:<fact id>:<handler>" or
                 "clock:<stream>:<name>:<due>"
    at           aware moment at which the decision is taken
    actor        the subject that acts: a person's or a system's id, or "service:<name>"
    digest       hex SHA-256 of the request, so that one key cannot serve two requests
    traceparent  W3C trace context of the request or fact, if there was one
    """

    id: str
    at: datetime
    actor: str
    digest: str = ""
    traceparent: str | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("Cause.at must be an aware datetime")

    def part(self, name: str) -> "Cause":
        """The cause of one of several decisions that this cause asks for."""
        return replace(self, id=f"{self.id}#{name}")
