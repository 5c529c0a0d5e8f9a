"""The services' HTTP APIs as the console asks them: with the person's token, in the person's language."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import quote

import httpx

from common.errors import Unavailable

BAD = 400
POSITION, AFTER = "Position", "After-Position"
Values = Mapping[str, str]


class Refusal(Exception):
    """A service said no: the problem document it answered with (RFC 9457)."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("detail") or problem.get("title") or status))
        self.status, self.problem = status, problem


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom is asked."""

    token: str
    language: str


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was answered; `position` makes the next look wait until it is seen (D4)."""

    body: Any
    position: str


@dataclass(frozen=True, slots=True)
class Api:
    """Raises Refusal for a problem document, Unavailable when nobody answers."""

    http: httpx.AsyncClient
    base: str

    async def get(
        self, asker: Asker, path: str, params: Values | None = None, after: str = ""
    ) -> Any:
        """JSON of a service's path, such as "directory/agencies", as of a position or later."""
        return (await self._call("GET", asker, path, after=after, params=dict(params or {}))).json()

    async def post(self, asker: Asker, path: str, body: Mapping[str, Any], key: str) -> Any:
        """One act; `key` makes it happen once however often the form is sent."""
        return (await self.act(asker, path, body, key)).body

    async def act(self, asker: Asker, path: str, body: Mapping[str, Any], key: str) -> Done:
        """The same, with the place of what it did."""
        answer = await self._call("POST", asker, path, json=dict(body), key=key)
        return Done(answer.json(), answer.headers.get(POSITION, ""))

    async def send(self, asker: Asker, path: str, name: str, content: BinaryIO) -> Any:
        """A file, streamed as it lies."""
        return (await self._call("POST", asker, path, files={"file": (name, content)})).json()

    async def stream(
        self, asker: Asker, path: str
    ) -> tuple[Mapping[str, str], AsyncIterator[bytes]]:
        """A file's headers and its bytes; read them to the end."""
        request = self.http.build_request("GET", f"{self.base}/api/{path}", headers=_headers(asker))
        try:
            answer = await self.http.send(request, stream=True)
        except httpx.HTTPError as error:
            raise _away() from error
        if answer.status_code >= BAD:
            await answer.aread()
            raise Refusal(answer.status_code, answer.json())
        return answer.headers, _bytes_of(answer)

    async def health(self, service: str) -> Mapping[str, Any]:
        """A service's own report, whether it is ready or not; `status: away` when nobody answers."""
        try:
            answer = await self.http.get(f"{self.base}/api/{part(service)}/health/ready")
            report: Mapping[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError):
            report = {}
        return report if "checks" in report else {"status": "away", "checks": []}

    async def _call(
        self,
        method: str,
        asker: Asker,
        path: str,
        *,
        key: str = "",
        after: str = "",
        **more: Any,
    ) -> httpx.Response:
        headers = _headers(asker) | ({"Idempotency-Key": key} if key else {})
        headers |= {AFTER: after} if after else {}
        try:
            answer = await self.http.request(
                method, f"{self.base}/api/{path}", headers=headers, **more
            )
            body = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise _away() from error
        if answer.status_code >= BAD:
            raise Refusal(answer.status_code, body)
        return answer


def part(text: str) -> str:
    """One part of a path, whatever it holds."""
    return quote(text, safe="")


def _headers(asker: Asker) -> dict[str, str]:
    return {"Authorization": f"Bearer {asker.token}", "Accept-Language": asker.language}


async def _bytes_of(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for piece in answer.aiter_bytes():
            yield piece
    finally:
        await answer.aclose()


def _away() -> Unavailable:
    return Unavailable("service-away", "A service does not answer right now. Try again.")
