"""The OpenAPI documents are complete: 3.1, unique operations, references that lead somewhere."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts.check.problem import Problem
from contracts.check.references import dangling
from contracts.place import BrokenContract
from contracts.schemas import read_json

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def problems(root: Path) -> list[Problem]:
    """What is wrong with the documents `api/<service>.openapi.json` under a contracts folder."""
    found: list[Problem] = []
    for file in sorted((root / "api").glob("*.openapi.json")):
        try:
            document = read_json(file)
        except BrokenContract as error:
            found.append(Problem(f"api/{file.name}", error.problem))
            continue
        found += [Problem(f"api/{file.name}", text) for text in _document(document, file)]
    return found


def _document(document: Any, file: Path) -> Iterator[str]:
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3.1."):
        yield "must say openapi 3.1"
        return
    names: Counter[str] = Counter()
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                names[item[method].get("operationId", "")] += 1
                yield from _operation(item[method], f"{method.upper()} {path}")
    for name, times in names.items():
        if name and times > 1:
            yield f"operationId {name} stands {times} times"
    for reference in dangling(document, file.parent):
        yield f"{reference} leads nowhere"


def _operation(operation: Any, name: str) -> Iterator[str]:
    for word in ("operationId", "summary"):
        if not operation.get(word):
            yield f"{name} has no {word}"
    if not any(status.startswith("2") or status == "3XX" for status in operation["responses"]):
        yield f"{name} never succeeds"
