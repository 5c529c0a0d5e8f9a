"""YAML without its surprises: `on`, `no` and `16:30` stay words; no tags, no merges, no key twice.

Built straight from libyaml's events: half the time of PyYAML's constructor, and only what profiles need. Plain scalars
are true, false, null, whole numbers and dates; everything else, and all that is quoted, is text.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

_WORDS: dict[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}
_DATE_LENGTH = 10


def read_yaml(path: Path) -> object:
    """Raises yaml.YAMLError, UnicodeDecodeError."""
    return parse_yaml(path.read_text(encoding="utf-8"))


def parse_yaml(text: str) -> object:
    """The one document of the text. Raises yaml.YAMLError."""
    return _Reader(iter(yaml.parse(text, yaml.CSafeLoader))).document()


class _Reader:
    """One pass over the events. What is anchored may be repeated, but may not itself repeat (no bombs)."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchored: dict[str, object] = {}
        self._inside_anchor = 0

    def document(self) -> object:
        next(self._events)
        if next(self._events).__class__ is not DocumentStartEvent:
            return None
        return self._node(next(self._events))

    def _node(self, event: Any) -> object:
        if event.__class__ is ScalarEvent:
            return _scalar(event.value) if event.implicit[0] else event.value
        if event.__class__ is AliasEvent:
            return self._repeated(event)
        if event.tag and event.tag != "!":
            raise _fault("tags are not used here", event)
        self._inside_anchor += bool(event.anchor)
        found = self._sequence() if event.__class__ is SequenceStartEvent else self._mapping()
        self._inside_anchor -= bool(event.anchor)
        if event.anchor:
            self._anchored[event.anchor] = found
        return found

    def _repeated(self, event: Any) -> object:
        if event.anchor not in self._anchored or self._inside_anchor:
            raise _fault(f"cannot repeat {event.anchor} here", event)
        return self._anchored[event.anchor]

    def _sequence(self) -> list[object]:
        found: list[object] = []
        while (event := next(self._events)).__class__ is not SequenceEndEvent:
            found.append(self._node(event))
        return found

    def _mapping(self) -> dict[str, object]:
        found: dict[str, object] = {}
        while (event := next(self._events)).__class__ is not MappingEndEvent:
            if event.__class__ is not ScalarEvent:
                raise _fault("a key must be a word", event)
            if event.value in found:
                raise _fault(f"a key stands twice: {event.value}", event)
            found[event.value] = self._node(next(self._events))
        return found


def _fault(problem: str, event: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)


def _scalar(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    digits = text.removeprefix("-")
    if not digits[:1].isdecimal() or not text.isascii():
        return text
    if digits.isdecimal() and (digits == "0" or digits[0] != "0") and len(digits) <= 18:  # noqa: PLR2004 - fits 64 bits
        return int(text)
    return _date(text)


def _date(text: str) -> object:
    if len(text) != _DATE_LENGTH or text[4] != "-" or text[7] != "-":
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
