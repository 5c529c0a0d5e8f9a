"""Answers kept until they are too many: least recently used out, bounded by their bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

ENTRY = 400
"""Bytes that keeping an answer costs beside its content."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer; `stamp` names the versions of all that it was made of."""

    stamp: Hashable
    content: bytes


class Answers:
    """By what was asked; an answer with another stamp than the one wanted is as good as none."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()

    def get(self, asked: Hashable, stamp: Hashable) -> bytes | None:
        found = self._kept.get(asked)
        if found is None or found.stamp != stamp:
            return None
        self._kept.move_to_end(asked)
        return found.content

    def keep(self, asked: Hashable, stamp: Hashable, content: bytes) -> bytes:
        """Keeps and gives it back; one that is too large for the shelf is only given back."""
        self._drop(asked)
        if len(content) + ENTRY <= self._most // 8:
            self._kept[asked] = Kept(stamp, content)
            self._bytes += len(content) + ENTRY
        while self._bytes > self._most:
            self._drop(next(iter(self._kept)))
        return content

    def _drop(self, asked: Hashable) -> None:
        old = self._kept.pop(asked, None)
        if old is not None:
            self._bytes -= len(old.content) + ENTRY
