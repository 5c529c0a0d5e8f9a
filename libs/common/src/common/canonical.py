"""Canonical JSON (RFC 8785) and digests: the bytes that are stored, hashed and published."""

import hashlib
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """The one JSON text of a value: raises ValueError for what JSON cannot say exactly."""
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise ValueError(f"not canonical JSON: {error}") from error


def digest(data: bytes) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(data).hexdigest()
