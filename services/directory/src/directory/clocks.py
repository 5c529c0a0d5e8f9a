"""What a tick looks at: whatever has not followed a closing, a succession or a dissolution yet."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from common.cause import Cause
from common.clocks import Clock, Due
from directory.domain.following import first_moment
from directory.queries.leftovers import Leftover, Leftovers
from directory.usecases import following
from directory.usecases.doing import Deps

Move = Callable[[Deps, Any, Cause], Awaitable[object]]
MOVES: Mapping[str, Move] = {
    "position": following.position,
    "delegation": following.delegation,
    "child": following.child,
    "board": following.board,
    "seat": following.seat,
    "site": following.site_of_agency,
    "person": following.person_of_agency,
    "agency": following.agency_below,
}


@dataclass(slots=True)
class Successions:
    """Finds what is left and moves it, each thing in a decision of its own."""

    deps: Deps
    leftovers: Leftovers
    _found: dict[Due, Leftover] = field(default_factory=dict[Due, Leftover])

    @property
    def clock(self) -> Clock:
        return Clock("successions", self.look, self.announce)

    async def look(self, _: datetime, most: int) -> Sequence[Due]:
        """What is left now; the day it is about may lie ahead, because days are data."""
        found = await self.leftovers.look(most)
        self._found = {Due(each.stream, each.name, first_moment(each.on)): each for each in found}
        return list(self._found)

    async def announce(self, due: Due, cause: Cause) -> object:
        """Move one thing; its cause is its stream, its succession and its day."""
        left = self._found[due]
        return await MOVES[left.kind](self.deps, left.command, cause)
