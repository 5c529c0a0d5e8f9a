"""References within a JSON document and to files beside it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast


def dangling(document: Any, folder: Path) -> list[str]:
    """The `$ref`s that lead nowhere; a reference without `#/` names a file below `folder`."""
    found = sorted(set(_references(document)))
    return [reference for reference in found if not _leads(reference, document, folder)]


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
        key = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(document, dict) or key not in document:
            return False
        document = cast("dict[str, Any]", document)[key]
    return True
