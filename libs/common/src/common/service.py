"""One service put together: log, relay, consumers and clocks, started and stopped in order."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from common.beside import BLOBS, Beside
from common.blobs import Contents, KeptBlobs
from common.blobs.choosing import contents_of
from common.catalogue import Contracts
from common.clocks import Clock, Ticker
from common.consumer.consumption import ConsumerDoors, Consumption, generation_indexes
from common.consumer.hears import Hears
from common.consumer.heartbeats import BEATS, Heartbeat, heartbeats
from common.consumer.lives import INDEXES as LIVES_INDEXES
from common.consumer.lives import log_of
from common.consumer.positions import INDEXES as CONSUMER_INDEXES
from common.consumer.reached import Reached
from common.consumer.views import Positions, Views, active
from common.ending import ended
from common.errors import Unavailable
from common.health import Health
from common.kafka import Broker, LoginRefused, PublishFailed, TopicSpec
from common.kafka.engine import KafkaCluster
from common.kafka.login import Login
from common.log.log import INDEXES as LOG_INDEXES
from common.log.log import CommitLog
from common.log.streams import StreamKind
from common.logs import logger
from common.measured import CountedLog, CountedRelay, MeasuredBroker, MeasuredDatabase
from common.metrics import Metrics
from common.moments import from_wire
from common.mongo import Database, Index, Transient
from common.mongo.engine import MongoDatabase, connect, disconnect
from common.readings import Readings
from common.relay.heads import INDEXES as HEAD_INDEXES
from common.relay.pulse import Pulse
from common.relay.relay import Relay, RelayNames, incarnation
from common.relay.restoring import LOOK_SECONDS, Life
from common.relay.seals import Sealer, SealKey
from common.settings import ServiceSettings
from common.state import Operating
from common.telemetry import Telemetry, set_up
from common.traced import traced
from common.words import say
from common.world import World, real_world
from contracts import topics

RESTART_SECONDS = 1.0
START_SECONDS = 60.0
SEAL_SECONDS = 3600.0
BEAT_SECONDS = 20.0
GAP_SECONDS = 30.0
"""A record on its way comes in less; a gap that stays open longer is somebody's to look at."""
Work = Callable[[], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What makes a service: `decides` says whether it has a log of its own.

    hears    its consumers
    indexes  of collections that no consumer projects
    kinds    of streams it decides on: a process that has just begun answers repeated keys too
    beside   databases beside its own: blobs, vault, the vault's keys
    """

    hears: tuple[Hears, ...] = ()
    decides: bool = True
    indexes: tuple[Index, ...] = ()
    kinds: tuple[StreamKind[Any], ...] = ()
    beside: tuple[Beside, ...] = ()


@dataclass(slots=True)
class Service:
    """A service's backbone; `main.py` builds its Deps from it."""

    settings: ServiceSettings
    parts: Parts
    database: Database
    broker: MeasuredBroker
    world: World
    health: Health
    metrics: Metrics
    telemetry: Telemetry
    readings: Readings
    log: CommitLog
    life: Life
    close: Callable[[], Awaitable[None]]
    stores: Mapping[Beside, Database] = field(default_factory=dict[Beside, Database])
    contents: Contents | None = None
    clocks: tuple[Clock, ...] = ()
    sweep: Work | None = None
    consumptions: tuple[Consumption, ...] = ()
    relay: Relay | None = None
    reached: Reached = field(default_factory=Reached)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])
    _deciding: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    @property
    def name(self) -> str:
        return self.settings.service

    def views(self, consumer: str) -> Views:
        """Where queries read what a consumer projects."""
        return Views(self.database, consumer, self.reached)

    @property
    def operating(self) -> Operating:
        """The service's state as its operators see it."""
        return Operating(
            self.name,
            self.database,
            self.broker,
            self.world.new_id,
            self.settings.topic_prefix,
        )

    @property
    def positions(self) -> Positions:
        """How far this service is on what it hears, for `After-Position`."""
        views = [(c.hears.topics, self.views(c.hears.name)) for c in self.consumptions]
        return Positions(views, self.reached)

    def sealer(self) -> Sealer:
        """Makes the seals of this service's log with its own key."""
        key = SealKey(self.settings.key("seal_key"))
        return Sealer(self.name, self.database, self.log, key, self.world)

    @property
    def blobs(self) -> KeptBlobs:
        """The files that services share; a service that uses them names BLOBS in its parts."""
        assert self.contents is not None, "BLOBS is not among its parts"
        return KeptBlobs(self.stores[BLOBS], self.contents, self.world)

    def react(self, hears: Sequence[Hears]) -> None:
        """Give reactions their handlers, which need what only a service that stands can give."""
        handling = {each.name: each for each in hears}
        for consumption in self.consumptions:
            consumption.hears = handling.get(consumption.hears.name, consumption.hears)

    # -- the migration step -----------------------------------------------------------------------

    def topics(self) -> list[TopicSpec]:
        """The topics this service owns, and those it hears (their owner makes them too)."""
        heard = {topic for c in self.consumptions for topic in c.hears.topics}
        return [
            TopicSpec(self.settings.topic_prefix + t.name, t.partitions, t.retention_ms)
            for t in topics.load().all
            if t.owner == self.name or t.name in heard
        ]

    async def indexes(self) -> list[Index]:
        """Every index of this service, of the projection generations that serve."""
        wanted = [*CONSUMER_INDEXES, *LIVES_INDEXES, *self.parts.indexes]
        if self.parts.decides:
            wanted += [*LOG_INDEXES, *HEAD_INDEXES]
        for consumption in self.consumptions:
            generation = await active(self.database, consumption.hears.name)
            wanted += generation_indexes(consumption.hears, generation)
        return wanted

    async def migrate(self) -> None:
        """Make indexes and topics that are missing; before start, never in a request."""
        await self.database.migrate(await self.indexes())
        for beside, database in self.stores.items():
            await database.migrate(beside.indexes)
        if self.contents is not None:
            await self.contents.prepare()
        await self.broker.migrate(self.topics())

    async def migrated(self) -> str:
        """For readiness; raises Unavailable for what is missing, or made so that it would lose facts."""
        missing = await self.database.missing(await self.indexes())
        for beside, database in self.stores.items():
            missing += await database.missing(beside.indexes)
        missing += await self.broker.missing(self.topics())
        if missing:
            raise Unavailable("not-migrated", say("not-migrated", missing=", ".join(missing[:5])))
        return say("migrated")

    # -- life -------------------------------------------------------------------------------------

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Everything in the background runs inside this block; the stop is graceful.

        In development the migration step is part of the start; in production it comes before.
        """
        if not self.settings.production:
            await self._migrate_when_engines_answer()
        if self.parts.decides:
            self._start_deciding()
            self._start("life", self._live)
        self._start("sweep", self.sweep)
        for consumption in self.consumptions:
            self._start(f"consumer {consumption.hears.name}", self._consume(consumption))
        try:
            yield
        finally:
            await self._stop()

    async def _migrate_when_engines_answer(self) -> None:
        """An engine that is just being started again ends nobody's start; raises after a minute of trying.

        At once where Kafka refuses us: no waiting mends that.
        """
        until = asyncio.get_running_loop().time() + START_SECONDS
        while True:
            try:
                await self.migrate()
            except LoginRefused:
                raise
            except (Transient, PublishFailed, Unavailable) as error:
                if asyncio.get_running_loop().time() >= until:
                    raise
                logger(self.name).warning("engine-away", task="start", error=type(error).__name__)
                await asyncio.sleep(RESTART_SECONDS)
            else:
                return

    def _start(self, name: str, work: Work | None) -> None:
        if work is not None:
            self._tasks.append(asyncio.create_task(self._kept(name, work), name=name))

    def _start_deciding(self) -> None:
        """What this process does by itself with its log, and leaves when that is another one."""
        before = len(self._tasks)
        self._start("relay", self.relay.run if self.relay else None)
        self._start("heartbeat", self._beat)
        self._start("seals", self._seal)
        self._start(
            "clocks", Ticker(self.name, self.clocks, self.world).run if self.clocks else None
        )
        self._deciding = self._tasks[before:]

    async def _live(self) -> None:
        """As long as the log is the one this process knows; after that it decides nothing and ends."""
        while True:
            await self.life.look()
            if self.life.trouble is not None:
                await self._leave_the_log(self.life.trouble)
            if self.life.over:
                break
            await asyncio.sleep(LOOK_SECONDS)
        logger(self.name).error("gives-up", why=str(self.life.trouble))
        self.health.give_up()
        await asyncio.Event().wait()

    async def _leave_the_log(self, why: str) -> None:
        """Its lease too: so the operator's command finds nobody who works."""
        deciding, self._deciding = self._deciding, []
        if deciding:
            logger(self.name).error("log-restored", why=why)
            await ended(*deciding)

    async def _kept(self, name: str, work: Work) -> None:
        """Run for ever: what ends with an error is begun again, and said."""
        while True:
            try:
                await work()
            except LoginRefused as error:
                logger(self.name).error("kafka-refuses", task=name, why=str(error))
            except (Transient, PublishFailed, Unavailable) as error:
                logger(self.name).warning("engine-away", task=name, error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - a background task must not die in silence
                logger(self.name).error("task-failed", task=name, error=type(error).__name__)
            await asyncio.sleep(RESTART_SECONDS)

    def _consume(self, consumption: Consumption) -> Work:
        async def work() -> None:
            try:
                await consumption.start()
                await asyncio.Event().wait()
            finally:
                await consumption.stop()

        return work

    async def _beat(self) -> None:
        pulse = Pulse(self.name, self.log, self.world, await incarnation(self.database))
        while True:
            await pulse.beat()
            await asyncio.sleep(BEAT_SECONDS)

    async def _seal(self) -> None:
        sealer = self.sealer()
        while True:
            now = self.world.now().timestamp()
            await asyncio.sleep(SEAL_SECONDS - now % SEAL_SECONDS)
            await sealer.seal()

    async def _stop(self) -> None:
        """No new work, finish what was begun, publish what was decided, then close."""
        await self.log.drain()
        await ended(*self._tasks)
        self._tasks.clear()
        await self.close()
        self.telemetry.close()

    # -- health -----------------------------------------------------------------------------------

    def watch_health(self) -> None:
        """Name every dependency and every consumer to the health report."""
        self.health.add("mongodb", self._mongo_answers)
        self.health.add("kafka", self._kafka_answers)
        self.health.add("migration", self.migrated)
        if self.parts.decides:
            self.health.add("log", self.life.check)
        if self.contents is not None and self.settings.blobs_url:
            self.health.add("blobs", self.contents.check)
        for consumption in self.consumptions:
            self.health.add(f"consumer {consumption.hears.name}", _runs(consumption))
            self.health.add(f"parked {consumption.hears.name}", _parked(consumption), kind="watch")
            held = _held(consumption, self.world)
            self.health.add(f"gaps {consumption.hears.name}", held, kind="watch")
        beating = [c for c in self.consumptions if c.hears.name.endswith(BEATS)]
        if beating:
            views = self.views(beating[0].hears.name)
            heartbeat = Heartbeat(views, self.world, self.world.now())
            self.health.add("heartbeat", heartbeat.check, kind="watch")

    async def _mongo_answers(self) -> str:
        await self.database.ping()
        return say("it-answers")

    async def _kafka_answers(self) -> str:
        try:
            await self.broker.ping()
        except LoginRefused as error:
            raise Unavailable("kafka-refuses", error.why) from error
        return say("it-answers")


def _runs(consumption: Consumption) -> Callable[[], Awaitable[str]]:
    async def check() -> str:
        reader = consumption.reader
        if reader is None:
            raise Unavailable("not-started", say("waits-for-engines", name=consumption.hears.name))
        if reader.halted is not None:
            raise Unavailable("halted", reader.halted)
        return say("applied", records=reader.tally.applied)

    return check


def _parked(consumption: Consumption) -> Callable[[], Awaitable[str]]:
    async def check() -> str:
        reader = consumption.reader
        parked = await reader.parked(100) if reader else []
        if parked:
            raise Unavailable("parked", say("some-parked", records=len(parked)))
        return say("nothing-parked")

    return check


def _held(consumption: Consumption, world: World) -> Callable[[], Awaitable[str]]:
    async def check() -> str:
        reader = consumption.reader
        held = await reader.oldest_held() if reader else None
        waits = (world.now() - from_wire(held["since"])).total_seconds() if held else 0.0
        if held and waits > GAP_SECONDS:
            stream: str = held["stream"]
            owner, seconds = stream.split("/")[1], f"{waits:.0f}"
            said = say("gap-open", stream=stream, owner=owner, seconds=seconds)
            raise Unavailable("gap-open", said)
        return say("no-gap")

    return check


@dataclass(frozen=True, slots=True)
class Doors:
    """The two engines of a service; `close` lets go of them, `beside` opens another database."""

    database: Database
    broker: Broker
    close: Callable[[], Awaitable[None]]
    beside: Callable[[str], Database]


def doors_of(settings: ServiceSettings) -> Doors:
    """The real engines that the settings name; nothing is connected yet."""
    client = connect(settings.mongo_url, settings.mongo_driver)

    async def close() -> None:
        await disconnect(client)

    broker = cluster_of(settings, f"nhipcau-{settings.service}")

    def beside(name: str) -> Database:
        return MongoDatabase(client, name)

    return Doors(MongoDatabase(client, settings.database), broker, close, beside)


def cluster_of(settings: ServiceSettings, client_id: str) -> KafkaCluster:
    """The Kafka that the settings name, with the credentials they give."""
    login = Login(
        settings.kafka_security,
        settings.kafka_mechanism,
        settings.kafka_username,
        settings.kafka_password.get_secret_value(),
        settings.kafka_ca_file,
    )
    return KafkaCluster(settings.kafka_bootstrap, client_id, login)


def assemble(
    settings: ServiceSettings,
    parts: Parts,
    doors: Doors | None = None,
    world: World | None = None,
    telemetry: Telemetry | None = None,
) -> Service:
    """A service over its settings' engines, or over given doors (tests give working fakes)."""
    world, doors, metrics = world or real_world(), doors or doors_of(settings), Metrics()
    traces, contracts = telemetry or set_up(settings), Contracts(settings.service)
    life = Life(settings.service, doors.database)
    database = MeasuredDatabase(doors.database, metrics, world, traces, life)
    broker = MeasuredBroker(doors.broker, metrics, traces)
    reached = Reached()
    stores = {beside: doors.beside(beside.name_of(settings)) for beside in parts.beside}
    consumer_doors = ConsumerDoors(database, broker, contracts, settings.topic_prefix, reached)
    service = Service(
        settings=settings,
        parts=parts,
        database=database,
        broker=broker,
        world=world,
        health=Health(settings.service, clock=world.now),
        metrics=metrics,
        telemetry=traces,
        readings=Readings(database, broker, metrics.consumers, settings.topic_prefix, world.now),
        log=CountedLog(metrics.log, database, contracts, world, kinds=parts.kinds, life=life),
        life=life,
        close=doors.close,
        reached=reached,
        stores=stores,
        contents=contents_of(settings, stores[BLOBS]) if BLOBS in stores else None,
        consumptions=tuple(
            Consumption(traced(hears, traces), consumer_doors, world)
            for hears in all_hears(settings, parts)
        ),
        relay=CountedRelay(metrics.relay, database, broker, _names(settings, world), world)
        if parts.decides
        else None,
    )
    service.watch_health()
    return service


def parts_of(name: str) -> Parts:
    """What a service is made of, by its name: `PARTS` in its `main.py`; raises LookupError."""
    if find_spec(name) is None or find_spec(f"{name}.main") is None:
        raise LookupError(f"there is no service {name}")
    return import_module(f"{name}.main").PARTS


def all_hears(settings: ServiceSettings, parts: Parts) -> Sequence[Hears]:
    """A service's consumers, and the one for the heartbeats of every log that reaches it.

    They show that its facts arrive, and tell of a life that has no other fact for this service.
    """
    heard = {log_of(topic) for hears in parts.hears for topic in hears.topics}
    logs = tuple(sorted(heard | ({settings.service} if parts.decides else set[str]())))
    return (*parts.hears, heartbeats(settings.service, logs)) if logs else parts.hears


def _names(settings: ServiceSettings, world: World) -> RelayNames:
    holder = f"{socket.gethostname()}:{os.getpid()}:{world.new_id()}"
    return RelayNames(settings.service, holder, settings.topic_prefix)
