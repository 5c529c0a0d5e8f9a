"""Whether a stream's hash chain holds: every link computed anew from what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.log.model import GENESIS, Commit, envelope_digest, part_hash


@dataclass(frozen=True, slots=True)
class Chain:
    """The state of a stream's chain.

    versions    how many decisions it has
    broken_at   the first version that is not what was committed, None when every link holds
    reason      "hash" (changed since), "prev" (does not follow the one before), "version" (one is missing)
    """

    versions: int
    broken_at: int | None = None
    reason: str | None = None

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def check_chain(commits: Sequence[Commit], stream: str) -> Chain:
    """Check the commits of a stream, oldest first. A missing tail shows in the seals alone."""
    prev = GENESIS
    for version, commit in enumerate(commits, 1):
        part = next(part for part in commit.parts if part.stream == stream)
        envelope = envelope_digest(commit.cause, commit.actor, commit.proof, commit.at)
        digests = [fact.digest for fact in part.facts]
        link = part_hash(part.prev, stream, part.version, envelope, digests)
        reason = _reason(part.version == version, part.prev == prev, part.hash == link)
        if reason is not None:
            return Chain(len(commits), version, reason)
        prev = part.hash
    return Chain(len(commits))


def _reason(*held: bool) -> str | None:
    return next((name for name, holds in zip(("version", "prev", "hash"), held, strict=True) if not holds), None)  # fmt: skip
