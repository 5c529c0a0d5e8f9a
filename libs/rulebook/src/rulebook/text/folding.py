"""Folds Vietnamese text for search: case, tone placement, hidden characters, and, on request, diacritics."""

import re
import unicodedata
from functools import lru_cache

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
SPACES = "\u00a0\u202f\u2007\u2002\u2003\u2009\u200a\u3000"
LONGEST_KEY = 16
SHORT = 96

_CLEAN = str.maketrans(
    {**dict.fromkeys(ZERO_WIDTH, ""), **dict.fromkeys(SPACES, " "), "\u00d0": "Đ", "\u00f0": "đ"}
)
_UNCLEAN = re.compile(f"[{ZERO_WIDTH}{SPACES}\u00d0\u00f0]")
_SIMPLE = re.compile("[\u0000-\u017f\u01a0-\u01b0\u1ea0-\u1ef9\u2010-\u2027]*")
_PLAIN_D = str.maketrans({"đ": "d"})
_MARKED_FIRST = {"o": "òóỏõọ", "u": "ùúủũụ"}
_MARKED_SECOND = {"a": "àáảãạ", "e": "èéẻẽẹ", "y": "ỳýỷỹỵ"}
_TONES_MOVED = {
    marked_first + second: first + marked_second
    for first, seconds in (("o", "ae"), ("u", "y"))
    for second in seconds
    for marked_first, marked_second in zip(
        _MARKED_FIRST[first], _MARKED_SECOND[second], strict=True
    )
}
_PERHAPS_OLD_TONE_PLACE = re.compile("[òóỏõọùúủũụ][aey]")
_COMBINING = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")


def fold(text: str) -> str:
    """Text as it is compared with its diacritics: "KHÁNH  HÒA", "Khánh Hoà" and their NFD give one string.

    Case, zero-width characters, kinds of space, Eth for Đ and both tone placements (B.13) make no
    difference. Folding what is folded changes nothing.
    """
    return _fold_short(text) if len(text) <= SHORT else _fold(text)


def _fold(text: str) -> str:
    clean = text.translate(_CLEAN) if _UNCLEAN.search(text) else text
    if _SIMPLE.fullmatch(clean):
        folded = unicodedata.normalize("NFC", clean.casefold())
        return " ".join(_PERHAPS_OLD_TONE_PLACE.sub(_move_tone, folded).split())
    moved = _PERHAPS_OLD_TONE_PLACE.sub(_move_tone, _canonical_caseless(clean))
    return " ".join(unicodedata.normalize("NFC", moved).split())


@lru_cache(maxsize=8192)
def _fold_short(text: str) -> str:
    """Names and words come again and again."""
    return _fold(text)


def fold_plain(text: str) -> str:
    """Text as it is compared without diacritics: also đ → d. Idempotent, and the same for fold(text)."""
    apart = unicodedata.normalize("NFD", fold(text))
    bare = _COMBINING.sub("", apart).translate(_PLAIN_D)
    return " ".join(unicodedata.normalize("NFC", bare).split())


def search_tokens(text: str) -> tuple[str, ...]:
    """The words of the folded text, with their diacritics, in order."""
    return tuple(_WORD.findall(fold(text)))


def prefix_keys(text: str, *, longest: int = LONGEST_KEY) -> tuple[str, ...]:
    """Every beginning of every word, plain and with diacritics, sorted: the value of a Mongo multikey index.

    Each key has at most `longest` characters. A query finds the text when all of `query_keys(query)` are
    among these keys, so that "khanh ho", "Khánh Hoà" and "hòa" find Khánh Hòa, and "hóa" does not.
    """
    keys: set[str] = set()
    for token in search_tokens(text):
        keys |= _beginnings(token[:SHORT], longest)
    return tuple(sorted(keys))


@lru_cache(maxsize=8192)
def _beginnings(token: str, longest: int) -> frozenset[str]:
    """Words come again and again."""
    return frozenset(
        word[:length]
        for word in {token, fold_plain(token)}
        for length in range(1, min(len(word), longest) + 1)
    )


def query_keys(query: str, *, longest: int = LONGEST_KEY) -> tuple[str, ...]:
    """The keys that `prefix_keys` of a text must all contain for the query to find it; empty for no word."""
    return tuple(dict.fromkeys(token[:longest] for token in search_tokens(query)))


def initials(text: str) -> str:
    """First letters of the words without diacritics: "Sở Kế hoạch và Đầu tư" → "skhvdt"."""
    return "".join(word[0] for word in search_tokens(fold_plain(text)))


def _canonical_caseless(text: str) -> str:
    folded = unicodedata.normalize("NFD", text).casefold()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", folded).casefold())


def _move_tone(found: re.Match[str]) -> str:
    return _TONES_MOVED.get(found[0], found[0])
