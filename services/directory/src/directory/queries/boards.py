"""A board on a day: its seats, and what the regulation finds missing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from common.consumer.views import Views
from common.log.log import CommitLog
from directory.domain.people import PEOPLE
from directory.domain.sites import SITES
from directory.projections.people import POSITIONS
from rulebook.board import Board
from rulebook.explanation import plain
from rulebook.person import Post
from rulebook.profiles.loader import Library
from rulebook.sites import check_subject

MOST_SEATS = 200


@dataclass(frozen=True, slots=True)
class Seat:
    """A position on the board and the name of whoever holds it."""

    post: Post
    name: str


@dataclass(frozen=True, slots=True)
class Composition:
    """Who sits on a board, the findings of the regulation, and why."""

    seats: tuple[Seat, ...]
    missing: tuple[str, ...]
    explanation: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Compositions:
    """Reads seats from the projection, each person from the log."""

    log: CommitLog
    views: Views
    profiles: Library

    async def of(self, board: Board, day: date) -> Composition:
        """The board as of a day."""
        seats = await self._seats(board.id, day)
        site = (await self.log.load(SITES, board.site)).state
        profile = self.profiles[site.profile_on(day)]
        given = {seat.post.role: seat.post.id for seat in seats}
        try:
            checked = check_subject(profile, board.kind, given, day, {"site_kind": site.kind})
        except LookupError:
            return Composition(seats, (), None)
        explanation: Any = plain(checked.explanation)
        missing = tuple(finding.code for finding in checked.findings)
        return Composition(seats, missing, explanation)

    async def _seats(self, board: str, day: date) -> tuple[Seat, ...]:
        found = await self.views.find(POSITIONS, {"boards": board}, limit=MOST_SEATS)
        people = {
            id: (await self.log.load(PEOPLE, id)).state
            for id in sorted({document["person"] for document in found})
        }
        seats = (
            Seat(post, (person.days.as_of(day) or person.days.latest)["full_name"])
            for person in people.values()
            for post in person.posts_on(day)
            if (post.days.as_of(day) or {}).get("board") == board
        )
        return tuple(seats)
