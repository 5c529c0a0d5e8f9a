"""Search as readers ask it: a query and filters in, hits with marked words out."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from portal.domain.asking import Question, read
from portal.domain.words import Piece, marked, snippet
from portal.queries.articles import Listed, start_of
from portal.queries.following import Indexing
from portal.queries.index import COUNTED, LAST_ROW, Hit, Place, SearchIndex, Wanted, first_row

MOST_KEPT, LONGEST_KEPT = 512, 32
"""How many answers are kept, and of how many finds at most: about a kilobyte each."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A find with its words marked."""

    hit: Hit
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits in order; `total` counts up to COUNTED, `more` says that there are more."""

    shown: tuple[Shown, ...]
    total: int

    @property
    def more(self) -> bool:
        return self.total >= COUNTED


class Search:
    """Asks this process's index; what was asked before is not looked up again while nothing came in."""

    def __init__(self, indexing: Indexing) -> None:
        self._indexing = indexing
        self._kept: OrderedDict[_Asked, tuple[Answer, object]] = OrderedDict()

    async def find(self, query: str, where: Listed, after: Place | None, fetch: int) -> Answer:
        """Raises Unprocessable for a query without words or with too many."""
        asked = _Asked(read(query), _wanted(where), after, fetch)
        kept = self._kept.get(asked)
        if kept is None or kept[1] is not self._indexing.edition:
            kept = await self._indexing.ask(partial(_found, asked))
        answer, _ = kept
        if len(answer.shown) <= LONGEST_KEPT:
            self._kept[asked] = kept
            self._kept.move_to_end(asked)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return answer


class _Asked(NamedTuple):
    question: Question
    wanted: Wanted
    after: Place | None
    fetch: int


def _found(asked: _Asked, index: SearchIndex) -> tuple[Answer, object]:
    """The answer, and the edition of the index that gave it."""
    found, marks = index.find(*asked), asked.question.marks
    shown = tuple(
        Shown(_bare(h), marked(h.row.title, marks), _around(h, marks)) for h in found.hits
    )
    return Answer(shown, found.total), index.edition


def _bare(hit: Hit) -> Hit:
    """Without the text that its snippet was cut from."""
    return replace(hit, row=hit.row._replace(said=b""))


def _around(hit: Hit, marks: frozenset[str]) -> tuple[Piece, ...]:
    """The summary where it is hit, else the text around the first hit."""
    summary = snippet(hit.row.summary, marks) if hit.row.summary else ()
    if any(piece.hit for piece in summary):
        return summary
    around = snippet(hit.text, marks)
    return around if any(piece.hit for piece in around) else summary or around


def _wanted(where: Listed) -> Wanted:
    first = first_row(start_of(where.first_day)) if where.first_day else 0
    last = first_row(start_of(where.last_day + timedelta(days=1))) if where.last_day else LAST_ROW
    return Wanted(where.site, where.category, where.section, where.language, first, last)
