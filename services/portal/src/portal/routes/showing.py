"""Pages as answers: made once per version, language, scheme and size; asked for again, they are the same bytes."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

from fastapi import Request
from starlette.responses import Response

from common.http.preconditions import etag, unchanged
from common.http.wiring import deps_of
from pages.render import Wish, dressed
from portal.routes.reading import FRESH, Reading

LISTS_SECONDS = 1.0
"""How long a page of a list is the same."""
Values = Callable[[Wish], Awaitable[dict[str, Any]]]


async def show(
    request: Request, template: str, stamp: Hashable, values: Values, status: int = 200
) -> Response:
    """The page; 304 for who has it. `stamp` names the versions of what it shows."""
    reading: Reading = deps_of(request)
    wish = Wish.of(request)
    asked = (template, request.url.path, request.url.query, wish)
    content = reading.answers.get(asked, stamp)
    if content is None:
        frame = {"home": reading.home, "canonical": None, "site": None, "feeds": ()}
        told = frame | await values(wish)
        text = reading.pages.text(request, wish, template, told)
        content = reading.answers.keep(asked, stamp, text.encode())
    answer = dressed(request, wish, content, status)
    if status != 200:  # noqa: PLR2004 - only what is there has a version
        answer.headers["Cache-Control"] = "no-cache"
        return answer
    tag = hashlib.blake2b(content, digest_size=12).hexdigest()
    answer.headers["Cache-Control"], answer.headers["ETag"] = FRESH, etag(tag)
    if (same := unchanged(request, tag)) is not None:
        same.headers["Cache-Control"], same.headers["Vary"] = FRESH, answer.headers["Vary"]
        return same
    return answer


def moment_of_lists() -> int:
    """A stamp that lasts a second."""
    return int(asyncio.get_running_loop().time() / LISTS_SECONDS)


async def show_refusal(request: Request, status: int) -> Response:
    """The page of what cannot be shown: nothing here, a question that cannot be read, not now."""

    async def values(_: Wish) -> dict[str, Any]:
        return {"status": status}

    return await show(request, "nothing.html", status, values, status)
