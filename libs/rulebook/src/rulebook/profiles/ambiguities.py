"""The places of the regulations that can be read in several ways, each with the question that a reading answers."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, cast

from rulebook.files import CONTRACTS
from rulebook.profiles.yaml12 import read_yaml

FILE = CONTRACTS / "regulations" / "ambiguities.yaml"


@cache
def questions() -> Mapping[str, str]:
    """By AMB id, in Vietnamese."""
    return MappingProxyType(cast("dict[str, Any]", read_yaml(FILE)))
