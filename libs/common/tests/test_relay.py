"""The relay over the fakes: everything decided is published, in order, whatever breaks on the way.

Time is virtual here, so a lease may run out and a minute pass at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count
from random import Random

import pytest

from common.cause import Cause
from common.consumer.decode import Heard, decode
from common.kafka import Arrived, Record, TopicSpec
from common.log.log import INDEXES, CommitLog
from common.log.streams import Change, Loaded, Standing
from common.mongo import Drop, Patch, Put
from common.relay.heads import COLLECTION as HEADS
from common.relay.heads import INDEXES as HEAD_INDEXES
from common.relay.heads import leaf_of
from common.relay.lives import newest_life
from common.relay.relay import (
    LEASE_SECONDS,
    STATE,
    Relay,
    RelayNames,
    ask_resend,
    incarnation,
    raise_incarnation,
)
from common.testing.kafka import MemoryBroker, MemoryCluster
from common.testing.ledger import (
    ACCOUNT,
    Account,
    Added,
    Audited,
    LedgerCatalogue,
    LedgerFact,
    Noted,
)
from common.testing.loop import VirtualLoop, elapse, run_virtually
from common.testing.mongo import EPOCH, MemoryDatabase, MemoryServer
from common.testing.troubles import Troubles
from common.world import World

A, B = "/ledger/account/a", "/ledger/account/b"


class Scene:
    """A service's database and the cluster, and relays that come and go."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.server = MemoryServer()
        self.cluster = MemoryCluster()
        numbers = count()
        self.ahead = timedelta()
        self.world = World(
            lambda: EPOCH + timedelta(seconds=loop.time()) + self.ahead,
            lambda: f"{next(numbers):08d}",
            Random(1),
        )
        self.database = MemoryDatabase(self.server)
        self.log = CommitLog(self.database, LedgerCatalogue(), self.world)
        self.running: dict[str, asyncio.Task[None]] = {}

    async def open(self) -> "Scene":
        await self.database.migrate((*INDEXES, *HEAD_INDEXES))
        await MemoryBroker(self.cluster).migrate(
            [TopicSpec("ledger.account", 3), TopicSpec("ledger.audit", 1)]
        )
        return self

    def relay(
        self, name: str = "one", *, database: Troubles | None = None, kafka: Troubles | None = None
    ) -> Relay:
        relay = Relay(
            MemoryDatabase(self.server, database),
            MemoryBroker(self.cluster, kafka),
            RelayNames("ledger", name),
            self.world,
        )
        self.running[name] = asyncio.create_task(relay.run())
        return relay

    async def put_unseen(self, id: str, *facts: LedgerFact) -> None:
        """In the log, and no change stream ever tells."""
        told, self.server.tell = self.server.tell, lambda *_: None
        await self.put(id, *facts)
        self.server.tell = told

    async def put(self, id: str, *facts: LedgerFact) -> None:
        cause = Cause(self.world.new_id(), self.world.now(), "somebody")

        async def use_case() -> Loaded[Account]:
            loaded = await self.log.load(ACCOUNT, id)
            return await self.log.append(loaded, facts, cause, Standing(site="test"))

        await self.log.decide(cause, use_case)

    def sent(self, stream: str = A, topic: str = "ledger.account") -> list[int]:
        """The sequences of a stream on a topic, as they stand in Kafka."""
        return [
            h.seen.sequence
            for h in self.heard()
            if (h.seen.stream, h.seen.topic) == (stream, topic)
        ]

    def heard(self) -> list[Heard]:
        found = [
            decode(Arrived(partition, n, r.key.encode(), r.value, r.headers), "")
            for partition, records in self.cluster.logs.items()
            for n, r in enumerate(records)
        ]
        assert all(isinstance(heard, Heard) for heard in found)
        return [heard for heard in found if isinstance(heard, Heard)]

    def head(self, stream: str = A) -> int:
        document = self.server.collections.get(HEADS, {}).get(stream)
        return leaf_of(document).version if document else 0

    def token(self) -> object:
        return self.server.collections.get(STATE, {}).get("token")

    def kill(self, name: str) -> None:
        """The process is gone: neither its lease nor anything else is handed back."""
        lease = self.server.leases.get("relay")
        self.running.pop(name).cancel()
        if lease is not None:
            asyncio.get_running_loop().call_soon(self.server.leases.__setitem__, "relay", lease)
            asyncio.get_running_loop().call_later(
                0.001, self.server.leases.__setitem__, "relay", lease
            )


