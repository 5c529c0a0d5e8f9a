"""The few words of ASGI that our middleware shares."""

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.http.words import Language, wanted

__all__ = ["ASGIApp", "Message", "Receive", "Scope", "Send", "header", "language", "route_of"]

UNMATCHED = "unmatched"


def header(scope: Scope, name: bytes) -> str:
    """The first header of that name (lower case) as text, or "". Never fails."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    for key, value in headers:
        if key == name:
            return value.decode("latin-1")
    return ""


def language(scope: Scope) -> Language:
    """The language in which this caller wants to be told about a problem."""
    return wanted(header(scope, b"accept-language"))


def route_of(scope: Scope) -> str:
    """The template of the matched route, such as `/agencies/{agency_id}`: no value of a caller."""
    route: Any = scope.get("route")
    path: Any = getattr(route, "path", None)
    return path if isinstance(path, str) else UNMATCHED
