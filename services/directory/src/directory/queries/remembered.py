"""Folded documents of a projection, remembered while their sequence stays: lists fold a state once."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from common.mongo import Document

S = TypeVar("S")
MOST = 20_000
WITHOUT = ("keys",)
"""Search keys are for the index alone; a list leaves them where they are."""


class Remembered(Generic[S]):
    """The least recently used leave first. A document's facts are known by its generation and sequence."""

    def __init__(self, fold: Callable[[Iterable[Mapping[str, Any]]], S], most: int = MOST) -> None:
        self._fold = fold
        self._most = most
        self._states: OrderedDict[str, tuple[str, int, S]] = OrderedDict()

    def of(self, document: Document, generation: str) -> S:
        """The state that the document's facts tell of."""
        id, sequence = document["_id"], document["sequence"]
        known = self._states.get(id)
        if known is not None and known[:2] == (generation, sequence):
            self._states.move_to_end(id)
            return known[2]
        state = self._fold(document["facts"])
        self._states[id] = (generation, sequence, state)
        self._states.move_to_end(id)
        if len(self._states) > self._most:
            self._states.popitem(last=False)
        return state
