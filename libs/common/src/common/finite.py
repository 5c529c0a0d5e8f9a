"""JSON as RFC 8259 has it: Python would also read NaN, Infinity, and 1e999 as if it were a number."""

import json
from collections.abc import Iterator
from itertools import islice
from math import isfinite
from typing import Any, NoReturn, cast

Place = tuple[str | int, ...]
"""The names and numbers that lead to a value."""
TOLD = 50
"""So many places are named at most: a body of a megabyte has room for a quarter of a million."""


class NotFinite(ValueError):
    """Numbers without an end; `places` says where, in the order in which they stand."""

    def __init__(self, places: tuple[Place, ...]) -> None:
        super().__init__("a number is not finite")
        self.places = places


def loads(text: str) -> Any:
    """The value. Raises NotFinite, and what `json.loads` raises."""
    try:
        return _FINITE.decode(text)
    except _Found:
        found = islice(_without_end(json.loads(text), ()), TOLD)
        raise NotFinite(tuple(found)) from None


class _Found(Exception):
    pass


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise _Found
    return value


def _refuse(_: str) -> NoReturn:
    raise _Found


_FINITE = json.JSONDecoder(parse_float=_finite, parse_constant=_refuse)


def _without_end(value: Any, place: Place) -> Iterator[Place]:
    if isinstance(value, float) and not isfinite(value):
        yield place
    elif isinstance(value, dict):
        for name, each in cast("dict[str, Any]", value).items():
            yield from _without_end(each, (*place, name))
    elif isinstance(value, list):
        for number, each in enumerate(cast("list[Any]", value)):
            yield from _without_end(each, (*place, number))
