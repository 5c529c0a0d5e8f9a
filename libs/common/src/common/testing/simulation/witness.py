"""A server that remembers when each commit landed and watches what must hold at every moment."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from typing import Any

from common.consumer.positions import POSITIONS
from common.consumer.views import GENERATIONS
from common.mongo import Document, Patch, Write
from common.relay.heads import COLLECTION as HEADS
from common.relay.heads import leaf_of
from common.relay.relay import STATE
from common.testing.loop import VirtualLoop
from common.testing.mongo import MemoryServer, WriteConflict

NEVER_LESS = 10**9
ARRIVES, LATENESS = 0.4, 0.7


class Late:
    """What was on its way when its sender died may still arrive a little later."""

    def __init__(self, loop: VirtualLoop, random: Random) -> None:
        self._loop = loop
        self._random = random
        self._life = 0

    def may_arrive(self, act: Callable[[], object]) -> None:
        if self._random.random() < ARRIVES:
            seconds = self._random.expovariate(1 / LATENESS)
            self._loop.call_later(seconds, self._arrive, act, self._life)

    def forget(self) -> None:
        """Where it was on its way to is no more."""
        self._life += 1

    def _arrive(self, act: Callable[[], object], life: int) -> None:
        if life == self._life:
            with suppress(WriteConflict):
                act()


class Witness(MemoryServer):
    """The database of one service."""

    def __init__(self, name: str, loop: VirtualLoop, random: Random) -> None:
        super().__init__()
        self.name = name
        self._late = Late(loop, random)
        self.landed: dict[str, float] = {}
        self.violations: list[str] = []
        self.doubted: list[Document] = []
        self.untold, self.left_out = 0, False
        self._began: dict[str, dict[tuple[str, str, int], int]] = {}
        self._now = loop.time
        self._proven = 0

    def apply(self, write: Write) -> None:
        super().apply(write)
        if write.collection == STATE and write.key == "token" and isinstance(write, Patch):
            self._prove(self.collections[STATE]["token"]["token"]["at"])

        if write.collection == GENERATIONS and isinstance(write, Patch):
            self._watch_pointer(write)

    def left_behind(self, operation: str, act: Callable[[], object]) -> None:
        del operation
        self._late.may_arrive(act)

    def doubt(self, collection: str, documents: Sequence[Document]) -> None:
        if collection == "commits":
            self.doubted += documents

    def tell(self, collection: str, document: Document) -> None:
        if collection != "commits":
            super().tell(collection, document)
            return
        self.landed[document["_id"]] = self._now()
        if self.untold:
            self.untold, self.left_out = self.untold - 1, True
        else:
            super().tell(collection, document)

    def restore(self, backup: MemoryServer) -> None:
        """The database is as it was; change streams cannot go on over this."""
        for touched in {*self.touched, *backup.touched}:
            self.clock += 1
            self.touched[touched] = self.clock
        self.collections = {n: dict(documents) for n, documents in backup.collections.items()}
        indexes = [entries.index for there in self.indexes.values() for entries in there]
        self.indexes = {}
        for index in indexes:
            self.add_index(index)
        self.leases = {}
        self.doubted = []
        self._late.forget()
        self.forget_oplog()
        self._proven = len(self.oplog)

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

    def _watch_pointer(self, write: Patch) -> None:
        """A generation serves only when it knows what the one before knew at its beginning."""
        consumer = str(write.key)
        if "newest" in write.values:
            now = self.collections[GENERATIONS][consumer].get("active", 1)
            self._began[f"{consumer}@{write.values['newest']}"] = {
                place: sequence
                for place, sequence in self._sequences(f"{consumer}@{now}").items()
                if sequence < NEVER_LESS
            }
        if "active" in write.values:
            name = f"{consumer}@{write.values['active']}"
            knows = self._sequences(name)
            floors = dict(write.values["floors"])
            for place, sequence in self._began.get(name, {}).items():
                if floors.get(place[0], 1) > place[2]:
                    continue  # that life is void: the log was restored to an earlier point
                if knows.get(place, 0) < sequence:
                    self.violations.append(
                        f"{self.name}: {name} serves and is at {knows.get(place, 0)} of {place}, "
                        f"the one before was at {sequence} when it began"
                    )

    def _sequences(self, name: str) -> dict[tuple[str, str, int], int]:
        """What a generation knows of each life; what is parked in it is known to be missing."""
        return {
            (d["topic"], d["stream"], d["incarnation"]): NEVER_LESS
            if d["parked"]
            else d["sequence"]
            for d in self.documents(POSITIONS, consumer=name)
        }
