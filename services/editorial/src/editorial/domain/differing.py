"""What changed between two revisions, word by word, as data that a page can show."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from editorial.domain.content import Content

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)
_BLOCK = re.compile(
    r"</?(p|div|li|ul|ol|h[1-6]|br|tr|table|blockquote|figure)\b[^>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]+>")
MOST_WORDS = 20_000
"""Beyond this a text is compared line by line: words would take too long."""

Kind = Literal["same", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both have, or one of them only."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One part of the content in both revisions; `pieces` in reading order."""

    part: str
    changed: bool
    pieces: tuple[Piece, ...]


def words_of(text: str) -> list[str]:
    """Words, blanks and marks, so that they join to the text again."""
    return _TOKEN.findall(text)


def diff(before: str, after: str) -> tuple[Piece, ...]:
    """What was removed and added between two texts; a removal stands before what replaces it."""
    one, two = words_of(before), words_of(after)
    if max(len(one), len(two)) > MOST_WORDS:
        one, two = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(one[a:b])))
            continue
        if b > a:
            pieces.append(Piece("removed", "".join(one[a:b])))
        if d > c:
            pieces.append(Piece("added", "".join(two[c:d])))
    return tuple(pieces)


def compare(before: Content, after: Content) -> tuple[Compared, ...]:
    """Every part that a reader sees, in the order they see it."""
    first, second = dict(_readable(before)), dict(_readable(after))
    parts = dict.fromkeys([*first, *second])
    return tuple(_compared(part, first.get(part, ""), second.get(part, "")) for part in parts)


def plain_text(markup: str) -> str:
    """The words of cleaned HTML, a line for each block."""
    lines = _TAG.sub("", _BLOCK.sub("\n", markup)).splitlines()
    return "\n".join(html.unescape(line).strip() for line in lines if line.strip())


def _compared(part: str, before: str, after: str) -> Compared:
    return Compared(part, before != after, diff(before, after))


def _readable(content: Content) -> Iterable[tuple[str, str]]:
    yield "title", content["title"]
    yield "summary", content.get("summary", "")
    body = content["body"]
    yield "body", plain_text(body["html"]) if "html" in body else f"sha256:{body['digest']}"
    yield "author", content.get("author", "")
    yield "source", _line(content.get("source", {}))
    yield "language", content["language"]
    for each in content.get("fields", []):
        yield f"field:{each['name']}", each["value"]
    yield "attachments", "\n".join(_line(each) for each in content.get("attachments", []))


def _line(values: dict[str, Any]) -> str:
    order = ("name", "type", "alternative_text", "caption", "url", "digest")
    return " · ".join(str(values[key]) for key in order if values.get(key))
