"""The world between the processes and their engines: slow, sometimes away, sometimes lying."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from common.mongo import Transient
from common.testing.mongo import EPOCH
from common.testing.simulation.process import Process

BEGAN = EPOCH.timestamp() + 1_000
QUICK = 0.02
SLOW = 1.5


@dataclass
class Engine:
    """A database or broker as its clients meet it.

    away    nothing gets through
    fails   share of operations that fail before anything happened
    lies    share of operations that happen while their answer is lost
    """

    name: str
    away: bool = False
    fails: float = 0.0
    lies: float = 0.0

    def heal(self) -> None:
        self.away, self.fails, self.lies = False, 0.0, 0.0


class Trace:
    """What happened, in order: the digest is the same whenever the seed is."""

    def __init__(self, now: Callable[[], float], lines: list[str] | None = None) -> None:
        self.now = now
        self.lines = lines
        self.length = 0
        self._hash = hashlib.sha256()

    def say(self, *words: str) -> None:
        line = f"{self.now():.6f} {' '.join(words)}"
        self.length += 1
        self._hash.update(line.encode() + b"\n")
        if self.lines is not None:
            self.lines.append(line)

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


class Door:
    """`common.testing.mongo.Faults` for one process at one engine."""

    def __init__(self, process: Process, engine: Engine, random: Random, trace: Trace) -> None:
        self._process = process
        self._engine = engine
        self._random = random
        self._trace = trace

    async def before(self, operation: str) -> None:
        await self._process.gate()
        if operation in {"insert-next", "publish-next"}:
            self._may_fail(operation)
            return
        if operation != "find":
            await self._travel()
        self._trace.say(self._process.name, self._engine.name, operation)
        self._may_fail(operation)

    async def after(self, operation: str) -> None:
        if operation == "find":
            await self._travel()  # what was read may be old when it arrives
        if self._random.random() < self._engine.lies:
            self._trace.say(self._process.name, self._engine.name, operation, "answer lost")
            await self._travel()
            raise Transient(f"{operation}: the answer was lost")
        await self._process.gate()

    def _may_fail(self, operation: str) -> None:
        if self._engine.away or self._random.random() < self._engine.fails:
            self._trace.say(self._process.name, self._engine.name, operation, "failed")
            raise Transient(f"{operation}: {self._engine.name} is away")

    async def _travel(self) -> None:
        kind = self._random.random()
        if kind < 0.3:  # noqa: PLR2004 - the shape of a distribution
            return
        mean = SLOW if kind > 0.995 else QUICK  # noqa: PLR2004 - as above
        await asyncio.sleep(self._random.expovariate(1 / mean))
        await self._process.gate()
