"""The AsyncAPI document against the standard's own JSON Schema, and its references."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import jsonschema_rs
import orjson

from contracts.check.problem import Problem
from contracts.place import BrokenContract
from contracts.schemas import read_json

FILE = Path("api/asyncapi.json")


def problems(root: Path) -> list[Problem]:
    """What is wrong with `api/asyncapi.json` under a contracts folder."""
    try:
        document = read_json(root / FILE)
    except BrokenContract as error:
        return [Problem(str(FILE), error.problem)]
    broken = [
        Problem(str(FILE), f"{_pointer(error.instance_path)}: {error.message[:200]}")
        for error in _standard().iter_errors(document)
    ]
    dangling = [
        Problem(str(FILE), f"{reference} leads nowhere")
        for reference in sorted(set(_references(document)))
        if not _leads(reference, document, root / FILE.parent)
    ]
    return broken + dangling


@cache
def _standard() -> jsonschema_rs.Draft7Validator:
    text = files("contracts.check").joinpath("asyncapi-3.0.0.schema.json").read_bytes()
    return jsonschema_rs.Draft7Validator(orjson.loads(text), validate_formats=True)


def _pointer(path: list[str | int]) -> str:
    return "".join(f"/{step}" for step in path) or "/"


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _references(item)
    if isinstance(value, dict):
        for key, item in cast("dict[str, Any]", value).items():
            if key == "$ref" and isinstance(item, str):
                yield item
            yield from _references(item)


def _leads(reference: str, document: Any, folder: Path) -> bool:
    if not reference.startswith("#/"):
        return (folder / reference).is_file()
    for step in reference[2:].split("/"):
        if not isinstance(document, dict) or step not in document:
            return False
        document = cast("dict[str, Any]", document)[step]
    return True
