"""Nobody who relied on the contracts of the merge base is let down by those of today."""

from collections.abc import Iterator
from pathlib import Path

import orjson

from contracts.check import http_change, topic_change
from contracts.check.base import Base
from contracts.check.problem import Problem
from contracts.check.schema_change import Comparison, Use
from contracts.place import BrokenContract
from contracts.schemas import read_json
from contracts.topics import parse, read


def problems(root: Path, base: Base) -> list[Problem]:
    """What today's contracts break: facts and topics for ever, HTTP for present callers.

    A breaking change of a fact is a new version beside the old one.
    """
    found = list(_topics(root, base))
    for path, content in sorted(base.files.items()):
        if path.startswith("events/"):
            found += _file(root, path, content, fact=True)
        elif path.endswith(".openapi.json"):
            found += _file(root, path, content, fact=False)
    return found


def _file(root: Path, path: str, content: bytes, *, fact: bool) -> Iterator[Problem]:
    if not (root / path).is_file():
        yield Problem(path, "was removed")
        return
    try:
        old, new = orjson.loads(content), read_json(root / path)
    except (orjson.JSONDecodeError, BrokenContract) as error:
        yield Problem(path, f"cannot be compared: {error}")
        return
    if fact:
        for text in Comparison(old, new, Use.KEPT).broken(old, new):
            yield Problem(path, f"{text}: make a new version instead")
    else:
        for text in http_change.broken(old, new):
            yield Problem(path, text)


def _topics(root: Path, base: Base) -> Iterator[Problem]:
    content = base.files.get("topics.yaml")
    if content is None:
        return
    try:
        old, new = parse(content), read(root)
    except BrokenContract as error:
        yield Problem("topics.yaml", f"cannot be compared: {error}")
        return
    for text in topic_change.broken(old, new):
        yield Problem("topics.yaml", text)
