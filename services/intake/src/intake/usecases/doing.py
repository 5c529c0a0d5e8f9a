"""What every use case works with: the log, the stores, the law, and who acts by what right."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from common.blobs import Blobs
from common.counters import Counters
from common.identity import Principal
from common.log.log import CommitLog
from common.vault import Vault
from common.world import World
from contracts.categories import Categories
from intake.domain.checking import Law
from intake.domain.submission import Outcome
from intake.usecases.uploads import Uploads


@dataclass(frozen=True, slots=True)
class By:
    """Who acts: a person or system of the directory, by a position at the site or for a system.

    proof  goes into the commit as it is; `is_system` may say when others received something
    role   of that position: as what a person sends
    """

    person: str
    proof: Mapping[str, Any]
    position: str | None = None
    agency: str | None = None
    is_system: bool = False
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A site as it is on a day."""

    id: str
    kind: str
    profile: str
    languages: tuple[str, ...]
    name_vi: str
    name_en: str | None = None


class Senders(Protocol):
    """Who may hand in where: answered from the directory's facts."""

    def admit(self, who: Principal, site: str, category: str, at: datetime) -> By:
        """Raises Forbidden with the nearest way, Unavailable while the directory is not known."""
        ...

    def site(self, id: str, on: date) -> Site:
        """Raises Unprocessable for one that does not exist that day."""
        ...


Outcomes = Callable[[str], Awaitable[Outcome | None]]
"""Submission id → what the board did last."""

Twins = Callable[[str, str], Awaitable[Mapping[str, Any]]]
"""Site and content digest → the submission that holds them, for the one who sends it again."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Where what is not a fact lies."""

    blobs: Blobs
    vault: Vault
    counters: Counters
    uploads: Uploads


@dataclass(frozen=True, slots=True)
class Deps:
    """What use cases work with. `law_of` gives a profile by its key, with today's calendar."""

    log: CommitLog
    world: World
    stores: Stores
    senders: Senders
    outcomes: Outcomes
    twins: Twins
    categories: Categories
    law_of: Callable[[str], Law]
