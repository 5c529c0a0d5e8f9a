"""The services of the simulation: the real log, relay, consumers, clocks and seals, put together.

`ledger` decides about accounts; `mirror` projects them and echoes each item into a log of its own,
which `ledger` projects in turn. Each runs in two processes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from common.catalogue import Contracts
from common.cause import Cause
from common.clocks import Clock, Due, Ticker
from common.consumer import Hears, Seen
from common.consumer.consumption import ConsumerDoors, Consumption
from common.consumer.hears import consumer, reactor
from common.consumer.heartbeats import heartbeats
from common.errors import DomainError, Refused, Unavailable
from common.kafka import Broker, PublishFailed
from common.log.log import CommitLog
from common.log.streams import Change, Loaded, Standing
from common.mongo import Database, Index, Patch, ResumeLost, Transient, Write
from common.relay.pulse import Pulse
from common.relay.relay import Relay, RelayNames, incarnation
from common.relay.seals import Sealer, SealKey
from common.testing.ledger import (
    ACCOUNT,
    ECHO,
    Account,
    Added,
    Announced,
    Audited,
    Closed,
    Echoed,
    LedgerCatalogue,
    LedgerFact,
    Noted,
    Opened,
)
from common.world import World

ACCOUNT_IDS = ("a", "b", "c", "d")
FULL = 9
CLOSES = 6
"""So few commits close a stream, that most streams of a story are closed."""
SITE = Standing(site="sim")
SEAL_SECONDS = 7.0
BEAT_SECONDS = 9.0
RESTART_SECONDS = 1.0
KEY = SealKey(b"simulation")


@dataclass(frozen=True, slots=True)
class Parts:
    """The classes under test; a planted fault replaces one of them."""

    log: type[CommitLog] = CommitLog
    relay: type[Relay] = Relay
    consumption: type[Consumption] = Consumption
    sealer: type[Sealer] = Sealer
    ticker: type[Ticker] = Ticker


class Words:
    """The ledger's facts, and those that every log carries."""

    def __init__(self, service: str) -> None:
        self._ledger = LedgerCatalogue()
        self._contracts = Contracts(service)

    def write(self, fact: Any) -> Any:
        if isinstance(fact, LedgerFact):
            return self._ledger.write(fact)
        return self._contracts.write(fact)

    def read(self, type: str, data: Any) -> Any:
        return (self._contracts if type.startswith("log.") else self._ledger).read(type, data)

    def revive(self, type: str, data: bytes) -> Any:
        return (self._contracts if type.startswith("log.") else self._ledger).revive(type, data)


# -- what the ledger decides ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Command:
    """add, toggle, move (into two accounts at once), take or free (a name)."""

    act: str
    account: str
    item: str
    other: str = ""
    due: int = 0


def added(item: str, due: int = 0) -> tuple[LedgerFact, ...]:
    """Facts on two topics, and now and then one that stays private."""
    facts: tuple[LedgerFact, ...] = (Added(item, len(item), due),)
    if item.endswith(("1", "4", "7")):
        facts += (Audited(item),)
    if item.endswith(("2", "7")):
        facts = (Noted(item), *facts)
    return facts


def refusal(command: Command, account: Account) -> str | None:
    """Why this command may not be done in this state."""
    if command.act in {"add", "move"}:
        if not account.is_open:
            return "closed"
        if len(account.items) >= FULL:
            return "full"
    return None


async def perform(log: CommitLog, command: Command, cause: Cause) -> Loaded[Account]:
    """The one use case of the ledger."""
    return await log.decide(cause, lambda: _perform(log, command, cause))


async def _perform(log: CommitLog, command: Command, cause: Cause) -> Loaded[Account]:
    loaded = await log.load(ACCOUNT, command.account)
    _must(command, loaded.state)
    match command.act:
        case "toggle":
            fact = Closed() if loaded.state.is_open else Opened()
            return await log.append(loaded, (fact,), cause, SITE)
        case "move":
            other = await log.load(ACCOUNT, command.other)
            _must(command, other.state)
            changes = (
                Change(loaded, added(command.item, command.due)),
                Change(other, added(command.item)),
            )
            return (await log.append_all(changes, cause, SITE))[0]
        case "take" | "free":
            take = log.claim if command.act == "take" else log.release
            claims = (await take(command.other),)
            return await log.append(
                loaded, (Noted(command.act),), cause, replace(SITE, claims=claims)
            )
        case _:
            return await log.append(loaded, added(command.item, command.due), cause, SITE)


def _must(command: Command, account: Account) -> None:
    why = refusal(command, account)
    if why is not None:
        raise Refused(why)


# -- what is heard ----------------------------------------------------------------------------------


@dataclass
class Faulty:
    """Items that a handler cannot take for a while: `refused` by a rule, `broken` by a bug."""

    refused: set[str] = field(default_factory=set[str])
    broken: set[str] = field(default_factory=set[str])

    def meet(self, item: str) -> None:
        if item in self.refused:
            raise Refused("not-now")
        if item in self.broken:
            raise LookupError(item)


INDEXES = (Index("counters", (("n", 1),)), Index("lists", (("n", 1),)))


