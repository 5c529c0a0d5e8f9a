"""Damage of single characters: Eth, invisible characters, no-break spaces, look-alikes, decomposed letters."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from rulebook.text.findings import MOST_PLACES, Damage, Place, TextFinding

_SOFT_HYPHEN = re.compile("\u00ad+")
_INVISIBLE = "\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_ZERO_WIDTH = re.compile(f"[{_INVISIBLE}]+")
_NBSP = re.compile("[\u00a0\u202f\u2007]+")
_ETH = re.compile("[\u00d0\u00f0]+")
_DECOMPOSED = re.compile("[^\u0300-\u036f][\u0300-\u036f]+")
_LOST = re.compile("\ufffd+")

_CYRILLIC = dict(
    zip("АВЕЅІЈКМНОРСТХҮԌԚԜаеѕіјорсухһԁԛԝ", "ABESIJKMHOPCTXYGQWaesijopcyxhdqw", strict=True)
)
_GREEK_CAPITALS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))
_GREEK_SMALL = dict(zip("ονικυρα", "ovikupa", strict=True))
_LATIN_TWINS = {"\u0251": "a", "\u0261": "g", "\u0131": "i", "\u0189": "Đ", "\u0256": "đ"}
_TWINS: Mapping[str, str] = MappingProxyType(
    _CYRILLIC | _GREEK_CAPITALS | _GREEK_SMALL | _LATIN_TWINS
)
_ALWAYS = frozenset("\u0189\u0256")
_WHOLE_WORD = frozenset(_CYRILLIC) | frozenset(_GREEK_CAPITALS) | {"ο"}
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f\u0131\u0189\u0251\u0256\u0261]")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")
_RUSSIAN = re.compile("[БГДЖЗИЙЛПУФЦЧШЩЪЫЬЭЮЯбвгджзийклмнптфцчшщъыьэюя]")
_TO_LATIN = str.maketrans(dict(_TWINS))


@dataclass(frozen=True, slots=True)
class Change:
    """One place of a text and what is proposed instead."""

    start: int
    end: int
    proposed: str


def eth(text: str) -> Iterator[Change]:
    """Ð and ð, which Vietnamese does not have (B.13 rule 4)."""
    for found in _ETH.finditer(text):
        yield Change(*found.span(), proposed=found[0].replace("\u00d0", "Đ").replace("\u00f0", "đ"))


def zero_width(text: str) -> Iterator[Change]:
    """Characters that nobody sees: joiners, direction marks, a byte order mark."""
    return (Change(*found.span(), proposed="") for found in _ZERO_WIDTH.finditer(text))


def soft_hyphen(text: str) -> Iterator[Change]:
    """Hyphens that show at a line's end only. Apart from the other invisible ones: in TCVN3 it is the ư."""
    return (Change(*found.span(), proposed="") for found in _SOFT_HYPHEN.finditer(text))


def no_break_space(text: str) -> Iterator[Change]:
    """Spaces that look like a space and do not compare as one."""
    return (Change(*found.span(), proposed=" " * len(found[0])) for found in _NBSP.finditer(text))


def look_alike(text: str) -> Iterator[Change]:
    """Cyrillic, Greek and phonetic letters inside Latin words, and whole words of such letters.

    A whole word of look-alikes counts only where the text has no real Cyrillic word, so that a Russian
    name beside Vietnamese text is left alone.
    """
    if not _FOREIGN.search(text):
        return
    russian_text = bool(_RUSSIAN.search(text))
    for found in _WORD.finditer(text):
        if _FOREIGN.search(found[0]) and _is_disguised(found[0], russian_text=russian_text):
            yield from _disguises(found)


def decomposed(text: str) -> Iterator[Change]:
    """Letters followed by combining marks that have a composed form (B.13 rule 3)."""
    for found in _DECOMPOSED.finditer(text):
        composed = unicodedata.normalize("NFC", found[0])
        if composed != found[0]:
            yield Change(*found.span(), proposed=composed)
    if text.isascii() or unicodedata.is_normalized("NFC", _DECOMPOSED.sub("", text)):
        return
    for position, char in enumerate(text):
        if unicodedata.normalize("NFC", char) != char:
            yield Change(position, position + 1, unicodedata.normalize("NFC", char))


def lost(text: str) -> Iterator[Change]:
    """U+FFFD: what stood there cannot be known, so nothing is proposed."""
    return (Change(*found.span(), proposed=found[0]) for found in _LOST.finditer(text))


_ODD = re.compile(
    f"[{_INVISIBLE}\u00ad\u00a0\u202f\u2007\u00d0\u00f0\ufffd\u0300-\u052f\u0131\u0189\u0251\u0256\u0261]"
)
_Detector = tuple[Damage, Callable[[str], Iterator[Change]]]
NEVER_8_BIT: tuple[_Detector, ...] = (
    (Damage.UNREADABLE, lost),
    (Damage.ZERO_WIDTH, zero_width),
    (Damage.LOOK_ALIKE, look_alike),
    (Damage.DECOMPOSED, decomposed),
)
ALSO_8_BIT: tuple[_Detector, ...] = (
    (Damage.ETH, eth),
    (Damage.NBSP, no_break_space),
    (Damage.ZERO_WIDTH, soft_hyphen),
)


def is_odd(text: str) -> bool:
    """Whether a text has any character that a detector looks for: a quick look before the thorough ones."""
    return _ODD.search(text) is not None or not unicodedata.is_normalized("NFC", text)


def find_and_repair(
    text: str, detectors: tuple[_Detector, ...], layer: int
) -> tuple[tuple[TextFinding, ...], str]:
    """What the detectors find, with places, and the text without it, in NFC."""
    findings: list[TextFinding] = []
    changes: list[Change] = []
    for damage, detect in detectors:
        found = tuple(detect(text))
        if found:
            findings.append(summary(damage, text, found, layer))
            changes += [change for change in found if damage is not Damage.DECOMPOSED]
    return tuple(findings), unicodedata.normalize("NFC", apply(text, changes))


def summary(damage: Damage, text: str, changes: tuple[Change, ...], layer: int) -> TextFinding:
    """A finding that counts all changes and shows the first twenty."""
    places = tuple(
        Place(change.start, change.end, text[change.start : change.end], change.proposed)
        for change in changes[:MOST_PLACES]
    )
    return TextFinding(damage, len(changes), places, layer)


def apply(text: str, changes: list[Change]) -> str:
    """The text with changes that do not overlap put in."""
    parts: list[str] = []
    position = 0
    for change in sorted(changes, key=lambda change: change.start):
        parts += (text[position : change.start], change.proposed)
        position = change.end
    return "".join((*parts, text[position:]))


def _is_disguised(word: str, *, russian_text: bool) -> bool:
    apart = unicodedata.normalize("NFD", word)
    letters = [char for char in apart if not unicodedata.combining(char)]
    if any(char in _ALWAYS for char in letters):
        return True
    foreign = [char for char in letters if _FOREIGN.match(char)]
    if any(char not in _TWINS for char in foreign):
        return False
    if len(foreign) < len(letters):
        return True
    return not russian_text and all(char in _WHOLE_WORD for char in foreign)


def _disguises(word: re.Match[str]) -> Iterator[Change]:
    for found in _FOREIGN.finditer(word[0]):
        latin = _latin_twin(found[0])
        if latin != found[0]:
            start = word.start() + found.start()
            yield Change(start, start + 1, latin)


@cache
def _latin_twin(char: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", char).translate(_TO_LATIN))
