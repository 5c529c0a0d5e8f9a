"""The person on duty after the storm: replays what is parked, asks for what never arrived."""

from common.consumer.positions import PARKED, POSITIONS
from common.consumer.views import active
from common.relay.relay import ask_resend
from common.testing.mongo import MemoryDatabase
from common.testing.simulation.story import Member, Story


class Operator:
    """Does what the runbook says and nothing else."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._asked: set[str] = set()

    async def mend(self) -> None:
        for member in self._story.members:
            await self._restart_halted(member)
        for service in self._story.witnesses:
            await self._replay_parked(service)
            await self._ask_for_unreadable(service)

    async def _restart_halted(self, member: Member) -> None:
        readers = [c.reader for c in member.running.consumptions] if member.running else []
        if any(reader is not None and reader.halted for reader in readers):
            self._story.crash(member)
            self._story.start(member)

    async def _replay_parked(self, service: str) -> None:
        witness = self._story.witnesses[service]
        member = next(m for m in self._story.members if m.service == service)
        for consumption in member.running.consumptions if member.running else ():
            generation = await active(MemoryDatabase(witness), consumption.hears.name)
            if consumption.reader is None:
                continue
            for place in witness.documents(POSITIONS, consumer=generation.name, parked=True):
                member.process.spawn(consumption.replay(place["topic"], place["stream"]))

    async def _ask_for_unreadable(self, service: str) -> None:
        for document in self._story.witnesses[service].documents(PARKED, sequence=0):
            if document["_id"] in self._asked:
                continue
            self._asked.add(document["_id"])
            owner = document["stream"].split("/")[1]
            await ask_resend(MemoryDatabase(self._story.witnesses[owner]), document["stream"])