def story(work: Callable[[Scene], Awaitable[None]]) -> None:
    """Run a test in virtual time."""

    async def run(loop: VirtualLoop) -> None:
        async with asyncio.timeout(1_000):
            scene = await Scene(loop).open()
            await work(scene)
            for task in scene.running.values():
                task.cancel()
            await asyncio.gather(*scene.running.values(), return_exceptions=True)

    run_virtually(run)


async def until(condition: Callable[[], bool], seconds: float = 100) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - a fake sends no event
            await asyncio.sleep(0.01)


def test_facts_are_published_in_the_order_of_their_stream_and_private_ones_never():
    async def work(scene: Scene) -> None:
        scene.relay()
        for n in range(5):
            await scene.put("a", Added(f"{n}"), Noted("secret"), Audited(f"{n}"))
            await scene.put("b", Added(f"{n}"))
        await until(lambda: len(scene.sent(B)) == 5)

        assert scene.sent(A) == [1, 2, 3, 4, 5]
        assert scene.sent(A, "ledger.audit") == [1, 2, 3, 4, 5]
        assert not any(b"secret" in heard.data for heard in scene.heard())

    story(work)


def test_a_commit_of_two_streams_is_published_on_both():
    async def work(scene: Scene) -> None:
        cause = Cause("move", scene.world.now(), "somebody")

        async def move() -> Loaded[Account]:
            a, b = await scene.log.load_many(ACCOUNT, ["a", "b"])
            changes = (Change(a, (Added("x"),)), Change(b, (Added("x"),)))
            return (await scene.log.append_all(changes, cause, Standing(site="test")))[0]

        await scene.log.decide(cause, move)
        scene.relay()
        await until(lambda: scene.sent(B) == [1])

        assert scene.sent(A) == [1]

    story(work)


def test_what_was_decided_before_the_first_relay_is_published():
    async def work(scene: Scene) -> None:
        for n in range(3):
            await scene.put("a", Added(f"{n}"))
        scene.relay()
        await until(lambda: scene.sent() == [1, 2, 3])

    story(work)


def test_a_relay_goes_on_where_the_one_before_left_off():
    async def work(scene: Scene) -> None:
        scene.relay("one")
        await scene.put("a", Added("x"))
        await until(lambda: scene.token() is not None and scene.head() == 1)
        scene.kill("one")
        await scene.put("a", Added("y"))
        scene.relay("two")
        await until(lambda: scene.sent()[-1:] == [2])

        assert scene.sent() == [1, 2]

    story(work)


@pytest.mark.parametrize(
    "operation", ["publish", "publish-next", "write", "next", "watch", "find", "producer"]
)
def test_a_crash_at_any_operation_leaves_nothing_out(operation: str):
    async def work(scene: Scene) -> None:
        at = Troubles(stops={operation: asyncio.Event()})
        scene.relay("one", database=at, kafka=at)
        for n in range(4):
            await scene.put("a", Added(f"{n}"))
        await until(lambda: at.asked[operation] > 0)
        await elapse(1)
        scene.kill("one")
        scene.relay("two")
        await until(lambda: set(scene.sent()) == {1, 2, 3, 4})

        assert list(dict.fromkeys(scene.sent())) == [1, 2, 3, 4]
        assert scene.sent()[-1] == 4

    story(work)


def test_after_a_publishing_error_a_new_producer_sends_the_whole_chunk_again():
    async def work(scene: Scene) -> None:
        kafka = Troubles(lies=["publish"], fails=["producer"])
        for n in range(3):
            await scene.put("a", Added(f"{n}"))
        scene.relay(kafka=kafka)
        await until(lambda: len(scene.sent()) >= 6)

        assert scene.sent() == [1, 2, 3, 1, 2, 3]
        assert kafka.asked["producer"] == 3

    story(work)


