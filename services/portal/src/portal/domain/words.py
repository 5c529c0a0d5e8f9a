"""Words of Vietnamese text for search: exact and without diacritics, texts of HTML, hits marked."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rulebook.text import fold_plain, search_tokens

_BLOCK = re.compile(r"</(?:p|h\d|li|tr|td|th|dt|dd|div|blockquote|caption|figcaption)>|<br ?/?>")
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
SNIPPET, BEFORE = 240, 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `hit` marks what the search asked for."""

    text: str
    hit: bool = False


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """A folded word without its diacritics; syllables come again and again."""
    return fold_plain(word)


def exact_words(text: str) -> str:
    """The words of a text with their diacritics, one space between them."""
    return " ".join(search_tokens(text))


def plain_words(exact: str) -> str:
    """The same words without diacritics, at the same places."""
    return " ".join(map(plain, exact.split()))


def text_of(cleaned: str) -> str:
    """The text of cleaned HTML, a line for each block."""
    bare = html.unescape(_TAG.sub("", _BLOCK.sub("\n", cleaned)))
    return _LINES.sub("\n", _SPACE.sub(" ", bare)).strip()


def marked(text: str, wanted: frozenset[str]) -> tuple[Piece, ...]:
    """A text with the wanted words marked, neighbours together."""
    return tuple(_pieces(text, 0, len(text), wanted))


def snippet(text: str, wanted: frozenset[str]) -> tuple[Piece, ...]:
    """The part of a text around its first hit, or its beginning when nothing is hit."""
    first = next((found.start() for found in _hits(text, wanted)), 0)
    start = _word_start(text, max(first - BEFORE, 0))
    end = _word_start(text, start + SNIPPET)
    pieces = list(_pieces(text, start, end, wanted))
    before = [Piece("… ")] if start > 0 else []
    after = [Piece(" …")] if end < len(text) else []
    return (*before, *pieces, *after)


def _word_start(text: str, near: int) -> int:
    """Where a word begins at or soon after a place."""
    if near <= 0 or near >= len(text):
        return min(max(near, 0), len(text))
    space = re.compile(r"\s").search(text, near, near + 40)
    return space.end() if space else near


def _hits(text: str, wanted: frozenset[str]) -> Iterator[re.Match[str]]:
    for found in _WORD.finditer(text):
        if not wanted.isdisjoint(_forms(found[0])):
            yield found


@lru_cache(maxsize=65_536)
def _forms(word: str) -> tuple[str, ...]:
    exact = exact_words(word)
    return (exact, plain(exact))


def _pieces(text: str, start: int, end: int, wanted: frozenset[str]) -> Iterator[Piece]:
    runs: list[list[int]] = []
    for found in _hits(text[:end], wanted):
        if found.start() < start:
            continue
        if runs and not text[runs[-1][1] : found.start()].strip():
            runs[-1][1] = found.end()
        else:
            runs.append([found.start(), found.end()])
    place = start
    for begins, ends in runs:
        if begins > place:
            yield Piece(text[place:begins])
        yield Piece(text[begins:ends], hit=True)
        place = ends
    if place < end:
        yield Piece(text[place:end])
