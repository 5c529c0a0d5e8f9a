"""What every use case works with: the log, who acts by what right, the version a caller expects."""

from dataclasses import dataclass
from typing import Any

from common.errors import PreconditionFailed
from common.log.log import CommitLog
from common.log.streams import Loaded, Standing


@dataclass(frozen=True, slots=True)
class Deps:
    """What use cases work with."""

    log: CommitLog


@dataclass(frozen=True, slots=True)
class By:
    """Who acts with what right; the position and its delegation come with the authority facts."""

    subject: str
    scopes: frozenset[str]

    @property
    def proof(self) -> dict[str, object]:
        return {"subject": self.subject, "scope": "directory:write", "by": "token"}


def check_version(loaded: Loaded[Any], expected: int | None) -> None:
    """Raises PreconditionFailed when the caller has seen another version."""
    if expected is not None and expected != loaded.version:
        raise PreconditionFailed(
            "version-changed",
            "Somebody changed it meanwhile. Load it again, look at the change, and repeat.",
            extra={"expected": expected, "present": loaded.version},
        )


def standing(site: str, by: By, claims: tuple[str, ...] = ()) -> Standing:
    """The standing of a commit for a site."""
    return Standing(site=site, proof=by.proof, claims=claims)
