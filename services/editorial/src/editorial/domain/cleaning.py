"""A body as an editor wrote it: refused where it would act in a reader's browser, else cleaned."""

import re
from typing import Any

import nh3

from common.canonical import digest
from common.errors import FieldProblem, Unprocessable

INLINE_BYTES = 65_536
"""Up to this a body stands in the fact; a longer one lies among the blobs."""
TAGS = {
    "p", "br", "h2", "h3", "h4", "h5", "ul", "ol", "li", "blockquote", "strong", "em", "b", "i", "u",
    "s", "sub", "sup", "a", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "hr",
    "figure", "figcaption", "abbr", "cite", "q", "code", "pre", "span", "div", "dl", "dt", "dd", "time",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "scope", "id"},
    "time": {"datetime"},
}
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
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        clean_content_tags={"script", "style", "title"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    ).strip().encode()  # fmt: skip


def body_of(raw: bytes) -> dict[str, Any]:
    """As the contract's `body`."""
    values: dict[str, Any] = {"digest": digest(raw), "size": len(raw), "media_type": "text/html"}
    return values | ({"html": raw.decode()} if len(raw) <= INLINE_BYTES else {})
