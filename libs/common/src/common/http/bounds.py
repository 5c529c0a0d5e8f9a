"""Bounds on one request: how many bytes it may send and how long it may take.

A body over its limit is refused from its Content-Length before anybody sees it, and while it is read
when it comes in chunks; what is still on its way is dropped. A request that takes too long is answered 503; an answer that has begun to
stream is not cut.
"""

import asyncio
import contextlib
from collections.abc import Mapping

from common.http.asgi import ASGIApp, Message, Receive, Scope, Send, header, language
from common.http.problems import Problem, known

LINGER_BYTES, LINGER_SECONDS = 64 * 1024 * 1024, 5.0
"""How much of a refused body is read on, and for how long."""


class _TooLong(Exception):
    """The body went over its limit while it was read."""


class BodyLimit:
    """413 for bodies over `limit` bytes; `larger` gives path prefixes (uploads) their own limit.

    A prefix is the service's own path, wherever the service is mounted.
    """

    def __init__(
        self, app: ASGIApp, *, limit: int, larger: Mapping[str, int] | None = None
    ) -> None:
        self._app = app
        self._limit = limit
        self._larger = tuple((larger or {}).items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"].removeprefix(scope.get("root_path", "")))
        declared = header(scope, b"content-length")
        if declared.isdecimal() and int(declared[:20]) > limit:
            await _refuse(limit, scope, receive, send)
            return
        await self._counted(limit, scope, receive, send)

    def _limit_of(self, path: str) -> int:
        return next((size for prefix, size in self._larger if path.startswith(prefix)), self._limit)

    async def _counted(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        read, over, started = 0, False, False

        async def counted() -> Message:
            nonlocal read, over
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                over = True
                raise _TooLong
            return message

        async def held_back(message: Message) -> None:
            """Drop what the application makes of our exception: the answer is 413."""
            nonlocal started
            if over and not started:
                return
            started = True
            await send(message)

        try:
            await self._app(scope, counted, held_back)
        except _TooLong:
            if started:
                raise
        if over and not started:
            await _refuse(limit, scope, receive, send)


async def _refuse(limit: int, scope: Scope, receive: Receive, send: Send) -> None:
    if not header(scope, b"expect"):
        await _drained(receive)
    wanted = language(scope)
    problem = known(413, "body-too-large", wanted, limit=limit)
    closing = Problem(
        413, problem.code, problem.detail, extra={"limit": limit}, headers={"Connection": "close"}
    )
    await closing.response(wanted)(scope, receive, send)


async def _drained(receive: Receive) -> None:
    """Reads on and drops it, within bounds: else the sender gets a broken pipe and not the answer."""
    left = LINGER_BYTES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


class TimeLimit:
    """503 when an answer has not begun after `seconds`; the work is cancelled."""

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False
        limit = asyncio.timeout(self._seconds)
        try:
            async with limit:

                async def begun(message: Message) -> None:
                    nonlocal started
                    if not started:
                        started = True
                        limit.reschedule(None)
                    await send(message)

                await self._app(scope, receive, begun)
        except TimeoutError:
            if started or not limit.expired():
                raise
            await self._late(scope, receive, send)

    async def _late(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = language(scope)
        problem = known(503, "timed-out", wanted, seconds=f"{self._seconds:g}")
        answer = Problem(503, problem.code, problem.detail, headers={"Retry-After": "1"})
        await answer.response(wanted)(scope, receive, send)
