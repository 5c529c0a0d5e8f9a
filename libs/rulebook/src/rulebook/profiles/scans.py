"""Make the reading text of a regulation from its scan and the list of corrections."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_PAGE_NUMBER = re.compile(r"^\d{1,2}\n", re.MULTILINE)
_EMPHASIS = re.compile(r"\*+|<(?=https?://)|(?<=[\w/])>")
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Correction:
    """`printed` stands `times` times in the scan; empty `printed` = a line lost before `before`."""

    place: str
    printed: str
    reading: str
    before: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """What of a scan is the regulation: from `starts` up to `stops` (empty = to the ends of the file)."""

    starts: str = ""
    stops: str = ""
    layout: Sequence[str] = ()


def reading_text(scan: str, frame: Frame, corrections: Iterable[Correction]) -> str:
    """The text as shipped: NFC, framed, corrected. Raises ValueError on a correction that does not fit."""
    text = _framed(unicodedata.normalize("NFC", scan), frame)
    for correction in corrections:
        text = _corrected(text, correction)
    return _BLANK_LINES.sub("\n\n", _laid_out(text, frame.layout)).strip() + "\n"


def _framed(text: str, frame: Frame) -> str:
    start = text.index(frame.starts) if frame.starts else 0
    stop = text.index(frame.stops, start) if frame.stops else len(text)
    return text[start:stop]


def _corrected(text: str, correction: Correction) -> str:
    target = correction.printed or correction.before
    found = text.count(target)
    if found != correction.times:
        raise ValueError(
            f"correction at {correction.place}: {target!r} stands {found} times, not {correction.times}"
        )
    if correction.printed:
        return text.replace(target, correction.reading)
    return text.replace(target, f"{correction.reading}\n{target}")


def _laid_out(text: str, layout: Sequence[str]) -> str:
    if "page_numbers" in layout:
        text = _PAGE_NUMBER.sub("", text)
    return _EMPHASIS.sub("", text) if "emphasis" in layout else text
