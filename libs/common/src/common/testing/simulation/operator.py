"""The person on duty after the storm: replays what is parked, asks for what never arrived."""

from common.consumer.asking import ask_replay
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
            await self._ask_to_replay(service)
            await self._ask_for_unreadable(service)

    async def _restart_halted(self, member: Member) -> None:
        readers = [c.reader for c in member.running.consumptions] if member.running else []
        if any(r is not None and r.halted and r.restored is None for r in readers):
            self._story.crash(member)
            self._story.start(member)

    async def _ask_to_replay(self, service: str) -> None:
        """Once for each thing that is parked: what was asked for must be done."""
        witness = self._story.witnesses[service]
        member = next(m for m in self._story.members if m.service == service)
        for consumption in member.running.consumptions if member.running else ():
            generation = await active(MemoryDatabase(witness), consumption.hears.name)
            name, topics = consumption.hears.name, consumption.hears.topics
            for place in witness.documents(POSITIONS, consumer=generation.name, parked=True):
                asked = f"{place['_id']} {place['sequence']} {place['incarnation']}"
                if place["topic"] in topics and asked not in self._asked:
                    self._asked.add(asked)
                    database = MemoryDatabase(witness)
                    asking = self._story.asking()
                    await ask_replay(database, asking, name, place["topic"], place["stream"])

    async def _ask_for_unreadable(self, service: str) -> None:
        for document in self._story.witnesses[service].documents(PARKED, sequence=0):
            if document["_id"] in self._asked:
                continue
            self._asked.add(document["_id"])
            owner = document["stream"].split("/")[1]
            database = MemoryDatabase(self._story.witnesses[owner])
            await ask_resend(database, self._story.asking(), document["stream"])
