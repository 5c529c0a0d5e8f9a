"""How far each stream is acknowledged by Kafka: what the sweeper compares and seals attest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from common.log.model import Part
from common.mongo import Database, Document, Index, Patch, Session

COLLECTION = "heads"
INDEXES = (Index(COLLECTION, (("unsealed", 1),), partial="unsealed"),)


@dataclass(frozen=True, slots=True, order=True)
class Leaf:
    """The head of one stream: version, chain hash, last sequence of each topic."""

    stream: str
    version: int
    hash: str
    upto: tuple[tuple[str, int], ...]


class Heads:
    """Gathers acknowledged parts and saves them before the resume token that stands behind them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._fresh: dict[str, Part] = {}

    def acknowledge(self, parts: Iterable[Part]) -> None:
        for part in parts:
            known = self._fresh.get(part.stream)
            if known is None or known.version < part.version:
                self._fresh[part.stream] = part

    async def save(self) -> None:
        """Raises Transient; what was not saved is kept."""
        fresh = self._fresh
        if not fresh:
            return
        await self._database.write([_patch(part) for part in fresh.values()])
        self._fresh = {s: p for s, p in self._fresh.items() if fresh.get(s) is not p}

    async def versions(self, streams: Sequence[str]) -> Mapping[str, int]:
        """The acknowledged version of each stream, 0 where none is."""
        found = await self._database.find(COLLECTION, {"_id": {"$in": list(streams)}})
        saved = {document["_id"]: leaf_of(document).version for document in found}
        return {
            stream: max(saved.get(stream, 0), self._fresh[stream].version)
            if stream in self._fresh
            else saved.get(stream, 0)
            for stream in streams
        }

    async def unsealed(self, limit: int) -> list[tuple[Leaf, int]]:
        """Heads that moved since they were sealed, each with the version sealed before."""
        found = await self._database.find(
            COLLECTION, {"unsealed": True}, sort=(("_id", 1),), limit=limit
        )
        return [(leaf_of(document), document.get("sealed", 0)) for document in found]

    async def mark_sealed(self, leaves: Sequence[Leaf]) -> None:
        """Note that these heads are attested; a head that moved meanwhile stays unsealed."""

        async def work(session: Session) -> None:
            found = await session.find(COLLECTION, {"_id": {"$in": [x.stream for x in leaves]}})
            now = {document["_id"]: leaf_of(document).version for document in found}
            await session.write(
                [
                    Patch(
                        COLLECTION,
                        leaf.stream,
                        maximum={"sealed": leaf.version},
                        unset=("unsealed",) if now.get(leaf.stream, 0) <= leaf.version else (),
                    )
                    for leaf in leaves
                ]
            )

        await self._database.transaction(work)


def leaf_of(document: Document) -> Leaf:
    """The leaf that a saved head says; the mark's order is the versions' order."""
    version, hash_, upto = document["mark"].split(" ", 2)
    return Leaf(document["_id"], int(version), hash_, tuple((t, s) for t, s in orjson.loads(upto)))


def _patch(part: Part) -> Patch:
    upto = orjson.dumps(sorted(part.upto.items())).decode()
    return Patch(
        COLLECTION,
        part.stream,
        values={"unsealed": True},
        maximum={"mark": f"{part.version:010d} {part.hash} {upto}"},
        upsert=True,
    )
