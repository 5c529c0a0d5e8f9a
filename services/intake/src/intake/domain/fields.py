"""The fields of a category: whether each value has the shape its widget gives it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, cast

import orjson

from common.errors import FieldProblem
from contracts.categories import Category, CategoryField, Column
from intake.domain.words import say

MOST_FIELDS = 60
MOST_ROWS = 500
LARGEST = 16_384
"""Bytes of one field's value as JSON, as the contract allows."""

Values = Mapping[str, Any]


def problems(
    category: Category, values: Values, shared: tuple[CategoryField, ...]
) -> Iterator[FieldProblem]:
    """Every value that has not the shape of its field; an empty one is the rules' matter, not ours."""
    known = {field.name: field for field in (*shared, *category.fields)}
    for name, value in values.items():
        field = known.get(name)
        at = f"/fields/{name}"
        size = _size(value)
        if size is None:
            yield FieldProblem(at, "number", say("number"))
        elif size > LARGEST:
            yield FieldProblem(at, "max-size", say("max-size", most=LARGEST))
        elif value is None or value in ("", [], {}):
            continue
        elif field is None:
            yield from _unknown(at, value)
        else:
            yield from _of_widget(at, field, value)


def facts_of(values: Values) -> list[dict[str, str]]:
    """As the contract's `fields`, in the order given; what is empty is left out."""
    given = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    return [{"name": name, "value": orjson.dumps(value).decode()} for name, value in given.items()]


def _unknown(at: str, value: Any) -> Iterator[FieldProblem]:
    """A field that no schema names is kept, as long as it is a plain value, a list or rows of them."""
    rows = cast("list[Any]", value) if isinstance(value, list) else [value]
    for row in rows:
        parts = cast("Values", row).values() if isinstance(row, dict) else (row,)
        if any(isinstance(part, dict | list) for part in parts):
            yield FieldProblem(at, "shape", say("shape"))
            return


def _of_widget(at: str, field: CategoryField | Column, value: Any) -> Iterator[FieldProblem]:
    if field.widget == "rows":
        yield from _rows(at, cast("CategoryField", field), value)
        return
    fault = _SHAPES.get(field.widget, _text)(value)
    if fault is None and isinstance(field, CategoryField):
        fault = _within(field, value)
    if fault is not None:
        yield FieldProblem(at, *fault)


def _rows(at: str, field: CategoryField, value: Any) -> Iterator[FieldProblem]:
    rows = cast("list[Any]", value) if isinstance(value, list) else None
    if rows is None or len(rows) > MOST_ROWS or not all(isinstance(row, dict) for row in rows):
        yield FieldProblem(at, "rows", say("rows", most=MOST_ROWS))
        return
    columns = {column.name: column for column in field.columns}
    for place, row in enumerate(cast("list[Values]", rows)):
        for name, cell in row.items():
            column = columns.get(name)
            if column is not None and cell not in (None, ""):
                yield from _of_widget(f"{at}/{place}/{name}", column, cell)


Fault = tuple[str, str]


def _text(value: Any) -> Fault | None:
    return None if isinstance(value, str) else ("string", say("string"))


def _date(value: Any) -> Fault | None:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return "date", say("date")
    return None


def _number(value: Any) -> Fault | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    plain = isinstance(value, str) and value.replace(".", "").replace(" ", "").isdecimal()
    return None if is_number or plain else ("number", say("number"))


def _list(value: Any) -> Fault | None:
    items = cast("list[Any]", value) if isinstance(value, list) else [value]
    fits = len(items) <= MOST_ROWS and all(isinstance(item, str) for item in items)
    return None if fits else ("list", say("list", most=MOST_ROWS))


def _file(value: Any) -> Fault | None:
    return None if isinstance(value, str) else ("file", say("file"))


_SHAPES: Mapping[str, Callable[[Any], Fault | None]] = MappingProxyType(
    {"date": _date, "number": _number, "list": _list, "file": _file}
)


def _within(field: CategoryField, value: Any) -> Fault | None:
    if isinstance(value, str) and len(value) > field.max_length:
        return "max-length", say("max-length", most=field.max_length)
    if field.options and not field.open and value not in field.options:
        return "option", say("option", options=", ".join(field.options))
    return None


def _size(value: Any) -> int | None:
    """Bytes as JSON; None where a number in it is larger than any that is kept."""
    try:
        return len(orjson.dumps(value))
    except orjson.JSONEncodeError:
        return None
