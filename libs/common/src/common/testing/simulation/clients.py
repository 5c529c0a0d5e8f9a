"""Clients of the ledger: commands under keys, tried again until the outcome is known."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from common.errors import Conflict, DomainError, Refused, Unavailable, Unprocessable
from common.log.log import CommitLog
from common.log.streams import Loaded
from common.moments import cut
from common.testing.ledger import Account
from common.testing.simulation.process import Process
from common.testing.simulation.service import ACCOUNT_IDS, Command, perform, request
from common.testing.simulation.weather import BEGAN, Trace
from common.world import World

PATIENCE = 6.0
HANG_UP = 0.08
AGAIN = 0.25


@dataclass(frozen=True, slots=True)
class Server:
    """A process that answers requests."""

    process: Process
    log: CommitLog
    world: World


@dataclass(slots=True)
class Told:
    """One command and what its client was told in the end: a version, or the code of a refusal.

    began  when the try was sent that brought the answer; `ended` when it came
    again  what came when it was asked again under the same key: a version, or a code
    """

    cause: str
    command: Command
    began: float = 0.0
    ended: float = 0.0
    version: int = 0
    refused: str = ""
    again: list[int | str] = field(default_factory=list[int | str])
    other_body: str = ""


class Client:
    """One person with several things to do, one after another."""

    def __init__(
        self, name: str, servers: Callable[[], list[Server]], random: Random, trace: Trace
    ) -> None:
        self.name = name
        self.told: list[Told] = []
        self._servers = servers
        self._random = random
        self._trace = trace

    async def run(self, commands: int, pause: float) -> None:
        for number in range(commands):
            await asyncio.sleep(self._random.expovariate(1 / pause))
            await self._do(f"{number}", self._invent(number))

    def _invent(self, number: int) -> Command:
        random = self._random
        account, other = random.sample(ACCOUNT_IDS, 2)
        item = f"{self.name}{number}"
        act = random.choices(("add", "toggle", "move", "take", "free"), (12, 3, 3, 1, 1))[0]
        due = 0
        if act in {"take", "free"}:
            other = random.choice(("x", "x#1"))
        elif random.random() < 0.3:  # noqa: PLR2004 - some are announced later
            due = round(BEGAN + self._trace.now()) + random.randint(1, 9)
        return Command(act, account, item, other, due)

    async def _do(self, key: str, command: Command) -> None:
        told = Told(f"http:{self.name}:/accounts:{key}", command)
        self.told.append(told)
        await self._until_known(told, key)
        if told.version and self._random.random() < AGAIN:
            told.again.append(await self._asked_again(key, command))
        if told.version and self._random.random() < AGAIN / 2:
            told.other_body = await self._with_other_body(key, command)

    async def _until_known(self, told: Told, key: str) -> None:
        loop = asyncio.get_running_loop()
        while True:
            told.began = loop.time()
            try:
                told.version = (await self._ask(key, told.command)).version
            except Refused as error:
                told.refused = error.code
            except Conflict:
                await asyncio.sleep(self._random.random())
                continue
            told.ended = loop.time()
            self._trace.say(self.name, key, told.refused or str(told.version))
            return

    async def _asked_again(self, key: str, command: Command) -> int | str:
        """A refusal too is an answer: a restore may have taken the decision away."""
        try:
            return (await self._ask(key, command)).version
        except (Refused, Conflict) as error:
            return error.code

    async def _with_other_body(self, key: str, command: Command) -> str:
        other = Command(command.act, command.account, f"{command.item}-other", command.other)
        try:
            await self._ask(key, other)
        except Unprocessable as error:
            return error.code
        except DomainError as error:
            return f"wrongly {error.code}"
        return "wrongly accepted"

    async def _ask(self, key: str, command: Command) -> Loaded[Account]:
        """One request until some process answers it; what fails on the way is sent again."""
        while True:
            answer = await self._send(key, command)
            if answer is not None:
                return answer
            await asyncio.sleep(self._random.expovariate(2.0))

    async def _send(self, key: str, command: Command) -> Loaded[Account] | None:
        server = self._random.choice(self._servers())
        if not server.process.alive:
            return None
        cause = request(self.name, key, command, cut(server.world.now()))
        answer = server.process.spawn(perform(server.log, command, cause))
        patience = PATIENCE
        if self._random.random() < HANG_UP:
            patience = self._random.expovariate(50)
        await asyncio.wait((answer,), timeout=patience)
        if not answer.done():
            answer.cancel()
            return None
        if answer.cancelled():
            return None
        try:
            return answer.result()
        except Unavailable:
            return None
