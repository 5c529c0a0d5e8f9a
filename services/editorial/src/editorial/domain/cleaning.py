"""A body as an editor wrote it: refused where it would act in a reader's browser, else cleaned."""

import re
from typing import Any

from common.canonical import digest
from common.errors import FieldProblem, Unprocessable
from common.markup import INLINE_BYTES, clean

_ACTIVE = re.compile(
    r"<\s*(script|iframe|object|embed|applet|frame|frameset|base)\b"
    r"|<[^>]+[\s/\"']on[a-z]+\s*=|(?:javascript|vbscript)\s*:|data\s*:\s*text/html",
    re.IGNORECASE,
)


def cleaned(html: str) -> bytes:
    """The body in UTF-8 with a fixed list of elements. Raises Unprocessable for what would run."""
    if _ACTIVE.search(html):
        detail = "The text holds a script, a frame or an event handler. Take it out."
        raise Unprocessable(
            "active-content", detail, errors=[FieldProblem("/html", "at-rest", detail)]
        )
    return clean(html).encode()


def body_of(raw: bytes) -> dict[str, Any]:
    """As the contract's `body`."""
    values: dict[str, Any] = {"digest": digest(raw), "size": len(raw), "media_type": "text/html"}
    return values | ({"html": raw.decode()} if len(raw) <= INLINE_BYTES else {})
