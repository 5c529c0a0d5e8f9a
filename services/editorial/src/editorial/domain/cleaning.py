"""A body as an editor wrote it: refused where it would act in a reader's browser, else cleaned."""

from typing import Any

from common.canonical import digest
from common.markup import INLINE_BYTES, check_at_rest, clean, is_html, paragraphs


def cleaned(text: str) -> bytes:
    """The body in UTF-8 with a fixed list of elements. Raises Unprocessable for what would run."""
    check_at_rest(text, "/html")
    return clean(text if is_html(text) else paragraphs(text)).encode()


def body_of(raw: bytes) -> dict[str, Any]:
    """As the contract's `body`."""
    values: dict[str, Any] = {"digest": digest(raw), "size": len(raw), "media_type": "text/html"}
    return values | ({"html": raw.decode()} if len(raw) <= INLINE_BYTES else {})
