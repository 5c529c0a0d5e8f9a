"""The relay of one service: tails the log's change stream and publishes it to Kafka.

Order of things, each for a reason that a simulation shows: publish, wait for every
acknowledgement, note the heads, save the token. A crash between any two repeats records, which
dense sequences make harmless, and leaves none out.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.ending import ended
from common.kafka import Broker, Producer, PublishFailed, Record
from common.log.committer import COLLECTION as COMMITS
from common.log.model import Commit, of_document
from common.mongo import ANY, Database, Document, Lease, Patch, ResumeLost, Transient, Watch
from common.relay.heads import Heads
from common.relay.records import records_of
from common.relay.sweeping import UNREAD, Sweep
from common.requests import request, served
from common.world import World

STATE = "relay"
RESENDS = "resends"
LEASE_SECONDS = 10.0
SAVE_SECONDS = 0.25
PACE = 0.010
IDLE_WAIT = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 3.0
REQUEST_SECONDS = 2.0
SWEEP_SECONDS = 60.0
PAGE = 500
_NEVER = float("-inf")


class LeaseLost(Exception):
    """Another relay leads now, or nobody knows: stop publishing."""


@dataclass(frozen=True, slots=True)
class RelayNames:
    """Who publishes where: `holder` is this process, `prefix` stands before every topic."""

    service: str
    holder: str
    prefix: str = ""


class Relay:
    """Run one in each process of a service; the lease lets one of them work."""

    def __init__(self, database: Database, broker: Broker, names: RelayNames, world: World) -> None:
        self._database = database
        self._broker = broker
        self._names = names
        self._world = world
        self._heads = Heads(database)
        self._sweep = Sweep(database, world)
        self._producer: Producer | None = None
        self._publishing = asyncio.Lock()
        self._lease: Lease | None = None
        self._lease_ends = 0.0
        self._incarnation = 1
        self._saved_at = _NEVER

    @property
    def leads(self) -> bool:
        """Whether this relay holds the lease by its own clock."""
        return self._lease is not None and _loop_time() < self._lease_ends

    async def run(self) -> None:
        """Work until cancelled; the world's faults are waited out."""
        pause = FIRST_PAUSE
        try:
            while True:
                self._saved_at = _NEVER
                try:
                    if await self._take_lease():
                        await self._lead()
                    await asyncio.sleep(LEASE_SECONDS / 3)
                except (Transient, PublishFailed, LeaseLost, ResumeLost):
                    pause = FIRST_PAUSE if self._saved_at > _NEVER else pause
                    await asyncio.sleep(pause * (0.5 + self._world.random.random()))
                    pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            await self._step_down()

    # -- the lease ----------------------------------------------------------------------------

    async def _take_lease(self) -> bool:
        asked = _loop_time()
        lease = await self._database.lease("relay", self._names.holder, LEASE_SECONDS)
        self._lease, self._lease_ends = lease, asked + LEASE_SECONDS * 0.9
        return lease is not None

    async def _keep_lease(self) -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            try:
                if not await self._take_lease():
                    return
            except Transient:
                continue  # `leads` turns false by itself when the lease runs out

    async def _step_down(self) -> None:
        await self._drop_producer()
        if self._lease is not None:
            try:
                await self._database.release(self._lease)
            except Transient:
                return  # it runs out by itself
            finally:
                self._lease = None

    # -- the tail -----------------------------------------------------------------------------

    async def _lead(self) -> None:
        self._incarnation = await incarnation(self._database)
        keeper = asyncio.create_task(self._keep_lease())
        mender: asyncio.Task[None] | None = None
        watch: Watch | None = None
        try:
            watch = await self._open()
            mender = asyncio.create_task(self._mend())
            while True:
                batch = await watch.next(IDLE_WAIT)
                self._must_lead()
                if batch.documents:
                    await self._publish_commits([of_document(d) for d in batch.documents])
                    await asyncio.sleep(PACE)
                await self._save(batch.token)
        finally:
            await ended(keeper, mender)
            if watch is not None:
                await watch.close()

    async def _open(self) -> Watch:
        """The tail from where it was left; else from now, then everything not acknowledged."""
        saved = await self._database.find(STATE, {"_id": "token"})
        if saved:
            try:
                return await self._database.watch(COMMITS, saved[0]["token"])
            except ResumeLost:
                await self._database.write([Patch(STATE, "lost", add={"times": 1}, upsert=True)])
        watch = await self._database.watch(COMMITS, None)
        try:
            await self._until_all_before_is_visible()
            await self.resend_unacknowledged()
        except BaseException:
            await watch.close()
            raise
        return watch

    async def _until_all_before_is_visible(self) -> None:
        """A commit may precede the watch and not be held by a majority yet: neither would show it.

        A write of our own comes after it in the server's log, so once a majority holds ours, a
        majority read shows that commit. (Seen on a real engine: the first heartbeat was left out.)
        """
        await self._database.write([Patch(STATE, "barrier", add={"times": 1}, upsert=True)])

    async def _save(self, token: object) -> None:
        """Heads before the token: whatever the token leaves behind is acknowledged for sure."""
        if _loop_time() - self._saved_at < SAVE_SECONDS:
            return
        await self._save_heads()
        await self._database.write([Patch(STATE, "token", values={"token": token}, upsert=True)])
        self._saved_at = _loop_time()

    async def _save_heads(self) -> None:
        """A stream whose tail came with a hole is published again from there first."""
        holes = await self._heads.save()
        if holes:
            await self._fill(holes)
            await self._heads.save()

    async def _fill(self, holes: Mapping[str, int]) -> int:
        return sum([await self.resend(stream, first) for stream, first in holes.items()])

    def _must_lead(self) -> None:
        if not self.leads:
            raise LeaseLost

    # -- publishing ---------------------------------------------------------------------------

    async def _publish_commits(self, commits: Sequence[Commit]) -> None:
        async with self._publishing:
            await self._publish([r for commit in commits for r in self._records(commit)])
            for commit in commits:
                self._heads.acknowledge(commit.parts)

    def _records(self, commit: Commit, only: str | None = None) -> list[Record]:
        return list(
            records_of(
                commit,
                service=self._names.service,
                prefix=self._names.prefix,
                incarnation=self._incarnation,
                only=only,
            )
        )

    async def _publish(self, records: Sequence[Record]) -> None:
        """Until all are acknowledged: after an error a new producer sends the whole chunk again."""
        pause = FIRST_PAUSE
        while records:
            self._must_lead()
            try:
                if self._producer is None:
                    self._producer = await self._broker.producer()
                await self._producer.publish(records)
            except PublishFailed:
                await self._drop_producer()
                await asyncio.sleep(pause * (0.5 + self._world.random.random()))
                pause = min(pause * 2, LONGEST_PAUSE)
            except BaseException:
                await self._drop_producer()
                raise
            else:
                return

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await asyncio.shield(producer.close())

    # -- mending ------------------------------------------------------------------------------

    async def _mend(self) -> None:
        """Beside the tail: what operators asked to be sent again, and once a minute the sweep."""
        swept = _loop_time()
        while True:
            await asyncio.sleep(REQUEST_SECONDS)
            try:
                await self._resend_requested()
                if _loop_time() - swept >= SWEEP_SECONDS:
                    swept = _loop_time()
                    await self.sweep()
            except (Transient, PublishFailed, LeaseLost):
                continue  # asked again at the next turn, or by the next leader

    async def _resend_requested(self) -> int:
        sent = 0
        for asked in await self._database.find(RESENDS, ANY, limit=PAGE):
            sent += await self.resend(asked["_id"], asked["first"])
            await served(self._database, RESENDS, asked)
        return sent

    async def resend_unacknowledged(self) -> int:
        """Publish, stream by stream, every version above the acknowledged; answers how many."""
        last, sent = "", 0
        while page := await self._database.find(
            COMMITS, {"_id": {"$gt": last}}, sort=(("_id", 1),), limit=PAGE, without=UNREAD
        ):
            sent += await self._resend_behind(page)
            await self._heads.save()
            last = page[-1]["_id"]
        return sent

    async def sweep(self) -> int:
        """Compare the log with what is acknowledged, and publish what is not; answers how many."""
        return sum([await self._resend_behind(page) async for page in self._sweep.pages()])

    async def _resend_behind(self, commits: Sequence[Document]) -> int:
        newest: dict[str, int] = {}
        for part in (part for commit in commits for part in commit["parts"]):
            newest[part["stream"]] = max(newest.get(part["stream"], 0), part["version"])
        known = await self._heads.versions(list(newest))
        behind = sorted(stream for stream, version in newest.items() if version > known[stream])
        return sum([await self.resend(stream, known[stream] + 1) for stream in behind])

    async def resend(self, stream: str, first: int = 1) -> int:
        """Publish a stream again from a version on, in order; answers how many records.

        From the first that is not acknowledged, if that is earlier: nothing goes out before its
        time, and no head stands for what was left out.
        """
        known = await self._heads.versions([stream])
        first = min(first, known[stream] + 1)
        found = await self._database.find(COMMITS, {"parts.stream": stream})
        parts = sorted(
            (
                (part.version, commit, part)
                for commit in map(of_document, found)
                for part in commit.parts
                if part.stream == stream and part.version >= first
            ),
            key=lambda entry: entry[0],
        )
        async with self._publishing:
            records = [r for _, commit, _ in parts for r in self._records(commit, stream)]
            await self._publish(records)
            for _, _, part in parts[-1:]:
                self._heads.reach(part)
        return len(records)


async def ask_resend(database: Database, asked: str, stream: str, first: int = 1) -> None:
    """Let whichever relay leads publish a stream again from a version on, within seconds.

    `asked` is the id of this asking. Of several that wait, the earliest version counts.
    """
    await database.write([request(RESENDS, stream, asked, {}, minimum={"first": first})])


async def incarnation(database: Database) -> int:
    """Which life of the log this is: rises when it was restored to an earlier point (D14)."""
    found = await database.find(STATE, {"_id": "incarnation"})
    return found[0]["number"] if found else 1


async def raise_incarnation(database: Database, above: int = 0) -> int:
    """After a restore: consumers begin anew, and the tail re-sends everything; answers the new life.

    `above`: the newest life that the topics know (`common.relay.lives`).
    """
    number = max(await incarnation(database), above) + 1
    await database.write([Patch(STATE, "incarnation", values={"number": number}, upsert=True)])
    await database.delete(STATE, {"_id": "token"})
    await database.delete("heads", ANY)
    return number


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
