"""Words of Vietnamese text for search: exact and without diacritics, texts of HTML, hits marked."""

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from heapq import merge
from itertools import chain
from typing import NamedTuple

from rulebook.text import fold_plain, search_tokens

_BLOCK = re.compile(r"</(?:p|h\d|li|tr|td|th|dt|dd|div|blockquote|caption|figcaption)>|<br ?/?>")
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_ONE_SPACE = re.compile(r"\s")
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


class Piece(NamedTuple):
    """A part of a text; `hit` marks what the search asked for."""

    text: str
    hit: bool = False


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """A folded word without its diacritics; syllables come again and again."""
    return fold_plain(word)


def _spellings() -> dict[str, str]:
    """Every way to write a letter or digit in a usual text."""
    ascii_words = "".join(sign for sign in map(chr, range(128)) if sign.isalnum())
    ways: dict[str, str] = {}
    for sign in ascii_words + _LETTERS:
        ways[plain(sign)] = ways.get(plain(sign), "") + sign
    return ways


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
    return tuple(_pieces(text, 0, len(text), _hits(text, wanted)))


def snippet(text: str, wanted: frozenset[str]) -> tuple[Piece, ...]:
    """The part of a text around its first hit, or its beginning when nothing is hit."""
    hits = _hits(text, wanted)
    first = next(hits, None)
    start = _word_start(text, first.start() - BEFORE) if first else 0
    end = _word_start(text, start + SNIPPET)
    pieces = _pieces(text, start, end, chain((first,), hits) if first else ())
    before = (Piece("… "),) if start > 0 else ()
    after = (Piece(" …"),) if end < len(text) else ()
    return (*before, *pieces, *after)


def _word_start(text: str, near: int) -> int:
    """Where a word begins at or soon after a place."""
    if near <= 0 or near >= len(text):
        return min(max(near, 0), len(text))
    space = _ONE_SPACE.search(text, near, near + 40)
    return space.end() if space else near


def _hits(text: str, wanted: frozenset[str]) -> Iterator[re.Match[str]]:
    """The wanted words in order, each looked for when it is asked for."""
    for found in _words_in(text, wanted):
        if not wanted.isdisjoint(_forms(found[0])):
            yield found


def _words_in(text: str, wanted: frozenset[str]) -> Iterator[re.Match[str]]:
    """Words that may be wanted, in order; of usual texts only those that look like one."""
    if _USUAL.fullmatch(text) is None:
        return _WORD.finditer(text)
    each = [pattern.finditer(text) for pattern in _spelt_each(wanted)]
    return each[0] if len(each) == 1 else merge(*each, key=re.Match[str].start)


@lru_cache(maxsize=4_096)
def _spelt_each(wanted: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(_spelt(word) for word in sorted({plain(word) for word in wanted}) if word)


@lru_cache(maxsize=4_096)
def _spelt(word: str) -> re.Pattern[str]:
    """A whole word with these letters in either case, under any marks.

    A pattern a word: the words of questions come again, their pairs do not, and making a pattern costs as
    much as searching. The first letter stands alone: the engine leaps to it, and looks behind it only there.
    """
    first, rest = _class(word[0]), "".join(f"[{_class(letter)}]" for letter in word[1:])
    return re.compile(rf"[{first}](?<![^\W_][{first}]){rest}(?![^\W_])")


def _class(letter: str) -> str:
    """What stands between the brackets of a pattern for a letter in any spelling."""
    return _SPELLINGS.get(letter, re.escape(letter))


@lru_cache(maxsize=65_536)
def _forms(word: str) -> tuple[str, ...]:
    exact = exact_words(word)
    return (exact, plain(exact))


def _pieces(text: str, start: int, end: int, hits: Iterable[re.Match[str]]) -> list[Piece]:
    """What stands from `start` to `end`."""
    pieces: list[Piece] = []
    place = start
    for begins, ends in _runs(text, end, hits):
        if begins > place:
            pieces.append(Piece(text[place:begins]))
        pieces.append(Piece(text[begins:ends], hit=True))
        place = ends
    if place < end:
        pieces.append(Piece(text[place:end]))
    return pieces


def _runs(text: str, end: int, hits: Iterable[re.Match[str]]) -> list[tuple[int, int]]:
    """Hits that end before `end`; with nothing but space between them they are one."""
    runs: list[tuple[int, int]] = []
    for found in hits:
        begins, ends = found.span()
        if ends > end:
            break
        if runs and text[runs[-1][1] : begins].isspace():
            begins = runs.pop()[0]
        runs.append((begins, ends))
    return runs
