"""Seals as they are exported: the facts `log.sealed` of a log topic, out of any export."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from common.verify.export import ExportedFact

SEALED = "log.sealed.v"


def seals_in(facts: Iterable[ExportedFact]) -> Iterator[dict[str, Any]]:
    """Each seal once, in the order of its number."""
    found: dict[int, dict[str, Any]] = {}
    for fact in facts:
        if fact.type.startswith(SEALED):
            seal = orjson.loads(fact.data)
            found.setdefault(seal["number"], seal)
    yield from (found[number] for number in sorted(found))
