"""Who reads pages is refused with a page: what the layers around the routes answer, shown to people.

Rate, size and time limits answer a problem document before any route is reached. A browser that asks
for a page gets the service's own page of it instead, in the language of that page; programs get the
document as ever. Pages cost more than documents, so only so many are made in a second: whoever
floods a service gets documents.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from common.http.asgi import ASGIApp, Message, Receive, Scope, Send, header
from common.http.problems import MEDIA_TYPE

OURS = frozenset({413, 429, 503})
"""What the layers around the routes answer."""
A_SECOND = 20
"""How many pages are made in a second."""
OF_THE_BODY = frozenset({"content-type", "content-length", "content-language"})


@dataclass(frozen=True, slots=True)
class People:
    """How a service speaks to browsers.

    page      the page of a problem document; None where a program is answered
    language  the language of the page that this request would get
    caller    who is signed in by something else than a token, for counting; None: the address counts
    """

    page: Callable[[Request, Mapping[str, Any]], Awaitable[Response | None]]
    language: Callable[[Request], str]
    caller: Callable[[Request], str | None] = field(default=lambda _: None)


class PagesOfProblems:
    """Stands outside the limits and shows to a browser what they answer."""

    def __init__(
        self, app: ASGIApp, *, people: People, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._people = people
        self._clock = clock
        self._second, self._made = 0, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in header(scope, b"accept"):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        spoken = _in_language(scope, self._people.language(request))
        held = _Held(send)
        await self._app(spoken, receive, held)
        if held.start is not None:
            await self._show(request, held, receive, send)

    async def _show(self, request: Request, held: "_Held", receive: Receive, send: Send) -> None:
        assert held.start is not None
        page = None
        if self._may_make_one():
            page = await self._people.page(request, orjson.loads(held.body))
        if page is None:
            await send(held.start)
            await send({"type": "http.response.body", "body": held.body})
            return
        for name, value in Headers(raw=held.start["headers"]).items():
            if name not in OF_THE_BODY:
                page.headers[name] = value
        await page(request.scope, receive, send)

    def _may_make_one(self) -> bool:
        second = int(self._clock())
        self._made = self._made + 1 if second == self._second else 1
        self._second = second
        return self._made <= A_SECOND


class _Held:
    """Sends everything on but a problem that these layers answer: that one is kept."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_ours(message):
            self.start = message
        elif self.start is None:
            await self._send(message)
        else:
            self.body += message.get("body", b"")


def _is_ours(message: Message) -> bool:
    kind = Headers(raw=message.get("headers", [])).get("content-type", "")
    return message["status"] in OURS and kind.startswith(MEDIA_TYPE)


def _in_language(scope: Scope, language: str) -> Scope:
    headers = MutableHeaders(raw=list(scope["headers"]))
    headers["accept-language"] = language
    return {**scope, "headers": headers.raw}
