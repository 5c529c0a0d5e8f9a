"""The search index of one process: SQLite's FTS5 over words, newest first, private and temporary.

A row's number is the moment of publication (milliseconds, then 20 bits of the id), so that "newest
first", paging and days are ranges of rows and need no sorting. Each text stands twice, as typed and
without diacritics, word for word at the same places. Nothing is kept but words: an empty index is
filled from the projection, which alone is the truth.
"""

import hashlib
import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from portal.domain.article import Article
from portal.domain.asking import Question, Term, number_words
from portal.domain.words import exact_words, plain_words
from rulebook.references import find_numbers

CACHE_KIB = 32_768
LONGEST_TEXT = 200_000
"""Characters of a body that are indexed."""
KEPT_TEXT = 20_000
"""Characters of a body that snippets are cut from."""
MOST_NUMBERS = 200
COUNTED = 1_000
"""Up to so many finds are counted."""
LAST_ROW = 1 << 62
"""After every row: SQLite's row numbers have 63 bits. Days from about the year 2109 on end here."""
TITLE, OWN, SHELF, APART = "ʈ", "ɴ", "ƒ", " ǂ "
"""What words of titles, of a document's own number and of filters begin with; what keeps texts apart."""
_ROOM = 20
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b", re.ASCII)
_TABLES = f"""
PRAGMA cache_size = -{CACHE_KIB};
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE shown (
  row INTEGER PRIMARY KEY, id TEXT UNIQUE, site TEXT, category TEXT, section TEXT, language TEXT,
  published_at TEXT, number TEXT, title TEXT, summary TEXT, said BLOB);
CREATE TABLE versions (id TEXT PRIMARY KEY, version INTEGER) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(said, content = '', tokenize = 'ascii');
"""


class Row(NamedTuple):
    """An article as the index keeps it; `said` is the packed text of all that was said in it."""

    row: int
    id: str
    site: str
    category: str
    section: str
    language: str
    published_at: str
    number: str
    title: str
    summary: str
    said: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where to look: everything that is given must fit; rows are [first, last)."""

    site: str | None = None
    category: str | None = None
    section: str | None = None
    language: str | None = None
    first: int = 0
    last: int = LAST_ROW

    @property
    def shelves(self) -> tuple[str, ...]:
        named = ("site", self.site), ("category", self.category), ("section", self.section)
        given = (*named, ("language", self.language))
        return tuple(shelf(kind, name) for kind, name in given if name is not None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of hits ends: the rank (0 is best), then the row."""

    rank: int
    row: int


