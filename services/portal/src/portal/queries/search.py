"""Search as readers ask it: a query and filters in, hits with marked words out."""

from dataclasses import dataclass
from datetime import timedelta

from portal.domain.asking import read
from portal.domain.words import Piece, marked, snippet
from portal.queries.articles import Listed, start_of
from portal.queries.following import Indexing
from portal.queries.index import COUNTED, LAST_ROW, Hit, Place, SearchIndex, Wanted, first_row


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
    """Asks this process's index."""

    def __init__(self, indexing: Indexing) -> None:
        self._indexing = indexing

    async def find(self, query: str, where: Listed, after: Place | None, fetch: int) -> Answer:
        """Raises Unprocessable for a query without words or with too many."""
        question, wanted = read(query), _wanted(where)
        marks = question.marks

        def work(index: SearchIndex) -> Answer:
            found = index.find(question, wanted, after, fetch)
            shown = [
                Shown(hit, marked(hit.row.title, marks), _around(hit, marks)) for hit in found.hits
            ]
            return Answer(tuple(shown), found.total)

        return await self._indexing.ask(work)


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
