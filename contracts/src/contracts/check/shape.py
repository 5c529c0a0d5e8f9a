"""How an event schema must be written: identified, described and bounded in every part."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from contracts.check.problem import Problem
from contracts.names import FactName
from contracts.place import BrokenContract
from contracts.schemas import Schema, read_schemas

DIALECT = "https://json-schema.org/draft/2020-12/schema"
BOUNDS = {
    "string": ("maxLength",),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "array": ("items", "maxItems"),
    "object": ("properties",),
    "boolean": (),
}


def problems(root: Path) -> list[Problem]:
    """Every schema under `events/` that says too little or promises too much."""
    try:
        schemas = read_schemas(root)
    except BrokenContract as error:
        return [Problem("events", str(error))]
    return [p for name, schema in schemas.items() for p in of_schema(name, schema)]


def of_schema(name: FactName, schema: Schema) -> Iterator[Problem]:
    """What is wrong with one schema's writing."""
    expected = {"$schema": DIALECT, "$id": name.schema_id, "type": "object"}
    for key, value in expected.items():
        if schema.get(key) != value:
            yield Problem(name.schema_file, f"{key} must be {value}")
    if not schema.get("title"):
        yield Problem(name.schema_file, "has no title")
    for definition, part in _mapping(schema.get("$defs")).items():
        for problem in _part(part, f"#/$defs/{definition}"):
            yield Problem(name.schema_file, problem)
    for problem in _part(schema, "#"):
        yield Problem(name.schema_file, problem)


def _part(part: Schema, pointer: str) -> Iterator[str]:
    if "$ref" in part:
        return
    if not part.get("description") and not pointer.endswith("/items"):
        yield f"{pointer} has no description"
    kind = part.get("type")
    if not isinstance(kind, str) or kind not in BOUNDS:
        yield f"{pointer} must say one type of {', '.join(BOUNDS)}"
        return
    for bound in BOUNDS[kind]:
        if bound not in part:
            yield f"{pointer} is of type {kind} without {bound}"
    if "additionalProperties" in part:
        yield f"{pointer} must stay open, because readers are tolerant: no additionalProperties"
    yield from _below(part, pointer)


def _below(part: Schema, pointer: str) -> Iterator[str]:
    if isinstance(part.get("items"), dict):
        yield from _part(part["items"], f"{pointer}/items")
    properties = _mapping(part.get("properties"))
    for field, below in properties.items():
        yield from _part(below, f"{pointer}/properties/{field}")
    for field in cast("list[str]", part.get("required", [])):
        if field not in properties:
            yield f"{pointer} requires {field}, which it does not describe"


def _mapping(value: Any) -> Mapping[str, Schema]:
    return cast("Mapping[str, Schema]", value) if isinstance(value, dict) else {}