def test_a_chunk_that_half_arrived_leaves_no_hole():
    async def work(scene: Scene) -> None:
        for n in range(3):
            await scene.put("a", Added(f"{n}"))
        scene.relay(kafka=Troubles(fails=["publish-next", "publish-next"]))
        await until(lambda: 3 in scene.sent())

        assert list(dict.fromkeys(scene.sent())) == [1, 2, 3]

    story(work)


def test_a_broker_that_is_away_is_waited_for():
    async def work(scene: Scene) -> None:
        kafka = Troubles(away={"publish", "producer"})
        scene.relay(kafka=kafka)
        await scene.put("a", Added("x"))
        await elapse(60)
        assert scene.sent() == []
        kafka.away.clear()
        await until(lambda: set(scene.sent()) == {1}, seconds=10)

    story(work)


def test_a_database_that_is_away_is_waited_for():
    async def work(scene: Scene) -> None:
        database = Troubles()
        scene.relay(database=database)
        await until(lambda: database.asked["next"] > 0)
        database.away |= {"next", "watch", "find", "lease", "write"}
        await scene.put("a", Added("x"))
        await elapse(60)
        database.away.clear()
        await until(lambda: set(scene.sent()) == {1}, seconds=30)

    story(work)


def test_a_refused_token_re_sends_by_stream_what_is_not_acknowledged():
    async def work(scene: Scene) -> None:
        scene.relay("one")
        for n in range(3):
            await scene.put("a", Added(f"{n}"))
        await until(lambda: scene.head() == 3)
        scene.kill("one")
        await scene.put("b", Added("x"))
        await scene.put("a", Added("y"))
        scene.server.forget_oplog()
        scene.relay("two")
        await until(lambda: set(scene.sent(A)) == {1, 2, 3, 4} and scene.sent(B) == [1])

        assert scene.sent(A) == [1, 2, 3, 4]
        assert scene.server.collections[STATE]["lost"]["times"] == 1

    story(work)


def test_after_a_lost_token_a_commit_with_an_old_id_is_found():
    async def work(scene: Scene) -> None:
        scene.relay("one")
        await scene.put("a", Added("x"))
        await until(lambda: scene.head() == 1)
        scene.kill("one")
        (commit,) = await scene.log.commits(A)
        await scene.put("b", Added("late"))
        (late,) = await scene.log.commits(B)
        document = scene.server.collections["commits"][late.id]
        await scene.database.write(
            [Drop("commits", late.id), Put("commits", f"!{commit.id}", document)]
        )
        await scene.database.delete(STATE, {"_id": "token"})
        scene.relay("two")
        await until(lambda: scene.sent(B) == [1])

    story(work)


def test_only_one_of_two_relays_publishes():
    async def work(scene: Scene) -> None:
        relays = [scene.relay("one"), scene.relay("two")]
        for n in range(30):
            await scene.put("a", Added(f"{n}"))
            await elapse(1)
            assert sum(relay.leads for relay in relays) <= 1
        await until(lambda: len(scene.sent()) >= 30)

        assert scene.sent() == list(range(1, 31))

    story(work)


def test_a_relay_that_is_stopped_hands_the_lease_over_at_once():
    async def work(scene: Scene) -> None:
        scene.relay("one")
        await until(lambda: "relay" in scene.server.leases)
        one = scene.running.pop("one")
        one.cancel()
        await asyncio.gather(one, return_exceptions=True)
        scene.relay("two")
        await scene.put("a", Added("x"))
        await until(lambda: scene.sent() == [1], seconds=LEASE_SECONDS / 2)

    story(work)


def test_a_relay_paused_behind_its_lease_repeats_but_leaves_nothing_out():
    async def work(scene: Scene) -> None:
        paused = Troubles(stops={"publish": asyncio.Event()})
        for n in range(3):
            await scene.put("a", Added(f"{n}"))
        scene.relay("one", kafka=paused, database=paused)
        await until(lambda: paused.asked["publish"] == 1)
        paused.stops["lease"] = asyncio.Event()
        scene.relay("two")
        await scene.put("a", Added("more"))
        await until(lambda: 4 in scene.sent())
        for event in paused.stops.values():
            event.set()
        await until(lambda: len(scene.sent()) == 7)

        assert scene.sent() == [1, 2, 3, 4, 1, 2, 3]

    story(work)


