"""HTML that people write, cleaned to one fixed list of elements: the same wherever it enters the house."""

import re
from typing import Final

import nh3

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
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def without_control_signs(text: str) -> str:
    """The text without signs that nobody sees and no database of ours stores (tab and line ends stay)."""
    return _CONTROL.sub("", text)


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
