"""Seals as they are exported: the facts `log.sealed` of a log topic, out of any export."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from common.verify.export import ExportedFact

SEALED = "log.sealed.v"


@dataclass(frozen=True, slots=True)
class LivedSeal:
    """A seal in the life of the log that told it; a restored log tells those it kept once more."""

    life: int
    seal: Mapping[str, Any]


def seals_in(facts: Iterable[ExportedFact]) -> Iterator[LivedSeal]:
    """Each seal once in each life, in the order of lives and numbers."""
    found: dict[tuple[int, int], Mapping[str, Any]] = {}
    for fact in facts:
        if fact.type.startswith(SEALED):
            seal = orjson.loads(fact.data)
            found.setdefault((fact.incarnation, seal["number"]), seal)
    yield from (LivedSeal(key[0], found[key]) for key in sorted(found))
