"""Lists in pages: opaque signed cursors that hold the last key and fit one question only.

    GET /agencies?level=province&limit=50
    → {"items": […], "next": "…"} and Link: <…?level=province&limit=50&cursor=…>; rel="next"

A cursor is signed, so nobody can ask for what the route would not give; it is bound to the path and
the other query parameters, so it can't continue another list than its own.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import parse_qsl, urlencode

import orjson
from fastapi import Depends, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from common.canonical import canonical
from common.errors import FieldProblem
from common.http.faults import BadRequest
from common.words import say

T = TypeVar("T")
R = TypeVar("R")
USUAL, MOST, LONGEST = 20, 100, 1000
SIGNATURE = 16
OWN = frozenset({"cursor", "limit"})

Key = tuple[Any, ...]
"""The values a list is sorted by, the last of them unique; JSON values."""


class Page(BaseModel, Generic[T]):
    """Some items of a list; `next` continues it and is absent on the last page."""

    items: list[T]
    next: str | None = Field(default=None, description="Cursor of the next page")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caller wants to see: fetch `limit + 1` items whose key comes after `after`."""

    limit: int
    after: Key | None
    _request: Request
    _response: Response

    @property
    def fetch(self) -> int:
        """How many items to look up: one more than is shown tells whether there is a next page."""
        return self.limit + 1

    def page(self, found: Sequence[R], view: Callable[[R], T], key: Callable[[R], Key]) -> Page[T]:
        """Shape up to `limit + 1` found items into a page, and put the Link header on the answer."""
        shown, cursor = self._cut(found, key)
        return Page[T](items=[view(item) for item in shown], next=cursor)

    def written(
        self,
        found: Sequence[R],
        write: Callable[[R], bytes],
        key: Callable[[R], Key],
        **more: object,
    ) -> Response:
        """The same from items that are JSON already; `more` stands beside them."""
        shown, cursor = self._cut(found, key)
        items = b",".join(write(item) for item in shown)
        beside = orjson.dumps({"next": cursor, **more})
        body = b'{"items":[%b],%b' % (items, beside[1:])
        return Response(body, headers=self._response.headers, media_type="application/json")

    def _cut(self, found: Sequence[R], key: Callable[[R], Key]) -> tuple[Sequence[R], str | None]:
        if len(found) <= self.limit:
            return found, None
        shown = found[: self.limit]
        cursor = seal(key(shown[-1]), _question(self._request), _secret(self._request))
        self._response.headers["Link"] = f'<{self._link()}&cursor={cursor}>; rel="next"'
        return shown, cursor

    def _link(self) -> str:
        kept = [pair for pair in _pairs(self._request.url.query) if pair[0] not in OWN]
        return f"{self._request.url.path}?{urlencode([*kept, ('limit', str(self.limit))])}"


def seal(after: Key, question: bytes, secret: bytes) -> str:
    """The cursor that continues the list of `question` behind `after`."""
    payload = canonical(list(after))
    return base64.urlsafe_b64encode(_mac(payload, question, secret) + payload).decode().rstrip("=")


def unseal(cursor: str, question: bytes, secret: bytes) -> Key:
    """The key in a cursor; raises BadRequest when it was changed or made for another question."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _refused() from error
    signature, payload = raw[:SIGNATURE], raw[SIGNATURE:]
    if not hmac.compare_digest(signature, _mac(payload, question, secret)):
        raise _refused()
    return tuple(orjson.loads(payload))


def _mac(payload: bytes, question: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, b"cursor\x00" + question + payload, "sha256")[:SIGNATURE]


def question_of(path: str, query: str) -> bytes:
    """32 bytes that stand for a list: its path and its filters and sort, in any order."""
    filters = sorted(pair for pair in _pairs(query) if pair[0] not in OWN)
    return hashlib.sha256(orjson.dumps([path, filters])).digest()


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True, errors="replace", max_num_fields=200)


def _refused() -> BadRequest:
    advice = say("cursor-not-ours")
    return BadRequest(
        "cursor-not-ours", advice, errors=[FieldProblem("query:cursor", "signed", advice)]
    )


async def _asked(
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Items on a page")] = USUAL,
    cursor: Annotated[
        str | None, Query(max_length=LONGEST, description="`next` of the page before")
    ] = None,
) -> Asked:
    after = None if cursor is None else unseal(cursor, _question(request), _secret(request))
    return Asked(limit, after, request, response)


def _question(request: Request) -> bytes:
    return question_of(request.url.path, request.url.query)


def _secret(request: Request) -> bytes:
    return request.app.state.settings.key("cursor_key")


FromPage = Annotated[Asked, Depends(_asked)]
