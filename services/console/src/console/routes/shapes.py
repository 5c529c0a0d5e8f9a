"""Whether what was typed has the shape that its field asks for: seen here, before anything is sent.

The shapes are those by which intake takes a value (`intake.domain.fields`); its own word counts last.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from console.routes import listing
from console.routes.fields import Faults, Field, Row, Typed, number
from rulebook.references.numbers import NotADocumentNumber, parse_number

Fault = str | None
LONGEST = 4_000
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def faults(typed: Typed, asked: Iterable[Field]) -> Faults:
    """Code of what is wrong, by input; what is empty is the regulation's matter, not ours."""
    return {id: (code, "") for each in asked for id, code in _of_field(typed, each)}


def doubts(typed: Typed, asked: Iterable[Field]) -> Faults:
    """What is rarely meant so, and yet taken: a number that no document of the State has."""
    return {
        f"f.{each['name']}": ("document-number", "")
        for each in asked
        if each.get("shape") == "document_number" and _is_odd(typed.values.get(each["name"], ""))
    }


def _of_field(typed: Typed, asked: Field) -> Iterator[tuple[str, str]]:
    name = asked["name"]
    if asked["widget"] == "rows":
        yield from _of_rows(typed.rows.get(name, ()), asked)
        return
    code = _fault(asked, typed.values.get(name, "").strip())
    if code:
        yield f"f.{name}", code


def _of_rows(rows: Iterable[Row], asked: Field) -> Iterator[tuple[str, str]]:
    columns: Mapping[str, Field] = {each["name"]: each for each in asked["columns"]}
    for place, row in enumerate(rows):
        for name, cell in row.items():
            code = _fault(columns[name], cell.strip())
            if code:
                yield f"r.{asked['name']}.{place}.{name}", code


def _fault(asked: Field, text: str) -> Fault:
    if not text:
        return None
    found = _SHAPES.get(asked.get("widget", "text"), _any)(text)
    return found or _length(asked, text) or _choice(asked, text)


def _any(_: str) -> Fault:
    return None


def _date(text: str) -> Fault:
    return "date" if listing.day(text).fault else None


def _number(text: str) -> Fault:
    return None if isinstance(number(text), int) else "number"


def _email(text: str) -> Fault:
    return None if _EMAIL.fullmatch(text) else "email"


_SHAPES: Mapping[str, Callable[[str], Fault]] = MappingProxyType(
    {"date": _date, "number": _number, "email": _email}
)


def _length(asked: Field, text: str) -> Fault:
    plain = asked.get("widget") not in {"list", "number", "html"} and not asked.get("shared")
    return "max-length" if plain and len(text) > asked.get("max_length", LONGEST) else None


def _choice(asked: Field, text: str) -> Fault:
    options = asked.get("options", ())
    return "option" if options and not asked.get("open") and text not in options else None


def _is_odd(text: str) -> bool:
    try:
        parse_number(text)
    except NotADocumentNumber:
        return bool(text.strip())
    return False
