"""The stream cache: folded states, the least recently used leave first, bounded in bytes."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Head:
    """Where a stream stands: `sequences` is the last one given per topic."""

    stream: str
    version: int
    hash: str
    sequences: dict[str, int]


@dataclass(frozen=True, slots=True)
class Folded:
    """A head and the state folded up to it; `size` estimates the state's bytes."""

    head: Head
    state: Any
    size: int


class StreamCache:
    """Keyed by (stream, revision of the fold's code); 64 MB unless told."""

    def __init__(self, limit: int = 64 * 2**20) -> None:
        self._limit = limit
        self._size = 0
        self._entries: OrderedDict[tuple[str, str], Folded] = OrderedDict()

    def get(self, stream: str, revision: str) -> Folded | None:
        entry = self._entries.get((stream, revision))
        if entry is not None:
            self._entries.move_to_end((stream, revision))
        return entry

    def put(self, stream: str, revision: str, folded: Folded) -> None:
        self.drop(stream, revision)
        self._entries[(stream, revision)] = folded
        self._size += folded.size
        while self._size > self._limit and self._entries:
            _, oldest = self._entries.popitem(last=False)
            self._size -= oldest.size

    def drop(self, stream: str, revision: str) -> None:
        entry = self._entries.pop((stream, revision), None)
        if entry is not None:
            self._size -= entry.size

    def __len__(self) -> int:
        return len(self._entries)
