"""A server that remembers when each commit landed and watches what must hold at every moment."""

from collections.abc import Callable
from typing import Any

from common.mongo import Document, Write
from common.relay.heads import COLLECTION as HEADS
from common.relay.heads import leaf_of
from common.relay.relay import STATE
from common.testing.mongo import MemoryServer


class Witness(MemoryServer):
    """The database of one service."""

    def __init__(self, name: str, now: Callable[[], float]) -> None:
        super().__init__()
        self.name = name
        self.landed: dict[str, float] = {}
        self.violations: list[str] = []
        self._now = now
        self._proven = 0

    def apply(self, write: Write) -> None:
        super().apply(write)
        if write.collection == STATE and write.key == "token":
            self._prove(self.collections[STATE]["token"]["token"]["at"])

    def tell(self, collection: str, document: Document) -> None:
        super().tell(collection, document)
        if collection == "commits":
            self.landed[document["_id"]] = self._now()

    def commits(self) -> list[Document]:
        """Every commit, in the order in which they landed."""
        return list(self.collections.get("commits", {}).values())

    def documents(self, collection: str, **where: Any) -> list[Document]:
        return [
            document
            for document in self.collections.get(collection, {}).values()
            if all(document.get(name) == value for name, value in where.items())
        ]

    def _prove(self, at: int) -> None:
        """What a saved token leaves behind is acknowledged, and the heads say so."""
        heads = self.collections.get(HEADS, {})
        for collection, document in self.oplog[self._proven : at]:
            for part in document["parts"] if collection == "commits" else ():
                head = heads.get(part["stream"])
                if head is None or leaf_of(head).version < part["version"]:
                    self.violations.append(
                        f"{self.name}: a token was saved before the head of {part['stream']} "
                        f"version {part['version']}"
                    )
        self._proven = max(self._proven, at)
