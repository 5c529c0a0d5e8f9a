"""Durable clocks: what falls due is announced once, whichever process looks first (D14).

State is derived from the clock, never stored. What is stored is the announcement, a fact whose
cause names stream, clock and due moment: a recomputed due date is a new cause, a second look at
the same one is answered with what stands already.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from common.cause import Cause
from common.errors import DomainError
from common.logs import logger
from common.moments import to_wire
from common.mongo import Transient
from common.world import World

LOOK_SECONDS = 5.0
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Due:
    """Something of a stream that fell due, such as its "first-warning"."""

    stream: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """Where to look for what is due, and the use case that announces it.

    look      (now, most) → what is due and not announced, oldest first; may repeat itself
    announce  runs a use case with the given cause
    """

    name: str
    look: Callable[[datetime, int], Awaitable[Sequence[Due]]]
    announce: Callable[[Due, Cause], Awaitable[object]]


def cause_of(due: Due, now: datetime, actor: str) -> Cause:
    """The one cause of this announcement."""
    return Cause(f"clock:{due.stream}:{due.name}:{to_wire(due.at)}", now, actor)


class Ticker:
    """Looks at a service's clocks again and again."""

    def __init__(self, service: str, clocks: Sequence[Clock], world: World) -> None:
        self._actor = f"service:{service}"
        self._clocks = clocks
        self._world = world
        self._log = logger(service)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.tick()
            await asyncio.sleep(LOOK_SECONDS)

    async def tick(self) -> int:
        """Announce what is due now; answers how much was. A refusal leaves the rest untouched."""
        return sum([await self._tick(clock) for clock in self._clocks])

    async def _tick(self, clock: Clock) -> int:
        now, announced = self._world.now(), 0
        try:
            for due in await clock.look(now, MOST_AT_ONCE):
                announced += await self._announce(clock, due, now)
        except Transient:
            return announced  # looked at again at the next tick
        return announced

    async def _announce(self, clock: Clock, due: Due, now: datetime) -> int:
        try:
            await clock.announce(due, cause_of(due, now, self._actor))
        except DomainError as error:
            self._log.warning("clock-refused", clock=clock.name, code=error.code)
            return 0
        return 1
