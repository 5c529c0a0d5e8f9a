"""A body as an editor wrote it: refused where it would act in a reader's browser, else cleaned."""

from typing import Any

from common.canonical import digest
from common.errors import FieldProblem, Unprocessable
from common.markup import INLINE_BYTES, clean, found_in, is_html, paragraphs


def cleaned(text: str) -> bytes:
    """The body in UTF-8 with a fixed list of elements. Raises Unprocessable for what would run."""
    active = found_in(text).active
    if active:
        detail = (
            f"The text holds what would run in a reader's browser ({', '.join(active[:5])}). "
            "Take it out and keep text, tables and links only."
        )
        raise Unprocessable(
            "active-content", detail, errors=[FieldProblem("/html", "active-content", detail)]
        )
    return clean(text if is_html(text) else paragraphs(text)).encode()


def body_of(raw: bytes) -> dict[str, Any]:
    """As the contract's `body`."""
    values: dict[str, Any] = {"digest": digest(raw), "size": len(raw), "media_type": "text/html"}
    return values | ({"html": raw.decode()} if len(raw) <= INLINE_BYTES else {})
