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
_LETTERS = "".join(
    map(chr, (*range(0xC0, 0xD0), *range(0xD1, 0xDE), *range(0xE0, 0xF0), *range(0xF1, 0xFE),
              0x102, 0x103, 0x110, 0x111, 0x128, 0x129, 0x168, 0x169, 0x1A0, 0x1A1, 0x1AF, 0x1B0,
              *range(0x1EA0, 0x1EFA)))
)  # fmt: skip
"""Letters with marks of ours and of our neighbours; each folds to one letter without marks."""
_USUAL = re.compile(f"[\\x00-\\x7e{_LETTERS}\u2010-\u2027]*")
"""Texts of which every word is as long as its folded form."""
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


def _spellings() -> dict[str, str]:
    """Every way to write a letter or digit in a usual text, as a class of a pattern."""
    ascii_words = "".join(sign for sign in map(chr, range(128)) if sign.isalnum())
    ways: dict[str, str] = {}
    for sign in ascii_words + _LETTERS:
        ways[plain(sign)] = ways.get(plain(sign), "") + sign
    return {letter: f"[{signs}]" for letter, signs in ways.items()}


_SPELLINGS = _spellings()


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
    start = _word_start(text, max(_first_hit(text, wanted) - BEFORE, 0))
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


def _first_hit(text: str, wanted: frozenset[str]) -> int:
    """Where the first wanted word begins; 0 for none."""
    if _USUAL.fullmatch(text):
        firsts = (next(_hits_of(word, text, wanted), None) for word in wanted)
        return min((found.start() for found in firsts if found), default=0)
    return next((found.start() for found in _hits_among_all(text, wanted)), 0)


def _hits(text: str, start: int, end: int, wanted: frozenset[str]) -> list[re.Match[str]]:
    """The wanted words that begin from `start` on, in a text that is cut at `end`."""
    if _USUAL.fullmatch(text):
        each = (_hits_of(word, text, wanted, start, end) for word in wanted)
        by_place = {found.start(): found for hits in each for found in hits}
        return [by_place[place] for place in sorted(by_place)]
    return [hit for hit in _hits_among_all(text[:end], wanted) if hit.start() >= start]


def _hits_of(
    word: str, text: str, wanted: frozenset[str], start: int = 0, end: int | None = None
) -> Iterator[re.Match[str]]:
    """Words written with the same letters, whatever their marks, and of them those that are wanted."""
    for found in _spelt(word).finditer(text, start, len(text) if end is None else end):
        if not wanted.isdisjoint(_forms(found[0])):
            yield found


def _hits_among_all(text: str, wanted: frozenset[str]) -> Iterator[re.Match[str]]:
    """The same, slowly: every word is folded and compared. For texts with other than our letters."""
    for found in _WORD.finditer(text):
        if not wanted.isdisjoint(_forms(found[0])):
            yield found


@lru_cache(maxsize=8_192)
def _spelt(word: str) -> re.Pattern[str]:
    """A whole word with these letters in either case, under any marks.

    Its first letter stands first: looking behind before it would try every place of the text.
    """
    first, *rest = [_SPELLINGS.get(letter, re.escape(letter)) for letter in plain(word)]
    return re.compile(rf"{first}(?<![^\W_]{first}){''.join(rest)}(?![^\W_])")


@lru_cache(maxsize=65_536)
def _forms(word: str) -> tuple[str, ...]:
    exact = exact_words(word)
    return (exact, plain(exact))


def _pieces(text: str, start: int, end: int, wanted: frozenset[str]) -> Iterator[Piece]:
    runs: list[list[int]] = []
    for found in _hits(text, start, end, wanted):
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
