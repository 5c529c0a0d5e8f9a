"""Faults at a door, said in advance: the n-th time an operation is asked for, this happens."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from common.mongo import Transient


@dataclass
class Troubles:
    """`common.testing.mongo.Faults` by a list: `fails` before, `lies` after, `waits` in between.

    fails, lies  operations that fail the next time, or happen and lose their answer; once each
    away         operations that fail as long as they stand here
    stops        operation → event that the next one waits for before anything happens
    """

    fails: list[str] = field(default_factory=list[str])
    lies: list[str] = field(default_factory=list[str])
    away: set[str] = field(default_factory=set[str])
    stops: dict[str, asyncio.Event] = field(default_factory=dict[str, asyncio.Event])
    asked: Counter[str] = field(default_factory=Counter[str])

    async def before(self, operation: str) -> None:
        self.asked[operation] += 1
        await asyncio.sleep(0)
        if operation in self.stops:
            await self.stops[operation].wait()
        if operation in self.away:
            raise Transient(f"{operation}: away")
        if operation in self.fails:
            self.fails.remove(operation)
            raise Transient(f"{operation}: failed")

    async def after(self, operation: str) -> None:
        if operation in self.lies:
            self.lies.remove(operation)
            raise Transient(f"{operation}: the answer was lost")
