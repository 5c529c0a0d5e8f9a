"""Divide the text of a regulation into its articles, clauses, points and dashes, each with its place and extent."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from rulebook.explanation import Part

_ARTICLE = re.compile(r"Điều (\d{1,3})\.")
_CLAUSE = re.compile(r"(\d{1,2})\.(?!\d)")
_POINT = re.compile(r"([a-zđ])\)")
_ITEM = re.compile(r"- ")
_SECTION = re.compile(r"(I{1,3}|IV)\s?[-.]\s?")
_SECTION_CLAUSE = re.compile(r"(\d{1,2})\s?[-.](?!\d)")
_SECTION_POINT = re.compile(r"([a-zđ])[/.]")
_DIVISION = re.compile(r"(?:Chương|Mục|Phần)\b")
_SHORTEST_HEADING = 6
_LEVELS = ("article", "clause", "point", "item")
_SHORT = {"clause": "k", "point": "", "item": " gạch "}


@dataclass(frozen=True, slots=True)
class Place:
    """Part, article, clause, point, and dash counted from 1, as a regulation's own division has them."""

    part: Part = "regulation"
    article: str | None = None
    clause: str | None = None
    point: str | None = None
    item: str | None = None

    def within(self, outer: "Place") -> bool:
        """Whether this place is `outer` or lies in it."""
        return self.part == outer.part and all(
            getattr(outer, level) in {None, getattr(self, level)} for level in _LEVELS
        )

    def __str__(self) -> str:
        """As jurists cite it in short: Đ10 k5a, QĐ Đ2, PL II k1."""
        named = {"decision": "QĐ Đ", "regulation": "Đ", "appendix": "PL "}[self.part]
        inner = "".join(
            f"{' ' if level == 'clause' else ''}{_SHORT[level]}{value}"
            for level in _LEVELS[1:]
            if (value := getattr(self, level)) is not None
        )
        return f"{named}{self.article or ''}{inner}".strip()


@dataclass(frozen=True, slots=True)
class Clause:
    """A place with its extent in the text: `start` to `end`; its own words end at `lead_end`, before its parts."""

    place: Place
    start: int
    end: int
    lead_end: int


def clauses_of(text: str) -> tuple[Clause, ...]:
    """All places of a regulation in the order of its text, each container before what it contains."""
    walk = _Walk()
    offset = 0
    for line in text.splitlines(keepends=True):
        walk.read(line.strip(), offset)
        offset += len(line)
    walk.close(offset)
    return tuple(_with_extents(walk.begun))


def clause_at(clauses: tuple[Clause, ...], place: Place) -> Clause | None:
    """The clause with exactly this place."""
    return next((clause for clause in clauses if clause.place == place), None)


def misplaced(places: Mapping[Place, str], at: Place, also: Iterable[Place], quote: str) -> Iterator[str]:  # fmt: skip
    """What is wrong with a quotation: a place that the text has not, or words that stand elsewhere. `places` is `words_of` the text."""
    for place in (at, *also):
        if place not in places:
            yield f"the text has no {place}"
    if at in places and quote not in places[at]:
        yield f"its quotation does not stand in {at}"


def words_of(text: str, clauses: Iterable[Clause]) -> Mapping[Place, str]:
    """The words of each place, with every run of white space as one space."""
    return {clause.place: collapsed(text[clause.start : clause.end]) for clause in clauses}


def collapsed(text: str) -> str:
    """NFC with every run of white space as one space: how quotations are compared."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@dataclass(slots=True)
class _Walk:
    """Reads line by line; keeps where each place and each interruption (heading, signature) begins."""

    at: Place = Place("decision")
    open: bool = False
    begun: list[tuple[Place | None, int]] = field(default_factory=list[tuple[Place | None, int]])

    def read(self, line: str, offset: int) -> None:
        if line.upper() == line and line.startswith("PHỤ LỤC"):
            self._begin(Place("appendix"), offset)
        elif self.at.part != "appendix" and self._article(line, offset):
            return
        elif self.at.part != "appendix" and _interrupts(line):
            self.close(offset)
        elif self.open:
            self._inside(line, offset)

    def close(self, offset: int) -> None:
        if self.open:
            self.begun.append((None, offset))
            self.open = False

    def _begin(self, place: Place, offset: int) -> None:
        self.at, self.open = place, True
        self.begun.append((place, offset))

    def _article(self, line: str, offset: int) -> bool:
        found = _ARTICLE.match(line)
        if found is None:
            return False
        number, last = int(found[1]), int(self.at.article or 0)
        if number == last + 1:
            self._begin(Place(self.at.part, found[1]), offset)
        elif number == 1:
            self._begin(Place("regulation", found[1]), offset)
        return number in {1, last + 1}

    def _inside(self, line: str, offset: int) -> None:
        appendix = self.at.part == "appendix"
        if appendix and (found := _SECTION.match(line)):
            self._begin(Place("appendix", found[1]), offset)
        elif (found := (_SECTION_CLAUSE if appendix else _CLAUSE).match(line)) and self._next(
            found[1]
        ):
            self._begin(Place(self.at.part, self.at.article, found[1]), offset)
        elif found := (_SECTION_POINT if appendix else _POINT).match(line):
            self._begin(replace(self.at, point=found[1], item=None), offset)
        elif not appendix and _ITEM.match(line):
            self._begin(replace(self.at, item=str(int(self.at.item or 0) + 1)), offset)

    def _next(self, number: str) -> bool:
        return self.at.article is not None and int(number) == int(self.at.clause or 0) + 1


def _interrupts(line: str) -> bool:
    """Chapter headings, signatures and lists of recipients belong to no article."""
    if line.startswith("Nơi nhận:"):
        return True
    bare = _DIVISION.sub("", line)
    letters = [letter for letter in bare if letter.isalpha()]
    enough = 1 if bare != line else _SHORTEST_HEADING
    return len(letters) >= enough and not any(letter.islower() for letter in letters)


def _with_extents(begun: list[tuple[Place | None, int]]) -> Iterator[Clause]:
    for index, (place, start) in enumerate(begun):
        if place is None:
            continue
        lead_end = begun[index + 1][1]
        end = next(
            offset
            for other, offset in begun[index + 1 :]
            if other is None or not other.within(place)
        )
        yield Clause(place, start, end, lead_end)
