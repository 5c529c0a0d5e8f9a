"""Time, identity and randomness as one argument: nothing in the plumbing reads them by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random, SystemRandom

import uuid_utils

from common.moments import Clock, utc_now


@dataclass(frozen=True, slots=True)
class World:
    """`now` gives aware UTC with milliseconds, `new_id` a UUIDv7 as text."""

    now: Clock
    new_id: Callable[[], str]
    random: Random


def real_world() -> World:
    """The world a service runs in."""
    return World(utc_now, lambda: str(uuid_utils.uuid7()), SystemRandom())
