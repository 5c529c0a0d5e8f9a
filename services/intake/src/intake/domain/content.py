"""The body: read as bytes or text, refused where it would act in a reader's browser, else cleaned."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import nh3

from common.canonical import canonical
from common.markup import (
    INLINE_BYTES,
    SILENT,
    TAGS,
    clean,
    found_in,
    is_html,
    paragraphs,
    without_control_signs,
)

_BLOCK = re.compile(r"(?i)</?(?:p|div|br|li|tr|td|th|h[1-6]|blockquote|table|ul|ol|hr)\b[^>]*>")


@dataclass(frozen=True, slots=True)
class Body:
    """A cleaned body: its HTML and the digest of its bytes. `removed` names elements that were dropped."""

    html: str
    removed: tuple[str, ...] = ()

    @property
    def bytes(self) -> bytes:
        return self.html.encode()

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.bytes).hexdigest()

    @property
    def inline(self) -> bool:
        return len(self.bytes) <= INLINE_BYTES

    def data(self) -> dict[str, Any]:
        """As the contract's `body`."""
        raw = self.bytes
        found: dict[str, Any] = {
            "digest": self.digest,
            "size": len(raw),
            "media_type": "text/html",
        }
        return found | ({"html": self.html} if self.inline else {})


def cleaned(text: str) -> Body:
    """HTML with the fixed list of elements; a text without any becomes paragraphs."""
    text = without_control_signs(text)
    if not is_html(text):
        return Body(paragraphs(text))
    known = TAGS | {"html", "head", "body"}
    removed = tuple(tag for tag in found_in(text).elements if tag not in known)
    return Body(clean(text), tuple(sorted(removed))[:50])


def plain(text: str) -> str:
    """The words of a body, as the rules read them; a text without elements stays as it is."""
    if not is_html(text):
        return text
    spaced = _BLOCK.sub(lambda match: f"{match[0]}\n", text)
    bare = nh3.clean(spaced, tags=set(), clean_content_tags=SILENT)
    return re.sub(r"[ \t]*\n\s*", "\n", unescape(bare)).strip()


def content_digest(content: Mapping[str, Any]) -> str:
    """Hex SHA-256 over the canonical form: equal for equal content, whoever sends it."""
    return hashlib.sha256(canonical(dict(content))).hexdigest()
