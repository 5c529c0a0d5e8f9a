"""The HTML of a body as people edit it: one block a line, lists and tables set in; and back as it is kept.

Only blanks beside blocks come and go, which no browser shows: what nobody touched is sent as it was.
"""

import re
from dataclasses import dataclass, field

from common.markup import is_html

_HOLDING = ("ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "blockquote", "figure", "div")
"""Blocks that hold blocks: each of these stands on a line of its own, set in."""
_LINES = ("p", "h2", "h3", "h4", "h5", "li", "dt", "dd", "tr", "caption", "figcaption", "hr")
_CELLS = ("td", "th")
_QUOTED = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
_PRE = re.compile(r"[ \t\r\n\f]*(<pre\b.*?(?:</pre\s*>|\Z))[ \t\r\n\f]*", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(
    rf"[ \t\r\n\f]*(</?(?:{'|'.join((*_HOLDING, *_LINES, *_CELLS))})(?=[\s/>]){_QUOTED}>)[ \t\r\n\f]*",
    re.IGNORECASE,
)
_NAME = re.compile(r"<(/?)([a-z0-9]+)", re.IGNORECASE)


def flat(html: str) -> str:
    """Without the blanks beside blocks; what stands in a `pre` keeps each of its own."""
    parts = _PRE.split(html)
    parts[::2] = [_BLOCK.sub(r"\1", part) for part in parts[::2]]
    return "".join(parts).strip()


def laid_out(html: str) -> str:
    """For a text field: a line for each block, what a list or a table holds set in under it."""
    page = _Page()
    for place, part in enumerate(_PRE.split(flat(html))):
        if place % 2:
            page.block(part)
            continue
        pieces = _BLOCK.split(part)
        for text, tag in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
            page.text(text)
            page.tag(tag)
    return page.written


def kept(typed: str, before: str = "") -> str:
    """What is to be kept of a typed body: `before`, to the letter, where nobody touched it."""
    typed = typed.replace("\r\n", "\n").strip()
    if flat(typed) == flat(before):
        return before
    return flat(typed) if is_html(typed) else typed


@dataclass(slots=True)
class _Page:
    """Lines so far; `ended`: a block was closed, so that a text begins a line of its own."""

    written: str = ""
    depth: int = 0
    ended: bool = field(default=False)

    def block(self, text: str) -> None:
        self._line()
        self.written += text
        self.ended = True

    def text(self, text: str) -> None:
        if not text:
            return
        if self.ended:
            self._line()
        self.written += text
        self.ended = False

    def tag(self, tag: str) -> None:
        found = _NAME.match(tag)
        if found is None:
            return
        closes, name = bool(found[1]), found[2].lower()
        if name in _CELLS:
            self.written += tag
            self.ended = False
        elif closes:
            self._close(tag, name)
        else:
            self._open(tag, name)

    def _open(self, tag: str, name: str) -> None:
        self._line()
        self.written += tag
        self.depth += name != "hr"
        self.ended = name in {*_HOLDING, "hr"}

    def _close(self, tag: str, name: str) -> None:
        self.depth = max(self.depth - 1, 0)
        if name in _HOLDING:
            self._line()
        self.written += tag
        self.ended = True

    def _line(self) -> None:
        if self.written:
            self.written += "\n" + "  " * self.depth
