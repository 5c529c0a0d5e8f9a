"""Facts against their JSON Schemas, compiled once, formats included."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema_rs
import orjson

from contracts.names import FactName
from contracts.place import ROOT, BrokenContract
from contracts.topics import UnknownFact

Schema = dict[str, Any]
MASK = "this value"


class SchemaViolation(ValueError):
    """Data that breaks its contract: where (JSON pointer), which rule, and a sentence."""

    def __init__(self, name: FactName, pointer: str, rule: str, message: str) -> None:
        super().__init__(f"{name} {pointer or '/'}: {message}")
        self.name = name
        self.pointer = pointer
        self.rule = rule
        self.message = message


@dataclass(frozen=True, slots=True)
class _Compiled:
    tolerant: jsonschema_rs.Draft202012Validator
    closed: jsonschema_rs.Draft202012Validator


def read_schemas(root: Path = ROOT) -> dict[FactName, Schema]:
    """Every schema under `events/`, by fact; raises BrokenContract for a file that is none."""
    return {_name_of(file): read_json(file) for file in sorted((root / "events").glob("*.json"))}


def read_json(file: Path) -> Any:
    """A JSON file's value; raises BrokenContract."""
    try:
        return orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise BrokenContract(file, str(error)) from error


def validate(
    fact_type: str,
    version: int,
    data: Mapping[str, Any],
    *,
    closed: bool = False,
    root: Path = ROOT,
) -> None:
    """Raise SchemaViolation for the first broken rule, UnknownFact when there is no schema.

    `closed` also refuses fields the schema does not name: for what we are about to say
    ourselves. Readers stay tolerant.
    """
    name = FactName(fact_type, version)
    compiled = _compiled(root).get(name)
    if compiled is None:
        raise UnknownFact(f"no schema for {name}")
    validator = compiled.closed if closed else compiled.tolerant
    if not validator.is_valid(data):
        raise _violation(name, validator, data)


def _violation(
    name: FactName, validator: jsonschema_rs.Draft202012Validator, data: Any
) -> SchemaViolation:
    error = next(iter(validator.iter_errors(data)))
    steps = [*error.instance_path, *_fields_at_fault(error.kind)]
    pointer = "".join(f"/{_escape(str(step))}" for step in steps)
    return SchemaViolation(name, pointer, error.kind.name, _short(error.message))


def _fields_at_fault(kind: jsonschema_rs.ValidationErrorKind) -> tuple[str, ...]:
    """The missing or superfluous field, which the path of the error does not name."""
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
        return (str(kind.property),)
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
        return (str(kind.unexpected[0]),)
    return ()


def _escape(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _short(message: str, limit: int = 300) -> str:
    return message if len(message) <= limit else message[: limit - 1] + "…"


@cache
def _compiled(root: Path) -> dict[FactName, _Compiled]:
    compiled: dict[FactName, _Compiled] = {}
    for name, schema in read_schemas(root).items():
        try:
            compiled[name] = _Compiled(_compile(schema), _compile(cast("Schema", close(schema))))
        except ValueError as error:
            raise BrokenContract(root / "events" / name.schema_file, str(error)) from error
    return compiled


def _compile(schema: Schema) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, mask=MASK)


def close(schema: Any) -> Any:
    """The schema with every object shut to fields that it does not name."""
    if isinstance(schema, list):
        return [close(item) for item in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    shut = {key: close(value) for key, value in cast("Schema", schema).items()}
    if shut.get("type") == "object" and "properties" in shut:
        shut.setdefault("additionalProperties", False)
    return shut


def _name_of(file: Path) -> FactName:
    try:
        return FactName.parse(file.name.removesuffix(".schema.json"))
    except ValueError as error:
        raise BrokenContract(file, str(error)) from error