def projection(name: str, facts: Sequence[type[Any]], faulty: Faulty) -> Hears:
    """Counts what it hears and keeps a list of it: neither forgives a repeat, a loss or disorder."""

    def project(fact: Any, seen: Seen) -> Iterable[Write]:
        item = getattr(fact, "item", seen.type)
        faulty.meet(item)
        yield Patch("counters", seen.stream, add={"facts": 1, seen.topic: 1}, upsert=True)
        yield Patch(
            "lists",
            f"{seen.topic}|{seen.stream}",
            push={"items": f"{seen.sequence} {seen.type} {item}"},
            upsert=True,
        )

    return consumer(name, dict.fromkeys(facts, project), indexes=INDEXES)


def echo(log: CommitLog, faulty: Faulty, now: Callable[[], datetime]) -> Hears:
    """Decides once for each item it hears of."""

    async def react(fact: Added, seen: Seen) -> None:
        faulty.meet(fact.item)
        cause = seen.cause("echo", now())

        async def decide() -> Loaded[tuple[str, ...]]:
            loaded = await log.load(ECHO, seen.stream.rpartition("/")[2])
            return await log.append(loaded, (Echoed(fact.item),), cause, SITE)

        await log.decide(cause, decide)

    return reactor("echo", {Added: react})


# -- one process ------------------------------------------------------------------------------------


@dataclass
class Running:
    """What one process of a service has in memory."""

    log: CommitLog
    consumptions: list[Consumption]
    relay: Relay
    sealer: Sealer
    ticker: Ticker | None
    beat: Callable[[], Awaitable[None]]
    died: list[str] = field(default_factory=list[str])

    def works(self) -> list[Callable[[], Awaitable[object]]]:
        works: list[Callable[[], Awaitable[object]]] = [self.relay.run, self._seal, self._beat]
        if self.ticker is not None:
            works.append(self.ticker.run)
        works += [self._consuming(consumption) for consumption in self.consumptions]
        return works

    async def run(self) -> None:
        """Everything at once, each begun again when it ends, as `common.service` does."""
        await asyncio.gather(*(self._kept(work) for work in self.works()))

    async def _kept(self, work: Callable[[], Awaitable[object]]) -> None:
        while True:
            try:
                await work()
            except (Transient, PublishFailed, Unavailable, ResumeLost):
                pass
            except Exception as error:  # noqa: BLE001 - a finding, told at the end
                self.died.append(f"{work.__qualname__}: {type(error).__name__}: {error}")
            await asyncio.sleep(RESTART_SECONDS)

    async def _seal(self) -> None:
        while True:
            await asyncio.sleep(SEAL_SECONDS)
            try:
                await self.sealer.seal()
            except (Transient, DomainError):
                continue

    async def _beat(self) -> None:
        while True:
            await self.beat()
            await asyncio.sleep(BEAT_SECONDS)

    def _consuming(self, consumption: Consumption) -> Callable[[], Awaitable[object]]:
        async def consume() -> None:
            try:
                await consumption.start()
                await asyncio.Event().wait()
            finally:
                await consumption.stop()

        return consume


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process runs: its name, its doors, its world."""

    name: str
    database: Database
    broker: Broker
    world: World


def ledger(place: Place, parts: Parts, faulty: Faulty) -> Running:
    log = parts.log(place.database, Words("ledger"), place.world, closes_every=CLOSES)
    doors = ConsumerDoors(place.database, place.broker, Words("ledger"))
    return Running(
        log,
        [parts.consumption(projection("echoes", (Echoed,), faulty), doors, place.world)],
        parts.relay(place.database, place.broker, RelayNames("ledger", place.name), place.world),
        parts.sealer("ledger", place.database, log, KEY, place.world),
        parts.ticker("ledger", (_clock(log),), place.world),
        _pulse("ledger", place, log),
    )


def mirror(place: Place, parts: Parts, faulty: Faulty) -> Running:
    log = parts.log(place.database, Words("mirror"), place.world, closes_every=CLOSES)
    doors = ConsumerDoors(place.database, place.broker, Words("mirror"))
    heard = (
        projection("ledger", (Added, Closed, Opened, Audited), faulty),
        echo(log, faulty, place.world.now),
        heartbeats("mirror", ("ledger",)),
    )
    return Running(
        log,
        [parts.consumption(hears, doors, place.world) for hears in heard],
        parts.relay(place.database, place.broker, RelayNames("mirror", place.name), place.world),
        parts.sealer("mirror", place.database, log, KEY, place.world),
        None,
        _pulse("mirror", place, log),
    )


def _pulse(service: str, place: Place, log: CommitLog) -> Callable[[], Awaitable[None]]:
    async def beat() -> None:
        life = await incarnation(place.database)
        await Pulse(service, log, place.world, life).beat()

    return beat


def _clock(log: CommitLog) -> Clock:
    """Announces each item at its due second; what was announced is known by the cause alone."""

    async def look(now: datetime, most: int) -> Sequence[Due]:
        found: list[Due] = []
        for id in ACCOUNT_IDS:
            account = (await log.load(ACCOUNT, id)).state
            found += [
                Due(id, item, datetime.fromtimestamp(due, now.tzinfo))
                for item, due in account.due
                if due <= now.timestamp() and item not in account.announced
            ]
        return found[:most]

    async def announce(due: Due, cause: Cause) -> object:
        async def decide() -> Loaded[Account]:
            loaded = await log.load(ACCOUNT, due.stream)
            return await log.append(loaded, (Announced(due.name),), cause, SITE)

        return await log.decide(cause, decide)

    return Clock("announce", look, announce)


def request(principal: str, key: str, command: Command, at: datetime) -> Cause:
    """A client's request as a cause."""
    return Cause(f"http:{principal}:/accounts:{key}", at, principal, digest=repr(command))