def test_the_sweeper_sends_what_the_tail_left_out():
    async def work(scene: Scene) -> None:
        scene.relay()
        await until(lambda: "relay" in scene.server.leases)
        await elapse(1)
        await scene.put_unseen("a", Added("unseen"))
        assert scene.sent() == []
        await until(lambda: scene.sent() == [1], seconds=150)
        await until(lambda: scene.head() == 1)

    story(work)


@pytest.mark.parametrize("days", [-3_650, -1, 1, 3_650])
def test_the_sweeper_finds_what_was_decided_while_a_clock_was_wrong(days: int):
    async def work(scene: Scene) -> None:
        scene.relay()
        await until(lambda: "relay" in scene.server.leases)
        await elapse(100)
        scene.ahead = timedelta(days=days)
        await scene.put_unseen("a", Added("unseen"))
        scene.ahead = timedelta()
        await until(lambda: scene.sent() == [1], seconds=150)

    story(work)


def test_the_sweeper_finds_what_was_left_out_long_before_this_relay_began():
    async def work(scene: Scene) -> None:
        scene.relay("one")
        await scene.put("b", Added("x"))
        await until(lambda: scene.token() is not None and scene.head(B) == 1)
        await scene.put_unseen("a", Added("unseen"))
        scene.kill("one")
        scene.ahead = timedelta(days=1)
        scene.relay("two")
        await until(lambda: scene.sent() == [1], seconds=150)

        assert scene.sent(B) == [1]

    story(work)


def test_a_hole_in_the_tail_is_filled_before_a_head_or_a_token_stands_behind_it():
    async def work(scene: Scene) -> None:
        scene.relay()
        await until(lambda: scene.token() is not None)
        await scene.put("a", Added("1"))
        await scene.put_unseen("a", Added("2"))
        before = scene.token()
        await scene.put("a", Added("3"))
        await until(lambda: scene.token() != before, seconds=5)

        assert scene.sent() == [1, 3, 2, 3]
        assert scene.head() == 3

    story(work)


def test_what_is_in_no_log_any_more_does_not_stop_the_others():
    async def work(scene: Scene) -> None:
        scene.relay()
        await until(lambda: scene.token() is not None)
        await scene.put_unseen("a", Added("gone"))
        (gone,) = await scene.log.commits(A)
        await scene.database.delete("commits", {"_id": gone.id})
        await scene.put("a", Added("2"))
        await until(lambda: scene.head() == 2, seconds=5)
        await scene.put("b", Added("x"))
        await until(lambda: scene.head(B) == 1, seconds=5)

        assert scene.sent() == [2, 2]
        assert scene.sent(B) == [1]

    story(work)


def test_a_stream_is_sent_again_on_request():
    async def work(scene: Scene) -> None:
        scene.relay()
        for n in range(4):
            await scene.put("a", Added(f"{n}"))
        await until(lambda: len(scene.sent()) == 4)
        await ask_resend(scene.database, "first", A, 3)
        await until(lambda: len(scene.sent()) == 6)

        assert scene.sent() == [1, 2, 3, 4, 3, 4]
        await until(lambda: not scene.server.collections["resends"])

    story(work)


def test_what_is_asked_for_while_the_stream_is_sent_again_is_sent_too():
    async def work(scene: Scene) -> None:
        kafka, goes_on = Troubles(), asyncio.Event()
        scene.relay(kafka=kafka)
        for n in range(4):
            await scene.put("a", Added(f"{n}"))
        await until(lambda: scene.head() == 4)
        kafka.asked.clear()
        kafka.stops["publish"] = goes_on
        await ask_resend(scene.database, "first", A, 3)
        await until(lambda: kafka.asked["publish"] == 1)
        await ask_resend(scene.database, "second", A, 1)
        goes_on.set()
        await until(lambda: not scene.server.collections["resends"])

        assert scene.sent() == [1, 2, 3, 4, 3, 4, 1, 2, 3, 4]

    story(work)


