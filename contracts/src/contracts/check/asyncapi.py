"""The AsyncAPI document against the standard's own JSON Schema, and its references."""

from functools import cache
from importlib.resources import files
from pathlib import Path

import jsonschema_rs
import orjson

from contracts.check.problem import Problem
from contracts.check.references import dangling
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
    nowhere = dangling(document, root / FILE.parent)
    return broken + [Problem(str(FILE), f"{reference} leads nowhere") for reference in nowhere]


@cache
def _standard() -> jsonschema_rs.Draft7Validator:
    text = files("contracts.check").joinpath("asyncapi-3.0.0.schema.json").read_bytes()
    return jsonschema_rs.Draft7Validator(orjson.loads(text), validate_formats=True)


def _pointer(path: list[str | int]) -> str:
    return "".join(f"/{step}" for step in path) or "/"
