"""Fields of a form made from a category's schema: read, shown again, put as the services take them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup
from starlette.datastructures import FormData

from common.markup import clean
from console.queries import part
from console.routes.visiting import Visitor
from pages.language import Language
from pages.prose import prose
from pages.words import day

Field = Mapping[str, Any]
"""As intake tells it: name, label, hint, widget, required, options, columns, demanded_by."""
Form = Mapping[str, Any]
"""A category's form as intake describes it."""
Faults = dict[str, tuple[str, str]]
"""Id of an input → what is wrong: a code, and the service's own words."""
Row = Mapping[str, str]

MOST_FIELDS, LONGEST_FIELD = 4_000, 5_000_000
"""How many inputs a form of a category may hold, and how many bytes one of them."""
MOST_ROWS = 500
_INPUTS = {"event": "event_date", "language": "language", "body": "f.body", "body_base64": "f.body"}
_DOTS = re.compile(r"[.\s]")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, as text; it goes through the page and back unchanged."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict[str, Sequence[Row]])


async def form_of(visitor: Visitor, site: str, category: str) -> Form:
    """The form of a category under the regulation of a site."""
    path = f"intake/categories/{part(category)}"
    return await visitor.desk.api.get(visitor.asker, path, {"site": site})


def own_fields(form: Form) -> list[Field]:
    """What this category asks beside what every one does."""
    return [each for each in form["fields"] if not each.get("shared")]


def read(form: FormData, fields: Iterable[Field]) -> Typed:
    """The form that was sent; what the category does not ask for is not looked at."""
    typed = list(fields)
    return Typed(
        {each["name"]: _value(form, each["name"]) for each in typed if _is_plain(each)},
        {each["name"]: _rows(form, each) for each in typed if each["widget"] == "rows"},
    )


def shown(given: Mapping[str, Any], fields: Iterable[Field]) -> Typed:
    """Values as a service has them, as the form shows them."""
    asked = list(fields)
    return Typed(
        {each["name"]: _shown(given.get(each["name"])) for each in asked if _is_plain(each)},
        {
            each["name"]: _lines(each, given.get(each["name"]))
            for each in asked
            if each["widget"] == "rows"
        },
    )


def given(typed: Typed, fields: Iterable[Field]) -> dict[str, Any]:
    """As the services take them; what is empty is left out."""
    widgets = {each["name"]: each["widget"] for each in fields}
    values = {
        name: _given(widgets[name], value)
        for name, value in typed.values.items()
        if name in widgets and value.strip()
    }
    rows = {name: filled(rows) for name, rows in typed.rows.items() if name in widgets}
    return values | {name: found for name, found in rows.items() if found}


def told(problem: Mapping[str, Any]) -> Faults:
    """What a service said of fields, at the inputs they were typed into."""
    return {
        input_of(str(each.get("pointer", ""))): (
            str(each.get("rule", "")),
            str(each.get("detail", "")),
        )
        for each in problem.get("errors") or ()
    }


def input_of(pointer: str) -> str:
    """The id of the input that a pointer into a request stands for."""
    head, *rest = pointer.strip("/").split("/")
    if head in _INPUTS:
        return _INPUTS[head]
    if head == "fields" and rest:
        return f"r.{'.'.join(rest[:3])}" if len(rest) > 1 else f"f.{rest[0]}"
    if head in {"contact", "attachments"} and rest:
        return f"c.{rest[0]}" if head == "contact" else f"a.{rest[0]}.alt"
    if head == "source" and rest == ["url"]:
        return "source_url"
    return f"f.{head}" if head else ""


def text_of(form: FormData, name: str) -> str:
    """As typed, with plain line ends; "" for what was not sent."""
    value = form.get(name)
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def date_or_text(text: str, language: Language) -> str:
    """A day as people write it; anything else as it is."""
    try:
        return day(date.fromisoformat(text), language)
    except ValueError:
        return text


def cleaned(html: str, language: Language) -> Markup:
    """What people wrote, cleaned once more: nothing of it acts on the page that shows it."""
    return prose(clean(html), language)


def filled(rows: Iterable[Row]) -> list[dict[str, str]]:
    """Rows and cells in which something stands."""
    found = ({name: cell.strip() for name, cell in row.items() if cell.strip()} for row in rows)
    return [row for row in found if row]


def _is_plain(field: Field) -> bool:
    return field["widget"] not in {"file", "rows"}


def _value(form: FormData, name: str) -> str:
    """A word that stands in no list of choices is typed beside the list, and counts."""
    return text_of(form, f"o.{name}").strip() or text_of(form, f"f.{name}")


def _rows(form: FormData, asked: Field) -> list[Row]:
    name, columns = asked["name"], [each["name"] for each in asked["columns"]]
    count = min(int(text) if (text := text_of(form, f"n.{name}")).isdecimal() else 0, MOST_ROWS)
    rows = [{c: text_of(form, f"r.{name}.{place}.{c}") for c in columns} for place in range(count)]
    return [row for row in rows if any(cell.strip() for cell in row.values())]


def _given(widget: str, value: str) -> Any:
    if widget == "list":
        return [line.strip() for line in value.splitlines() if line.strip()]
    if widget == "number":
        return number(value.strip())
    return value.strip()


def number(text: str) -> int | str:
    """A whole number as Vietnamese write it (1.234 or 1 234); any other text is the service's to refuse."""
    digits = _DOTS.sub("", text)
    return int(digits) if digits.isascii() and digits.isdecimal() else text


def _lines(asked: Field, rows: Any) -> list[Row]:
    columns = [each["name"] for each in asked["columns"]]
    found: list[Mapping[str, Any]] = [row for row in rows or () if isinstance(row, Mapping)]
    return [{name: _shown(row.get(name)) for name in columns} for row in found]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(str(each) for each in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - JSON
    return "" if value is None else str(value)
