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
    """Gathers acknowledged parts and saves them before the resume token that stands behind them.

    A head says that everything up to it is acknowledged: it never stands behind a hole.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._fresh: dict[str, dict[int, Part]] = {}
        self._whole: dict[str, Part] = {}

    def acknowledge(self, parts: Iterable[Part]) -> None:
        """Each of these parts is out; what stands before it need not be."""
        for part in parts:
            self._fresh.setdefault(part.stream, {})[part.version] = part

    def reach(self, part: Part) -> None:
        """All of its stream up to this part is out."""
        known = self._whole.get(part.stream)
        if known is None or known.version < part.version:
            self._whole[part.stream] = part

    async def save(self) -> Mapping[str, int]:
        """Answers where streams have a hole: the first version that is not acknowledged.

        Raises Transient; what was not saved is kept, and so is what stands behind a hole.
        """
        streams = [*{**self._fresh, **self._whole}]
        if not streams:
            return {}
        saved = await self._saved(streams)
        reached = {stream: self._reached(stream, saved[stream]) for stream in streams}
        holes = {s: v + 1 for s, v in reached.items() if max(self._fresh.get(s, {}), default=0) > v}
        moved = [self._part(s, v) for s, v in reached.items() if v > saved[s]]
        if moved:
            await self._database.write([_patch(part) for part in moved])
        for stream, version in reached.items():
            self._forget(stream, version)
        return holes

    async def versions(self, streams: Sequence[str]) -> Mapping[str, int]:
        """The version up to which each stream is acknowledged, 0 where nothing is."""
        saved = await self._saved(streams)
        return {stream: self._reached(stream, saved[stream]) for stream in streams}

    async def _saved(self, streams: Sequence[str]) -> dict[str, int]:
        found = await self._database.find(COLLECTION, {"_id": {"$in": list(streams)}})
        saved = {document["_id"]: leaf_of(document).version for document in found}
        return {stream: saved.get(stream, 0) for stream in streams}

    def _reached(self, stream: str, saved: int) -> int:
        whole, fresh = self._whole.get(stream), self._fresh.get(stream, {})
        version = max(saved, whole.version if whole else 0)
        while version + 1 in fresh:
            version += 1
        return version

    def _part(self, stream: str, version: int) -> Part:
        return self._fresh.get(stream, {}).get(version) or self._whole[stream]

    def _forget(self, stream: str, version: int) -> None:
        left = {v: part for v, part in self._fresh.pop(stream, {}).items() if v > version}
        if left:
            self._fresh[stream] = left
        whole = self._whole.get(stream)
        if whole is not None and whole.version <= version:
            del self._whole[stream]

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
