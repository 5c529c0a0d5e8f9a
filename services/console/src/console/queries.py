"""The services' HTTP APIs as the console asks them: with the person's token, in the person's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import quote

import httpx

from common.errors import Said, Unavailable

BAD = 400
POSITION, AFTER = "Position", "After-Position"
Values = Mapping[str, str]
File = tuple[str, IO[bytes], str]
"""Name, content, type: as a form sent it."""


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
        more = {AFTER: after} if after else {}
        return (await self._call("GET", asker, path, more=more, params=dict(params or {}))).json()

    async def post(
        self, asker: Asker, path: str, body: Mapping[str, Any], key: str, version: str = ""
    ) -> Any:
        """One act; `key` makes it happen once however often the form is sent.

        `version`: of what the person saw; an act on another one is refused.
        """
        return (await self.act(asker, path, body, key, version)).body

    async def act(
        self, asker: Asker, path: str, body: Mapping[str, Any], key: str, version: str = ""
    ) -> Done:
        """The same, with the place of what it did."""
        more = {"If-Match": f'"{version}"'} if version else {}
        answer = await self._call("POST", asker, path, json=dict(body), key=key, more=more)
        return Done(answer.json(), answer.headers.get(POSITION, ""))

    async def send(self, asker: Asker, path: str, file: File, about: Values | None = None) -> Any:
        """A file that is to be named in an act later, or one that is an act itself."""
        form: dict[str, Any] = {"files": {"file": file}, "data": dict(about or {})}
        return (await self._call("POST", asker, path, **form)).json()

    async def fetch(self, asker: Asker, path: str) -> httpx.Response:
        """A file's answer, whose bytes are still to be read and which is to be closed."""
        headers = _headers(asker)
        request = self.http.build_request("GET", f"{self.base}/api/{path}", headers=headers)
        try:
            answer = await self.http.send(request, stream=True)
            if answer.status_code >= BAD:
                await answer.aread()
                await answer.aclose()
                raise Refusal(answer.status_code, answer.json())
        except (httpx.HTTPError, ValueError) as error:
            raise _away() from error
        return answer

    async def html(self, asker: Asker, owner: str, body: Mapping[str, Any]) -> str:
        """A body's HTML; one that is too long for a fact lies among the files of its owner."""
        if "html" in body:
            return body["html"]
        answer = await self.fetch(asker, f"{owner}/files/{part(body['digest'])}")
        raw = await answer.aread()
        await answer.aclose()
        return raw.decode()

    async def health(self, asker: Asker, service: str) -> Mapping[str, Any]:
        """A service's own report, whether it is ready or not; `status: away` when nobody answers."""
        try:
            url = f"{self.base}/api/{part(service)}/health/ready"
            answer = await self.http.get(url, headers={"Accept-Language": asker.language})
            report: Mapping[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError):
            report = {}
        return report if "checks" in report else {"status": "away", "checks": []}

    async def _call(
        self,
        method: str,
        asker: Asker,
        path: str,
        key: str = "",
        more: Values | None = None,
        **sent: Any,
    ) -> httpx.Response:
        headers = _headers(asker) | ({"Idempotency-Key": key} if key else {}) | dict(more or {})
        again = method == "GET" or bool(key)
        try:
            answer = await self._asked(method, path, again=again, headers=headers, **sent)
            body = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise _away() from error
        if answer.status_code >= BAD:
            raise Refusal(answer.status_code, body)
        return answer

    async def _asked(self, method: str, path: str, *, again: bool, **sent: Any) -> httpx.Response:
        """Once more when the kept connection was just closed: what has a key happens once all the same."""
        url = f"{self.base}/api/{path}"
        try:
            return await self.http.request(method, url, **sent)
        except httpx.RemoteProtocolError:
            if not again:
                raise
            return await self.http.request(method, url, **sent)


def _headers(asker: Asker) -> dict[str, str]:
    return {"Authorization": f"Bearer {asker.token}", "Accept-Language": asker.language}


def part(text: str) -> str:
    """One part of a path, whatever it holds."""
    return quote(text, safe="")


def _away() -> Unavailable:
    return Unavailable(
        "service-away",
        Said(
            "Một dịch vụ hiện không trả lời. Thử lại sau giây lát.",
            "A service does not answer right now. Try again.",
        ),
    )
