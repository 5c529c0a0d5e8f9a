"""The body: read as bytes or text, refused where it would act in a reader's browser, else cleaned."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any, Final

import nh3

from common.canonical import canonical
from common.markup import INLINE_BYTES, SILENT, TAGS, clean, without_control_signs

ACTIVE: Final = frozenset(
    {"script", "iframe", "object", "embed", "applet", "frame", "frameset", "base"}
)
_ACTIVE_URL = re.compile(r"\s*(?:javascript|vbscript|data\s*:\s*text/html)\s*:?", re.IGNORECASE)
_URLS = frozenset({"href", "src", "action", "formaction", "xlink:href", "srcdoc"})
_BLANKS = re.compile(r"[\x00-\x20]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&[a-zA-Z]+;|&#\d+;")
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


class _Looked(HTMLParser):
    """Names what an HTML text holds: elements, and what would act."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: dict[str, None] = {}
        self.active: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags[tag] = None
        if tag in ACTIVE:
            self.active[f"<{tag}>"] = None
        for name, value in attrs:
            if name.startswith("on") and len(name) > len("on"):
                self.active[name[:40]] = None
            elif name in _URLS and _ACTIVE_URL.match(_BLANKS.sub("", value or "")):
                self.active[f"{name}=javascript:"] = None


def active_content(html: str) -> tuple[str, ...]:
    """What in the HTML would run in a reader's browser, each once; empty for text at rest."""
    looked = _looked_at(html)
    return tuple(looked.active)


def cleaned(text: str) -> Body:
    """HTML with the fixed list of elements; a text without any becomes paragraphs."""
    text = without_control_signs(text)
    if not _TAG.search(text):
        return Body(paragraphs(text))
    known = TAGS | {"html", "head", "body"}
    removed = tuple(tag for tag in _looked_at(text).tags if tag not in known)
    return Body(clean(text), tuple(sorted(removed))[:50])


def paragraphs(text: str) -> str:
    """Plain text as HTML: an empty line begins a paragraph."""
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{escape(block, quote=False)}</p>" for block in blocks if block).replace(
        "\n", "<br>"
    )


def plain(text: str) -> str:
    """The words of a body, as the rules read them; a text without elements stays as it is."""
    if not _TAG.search(text):
        return text
    spaced = _BLOCK.sub(lambda match: f"{match[0]}\n", text)
    bare = nh3.clean(spaced, tags=set(), clean_content_tags=SILENT)
    return re.sub(r"[ \t]*\n\s*", "\n", unescape(bare)).strip()


def content_digest(content: Mapping[str, Any]) -> str:
    """Hex SHA-256 over the canonical form: equal for equal content, whoever sends it."""
    return hashlib.sha256(canonical(dict(content))).hexdigest()


def _looked_at(html: str) -> _Looked:
    looked = _Looked()
    looked.feed(html)
    looked.close()
    return looked
