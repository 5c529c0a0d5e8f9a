"""Security headers on every answer, unless the route has set its own (pages have another policy)."""

from common.http.asgi import ASGIApp, Message, Receive, Scope, Send

ALWAYS = {
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-site",
}
TLS_ONLY = {b"strict-transport-security": b"max-age=31536000; includeSubDomains"}


class SecurityHeaders:
    """Adds what is missing; Strict-Transport-Security only in production (behind TLS)."""

    def __init__(self, app: ASGIApp, *, tls: bool) -> None:
        self._app = app
        self._defaults = (ALWAYS | TLS_ONLY if tls else ALWAYS).items()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                given = {key.lower() for key, _ in headers}
                headers += [(key, value) for key, value in self._defaults if key not in given]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, guarded)
