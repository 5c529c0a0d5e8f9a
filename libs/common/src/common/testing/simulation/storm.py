"""What happens to the world for half a minute, and how it is put right afterwards."""

import asyncio
from collections.abc import Callable
from random import Random

from common.consumer.asking import ask_rebuild
from common.relay.relay import ask_resend
from common.testing.mongo import MemoryDatabase
from common.testing.simulation.service import ACCOUNT_IDS
from common.testing.simulation.story import CLIENTS, Member, Story

SECONDS = 19.0
EVERY = 0.8
SESSION_SECONDS = 8.0
LONGEST_PAUSE = 25.0
RESTORED = 8
RESTORED_SERVICE = "ledger"
LEFT_OUT = 8
JUMPS = (-3600.0, -7.0, 3.0, 600.0)


class Storm:
    """Draws one misfortune after another."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._random: Random = story.chance("storm")
        self._after: list[asyncio.Task[None]] = []
        self._restoring = 0
        self._leaves_out = story.seed % LEFT_OUT == LEFT_OUT - 4
        self._restores = story.seed % RESTORED == RESTORED - 1
        self._misfortunes: tuple[tuple[int, Callable[[], None]], ...] = (
            (6, self._crash),
            (4, self._pause),
            (5, self._heartbeat_missed),
            (4, self._engine_away),
            (6, self._engine_lies),
            (2, self._forget_tokens),
            (2, self._clock_jumps),
            (2, self._fact_refused),
            (1, self._handler_breaks),
            (1, self._ask_rebuild),
            (1, self._ask_resend),
            (1, self._spoil_a_record),
        )

    async def rage(self) -> None:
        if self._restores:
            taken = self._random.uniform(1, SECONDS / 2)
            self._later(taken, self._back_up)
            restored = self._random.uniform(taken, SECONDS)
            self._later(restored, self._restore)
            self._later(self._random.uniform(taken, restored), self._spoil_a_record)
            if self._story.seed % (2 * RESTORED) == RESTORED - 1:
                self._later(self._random.uniform(restored + 1, SECONDS + 1), self._restore)
        if self._leaves_out:
            for _ in range(2):
                self._later(self._random.uniform(1, SECONDS), self._tail_leaves_out)
        weights = [weight for weight, _ in self._misfortunes]
        ends = self._story.loop.now + SECONDS
        while self._story.loop.now < ends:
            await asyncio.sleep(self._random.expovariate(1 / EVERY))
            ((_, misfortune),) = self._random.choices(self._misfortunes, weights)
            misfortune()

    def calm(self) -> None:
        """Engines answer, processes run, bugs are mended."""
        for task in self._after:
            task.cancel()
        story = self._story
        story.trace.say("calm")
        for engine in story.engines.values():
            engine.heal()
        story.faulty.refused.clear()
        story.faulty.broken.clear()
        story.cluster.spoil = 0
        for witness in story.witnesses.values():
            witness.untold = 0
        for member in story.members:
            member.process.skew = 0.0
            member.process.resume()
            if member.process.alive:
                story.readmit(member)
            if not member.process.alive:
                story.start(member)

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        async def wait() -> None:
            await asyncio.sleep(seconds)
            act()

        self._after.append(asyncio.get_running_loop().create_task(wait()))

    def _someone(self) -> Member:
        return self._random.choice(self._story.members)

    # -- misfortunes --------------------------------------------------------------------------------

    def _crash(self) -> None:
        member = self._someone()
        if not member.process.alive:
            return
        self._story.crash(member)
        self._later(self._random.uniform(0, 10), lambda: self._start(member))

    def _start(self, member: Member) -> None:
        """Nobody starts a service in the middle of a restore: it would remember what is no more."""
        if self._restoring and member.service == RESTORED_SERVICE:
            self._later(EVERY, lambda: self._start(member))
        elif not member.process.alive:
            self._story.start(member)

    def _pause(self) -> None:
        member = self._someone()
        process = member.process
        if process.is_paused or not process.alive:
            return
        self._story.trace.say(member.name, "is paused")
        process.pause()
        seconds = min(self._random.expovariate(1 / 8), LONGEST_PAUSE)
        if seconds > SESSION_SECONDS:
            self._later(SESSION_SECONDS, lambda: self._story.expel(member))

        def resume() -> None:
            if process.is_paused:
                self._story.trace.say(member.name, "wakes")
                process.resume()
                self._story.readmit(member)

        self._later(seconds, resume)

    def _heartbeat_missed(self) -> None:
        """The group gives its partitions to others while it is still at work on them."""
        member = self._someone()
        self._story.trace.say(member.name, "is taken for dead")
        self._story.expel(member)
        self._later(self._random.expovariate(1), lambda: self._story.readmit(member))

    def _engine_away(self) -> None:
        engine = self._random.choice(list(self._story.engines.values()))
        self._story.trace.say(engine.name, "is away")
        engine.away = True
        self._later(self._random.expovariate(1 / 3), engine.heal)

    def _engine_lies(self) -> None:
        engine = self._random.choice(list(self._story.engines.values()))
        engine.fails, engine.lies = self._random.uniform(0, 0.1), self._random.uniform(0, 0.3)
        self._story.trace.say(engine.name, "fails and lies")
        self._later(self._random.expovariate(1 / 5), engine.heal)

    def _forget_tokens(self) -> None:
        witness = self._random.choice(list(self._story.witnesses.values()))
        self._story.trace.say(witness.name, "forgets")
        witness.forget_oplog()

    def _tail_leaves_out(self) -> None:
        """No change stream tells of the next commit, ever."""
        witness = self._random.choice(list(self._story.witnesses.values()))
        self._story.trace.say(witness.name, "leaves one out")
        witness.untold = 1

    def _clock_jumps(self) -> None:
        self._someone().process.skew += self._random.choice(JUMPS)

    def _back_up(self) -> None:
        self._story.back_up()

    def _restore(self) -> None:
        """One of a service's databases is lost and comes back as it was a while ago."""
        members = [m for m in self._story.members if m.service == RESTORED_SERVICE]
        for member in members:
            if member.process.alive:
                self._story.crash(member)
        self._restoring += 1
        self._aside(self._restored())
        for member in members:
            self._later(self._random.uniform(0.5, 6), lambda m=member: self._start(m))

    async def _restored(self) -> None:
        try:
            await self._story.restore()
        finally:
            self._restoring -= 1

    def _item(self) -> str:
        return f"{self._random.choice(CLIENTS)}{self._random.randint(0, 7)}"

    def _fact_refused(self) -> None:
        self._story.faulty.refused.add(self._item())

    def _handler_breaks(self) -> None:
        self._story.faulty.broken.add(self._item())

    def _spoil_a_record(self) -> None:
        self._story.cluster.spoil = 1

    def _ask_rebuild(self) -> None:
        database = MemoryDatabase(self._story.witnesses["mirror"])
        self._aside(ask_rebuild(database, self._story.asking(), "ledger"))

    def _ask_resend(self) -> None:
        stream = f"/ledger/account/{self._random.choice(ACCOUNT_IDS)}"
        first = self._random.randint(1, 6)
        database = MemoryDatabase(self._story.witnesses["ledger"])
        self._aside(ask_resend(database, self._story.asking(), stream, first))

    def _aside(self, work: object) -> None:
        assert asyncio.iscoroutine(work)
        self._after.append(asyncio.get_running_loop().create_task(work))
