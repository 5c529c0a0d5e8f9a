"""Requests in flight, and the graceful stop: unready first, then finish what has begun.

    await traffic.drain(notice=1.0, limit=20.0)

turns readiness red, waits `notice` seconds so that the load balancer looks away, then until
the last request is answered. Answers given meanwhile ask the client to close the connection.
"""

import asyncio

from common.health import Health
from common.http.asgi import ASGIApp, Message, Receive, Scope, Send


class Traffic:
    """Counts the requests of one service."""

    def __init__(self, health: Health) -> None:
        self.in_flight = 0
        self._health = health
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def draining(self) -> bool:
        return self._health.draining

    def enter(self) -> None:
        self.in_flight += 1
        self._idle.clear()

    def leave(self) -> None:
        self.in_flight -= 1
        if self.in_flight == 0:
            self._idle.set()

    async def drain(self, *, notice: float = 0.0, limit: float = 20.0) -> bool:
        """Stop gracefully; False when requests were still running after `limit` seconds."""
        self._health.drain()
        await asyncio.sleep(notice)
        try:
            async with asyncio.timeout(limit):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True


class Counting:
    """Feeds `Traffic` and, while draining, asks clients to close their connections."""

    def __init__(self, app: ASGIApp, *, traffic: Traffic) -> None:
        self._app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._traffic.enter()
        try:
            await self._app(scope, receive, self._closing(send))
        finally:
            self._traffic.leave()

    def _closing(self, send: Send) -> Send:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and self._traffic.draining:
                headers = [*message.get("headers", ()), (b"connection", b"close")]
                message = {**message, "headers": headers}
            await send(message)

        return sent
