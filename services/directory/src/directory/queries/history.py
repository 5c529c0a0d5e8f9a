"""The history of any stream: who decided what, when, by what right."""

from typing import Any

from common.log.log import CommitLog, part_of
from common.log.model import Commit
from contracts.events import model_of


async def history(log: CommitLog, stream: str) -> list[dict[str, Any]]:
    """Every decision on a stream, oldest first."""
    return [entry(commit, stream) for commit in await log.commits(stream)]


def entry(commit: Commit, stream: str) -> dict[str, Any]:
    part = part_of(commit, stream)
    return {
        "version": part.version,
        "at": commit.at,
        "actor": commit.actor,
        "proof": commit.proof,
        "hash": part.hash,
        "facts": [
            {"type": fact.type, "data": model_of(fact.type).model_validate_json(fact.data)}
            for fact in part.decided
        ],
    }
