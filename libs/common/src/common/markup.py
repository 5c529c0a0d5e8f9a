"""HTML that people write, cleaned to one fixed list of elements: the same wherever it enters the house."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import Final

import nh3

from common.errors import FieldProblem, Said, Unprocessable

INLINE_BYTES = 65_536
"""Up to this a body stands in the fact; a longer one lies among the blobs (D5)."""
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
SILENT: Final = {"script", "style", "title"}
"""Elements whose text is no text for readers."""
ACTIVE: Final = frozenset(
    {"script", "iframe", "object", "embed", "applet", "frame", "frameset", "base"}
)
"""Elements that would run, or load what runs, in a reader's browser."""
DEEPEST: Final = 256
"""Elements within elements: cleaning takes the square of this, and no text of ours needs a tenth of it."""
_CLOSES_ITSELF: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
     "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option", "colgroup"}
)  # fmt: skip
"""Elements that hold nothing, or that the next of their kind closes: they do not nest by themselves."""
_URLS: Final = frozenset({"href", "src", "action", "formaction", "xlink:href", "srcdoc"})
_ACTIVE_URL = re.compile(r"\s*(?:javascript|vbscript|data\s*:\s*text/html)\s*:?", re.IGNORECASE)
_BLANKS = re.compile(r"[\x00-\x20]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&[a-zA-Z]+;|&#\d+;")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def without_control_signs(text: str) -> str:
    """The text without signs that nobody sees and no database of ours stores (tab and line ends stay)."""
    return _CONTROL.sub("", text)


def is_html(text: str) -> bool:
    """Whether somebody wrote elements or character references, and not plain text."""
    return _TAG.search(text) is not None


def paragraphs(text: str) -> str:
    """Plain text as HTML: an empty line begins a paragraph."""
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{escape(block, quote=False)}</p>" for block in blocks if block).replace(
        "\n", "<br>"
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What HTML holds, each once: its elements, and what would run in a reader's browser; how deep they nest."""

    elements: tuple[str, ...]
    active: tuple[str, ...]
    depth: int


def found_in(html: str) -> Found:
    """Read as a browser would, not by pattern: a word in a sentence is no handler."""
    looked = _Looked()
    looked.feed(html)
    looked.close()
    return Found(tuple(looked.elements), tuple(looked.active), looked.deepest)


def check_at_rest(text: str, pointer: str) -> None:
    """The one answer of the house to a text that would run in a reader's browser, or nests without end: raises Unprocessable."""
    looked = found_in(without_control_signs(text))
    if looked.depth > DEEPEST:
        raise _too_deep(pointer)
    found = looked.active
    if not found:
        return
    listed = ", ".join(found[:5])
    said = Said(
        f"Trong bài có mã sẽ chạy trên máy người đọc ({listed}). Hãy bỏ đi, chỉ giữ chữ, bảng và liên kết.",
        f"The text holds what would run in a reader's browser ({listed}). Take it out and keep text, tables and links only.",
    )
    problem = FieldProblem(pointer, "active-content", said)
    raise Unprocessable("active-content", said, errors=[problem])


def _too_deep(pointer: str) -> Unprocessable:
    said = Said(
        f"Bài có quá {DEEPEST} lớp phần tử lồng nhau. Hãy dán lại phần chữ không kèm định dạng.",
        f"Elements nest more than {DEEPEST} levels deep. Paste the text again without its formats.",
    )
    return Unprocessable(
        "markup-too-deep", said, errors=[FieldProblem(pointer, "markup-too-deep", said)]
    )


class _Looked(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: dict[str, None] = {}
        self.active: dict[str, None] = {}
        self.deepest = 0
        self._open: Counter[str] = Counter()
        self._depth = 0

    def handle_endtag(self, tag: str) -> None:
        if self._open[tag]:
            self._open[tag] -= 1
            self._depth -= 1

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.elements[tag] = None
        if tag not in _CLOSES_ITSELF:
            self._open[tag] += 1
            self._depth += 1
            self.deepest = max(self.deepest, self._depth)
        if tag in ACTIVE:
            self.active[f"<{tag}>"] = None
        for name, value in attrs:
            if name.startswith("on") and len(name) > len("on"):
                self.active[name[:40]] = None
            elif name in _URLS and _ACTIVE_URL.match(_BLANKS.sub("", value or "")):
                self.active[f"{name}=javascript:"] = None


def clean(html: str) -> str:
    """What is left of HTML: elements, attributes and link schemes of the lists above, nothing else."""
    return nh3.clean(
        without_control_signs(html),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        clean_content_tags=SILENT,
        link_rel="noopener noreferrer",
        strip_comments=True,
    ).strip()
