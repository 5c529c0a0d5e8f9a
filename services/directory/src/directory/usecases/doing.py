"""What every use case works with: the log, who acts by what right, the version a caller expects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from common.errors import FieldProblem, PreconditionFailed, Refused, Said
from common.identity import Principal
from common.log.log import CommitLog
from common.log.streams import Loaded, Standing
from directory.domain.words import say
from rulebook.explanation import LOCAL
from rulebook.profiles.loader import Library, load_profiles


class Finder(Protocol):
    """What is looked up beside the streams a decision names; it may lag behind the log a moment.

    Whoever uses an answer loads the streams it names: what is found is a hint, never a proof.
    """

    async def delegations_to(self, person: str) -> Sequence[str]:
        """Ids of the delegations that a person ever received."""
        ...

    async def open_children(self, site: str, day: date) -> Sequence[str]:
        """Sites that belong to a site on a day or later."""
        ...

    async def last_use(self, site: str) -> date | None:
        """The last day on which a position at the site is held; None when there is none."""
        ...


class Nothing:
    """A finder that finds nothing: for a directory that has just begun, and for tests."""

    async def delegations_to(self, person: str) -> Sequence[str]:  # noqa: ARG002 - the port's shape
        return ()

    async def open_children(self, site: str, day: date) -> Sequence[str]:  # noqa: ARG002 - the port's shape
        return ()

    async def last_use(self, site: str) -> date | None:  # noqa: ARG002 - the port's shape
        return None


@dataclass(frozen=True, slots=True)
class Deps:
    """What use cases work with."""

    log: CommitLog
    find: Finder = field(default_factory=Nothing)
    profiles: Library = field(default_factory=load_profiles)


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, and the proof of the right to: it goes into the commit."""

    subject: str
    proof: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to do to the directory.

    acts        as the house names them; all of them must be allowed
    site        where; `rulebook.house.INSTALLATION` for what concerns no single site
    decided_by  the person whose decision is only entered here; None: the person who acts
    law         house act → the act under whose name a regulation may speak of it, where that differs
    about       the person it gives power to: nobody gives power to themselves
    """

    acts: tuple[str, ...]
    site: str
    at: datetime
    decided_by: str | None = None
    law: Mapping[str, str] = field(default_factory=dict[str, str])
    about: str | None = None


class Authority(Protocol):
    """One way to ask: may this person do this here now, by which position or delegation?"""

    async def may(self, who: Principal, wish: Wish) -> By:
        """The proof that goes into the commit; raises Forbidden, or Unavailable when it cannot know."""
        ...

    async def speaks_for(self, who: Principal, person: str, wish: Wish) -> By:
        """The same for an act that is a person's own: done by themselves, or entered for them."""
        ...


def law_day(at: datetime) -> date:
    """The day of the law on which a moment falls (Asia/Ho_Chi_Minh)."""
    return at.astimezone(LOCAL).date()


def check_version(loaded: Loaded[Any], expected: int | None) -> None:
    """Raises PreconditionFailed when the caller has seen another version."""
    if expected is not None and expected != loaded.version:
        raise PreconditionFailed(
            "version-changed",
            say("version-changed"),
            extra={"expected": expected, "present": loaded.version},
        )


def standing(site: str, by: By, claims: tuple[str, ...] = ()) -> Standing:
    """The standing of a commit for a site."""
    return Standing(site=site, proof=by.proof, claims=claims)


async def claim(log: CommitLog, key: str, pointer: str, detail: Said) -> str:
    """An entry for `Standing.claims`; raises Refused that names the field while it is taken."""
    try:
        return await log.claim(key)
    except Refused as taken:
        problem = FieldProblem(pointer, "unique", detail)
        raise Refused(taken.code, detail, errors=[problem], extra=taken.extra) from taken
