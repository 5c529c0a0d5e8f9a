"""References to articles, clauses and points ("điểm a, b khoản 5 và khoản 8 Điều 11"): found, taken apart, rendered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Unit = Literal["điểm", "khoản", "điều"]

_ITEMS = {
    "điểm": r"[a-eg-ik-vxyđ]\d?",
    "khoản": r"\d{1,2}[a-zđ]?",
    "điều": r"\d{1,3}[a-zđ]?",
}
_JOIN = r"\s{0,3}(?:,\s{0,3}(?:và\s{1,3})?|;\s{0,3}|và\s{1,3}|hoặc\s{1,3})"


def _list(unit: str) -> str:
    item = _ITEMS[unit]
    end = r"(?![\w/])" if unit == "điểm" else r"(?![\d/])(?!\.\d)"
    one = rf"(?:{item}){end}"
    return rf"{one}(?:{_JOIN}(?:{unit}\s{{1,3}})?{one}){{0,30}}"


_GROUP = re.compile(
    rf"(?<!\w)(?:(?:điểm\s{{1,3}}(?P<points>{_list('điểm')}))"
    rf"|(?:khoản\s{{1,3}}(?P<clauses>{_list('khoản')}))"
    rf"|(?:điều\s{{1,3}}(?P<articles>{_list('điều')})))",
    re.IGNORECASE,
)
_ONE = {
    "points": re.compile(rf"(?<!\w){_ITEMS['điểm']}(?!\w)", re.IGNORECASE),
    "clauses": re.compile(r"(?<!\w)\d{1,2}[a-zđ]?(?!\w)", re.IGNORECASE),
    "articles": re.compile(r"(?<!\w)\d{1,3}[a-zđ]?(?!\w)", re.IGNORECASE),
}
_BETWEEN = re.compile(r"\s{0,3}(?:,|;|và|hoặc|các|của)?\s{0,3}(?:các|của)?\s{0,3}", re.IGNORECASE)
_CHAPTER = re.compile(
    r"(?<!\w)(?P<unit>Chương|Mục|Phần)\s{1,3}(?P<number>[IVXLC]{1,8}|\d{1,3})(?!\w)"
)
_APPENDIX = re.compile(r"(?<!\w)Phụ lục(?:\s{0,3}(?P<number>[IVXLC]{1,8}[A-Z]?|\d{1,3}))?(?!\w)")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One place of an instrument: article, and in it clause and point; None = not named."""

    article: str | None = None
    clause: str | None = None
    point: str | None = None

    def render(self) -> str:
        """For example "điểm a khoản 5 Điều 10"; parsing it gives this place back."""
        parts = [
            f"điểm {self.point}" if self.point else "",
            f"khoản {self.clause}" if self.clause else "",
            f"Điều {self.article}" if self.article else "",
        ]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """A reference in a text at [start, end) and the places it names, each point and clause with its own article."""

    start: int
    end: int
    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class FoundDivision:
    """A chapter, section, part or appendix named in a text; `number` is "" for an appendix without one."""

    start: int
    end: int
    unit: str
    number: str


class NotAReference(ValueError):
    pass


def parse_places(text: str) -> tuple[Place, ...]:
    """The places that a text names, and it names nothing else. Raises NotAReference."""
    found = next(find_places(text.strip()), None)
    if found is None or found.text != text.strip():
        raise NotAReference(f"reference: {text[:120]!r} names no article, clause or point alone")
    return found.places


def find_places(text: str) -> Iterator[FoundPlaces]:
    """All references of a text in order. Linear: lists have thirty items at most and units stand close together."""
    run: list[re.Match[str]] = []
    for group in _GROUP.finditer(text):
        if run and not _belongs(text, run[-1], group):
            yield _found(text, run)
            run = []
        run.append(group)
    if run:
        yield _found(text, run)


def find_divisions(text: str) -> Iterator[FoundDivision]:
    """Chapters, sections, parts and appendices that a text names."""
    for found in _CHAPTER.finditer(text):
        yield FoundDivision(*found.span(), found["unit"], found["number"])
    for found in _APPENDIX.finditer(text):
        yield FoundDivision(*found.span(), "Phụ lục", found["number"] or "")


def _belongs(text: str, before: re.Match[str], group: re.Match[str]) -> bool:
    if before.lastgroup == "articles" or group.start() - before.end() > 24:  # noqa: PLR2004 - joining words are short
        return False
    return _BETWEEN.fullmatch(text, before.end(), group.start()) is not None


def _found(text: str, run: list[re.Match[str]]) -> FoundPlaces:
    start, end = run[0].start(), run[-1].end()
    return FoundPlaces(start, end, text[start:end], _attach(run))


def _attach(run: list[re.Match[str]]) -> tuple[Place, ...]:
    """Points wait for the next clauses, clauses for the next article; what waits in vain stands alone."""
    points: list[str] = []
    inner: list[Place] = []
    for group in run:
        kind = str(group.lastgroup)
        items = [item.lower() for item in _ONE[kind].findall(group[kind])]
        if kind == "points":
            inner += [Place(point=point) for point in points]
            points = items
        elif kind == "clauses":
            first, *others = items
            inner += [Place(clause=first, point=p) for p in points] or [Place(clause=first)]
            inner += [Place(clause=clause) for clause in others]
            points = []
        else:
            inner += [Place(point=point) for point in points]
            return _in_articles(inner, items)
    return (*inner, *(Place(point=point) for point in points))


def _in_articles(inner: list[Place], articles: list[str]) -> tuple[Place, ...]:
    first, *others = articles
    named = [Place(first, place.clause, place.point) for place in inner] or [Place(first)]
    return (*named, *(Place(article) for article in others))