@dataclass(frozen=True, slots=True)
class Hit:
    """What is shown of a find, and where the next page begins."""

    place: Place
    row: Row

    @property
    def text(self) -> str:
        """What a snippet is cut from."""
        return zlib.decompress(self.row.said).decode()[:KEPT_TEXT]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits; `total` is exact below COUNTED."""

    hits: tuple[Hit, ...]
    total: int


class SearchIndex:
    """Not shared between threads: its owner calls it from one."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._rows.executescript(_TABLES)
        self.shelves: Counter[tuple[str, str, str, str]] = Counter()
        """How many articles stand where: (site, category, section, language)."""
        self.edition = object()
        """Another one whenever something was taken: what was found in this one still holds while it is this."""

    def close(self) -> None:
        self._rows.close()

    def version(self, id: str) -> int:
        """The version of an article that is indexed; 0 for one never seen."""
        found = self._rows.execute("SELECT version FROM versions WHERE id = ?", (id,)).fetchone()
        return found[0] if found else 0

    def take(self, articles: Iterable[tuple[Article, str]]) -> None:
        """Articles as they are now, each with the text of its body; an older version is ignored."""
        self._rows.execute("BEGIN")
        for article, text in articles:
            if article.version > self.version(article.id):
                self._forget(article.id)
                if article.withdrawn is None:
                    self._add(article, text)
                self._rows.execute(
                    "INSERT OR REPLACE INTO versions VALUES (?, ?)", (article.id, article.version)
                )
        self._rows.execute("COMMIT")
        self.edition = object()

    def find(self, question: Question, wanted: Wanted, after: Place | None, fetch: int) -> Found:
        """The next hits: a document's own number first, then titles, then bodies; newest first."""
        ranks = _ranks(question)
        hits: list[Hit] = []
        for rank, expression in enumerate(ranks):
            if after is not None and rank < after.rank:
                continue
            last = after.row if after is not None and rank == after.rank else wanted.last
            asked = _expression(expression, ranks[:rank], wanted.shelves)
            hits += self._page(rank, asked, (wanted.first, last, fetch - len(hits)))
            if len(hits) >= fetch:
                break
        return Found(tuple(hits), self._count(ranks, wanted) if after is None else 0)

    def _page(self, rank: int, asked: str, bounds: tuple[int, int, int]) -> list[Hit]:
        found = self._rows.execute(
            "SELECT shown.* FROM (SELECT rowid AS hit FROM words WHERE words MATCH ?"
            " AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?)"
            " JOIN shown ON shown.row = hit ORDER BY hit DESC",
            (asked, *bounds),
        )
        return [Hit(Place(rank, values[0]), Row(*values)) for values in found]

    def _count(self, ranks: Sequence[str], wanted: Wanted) -> int:
        asked = _expression(ranks[-1], (), wanted.shelves)
        found = self._rows.execute(
            "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? AND rowid >= ?"
            " AND rowid < ? LIMIT ?)",
            (asked, wanted.first, wanted.last, COUNTED),
        )
        return found.fetchone()[0]

    def _forget(self, id: str) -> None:
        """Words leave an index without contents when they are told once more."""
        found = self._rows.execute("SELECT * FROM shown WHERE id = ?", (id,)).fetchone()
        if found is None:
            return
        row = Row(*found)
        self._rows.execute(
            "INSERT INTO words (words, rowid, said) VALUES ('delete', ?, ?)",
            (row.row, words_of(row)),
        )
        self._rows.execute("DELETE FROM shown WHERE row = ?", (row.row,))
        self.shelves[_place(row)] -= 1

    def _add(self, article: Article, text: str) -> None:
        row = as_row(self._free_row(article), article, text)
        self._rows.execute(
            "INSERT INTO words (rowid, said) VALUES (?, ?)", (row.row, words_of(row))
        )
        self._rows.execute("INSERT INTO shown VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        self.shelves[_place(row)] += 1

    def _free_row(self, article: Article) -> int:
        row = row_of(article.published_at, article.id)
        while self._rows.execute("SELECT 1 FROM shown WHERE row = ?", (row,)).fetchone():
            row += 1
        return row


def shelf(kind: str, name: str) -> str:
    """A filter as one word of the index."""
    return SHELF + hashlib.sha256(f"{kind}:{name}".encode()).hexdigest()[:16]


def first_row(moment: datetime) -> int:
    """The lowest row of what was published at or after a moment."""
    return min(max(int(moment.timestamp() * 1000), 0) << _ROOM, LAST_ROW)


def row_of(published_at: str, id: str) -> int:
    """Where an article stands: the same in every process."""
    bits = int.from_bytes(hashlib.sha256(id.encode()).digest()[:3]) >> (24 - _ROOM)
    return first_row(datetime.fromisoformat(published_at)) | bits


def as_row(row: int, article: Article, text: str) -> Row:
    """What is kept of an article and the text of its body."""
    said = f"{text}\n{_spoken(article)}"[:LONGEST_TEXT]
    return Row(
        row, article.id, article.site, article.category, article.section, article.language,
        article.published_at, article.number, article.title, article.summary,
        zlib.compress(said.encode(), 1),
    )  # fmt: skip


def words_of(row: Row) -> str:
    """What the index is told of an article: the same for the same row, as taking it out needs."""
    title = exact_words(row.title)
    said = f"{row.title}\n{row.summary}\n{zlib.decompress(row.said).decode()}"
    exact = exact_words(said)
    numbers = {" ".join(number_words(found.text)) for found in _numbers(said)}
    own = _beginning(OWN, " ".join(number_words(row.number))) if row.number else ""
    titles = [_beginning(TITLE, each) for each in (title, plain_words(title), own[1:])]
    places = zip(("site", "category", "section", "language"), _place(row), strict=True)
    shelves = [shelf(kind, name) for kind, name in places]
    return APART.join((exact, plain_words(exact), *titles, own, *sorted(numbers), *shelves))


def _beginning(sign: str, words: str) -> str:
    return " ".join(sign + word for word in words.split())


def _place(row: Row) -> tuple[str, str, str, str]:
    return row.site, row.category, row.section, row.language


def _numbers(text: str) -> Iterable[Any]:
    for count, found in enumerate(find_numbers(text)):
        if count == MOST_NUMBERS:
            return
        yield found


def _as_written(day: re.Match[str]) -> str:
    """As documents write it and people look for it: 01/3/2024."""
    month = day[2] if day[2] in {"01", "02"} else day[2].removeprefix("0")
    return f"{day[3]}/{month}/{day[1]}"


def _spoken(article: Article) -> str:
    """The values of the category's fields, author and source, and what the files are called."""
    fields = [str(value) for value in article.fields.values() if isinstance(value, str | int)]
    values = [_DAY.sub(_as_written, value) for value in fields]
    values += [article.author, str(article.source.get("name", ""))]
    values += [f"{file.name} {file.caption} {file.alternative_text}" for file in article.files]
    return "\n".join(values)


# -- expressions of FTS5; every word is letters and digits in quotes ------------------------------


def _ranks(question: Question) -> tuple[str, ...]:
    anywhere, titles = _all(question.terms), _all(question.terms, TITLE)
    if not any(term.number for term in question.terms):
        return (titles, anywhere)
    owns = [_words(term, OWN) if term.number else _words(term, TITLE) for term in question.terms]
    return (" AND ".join(owns), titles, anywhere)


def _all(terms: Sequence[Term], sign: str = "") -> str:
    return " AND ".join(_words(term, sign) for term in terms)


def _words(term: Term, sign: str) -> str:
    """Words with a diacritic stand nowhere but among the exact ones: no column need be named."""
    return '"' + " ".join(sign + word for word in term.words) + '"'


def _expression(expression: str, better: Sequence[str], shelves: Sequence[str]) -> str:
    """What fits and stands in no better rank, on these shelves."""
    asked = " AND ".join([f"({expression})", *(f'"{each}"' for each in shelves)])
    for each in better:
        asked = f"({asked}) NOT ({each})"
    return asked
