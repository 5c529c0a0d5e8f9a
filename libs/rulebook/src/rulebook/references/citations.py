"""Citations of legal documents: the six parts that an answer must give (HN Đ10 k4), and whether they agree."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rulebook.references.codes import ISSUERS, KINDS
from rulebook.references.numbers import DocumentNumber, FoundNumber, find_numbers
from rulebook.text import fold

PARTS = ("kind", "number", "symbol", "date", "issuer", "abstract")
_WORDS = "|".join(
    sorted(
        {re.escape(word) for word in (*KINDS.values(), "Bộ luật", "Hiến pháp")},
        key=len,
        reverse=True,
    )
)
_KIND_BEFORE = re.compile(rf"(?P<kind>{_WORDS})(?P<name>(?:\s[^\d\s(),.;:]{{1,20}}){{0,14}}?)\s{{0,3}}(?:số\s{{0,3}}:?\s{{0,3}})?$", re.IGNORECASE)  # fmt: skip
_DATE = r"(?:ngày\s{0,3})?(?P<day>\d{1,2})\s?[/.-]\s?(?P<month>\d{1,2})\s?[/.-]\s?(?P<year>(?:19|20)\d{2})"
_LONG = r"ngày\s{1,3}(?P<day2>\d{1,2})\s{1,3}tháng\s{1,3}(?P<month2>\d{1,2})\s{1,3}năm\s{1,3}(?P<year2>(?:19|20)\d{2})"
_DATE_AFTER = re.compile(rf"\s{{0,3}},?\s{{0,3}}(?:{_DATE}|{_LONG})(?!\d)", re.IGNORECASE)
_VERBS = "về việc|về|quy định|ban hành|hướng dẫn|sửa đổi|phê duyệt|công bố|bãi bỏ|bổ sung"
_ISSUER_AFTER = re.compile(
    rf"\s{{0,3}},?\s{{0,3}}(?:do|của)\s{{1,3}}(?P<issuer>[^.;:()\n]{{2,120}}?)(?=\s{{1,3}}(?:{_VERBS})(?!\w)|\s{{1,3}}(?:và|cùng|hoặc)\s{{1,3}}(?:các\s{{1,3}})?(?:{_WORDS})(?!\w)|[,.;:()\n]|$)",
    re.IGNORECASE,
)
_ABSTRACT_AFTER = re.compile(
    rf"\s{{0,3}},?\s{{0,3}}(?P<abstract>(?:{_VERBS})(?!\w)[^.;\n]{{2,400}})", re.IGNORECASE
)
_LAW_BY_NAME = re.compile(r"(?<!\w)(?P<kind>Bộ luật|Luật|Pháp lệnh)(?P<name>(?:\s[^\d\s(),.;:]{1,20}){1,14}?)\s{1,3}(?:năm\s{1,3})?(?P<year>(?:19|20)\d{2})(?!\w)")  # fmt: skip

_ALWAYS_WITH_YEAR = frozenset({"NĐ", "TT", "TTLT", "NQLT"})

InForce = Callable[[str], tuple[date | None, date | None] | None]


@dataclass(frozen=True, slots=True)
class LegalCitation:
    """What a text says of one document. A part that it does not give is None; `kind` is the word before the number."""

    number: DocumentNumber | None
    kind: str | None = None
    issued: date | None = None
    issuer: str | None = None
    abstract: str | None = None
    start: int = 0
    end: int = 0
    name: str = ""
    misdated: str = ""
    """The date as it is written, where the calendar has no such day."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts of the six that are not given, in their order."""
        given = {
            "kind": self.kind, "number": self.number, "symbol": self.number, "date": self.issued,
            "issuer": self.issuer, "abstract": self.abstract,
        }  # fmt: skip
        return tuple(part for part in PARTS if given[part] is None)

    def render(self) -> str:
        """For example "Nghị định số 43/2011/NĐ-CP ngày 13/06/2011 của Chính phủ quy định về …", with the parts there are."""
        parts = [
            f"{self.kind or ''} {self.name}".strip(),
            f"số {self.number.render()}" if self.number else "",
            f"ngày {self.issued:%d/%m/%Y}"
            if self.issued
            else f"ngày {self.misdated}"
            if self.misdated
            else "",
            f"của {self.issuer}" if self.issuer else "",
            self.abstract or "",
        ]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class CitationFault:
    """One thing wrong with a citation: a slug, what it says and what it should say."""

    code: str
    found: str
    expected: str


def find_citations(text: str) -> Iterator[LegalCitation]:
    """Every document that a text cites by number, with the parts around it, and laws cited by name and year only."""
    numbers = list(find_numbers(text))
    for index, found in enumerate(numbers):
        stop = numbers[index + 1].start if index + 1 < len(numbers) else len(text)
        yield _around(text, found, stop)
    starts = [number.start for number in numbers]
    for law in _LAW_BY_NAME.finditer(text):
        after = bisect_left(starts, law.end())
        if not starts[after : after + 1] or starts[after] > law.end() + 40:
            yield LegalCitation(
                None, law["kind"], start=law.start(), end=law.end(), name=law["name"].strip()
            )


