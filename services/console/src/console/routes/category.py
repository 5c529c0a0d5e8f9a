"""Forms made from a category's schema: what is asked, and what was typed as the values it stands for."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData

from console.queries import part
from console.routes.visiting import Visitor

Field = Mapping[str, Any]
"""As intake tells it: name, label, hint, widget, required, options, columns, demanded_by."""
PREFIX = "field-"
"""Before the names of a category's fields in a form, so that they meet no other."""
_CELL = re.compile(r"(\d+)-([a-z][a-z0-9_]*)")
MOST_ROWS = 200


async def form_of(visitor: Visitor, category: str, site: str) -> Mapping[str, Any]:
    """The form of a category under the regulation of a site."""
    path = f"intake/categories/{part(category)}"
    return await visitor.desk.api.get(visitor.asker, path, {"site": site})


def own_fields(form: Mapping[str, Any]) -> list[Field]:
    """What this category asks beside what every one does."""
    return [each for each in form["fields"] if not each.get("shared")]


def typed(form: FormData, fields: Iterable[Field]) -> dict[str, Any]:
    """The values of a sent form by the names of the fields; what was left empty is left out."""
    found = {each["name"]: _value(form, each) for each in fields if each["widget"] != "file"}
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def _value(form: FormData, field: Field) -> Any:
    name, widget = PREFIX + field["name"], field["widget"]
    if widget == "rows":
        return _rows(form, name)
    text = _text(form, name)
    if widget == "list":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if widget == "number":
        return _number(text)
    return text


def _rows(form: FormData, name: str) -> list[dict[str, str]]:
    """Cells are named <field>-<row>-<column>; rows in which nothing stands are no rows."""
    rows: dict[int, dict[str, str]] = {}
    for key in form:
        match = (
            _CELL.fullmatch(key.removeprefix(f"{name}-")) if key.startswith(f"{name}-") else None
        )
        if match and int(match[1]) < MOST_ROWS and (text := _text(form, key)):
            rows.setdefault(int(match[1]), {})[match[2]] = text
    return [rows[number] for number in sorted(rows)]


def _number(text: str) -> Any:
    """A whole number as Vietnamese write it (1.234 or 1 234); any other text stays for the service to refuse."""
    digits = re.sub(r"[.\s]", "", text)
    return int(digits) if digits.isdecimal() else text


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def faults_by_field(
    errors: Sequence[Mapping[str, Any]], fields: Iterable[Field]
) -> Mapping[str, str]:
    """What a service said, at the field it said it of."""
    names = [each["name"] for each in fields]
    return {
        PREFIX + name: str(error.get("detail", ""))
        for error in errors
        for name in names
        if f"/{name}" in str(error.get("pointer", ""))
    }
