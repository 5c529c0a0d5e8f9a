"""Columns of an import: which there are, how a cell becomes a value, what is wrong with a row.

Headers may be the contract's own names or Vietnamese words, in any case, with or without diacritics.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from common.errors import FieldProblem, Said, Unprocessable
from directory.domain.uploads import LONGEST_CELL, Cell, Formula, Row
from directory.domain.words import DAMAGE, say, word
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
            raise Unprocessable(
                "columns-unknown", say("columns-unknown", names=names), errors=problems
            )
        return found

    def _missing(self, found: Sequence[Column | None]) -> Iterable[FieldProblem]:
        for column in self.columns:
            times = found.count(column)
            if times > 1:
                yield _problem(column, "unique", say("column-twice"))
            if column.required and not times:
                names = ", ".join((column.into, *column.also))
                yield _problem(column, "required", say("column-missing", names=names))


def _unknown(header: Sequence[str], found: Sequence[Column | None]) -> Iterable[FieldProblem]:
    for number, (name, column) in enumerate(zip(header, found, strict=True), 1):
        if name and column is None:
            yield FieldProblem(f"/columns/{number}", "known", say("column-strange"))


def values_of(row: Row, placed: Sequence[Column | None]) -> tuple[dict[str, Any], list[FieldProblem]]:  # fmt: skip
    """A row as the fact's JSON values, and everything that is wrong with its cells."""
    values: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for position, cell in enumerate(row.cells):
        column = placed[position] if position < len(placed) else None
        if column is None:
            if cell is not None:
                detail = say("cell-without-header")
                problems.append(FieldProblem(f"/columns/{position + 1}", "known", detail))
            continue
        value = _value(column, cell, problems)
        if value is not None:
            _put(values, column.into, value)
    problems += [
        _problem(column, "required", say("cell-missing"))
        for column in dict.fromkeys(placed)
        if column is not None and column.required and not _has(values, column.into, problems)
    ]
    return values, problems


def _value(column: Column, cell: Cell, problems: list[FieldProblem]) -> Any:
    if cell is None:
        return None
    if isinstance(cell, Formula):
        problems.append(_problem(column, "formula", say("cell-formula")))
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
    problems.append(_problem(column, "text", say("cell-became-date")))
    return None


def _fault(text: str, report: TextReport) -> tuple[str, Said] | None:
    """What makes a text unfit to be kept: too long, signs nobody can see, a wrong encoding.

    Smaller damage (a space that does not break, Eth for Đ) is repaired on the way in.
    """
    if len(text) > LONGEST_CELL:
        return "max-length", say("cell-too-long", most=LONGEST_CELL)
    if _HIDDEN.search(text):
        return "hidden-signs", say("cell-hidden-signs")
    damage = [finding.damage.value for finding in report.findings if finding.is_encoding]
    if damage:
        found = word(DAMAGE, damage[0])
        return "damaged-text", say("cell-damaged", found=found, proposal=report.repaired[:200])
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
            problems.append(_problem(column, "number", say("cell-no-number")))
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
        problems.append(_problem(column, "date", say("cell-no-day")))
        return None


def _flag(column: Column, text: str, problems: list[FieldProblem]) -> bool | None:
    word = fold_plain(text)
    if word in TRUE or word in FALSE:
        return word in TRUE
    problems.append(_problem(column, "flag", say("cell-no-flag")))
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


def _problem(column: Column, rule: str, detail: Said) -> FieldProblem:
    return FieldProblem(_pointer(column.into), rule, detail)
