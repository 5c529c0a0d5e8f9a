"""One seed's world: two services of two processes each, their engines, and three clients."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from random import Random

from common.consumer.lives import INDEXES as LIVES_INDEXES
from common.consumer.positions import INDEXES as CONSUMER_INDEXES
from common.kafka import Partition, Record, TopicSpec
from common.log.log import INDEXES as LOG_INDEXES
from common.moments import cut
from common.relay.heads import INDEXES as HEAD_INDEXES
from common.relay.lives import newest_life
from common.relay.relay import STATE, raise_incarnation
from common.testing.kafka import MemoryBroker, MemoryCluster
from common.testing.loop import VirtualLoop
from common.testing.mongo import MemoryDatabase, MemoryServer
from common.testing.simulation.clients import Client, Server
from common.testing.simulation.process import Process
from common.testing.simulation.service import Faulty, Parts, Place, Running, ledger, mirror
from common.testing.simulation.weather import BEGAN, Door, Engine, Trace
from common.testing.simulation.witness import Late, Witness
from common.world import World
from contracts.events.log import SealedV1

SERVICES = ("ledger", "mirror")
TOPICS = (
    TopicSpec("ledger.account", 3),
    TopicSpec("ledger.audit", 2),
    TopicSpec("mirror.echo", 2),
    *(TopicSpec(topic, 1) for topic in sorted({SealedV1.topic_for(name) for name in SERVICES})),
)
SKEWS = (0.0, 0.0, 0.05, -0.3, 2.0, -40.0)
BATCHES = (1, 3, 10, 50)
CLIENTS = "pqr"


class Cluster(MemoryCluster):
    """A cluster that may spoil the next record on its way in."""

    def __init__(self, late: Late) -> None:
        super().__init__()
        self._late = late
        self.spoil = 0
        self.spoilt: dict[tuple[Partition, int], Record] = {}

    def left_behind(self, records: Sequence[Record]) -> None:
        self._late.may_arrive(lambda: [self.append(record) for record in records])

    def append(self, record: Record) -> None:
        if self.spoil:
            self.spoil -= 1
            partition = self.partition(record.topic, record.key)
            self.spoilt[partition, len(self.logs[partition])] = record
            record = Record(record.topic, record.key, record.value, (("ce_id", b"\xff"),))
        super().append(record)


@dataclass
class Member:
    """A place for a process: it lives, dies and lives again there."""

    name: str
    service: str
    random: Random
    process: Process = field(default_factory=lambda: Process("nobody", alive=False))
    broker: MemoryBroker = field(default_factory=MemoryBroker)
    running: Running | None = None
    lives: int = 0


class Story:
    """Everything that outlives a process."""

    def __init__(self, seed: int, parts: Parts, loop: VirtualLoop, trace: Trace) -> None:
        self.seed = seed
        self.parts = parts
        self.loop = loop
        self.trace = trace
        self.cluster = Cluster(Late(loop, self.chance("late kafka")))
        self.witnesses = {
            name: Witness(name, loop, self.chance(f"late {name}")) for name in SERVICES
        }
        self.engines = {name: Engine(name) for name in (*SERVICES, "kafka")}
        self.faulty = Faulty()
        self.died: list[str] = []
        self.restored_at = float("-inf")
        self._askings = count()
        self._backup: MemoryServer | None = None
        self.members = [
            Member(f"{service}{number}", service, self.chance(f"{service}{number}"))
            for service in SERVICES
            for number in (1, 2)
        ]
        self.clients = [
            Client(name, self._servers, self.chance(f"client {name}"), trace) for name in CLIENTS
        ]

    def chance(self, name: str) -> Random:
        """A stream of luck of its own, so that one part's draws do not move another's."""
        return Random(f"{self.seed}:{name}")  # noqa: S311 - a story, not a secret

    def asking(self) -> str:
        """The id of something that is asked of a service."""
        return f"{next(self._askings)}"

    async def migrate(self) -> None:
        for witness in self.witnesses.values():
            indexes = (*LOG_INDEXES, *HEAD_INDEXES, *CONSUMER_INDEXES, *LIVES_INDEXES)
            await MemoryDatabase(witness).migrate(indexes)
        await MemoryBroker(self.cluster).migrate(TOPICS)

    # -- restoring ----------------------------------------------------------------------------------

    def back_up(self) -> None:
        self.trace.say("ledger is backed up")
        self._backup = self.witnesses["ledger"].snapshot()

    async def restore(self) -> None:
        """What was decided since the backup is gone, and everybody is told that a new life begins."""
        assert self._backup is not None
        self.trace.say("ledger is restored")
        witness = self.witnesses["ledger"]
        topics = [topic.name for topic in TOPICS if topic.name.startswith("ledger.")]
        known = await newest_life(MemoryBroker(self.cluster), topics, group="restoring")
        witness.restore(self._backup)
        self.restored_at = self.loop.now
        await raise_incarnation(MemoryDatabase(witness), known)

    def life(self, service: str) -> int:
        """Which life of its log a service lives."""
        found = self.witnesses[service].documents(STATE, _id="incarnation")
        return found[0]["number"] if found else 1

    # -- processes ----------------------------------------------------------------------------------

    def start(self, member: Member) -> None:
        member.lives += 1
        member.process = Process(member.name, member.random.choice(SKEWS))
        member.broker = MemoryBroker(
            self.cluster, self._door(member, "kafka"), batch=member.random.choice(BATCHES)
        )
        place = Place(
            f"{member.name}.{member.lives}",
            MemoryDatabase(self.witnesses[member.service], self._door(member, member.service)),
            member.broker,
            self._world(member),
        )
        make = ledger if member.service == "ledger" else mirror
        member.running = make(place, self.parts, self.faulty)
        member.running.died = self.died
        member.process.spawn(member.running.run())
        self.trace.say(member.name, "starts")

    def crash(self, member: Member) -> None:
        self.trace.say(member.name, "crashes")
        member.process.crash()
        self.expel(member)

    def expel(self, member: Member) -> None:
        """The group's coordinator has not heard of this process for too long."""
        for subscription in member.broker.subscriptions:
            subscription.leave()

    def readmit(self, member: Member) -> None:
        if not member.process.alive or member.process.is_paused:
            return
        for subscription in member.broker.subscriptions:
            subscription.join()

    def _door(self, member: Member, engine: str) -> Door:
        return Door(member.process, self.engines[engine], member.random, self.trace)

    def _world(self, member: Member) -> World:
        process, random = member.process, member.random

        def now() -> datetime:
            return cut(datetime.fromtimestamp(BEGAN + self.loop.now + process.skew, UTC))

        def new_id() -> str:
            milliseconds = round(now().timestamp() * 1000)
            return f"{milliseconds:012x}-{random.getrandbits(64):016x}"

        return World(now, new_id, random)

    def _servers(self) -> list[Server]:
        return [
            Server(member.process, member.running.log, self._world(member))
            for member in self.members
            if member.service == "ledger" and member.running is not None
        ]
