"""Natural group commit: what arrives while the last insert is in flight goes in together."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from common.log.model import Commit, to_document
from common.mongo import Database, Transient

COLLECTION = "commits"
GROUP = 200
LINGER_FROM = 4
LINGER = 0.002
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0


@dataclass(slots=True)
class _Waiting:
    commit: Commit
    outcome: asyncio.Future[bool] = field(repr=False)

    def fail(self, error: Exception) -> None:
        if not self.outcome.done():
            self.outcome.set_exception(error)


class Committer:
    """Inserts commits so that each outcome becomes known: landed, or a duplicate of something.

    A commit whose outcome the world hides is inserted again, the same document under the same
    id, until the server says one or the other. That cannot land it twice, and once another
    commit holds its version the lost one cannot land any more.
    """

    def __init__(self, database: Database, random: Random) -> None:
        self._database = database
        self._random = random
        self._waiting: list[_Waiting] = []
        self._running: asyncio.Task[None] | None = None

    def insert(self, commit: Commit) -> asyncio.Future[bool]:
        """True when it is in the log, held by a majority; False when a unique index refused it."""
        outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(commit, outcome))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return outcome

    async def drain(self) -> None:
        """Wait until nothing is on its way."""
        while self._running is not None:
            await asyncio.wait([self._running])

    async def _run(self) -> None:
        group: Sequence[_Waiting] = ()
        try:
            while self._waiting:
                if len(self._waiting) > LINGER_FROM:
                    await asyncio.sleep(LINGER)
                group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
                await self._settled(group)
        except asyncio.CancelledError:
            for waiting in (*group, *self._waiting):
                waiting.outcome.cancel()
            raise
        finally:
            self._running = None

    async def _settled(self, group: Sequence[_Waiting]) -> None:
        """A commit that the driver cannot even send is its own caller's fault, nobody else's."""
        try:
            await self._settle(group)
        except Exception as error:  # noqa: BLE001 - told to the caller, who waits for an outcome
            if len(group) == 1:
                group[0].fail(error)
                return
            for waiting in group:
                await self._settled((waiting,))

    async def _settle(self, group: Sequence[_Waiting]) -> None:
        documents = [to_document(waiting.commit) for waiting in group]
        pause, certain = FIRST_PAUSE, True
        while True:
            try:
                inserted = await self._database.insert(COLLECTION, documents)
                landed = (
                    inserted.landed if certain else await self._recognise(group, inserted.landed)
                )
            except Transient:
                certain = False
                await asyncio.sleep(pause * (0.5 + self._random.random()))
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            for waiting, is_in in zip(group, landed, strict=True):
                if not waiting.outcome.done():
                    waiting.outcome.set_result(is_in)
            return

    async def _recognise(
        self, group: Sequence[_Waiting], landed: Sequence[bool]
    ) -> tuple[bool, ...]:
        """After an unknown outcome a duplicate may be the commit itself."""
        refused = [w.commit.id for w, is_in in zip(group, landed, strict=True) if not is_in]
        found = await self._database.find(COLLECTION, {"_id": {"$in": refused}})
        own = {document["_id"] for document in found}
        return tuple(
            is_in or waiting.commit.id in own for waiting, is_in in zip(group, landed, strict=True)
        )
