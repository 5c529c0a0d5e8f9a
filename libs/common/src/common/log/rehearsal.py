"""A commit log that decides as the real one and keeps nothing: what an act would do.

It reads what the real log holds and what was rehearsed before, so one rehearsal may build on
another. Its commits stay in its own memory; nothing is written, published or cached elsewhere.
"""

from collections.abc import Sequence
from typing import Any

from common.log.cache import Head
from common.log.log import CommitLog
from common.log.model import Commit, to_document
from common.log.streams import Catalogue, Change
from common.mongo import Database, Document
from common.world import World


class Rehearsal(CommitLog):
    """One rehearsal; use cases take it in place of the log."""

    def __init__(self, database: Database, catalogue: Catalogue, world: World) -> None:
        super().__init__(database, catalogue, world)
        self._rehearsed: dict[str, list[Document]] = {}
        self._by_cause: dict[str, Commit] = {}

    def _unwritten(self, stream: str) -> Sequence[Document]:
        return self._rehearsed.get(stream, ())

    async def of_cause(self, cause: str) -> Commit | None:
        return self._by_cause.get(cause) or await super().of_cause(cause)

    async def _turn(self, key: str) -> int:
        taken = (claim for commit in self._by_cause.values() for claim in commit.claims)
        return await super()._turn(key) + sum(each.rpartition("#")[0] == key for each in taken)

    async def _moved_on(self, head: Head) -> bool:
        """What was rehearsed is in the cache; the real log may go on meanwhile, it is a rehearsal."""
        del head
        return False

    async def _insert(self, commit: Commit, changes: Sequence[Change[Any]]) -> bool:
        """Nobody else takes a version here; a claim that another rehearsal took is refused."""
        del changes
        if any(set(commit.claims) & set(other.claims) for other in self._by_cause.values()):
            return False
        self._by_cause[commit.cause] = commit
        document = to_document(commit)
        for part in commit.parts:
            self._rehearsed.setdefault(part.stream, []).append(document)
        return True
