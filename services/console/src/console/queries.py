"""The services' HTTP APIs as the console asks them: with the person's token, in the person's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from common.errors import Unavailable

BAD = 400
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
class Api:
    """Raises Refusal for a problem document, Unavailable when nobody answers."""

    http: httpx.AsyncClient
    base: str

    async def get(self, asker: Asker, path: str, params: Values | None = None) -> Any:
        """JSON of a service's path, such as "directory/agencies"."""
        return await self._call("GET", asker, path, params=dict(params or {}))

    async def post(self, asker: Asker, path: str, body: Mapping[str, Any], key: str) -> Any:
        """One act; `key` makes it happen once however often the form is sent."""
        return await self._call("POST", asker, path, json=dict(body), key=key)

    async def health(self, service: str) -> Mapping[str, Any]:
        """A service's own report, whether it is ready or not; `status: away` when nobody answers."""
        try:
            answer = await self.http.get(f"{self.base}/api/{part(service)}/health/ready")
            report: Mapping[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError):
            report = {}
        return report if "checks" in report else {"status": "away", "checks": []}

    async def _call(self, method: str, asker: Asker, path: str, key: str = "", **more: Any) -> Any:
        headers = {
            "Authorization": f"Bearer {asker.token}",
            "Accept-Language": asker.language,
        } | ({"Idempotency-Key": key} if key else {})
        try:
            answer = await self.http.request(
                method, f"{self.base}/api/{path}", headers=headers, **more
            )
            body = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise _away() from error
        if answer.status_code >= BAD:
            raise Refusal(answer.status_code, body)
        return body


def part(text: str) -> str:
    """One part of a path, whatever it holds."""
    return quote(text, safe="")


def _away() -> Unavailable:
    return Unavailable("service-away", "A service does not answer right now. Try again.")
