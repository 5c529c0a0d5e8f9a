"""An uploaded table, read with distrust: its type by its content, its size before it is unpacked.

CSV and XLSX become the same rows of text. What cannot be read for certain (an encoding that is not
Unicode, a formula, a date in a text column) is refused with its place, never guessed.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from common.errors import FieldProblem, Said, TooLarge, Unprocessable
from directory.domain.words import DAMAGE, joined, say, word
from rulebook.text import inspect_bytes

MOST_BYTES = 10 * 2**20
MOST_ROWS = 20_000
MOST_COLUMNS = 64
LONGEST_CELL = 4_000
MOST_PARTS = 200
MOST_UNPACKED = 100 * 2**20
MOST_RATIO = 200
RATIO_FROM = 2**20
DELIMITERS = (",", ";", "\t")

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTITY = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Formula(str):
    """A cell that would be computed; its text is never taken as a value."""

    __slots__ = ()


Cell = str | date | None
"""Text without blanks around it, a date of a spreadsheet, or nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row under its number in the file (the header is 1)."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: its kind ("csv", "xlsx"), the header's cells, the rows with something in them."""

    kind: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(content: bytes) -> Table:
    """Raises TooLarge, Unprocessable: what is wrong with the file as a whole, and what to do."""
    if len(content) > MOST_BYTES:
        raise TooLarge("file-too-large", say("file-too-large", most=MOST_BYTES))
    if not content.strip(b"\x00 \r\n\t"):
        raise _refused("file-empty", say("file-empty"))
    if content.startswith(_OLD_EXCEL):
        raise _refused("file-type", say("old-workbook"))
    kind = "xlsx" if content.startswith(_ZIP) else "csv"
    found = _rows_of_xlsx(content) if kind == "xlsx" else _rows_of_csv(content)
    return _table(kind, found)


def _table(kind: str, found: Iterable[tuple[int, list[Cell]]]) -> Table:
    header: tuple[str, ...] | None = None
    rows: list[Row] = []
    for number, cells in found:
        if all(cell is None for cell in cells):
            continue
        if header is None:
            header = tuple(str(cell or "") for cell in cells)
            _check_width(len(header))
            continue
        if len(rows) == MOST_ROWS:
            raise TooLarge("too-many-rows", say("too-many-rows", most=MOST_ROWS))
        _check_width(len(cells))
        rows.append(Row(number, tuple(cells)))
    if header is None or not rows:
        raise _refused("file-empty", say("no-rows"))
    return Table(kind, header, tuple(rows))


def _check_width(columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise _refused("too-many-columns", say("too-many-columns", most=MOST_COLUMNS))


# -- CSV -------------------------------------------------------------------------------------------


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark; raises Unprocessable for any other."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise _refused(
                    "file-encoding", say("encoding-belied", encoding=encoding)
                ) from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        damage = [finding.damage.value for finding in inspect_bytes(content[:65_536]).findings]
        found = joined(word(DAMAGE, each) for each in damage)
        detail = say("encoding-unknown", start=error.start, found=found)
        raise _refused("file-encoding", detail) from error


def _rows_of_csv(content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    text = decoded(content)
    if "\x00" in text:
        raise _refused("file-type", say("no-table"))
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in lines:
            yield lines.line_num, [_cell_of_csv(cell) for cell in cells]
    except csv.Error as error:
        detail = say("csv-broken", line=lines.line_num)
        raise _refused("file-broken", detail) from error


def _cell_of_csv(text: str) -> Cell:
    """A cell that a spreadsheet would compute is a formula here too."""
    clean = _clean(text)
    return Formula(clean) if clean is not None and clean[0] in "=@" else clean


# -- XLSX ------------------------------------------------------------------------------------------


def _rows_of_xlsx(content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    _check_package(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.active
        if sheet is None:
            raise _refused("file-empty", say("no-sheet"))
        rows = sheet.iter_rows(min_row=1, max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1)
        for number, cells in enumerate(rows, 1):
            yield number, _trimmed([_cell_of_xlsx(cell) for cell in cells])
    except Unprocessable:
        raise
    except (
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        SyntaxError,
    ) as error:
        raise _broken_book() from error
    except (zipfile.BadZipFile, EOFError, AttributeError, OverflowError) as error:
        raise _broken_book() from error


def _broken_book() -> Unprocessable:
    return _refused("file-broken", say("workbook-broken"))


def _check_package(content: bytes) -> None:
    """The package's own directory, before anything is unpacked: a bomb is seen by its promises.

    zipfile never gives more bytes of a part than its directory promises, so a lie ends in an error.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        parts = package.infolist()
        names = {part.filename for part in parts}
        if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
            raise _refused("file-type", say("no-workbook"))
        _check_sizes(parts)
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _check_part(package.read(part))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _broken_book() from error


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or swollen:
        raise TooLarge("file-too-large", say("file-swollen"))


def _check_part(xml: bytes) -> None:
    """Workbooks have no document type; one that has wants entities expanded."""
    plain = xml.replace(b"\x00", b"")
    if _ENTITY.search(plain):
        raise _refused("file-type", say("workbook-entities"))


def _cell_of_xlsx(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return Formula(str(value))
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _clean(str(value))


def _trimmed(cells: list[Cell]) -> list[Cell]:
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _clean(text: str) -> str | None:
    return text.strip() or None


def _refused(code: str, detail: Said) -> Unprocessable:
    return Unprocessable(code, detail, errors=[FieldProblem("/file", code, detail)])
