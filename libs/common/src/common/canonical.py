"""Canonical JSON (RFC 8785) and digests: the bytes that are stored, hashed and published."""

import hashlib
import re
from typing import Any

import orjson
import rfc8785

_SURROGATE = re.compile("[\ud800-\udfff]")
EXACT = 2**53 - 1  # the greatest integer that JSON's numbers say exactly


def canonical(value: Any) -> bytes:
    """The one JSON text of a value: raises ValueError for what JSON cannot say exactly."""
    if _is_plain(value):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise ValueError(f"not canonical JSON: {error}") from error


def _is_plain(value: Any) -> bool:
    """Whether the fast writer gives the same bytes: no floats, no keys that sort otherwise."""
    kind = type(value)
    if kind is str:
        return value.isascii() or not _SURROGATE.search(value)
    if kind is int:
        return -EXACT <= value <= EXACT
    if kind is dict:
        return all(type(k) is str and k.isascii() and _is_plain(v) for k, v in value.items())
    if kind is list or kind is tuple:
        return all(map(_is_plain, value))
    return value is None or kind is bool


def digest(data: bytes) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(data).hexdigest()
