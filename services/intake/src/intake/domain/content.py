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

INLINE_BYTES = 65_536
"""Up to this a body stands in the fact; a longer one lies among the blobs."""

ACTIVE: Final = frozenset(
    {"script", "iframe", "object", "embed", "applet", "frame", "frameset", "base"}
)
_ACTIVE_URL = re.compile(r"\s*(?:javascript|vbscript|data\s*:\s*text/html)\s*:?", re.IGNORECASE)
_URLS = frozenset({"href", "src", "action", "formaction", "xlink:href", "srcdoc"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = re.compile(r"[\x00-\x20]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&[a-zA-Z]+;|&#\d+;")
_BLOCK = re.compile(r"(?i)</?(?:p|div|br|li|tr|td|th|h[1-6]|blockquote|table|ul|ol|hr)\b[^>]*>")

TAGS: Final = {
    "p", "br", "h2", "h3", "h4", "h5", "ul", "ol", "li", "blockquote", "strong", "em", "b", "i", "u",
    "s", "sub", "sup", "a", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "hr",
    "figure", "figcaption", "abbr", "cite", "q", "code", "pre", "span", "div", "dl", "dt", "dd", "time",
}  # fmt: skip
ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"lang", "dir"},
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "scope", "id"},
    "time": {"datetime"},
}
SCHEMES: Final = {"http", "https", "mailto", "tel"}


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
    text = _CONTROL.sub("", text)
    if not _TAG.search(text):
        return Body(paragraphs(text))
    html = nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        clean_content_tags={"script", "style", "title"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )
    known = TAGS | {"html", "head", "body"}
    removed = tuple(tag for tag in _looked_at(text).tags if tag not in known)
    return Body(html.strip(), tuple(sorted(removed))[:50])


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
    bare = nh3.clean(spaced, tags=set(), clean_content_tags={"script", "style", "title"})
    return re.sub(r"[ \t]*\n\s*", "\n", unescape(bare)).strip()


def content_digest(content: Mapping[str, Any]) -> str:
    """Hex SHA-256 over the canonical form: equal for equal content, whoever sends it."""
    return hashlib.sha256(canonical(dict(content))).hexdigest()


def _looked_at(html: str) -> _Looked:
    looked = _Looked()
    looked.feed(html)
    looked.close()
    return looked
