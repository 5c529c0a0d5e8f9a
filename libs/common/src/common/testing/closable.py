"""Whether every state that a log's streams went through can be said in a closing (D14)."""

from collections.abc import Iterable, Sequence
from typing import Any

from common.log.closing import written
from common.log.committer import COLLECTION
from common.log.log import CommitLog, part_of
from common.log.model import Commit, of_document
from common.log.streams import StreamKind
from common.mongo import ANY, Database


async def unclosable(
    log: CommitLog, database: Database, kinds: Sequence[StreamKind[Any]]
) -> list[str]:
    """The streams, each with the version, whose state would not come back from a closing as it is."""
    commits = [of_document(document) for document in await database.find(COLLECTION, ANY)]
    streams = {part.stream for commit in commits for part in commit.parts}
    return [
        f"{stream} at {version}"
        for kind in kinds
        for stream in sorted(streams)
        if stream.startswith(kind.stream(""))
        for version in _lost(log, kind, stream, commits)
    ]


def _lost(
    log: CommitLog, kind: StreamKind[Any], stream: str, commits: Sequence[Commit]
) -> Iterable[int]:
    parts = [part_of(c, stream) for c in commits if any(p.stream == stream for p in c.parts)]
    state = kind.initial
    for part in sorted(parts, key=lambda part: part.version):
        for fact in part.decided:
            state = kind.evolve(state, log.revive(fact))
        if written(kind, state) is None:
            yield part.version