def test_who_asks_for_less_takes_nothing_from_what_was_asked_before():
    async def work(scene: Scene) -> None:
        scene.relay()
        for n in range(4):
            await scene.put("a", Added(f"{n}"))
        await until(lambda: scene.head() == 4)
        await ask_resend(scene.database, "first", A, 2)
        await ask_resend(scene.database, "second", A, 4)
        await until(lambda: not scene.server.collections["resends"])

        assert scene.sent() == [1, 2, 3, 4, 2, 3, 4]

    story(work)


def test_sending_again_begins_no_later_than_the_first_that_is_not_acknowledged():
    async def work(scene: Scene) -> None:
        for n in range(5):
            await scene.put("a", Added(f"{n}"))
        relay = scene.relay()
        await until(lambda: scene.head() == 5)
        scene.server.collections[HEADS].clear()
        relay._heads._fresh.clear()

        assert await relay.resend(A, 4) == 5
        assert await relay.resend(A, 4) == 2

    story(work)


def test_a_restored_log_is_published_anew_under_the_next_incarnation():
    async def work(scene: Scene) -> None:
        scene.relay("one")
        await scene.put("a", Added("x"))
        await until(lambda: scene.token() is not None and scene.head() == 1)
        scene.kill("one")
        await raise_incarnation(scene.database)
        scene.relay("two")
        await until(lambda: len(scene.sent()) == 2)

        assert [heard.seen.incarnation for heard in scene.heard()] == [1, 2]
        assert await incarnation(scene.database) == 2

    story(work)


def test_a_log_restored_twice_from_one_backup_begins_a_third_life():
    async def work(scene: Scene) -> None:
        topics = ["ledger.account"]
        scene.relay("one")
        await scene.put("a", Added("x"))
        await until(lambda: scene.token() is not None and scene.head() == 1)
        lives: list[int] = []
        for name in ("two", "three"):
            scene.kill({"two": "one", "three": "two"}[name])
            scene.server.collections["relay"].clear()
            known = await newest_life(MemoryBroker(scene.cluster), topics, group=name)
            lives.append(await raise_incarnation(scene.database, known))
            scene.relay(name)
            await until(lambda: len(scene.sent()) == len(lives) + 1)

        assert lives == [2, 3]
        assert [heard.seen.incarnation for heard in scene.heard()] == [1, 2, 3]

    story(work)


def test_topics_that_hold_nothing_readable_know_no_life():
    async def work(scene: Scene) -> None:
        scene.cluster.append(Record("ledger.account", "a", b"x", (("ce_id", b"\xff"),)))

        assert await newest_life(MemoryBroker(scene.cluster), ["ledger.account"], group="g") == 0

    story(work)


def test_an_error_after_hours_of_work_costs_no_long_pause():
    async def work(scene: Scene) -> None:
        database = Troubles()
        scene.relay(database=database)
        for turn in range(8):
            await scene.put("a", Added(f"{turn}"))
            await until(lambda turn=turn: turn + 1 in scene.sent())
            database.fails.append("next")
            await until(lambda: not database.fails)
        await scene.put("a", Added("last"))
        await until(lambda: 9 in scene.sent(), seconds=1.5)

    story(work)


def test_heads_are_saved_before_the_token_that_stands_behind_them():
    async def work(scene: Scene) -> None:
        order: list[str] = []
        apply = scene.server.apply

        def watched(write: object) -> None:
            if isinstance(write, Patch) and write.collection in {HEADS, STATE}:
                order.append(f"{write.collection} {write.key}")
            apply(write)  # pyright: ignore[reportArgumentType]

        scene.server.apply = watched
        scene.relay()
        await until(lambda: "relay token" in order)
        order.clear()
        await scene.put("a", Added("x"))
        await until(
            lambda: (
                "relay token" in order[order.index(f"heads {A}") :]
                if f"heads {A}" in order
                else False
            )
        )

    story(work)
