"""Columns of an import: which there are, how a cell becomes a value, what is wrong with a row.

Headers may be the contract's own names or Vietnamese words, in any case, with or without diacritics.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from common.errors import FieldProblem, Unprocessable
from directory.domain.uploads import LONGEST_CELL, Cell, Formula, Row
from rulebook.text import TextReport, fold_plain, inspect_text

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_LIST = re.compile(r"\s*[;|\n]\s*")
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
TRUE = frozenset({"true", "1", "x", "co", "yes", "dung"})
FALSE = frozenset({"false", "0", "khong", "no", "sai"})


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute: `into` is its place in the fact ("document.number" reaches inside)."""

    into: str
    also: tuple[str, ...] = ()
    form: Literal["text", "date", "list", "flag", "number"] = "text"
    required: bool = False

    def names(self) -> Iterable[str]:
        return (_header(name) for name in (self.into, *self.also))


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of import."""

    columns: tuple[Column, ...]
    by_name: Mapping[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        names = {name: column for column in self.columns for name in column.names()}
        object.__setattr__(self, "by_name", names)

    def placed(self, header: Sequence[str]) -> tuple[Column | None, ...]:
        """The column of each header; raises Unprocessable naming unknown, double and missing ones."""
        found = tuple(self.by_name.get(_header(name)) if name else None for name in header)
        problems = [*_unknown(header, found), *self._missing(found)]
        if problems:
            names = ", ".join(column.into for column in self.columns)
            raise Unprocessable("columns-unknown", f"The columns are: {names}.", errors=problems)
        return found

    def _missing(self, found: Sequence[Column | None]) -> Iterable[FieldProblem]:
        for column in self.columns:
            times = found.count(column)
            if times > 1:
                yield _problem(column, "unique", "This column stands twice.")
            if column.required and not times:
                names = ", ".join((column.into, *column.also))
                yield _problem(column, "required", f"Add a column named one of: {names}.")


def _unknown(header: Sequence[str], found: Sequence[Column | None]) -> Iterable[FieldProblem]:
    for number, (name, column) in enumerate(zip(header, found, strict=True), 1):
        if name and column is None:
            yield FieldProblem(
                f"/columns/{number}", "known", "No column of this import; remove it."
            )


def values_of(row: Row, placed: Sequence[Column | None]) -> tuple[dict[str, Any], list[FieldProblem]]:  # fmt: skip
    """A row as the fact's JSON values, and everything that is wrong with its cells."""
    values: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for position, cell in enumerate(row.cells):
        column = placed[position] if position < len(placed) else None
        if column is None:
            if cell is not None:
                detail = "This cell stands under no header; remove it."
                problems.append(FieldProblem(f"/columns/{position + 1}", "known", detail))
            continue
        value = _value(column, cell, problems)
        if value is not None:
            _put(values, column.into, value)
    problems += [
        _problem(column, "required", "Fill in this cell.")
        for column in dict.fromkeys(placed)
        if column is not None and column.required and not _has(values, column.into, problems)
    ]
    return values, problems


def _value(column: Column, cell: Cell, problems: list[FieldProblem]) -> Any:
    if cell is None:
        return None
    if isinstance(cell, Formula):
        detail = "A formula is no value; paste it as a value (no cell begins with = or @)."
        problems.append(_problem(column, "formula", detail))
        return None
    if isinstance(cell, date):
        return _date_cell(column, cell, problems)
    text = unicodedata.normalize("NFC", cell)
    report = inspect_text(text[:LONGEST_CELL])
    fault = _fault(text, report)
    if fault is not None:
        problems.append(_problem(column, *fault))
        return None
    return _formed(column, " ".join(report.repaired.split()), problems)


def _date_cell(column: Column, cell: date, problems: list[FieldProblem]) -> str | None:
    if column.form == "date":
        return cell.isoformat()
    detail = "The spreadsheet made a date of this; format the column as text and type it again."
    problems.append(_problem(column, "text", detail))
    return None


def _fault(text: str, report: TextReport) -> tuple[str, str] | None:
    """What makes a text unfit to be kept: too long, signs nobody can see, a wrong encoding.

    Smaller damage (a space that does not break, Eth for Đ) is repaired on the way in.
    """
    if len(text) > LONGEST_CELL:
        return "max-length", f"At most {LONGEST_CELL} characters."
    if _HIDDEN.search(text):
        return "hidden-signs", "It has signs that cannot be seen; type it again."
    damage = [finding.damage.value for finding in report.findings if finding.is_encoding]
    if damage:
        proposal = report.repaired[:200]
        return "damaged-text", f"The text is damaged ({damage[0]}); it may have been: {proposal}"
    return None


def _formed(column: Column, text: str, problems: list[FieldProblem]) -> Any:
    match column.form:
        case "date":
            return _day(column, text, problems)
        case "list":
            return [part for part in _LIST.split(text) if part]
        case "flag":
            return _flag(column, text, problems)
        case "number":
            if text.isascii() and text.isdecimal() and len(text) <= 9:  # noqa: PLR2004 - fits anywhere
                return int(text)
            problems.append(_problem(column, "number", "Write a whole number."))
            return None
        case _:
            return text


def _day(column: Column, text: str, problems: list[FieldProblem]) -> str | None:
    match = _DAY.fullmatch(text)
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError:
        problems.append(_problem(column, "date", "Write it as 2025-07-01 or 01/07/2025."))
        return None


def _flag(column: Column, text: str, problems: list[FieldProblem]) -> bool | None:
    word = fold_plain(text)
    if word in TRUE or word in FALSE:
        return word in TRUE
    problems.append(_problem(column, "flag", "Write true or false (có, không)."))
    return None


def _put(values: dict[str, Any], into: str, value: Any) -> None:
    *path, last = into.split(".")
    for name in path:
        values = values.setdefault(name, {})
    values[last] = value


def _has(values: Mapping[str, Any], into: str, problems: Sequence[FieldProblem]) -> bool:
    """Whether it is there, or something else is said about it already."""
    if any(problem.pointer == _pointer(into) for problem in problems):
        return True
    found: Any = values
    for name in into.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found is not None


def _header(name: str) -> str:
    """How headers are compared: "Ngày hiệu lực" and "ngay_hieu_luc" are one."""
    return re.sub(r"[\s_./-]+", " ", fold_plain(name[:200])).strip()


def _pointer(into: str) -> str:
    return "/" + into.replace(".", "/")


def _problem(column: Column, rule: str, detail: str) -> FieldProblem:
    return FieldProblem(_pointer(column.into), rule, detail)
