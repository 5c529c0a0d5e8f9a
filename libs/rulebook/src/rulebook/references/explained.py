"""References with their reasons: what a text refers to, how each number is read, and why one is none."""

from dataclasses import dataclass
from datetime import date

from rulebook.because import because
from rulebook.explanation import Basis, Citation, Explanation, Outcome, Row, Step, Way
from rulebook.profiles.model import Rule
from rulebook.profiles.params import NoParams
from rulebook.references.articles import FoundPlaces, find_places
from rulebook.references.numbers import (
    DocumentNumber,
    FoundNumber,
    NotADocumentNumber,
    find_numbers,
    parse_number,
)

MOST_SHOWN = 50
NUMBER_FORM: Rule[NoParams] = Rule(
    "document-numbers.form",
    "format",
    "format.document_number",
    NoParams(),
    Basis(
        "document-numbers", "1", "in_force", "document-numbers.form",
        Citation("Nghị định 30/2020/NĐ-CP (lời thuật, chưa đối chiếu bản gốc)", article="8"), "",
        "Số, ký hiệu văn bản gồm số thứ tự, năm (với văn bản quy phạm pháp luật), loại văn bản và cơ quan ban hành.",
        also=(Citation("Nghị định 34/2016/NĐ-CP (lời thuật, chưa đối chiếu bản gốc)", article="58"),),
    ),
    account=True,
)  # fmt: skip
"""How documents are numbered, as accounts of the two decrees give it (law B.15); it has no words here to quote."""


@dataclass(frozen=True, slots=True)
class NumberRead:
    """A number and why it is read so; None = no number, and the explanation shows a right one."""

    number: DocumentNumber | None
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class ReferencesRead:
    """Every number and every article reference of a text, in order."""

    numbers: tuple[FoundNumber, ...]
    places: tuple[FoundPlaces, ...]
    explanation: Explanation


def read_number(text: str, on: date) -> NumberRead:
    """The document number that a text is."""
    inputs = {"text": text[:120], "on": on.isoformat()}
    try:
        number = parse_number(text)
    except NotADocumentNumber:
        way = Way("write-number-as", {"expected": "19/2019/QĐ-UBND; 91/2025/QH15; 1060/QĐ-UBND"})
        outcome = Outcome("finding", "no-document-number", {"text": text[:120]}, (way,))
        return NumberRead(None, because(NUMBER_FORM, on, inputs, (), outcome))
    outcome = Outcome("value", "document-number", {"number": number.render()})
    step = Step("number-parts", _parts(number))
    return NumberRead(number, because(NUMBER_FORM, on, inputs, (step,), outcome))


def read_references(text: str, on: date) -> ReferencesRead:
    """All document numbers and article references of a running text, with how irregular ones were read."""
    numbers, places = tuple(find_numbers(text)), tuple(find_places(text))
    rendered = tuple(dict.fromkeys(each.number.render() for each in numbers))
    named = tuple(dict.fromkeys(place.render() for each in places for place in each.places))
    steps = tuple(
        Step("read-in-spite-of", {"text": each.text, "number": each.number.render(), "faults": each.irregular})
        for each in numbers[:MOST_SHOWN]
        if each.irregular
    )  # fmt: skip
    values = {
        "numbers": rendered[:MOST_SHOWN],
        "places": named[:MOST_SHOWN],
        "count": len(numbers),
        "place_count": len(places),
    }
    outcome = Outcome("value", "references-found", values)
    inputs = {"length": len(text), "on": on.isoformat()}
    explanation = because(NUMBER_FORM, on, inputs, steps, outcome)
    return ReferencesRead(numbers, places, explanation)


def _parts(number: DocumentNumber) -> Row:
    return {
        "family": f"number_{number.family}",
        "serial": number.serial,
        "year": number.year,
        "kind": number.kind,
        "issuers": number.issuers,
    }
