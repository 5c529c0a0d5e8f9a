"""Rate limits: so many requests per person (or address) and window, told in RateLimit headers.

    RateLimit-Policy: "default";q=600;w=60
    RateLimit: "default";r=599;t=42

(draft-ietf-httpapi-ratelimit-headers). Somebody whose token this process has verified counts by
subject, and who is signed in to pages (`People.caller`) by their session, so an office behind one
address is not one caller; everybody else counts by address, so
made-up tokens buy nothing.
"""

import hashlib
from collections.abc import Callable

from starlette.responses import Response

from common.http.asgi import ASGIApp, Message, Receive, Scope, Send, header, language
from common.http.problems import Problem, known
from common.http.windows import Allowance, Rate, Windows
from common.http.words import Language

EXEMPT = ("/health/", "/metrics")
Caller = Callable[[Scope], str]
"""Names who is counted; never shown and hashed before it is stored."""


def address_of(scope: Scope, proxies: int) -> str:
    """The caller's address: what the outermost of our own `proxies` saw, never what a caller wrote.

    Each proxy appends the address it saw to X-Forwarded-For, so the entry that counts is the
    `proxies`-th from the right.
    """
    seen = [part.strip() for part in header(scope, b"x-forwarded-for").split(",") if part.strip()]
    if 0 < proxies <= len(seen):
        return seen[-proxies][:64]
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


def told_headers(rate: Rate, allowance: Allowance) -> dict[str, str]:
    """The two RateLimit headers."""
    return {
        "RateLimit-Policy": f'"default";q={rate.quota};w={rate.seconds}',
        "RateLimit": f'"default";r={allowance.remaining};t={allowance.seconds_left}',
    }


class RateLimit:
    """429 for a caller who has used up the window."""

    def __init__(self, app: ASGIApp, *, windows: Windows, caller: Caller) -> None:
        self._app = app
        self._windows = windows
        self._caller = caller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(EXEMPT):
            await self._app(scope, receive, send)
            return
        caller = hashlib.sha256(self._caller(scope).encode()).hexdigest()[:32]
        allowance = self._windows.hit(caller)
        headers = told_headers(self._windows.rate, allowance)
        if not allowance.granted:
            refusal = self._refusal(allowance, headers, language(scope))
            await refusal(scope, receive, send)
            return
        added = [(key.lower().encode(), value.encode()) for key, value in headers.items()]

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *added]}
            await send(message)

        await self._app(scope, receive, told)

    def _refusal(self, allowance: Allowance, headers: dict[str, str], wanted: Language) -> Response:
        seconds, rate = allowance.seconds_left, self._windows.rate
        said = {"quota": rate.quota, "window": rate.seconds, "seconds": seconds}
        problem = known(429, "too-many-requests", wanted, **said)
        headers = {"Retry-After": str(seconds), **headers}
        return Problem(429, problem.code, problem.detail, headers=headers).response(wanted)