def parse_citation(text: str) -> LegalCitation:
    """The one document that a text cites. Raises ValueError if there is none."""
    found = next(find_citations(text), None)
    if found is None:
        raise ValueError(f"citation: {text[:120]!r} names no document")
    return found


def faults_of(
    citation: LegalCitation, *, on: date | None = None, in_force: InForce | None = None
) -> tuple[CitationFault, ...]:
    """Every disagreement between the parts; with `in_force` also whether the document holds `on` that day.

    `in_force` gives for a number in normal form its validity [from, to), or None for one it does not know.
    """
    missing = (part for part in citation.missing if part != "date" or not citation.misdated)
    faults = [CitationFault(f"missing-{part}", "", part) for part in missing]
    if citation.misdated:
        faults.append(CitationFault("impossible-date", citation.misdated, ""))
    number = citation.number
    if number is not None:
        faults += _of_form(number)
        faults += _of_year(number, citation.issued)
        faults += _of_kind(number, citation.kind)
        faults += _of_issuer(number, citation.issuer)
        if on is not None and in_force is not None:
            faults += _of_validity(number, on, in_force)
    return tuple(faults)


def number_agrees(
    number: DocumentNumber, *, kind: str | None, issued: date | None, issuer: str | None
) -> tuple[CitationFault, ...]:
    """Disagreements between a number and the fields of a document record; what is None is not compared."""
    return (
        *_of_form(number),
        *_of_year(number, issued),
        *_of_kind(number, kind),
        *_of_issuer(number, issuer),
    )


def _of_form(number: DocumentNumber) -> Iterable[CitationFault]:
    if number.family == "administrative" and number.kind in _ALWAYS_WITH_YEAR:
        expected = f"{number.serial}/yyyy/{number.kind}-{'-'.join(number.issuers)}"
        yield CitationFault("number-without-year", number.render(), expected)


def _of_year(number: DocumentNumber, issued: date | None) -> Iterable[CitationFault]:
    if issued is not None and number.year is not None and number.year != issued.year:
        yield CitationFault("number-year-mismatch", str(number.year), str(issued.year))


def _of_kind(number: DocumentNumber, kind: str | None) -> Iterable[CitationFault]:
    if kind is None:
        return
    said = fold(kind)
    if number.family == "assembly":
        allowed = ("luật", "bộ luật", "nghị quyết", "pháp lệnh", "hiến pháp")
        if not said.startswith(allowed):
            yield CitationFault("kind-mismatch", kind, "Luật")
        return
    word = number.kind_word
    if word is not None and said != fold(word):
        yield CitationFault("kind-mismatch", kind, word)


def _of_issuer(number: DocumentNumber, issuer: str | None) -> Iterable[CitationFault]:
    if issuer is None or number.family == "standard":
        return
    said = fold(issuer)
    codes = (number.kind,) if number.family == "assembly" else number.issuers
    known = [ISSUERS[code] for code in codes if code in ISSUERS]
    if known and not any(_names(said, phrase) for phrases in known for phrase in phrases):
        yield CitationFault("issuer-mismatch", issuer, known[0][0])


def _names(said: str, phrase: str) -> bool:
    wanted = fold(phrase)
    plain = said.replace(" - ", " ").replace(",", " ")
    if wanted in said or wanted.replace(" - ", " ").replace(",", " ") in plain:
        return True
    return wanted in {"ubnd", "ủy ban nhân dân", fold("Ủy ban nhân dân")} and "ubnd" in said


def _of_validity(number: DocumentNumber, on: date, in_force: InForce) -> Iterable[CitationFault]:
    span = in_force(number.render())
    if span is None:
        return
    start, end = span
    if start is not None and on < start:
        yield CitationFault("not-yet-in-force", on.isoformat(), start.isoformat())
    if end is not None and on >= end:
        yield CitationFault("no-longer-in-force", on.isoformat(), end.isoformat())


def _around(text: str, found: FoundNumber, stop: int) -> LegalCitation:
    before = _KIND_BEFORE.search(text, max(found.start - 160, 0), found.start)
    position = end = found.end
    limit = min(stop, found.end + 700)
    issued = _DATE_AFTER.match(text, position, limit)
    if issued:
        position = end = issued.end()
    issuer = _ISSUER_AFTER.match(text, position, limit)
    if issuer:
        position = end = issuer.end("issuer")
    abstract = _ABSTRACT_AFTER.match(text, position, limit)
    return LegalCitation(
        found.number,
        before["kind"] if before else None,
        _date_of(issued) if issued else None,
        issuer["issuer"].strip() if issuer else None,
        abstract["abstract"].strip(" ,") if abstract else None,
        before.start() if before else found.start,
        abstract.end() if abstract else end,
        before["name"].strip() if before else "",
        _as_written(issued) if issued and _date_of(issued) is None else "",
    )


def _written(found: re.Match[str]) -> tuple[str, str, str]:
    """Year, month and day, in whichever way they are written."""
    return found["year"] or found["year2"], found["month"] or found["month2"], found["day"] or found["day2"]  # fmt: skip


def _as_written(found: re.Match[str]) -> str:
    year, month, day = _written(found)
    return f"{day}/{month}/{year}"


def _date_of(found: re.Match[str]) -> date | None:
    year, month, day = _written(found)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
