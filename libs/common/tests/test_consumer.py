"""The consumer over the fakes: each fact has its effect once, in the order of its stream."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest

from common.canonical import canonical, digest
from common.consumer import Hears, Seen, consumer
from common.consumer.asking import REBUILDS, REPLAYS, ask_rebuild, ask_replay
from common.consumer.consumption import GRACE, SWEEP_SECONDS, ConsumerDoors, Consumption
from common.consumer.hears import reactor
from common.consumer.lives import LIVES, SETTLED, begun
from common.consumer.positions import HELD, OFFSETS, PARKED, POSITIONS
from common.consumer.reader import PARKS_IN_A_ROW, Reader, ReaderNames
from common.consumer.views import Generation, activate, active, begin
from common.errors import Conflict, Refused, Unavailable
from common.kafka import Arrived, Partition, Record, TopicSpec
from common.measured import MeasuredBroker
from common.metrics import Metrics
from common.moments import to_wire
from common.mongo import Index, Patch, Put, Write
from common.requests import REFUSED
from common.state import Operating
from common.testing.kafka import MemoryBroker, MemoryCluster
from common.testing.ledger import Added, Audited, Closed, LedgerCatalogue, LedgerFact
from common.testing.loop import VirtualLoop, elapse, run_virtually
from common.testing.mongo import EPOCH, MemoryDatabase, MemoryServer
from common.testing.troubles import Troubles
from common.world import World
from contracts import wire

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
A, B = "/ledger/account/a", "/ledger/account/b"
PARTITION = Partition("ledger.account", 0)
NAME = "seen@1"
MEMORY = (POSITIONS, OFFSETS, PARKED)


def published(
    fact: LedgerFact, sequence: int, stream: str = A, *, life: int = 1, **changes: Any
) -> Record:
    """A record as a relay publishes it."""
    type_, topic, data = LedgerCatalogue().write(fact)
    assert topic is not None
    hash_ = digest(b"")
    envelope = wire.Envelope(
        id=f"ledger{stream}/{sequence}.0",
        type=type_,
        source=stream,
        time=to_wire(NOON),
        sequence=sequence,
        traceparent=None,
        incarnation=life,
        site="test",
        chain=wire.Chain(sequence, 0, hash_, hash_, hash_, [hash_]),
        data=canonical(data),
    )
    headers, body = wire.encode(envelope)
    return Record(
        topic,
        changes.get("key", stream),
        changes.get("value", body),
        changes.get("headers", headers),
    )


class Scene:
    """A projection, or a reaction, that is fed by hand."""

    def __init__(self, hears: Hears | None = None) -> None:
        self.server = MemoryServer()
        self.troubles = Troubles()
        self.refused: set[str] = set()
        self.broken: set[str] = set()
        self.away: set[str] = set()
        self.unwritable: set[str] = set()
        self.calls: list[str] = []
        self.hears = hears or consumer(
            "seen",
            {Added: self.when_added, Closed: self.when_closed},
            indexes=(Index("lists", (("n", 1),)),),
        )
        self.offset = 0
        self.readers = [self.reader()]

    def reader(self, floors: Mapping[str, int] | None = None) -> Reader:
        """Another process that runs the same consumer."""
        names = ReaderNames(NAME, LedgerCatalogue(), "@1", "", floors or {})
        world = World(lambda: NOON, lambda: "id", Random(1))
        return Reader(MemoryDatabase(self.server, self.troubles), self.hears, names, world)

    def when_added(self, fact: Added, seen: Seen) -> Iterable[Write]:
        self.calls.append(fact.item)
        if fact.item in self.refused:
            raise Refused("not-now")
        if fact.item in self.broken:
            raise LookupError(fact.item)
        if fact.item in self.unwritable:
            yield Patch("lists", seen.stream, values={"odd": {"\x00": 1}}, upsert=True)
        yield Patch("lists", seen.stream, push={"items": fact.item}, upsert=True)

    def when_closed(self, fact: Closed, seen: Seen) -> Iterable[Write]:
        del fact
        yield Patch("lists", seen.stream, push={"items": "closed"}, upsert=True)

    def arrived(self, *records: Record) -> list[Arrived]:
        found: list[Arrived] = []
        for record in records:
            found.append(
                Arrived(
                    Partition(record.topic, 0),
                    self.offset,
                    record.key.encode(),
                    record.value,
                    record.headers,
                )
            )
            self.offset += 1
        return found

    async def take(self, *records: Record) -> list[Arrived]:
        """One batch."""
        batch = self.arrived(*records)
        async with asyncio.timeout(500):
            await self.readers[0].take(batch)
        return batch

    async def take_items(self, *numbers: int, stream: str = A) -> None:
        await self.take(*(published(Added(f"{n}"), n, stream) for n in numbers))

    def items(self, stream: str = A) -> list[str]:
        document = self.server.collections.get("lists@1", {}).get(stream, {})
        return document.get("items", [])

    def at(self, stream: str = A, topic: str = "ledger.account") -> tuple[int, int, bool]:
        document = self.server.collections[POSITIONS][f"{NAME}|{topic}|{stream}"]
        return document["sequence"], document["held"], document["parked"]

    def parked(self) -> list[tuple[str, int, str]]:
        documents = self.server.collections.get(PARKED, {}).values()
        return sorted((d["stream"], d["sequence"], d["code"]) for d in documents)

    def held(self) -> int:
        return len(self.server.collections.get(HELD, {}))

    def next_offset(self) -> int:
        return self.server.collections[OFFSETS][f"{NAME}|ledger.account|0"]["next"]


def story(work: Callable[[Scene], Awaitable[None]]) -> None:
    """Run a test in virtual time."""

    async def run(loop: VirtualLoop) -> None:
        del loop
        await work(Scene())

    run_virtually(run)


async def until(condition: Callable[[], bool], seconds: float = 200) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - a fake sends no event
            await asyncio.sleep(0.01)


# -- skip, apply, hold --------------------------------------------------------------------------------


def test_facts_are_applied_in_order_with_their_position_and_offset():
    async def work(scene: Scene) -> None:
        await scene.take_items(1, 2, 3)
        await scene.take(published(Closed(), 4), published(Added("x"), 1, B))

        assert scene.items() == ["1", "2", "3", "closed"]
        assert scene.items(B) == ["x"]
        assert scene.at() == (4, 0, False)
        assert scene.next_offset() == 5

    story(work)


def test_a_repeat_has_no_effect():
    async def work(scene: Scene) -> None:
        await scene.take_items(1, 2, 1, 2)
        await scene.take_items(2, 1, 3)

        assert scene.items() == ["1", "2", "3"]

    story(work)


def test_what_comes_before_its_time_is_held_and_applied_when_the_gap_closes():
    async def work(scene: Scene) -> None:
        await scene.take_items(1, 4, 3)
        assert (scene.items(), scene.at(), scene.held()) == (["1"], (1, 2, False), 2)
        await scene.take_items(4, 3)
        assert scene.at() == (1, 2, False)
        await scene.take_items(2)

        assert scene.items() == ["1", "2", "3", "4"]
        assert (scene.at(), scene.held()) == ((4, 0, False), 0)

    story(work)


def test_a_gap_of_one_stream_does_not_stop_another():
    async def work(scene: Scene) -> None:
        await scene.take(published(Added("late"), 2), published(Added("x"), 1, B))

        assert scene.items(B) == ["x"]
        assert scene.next_offset() == 2

    story(work)


def test_a_gap_closes_within_one_batch():
    async def work(scene: Scene) -> None:
        await scene.take_items(3, 2, 1)

        assert scene.items() == ["1", "2", "3"]
        assert scene.held() == 0

    story(work)


def test_a_fact_nobody_hears_moves_the_position_only():
    async def work(scene: Scene) -> None:
        await scene.take(published(Audited("x"), 1))

        assert scene.at(topic="ledger.audit") == (1, 0, False)
        assert scene.items() == []

    story(work)


@pytest.mark.parametrize("size", [1, 2, 5, 30])
def test_any_cut_into_batches_projects_the_same(size: int):
    async def work(scene: Scene) -> None:
        records = [published(Added(f"{n}"), n, stream) for n in range(1, 16) for stream in (A, B)]
        for first in range(0, len(records), size):
            await scene.take(*records[first : first + size])

        assert scene.items(A) == scene.items(B) == [f"{n}" for n in range(1, 16)]

    story(work)


# -- the world's fault --------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["find", "write", "transaction", "commit"])
def test_a_database_that_fails_is_tried_again(operation: str):
    async def work(scene: Scene) -> None:
        scene.troubles.fails += [operation] * 3
        await scene.take_items(1, 2)

        assert scene.items() == ["1", "2"]
        assert scene.readers[0].tally.waits == 3

    story(work)


def test_a_transaction_whose_answer_was_lost_is_not_applied_twice():
    async def work(scene: Scene) -> None:
        scene.troubles.lies += ["commit", "commit"]
        await scene.take_items(1, 2)

        assert scene.items() == ["1", "2"]

    story(work)


def test_two_owners_of_one_partition_apply_each_fact_once():
    async def work(scene: Scene) -> None:
        other = scene.reader()
        held = asyncio.Event()
        scene.troubles.stops["commit"] = held
        batch = scene.arrived(*(published(Added(f"{n}"), n) for n in (1, 2, 3)))
        both = [asyncio.create_task(reader.take(batch)) for reader in (scene.readers[0], other)]
        await until(lambda: scene.troubles.asked["commit"] == 2)
        held.set()
        await asyncio.gather(*both)

        assert scene.items() == ["1", "2", "3"]

    story(work)


def test_offsets_never_go_backwards():
    async def work(scene: Scene) -> None:
        old = await scene.take(published(Added("1"), 1))
        await scene.take_items(2, 3)
        await scene.readers[0].take(old)

        assert scene.next_offset() == 3
        starts = await scene.readers[0].start_from([PARTITION, Partition("ledger.account", 1)])
        assert starts == {PARTITION: 3, Partition("ledger.account", 1): 0}

    story(work)


def test_a_start_waits_for_a_database_that_is_away():
    async def work(scene: Scene) -> None:
        scene.troubles.fails += ["find"] * 4

        assert await scene.readers[0].start_from([PARTITION]) == {PARTITION: 0}

    story(work)


# -- parking ------------------------------------------------------------------------------------------


def test_a_refused_fact_is_parked_with_its_stream_and_others_move_on():
    async def work(scene: Scene) -> None:
        scene.refused.add("2")
        await scene.take_items(1, 2, 3)
        await scene.take(published(Added("x"), 1, B), published(Added("4"), 4))

        assert scene.items(A) == ["1"]
        assert scene.items(B) == ["x"]
        assert scene.at() == (1, 0, True)
        assert scene.parked() == [
            (A, 2, "not-now"),
            (A, 3, "behind-a-parked-fact"),
            (A, 4, "behind-a-parked-fact"),
        ]

    story(work)


def test_why_a_fact_is_parked_is_kept_in_both_languages():
    async def work(scene: Scene) -> None:
        scene.broken.add("2")
        await scene.take_items(1, 2)
        await scene.take(published(Added("x"), 1, B, headers=()))

        found = scene.server.collections[PARKED].values()
        said = {d["code"]: (d["detail_vi"][:14], d["detail"][:10]) for d in found}
        assert said == {
            "handler-failed": ("Bộ xử lý hỏng ", "A handler "),
            "undecodable": ("Không đọc được", "The record"),
        }

    story(work)


def test_a_parked_fact_that_comes_again_keeps_its_reason():
    async def work(scene: Scene) -> None:
        scene.refused.add("1")
        await scene.take_items(1)
        await scene.take_items(1)

        assert scene.parked() == [(A, 1, "not-now")]

    story(work)


def test_replay_applies_what_is_parked_in_order():
    async def work(scene: Scene) -> None:
        scene.refused.add("2")
        await scene.take_items(1, 2, 4, 5, 3)
        scene.refused.clear()
        applied = await scene.readers[0].replay("ledger.account", A)

        assert applied == 4
        assert scene.items() == ["1", "2", "3", "4", "5"]
        assert (scene.at(), scene.parked(), scene.held()) == ((5, 0, False), [], 0)
        await scene.take_items(5, 6)
        assert scene.items()[-1] == "6"

    story(work)


def test_replay_goes_as_far_as_it_can():
    async def work(scene: Scene) -> None:
        scene.refused |= {"1", "3"}
        await scene.take_items(1, 2, 3, 4)
        scene.refused.remove("1")
        await scene.readers[0].replay("ledger.account", A)

        assert scene.items() == ["1", "2"]
        assert scene.parked() == [(A, 3, "not-now"), (A, 4, "behind-a-parked-fact")]
        assert scene.at() == (2, 0, True)

    story(work)


def test_replay_of_what_is_not_parked_does_nothing():
    async def work(scene: Scene) -> None:
        await scene.take_items(1)

        assert await scene.readers[0].replay("ledger.account", A) == 0
        assert await scene.readers[0].replay("ledger.account", "/nobody") == 0

    story(work)


def test_what_was_held_before_the_parking_is_applied_by_the_replay():
    async def work(scene: Scene) -> None:
        scene.refused.add("1")
        await scene.take_items(3, 1, 2)
        scene.refused.clear()
        await scene.readers[0].replay("ledger.account", A)

        assert scene.items() == ["1", "2", "3"]
        assert scene.held() == 0

    story(work)


def test_a_replay_and_a_batch_at_once_leave_nothing_behind():
    async def work(scene: Scene) -> None:
        scene.refused.add("1")
        await scene.take_items(1, 2)
        scene.refused.clear()
        held = asyncio.Event()
        scene.troubles.stops["commit"] = held
        batch = asyncio.create_task(scene.take_items(3))
        replay = asyncio.create_task(scene.reader().replay("ledger.account", A))
        await until(lambda: scene.troubles.asked["commit"] == 3)
        held.set()
        await asyncio.gather(batch, replay)

        assert scene.items() == ["1", "2", "3"]
        assert scene.parked() == []

    story(work)


# -- unreadable records -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"headers": []}, "undecodable", id="no headers"),
        pytest.param(
            {"headers": [("ce_id", b"\xff")]}, "undecodable", id="a header that is not UTF-8"
        ),
        pytest.param({"key": "/ledger/account/other"}, "key-is-not-stream", id="another key"),
    ],
)
def test_an_unreadable_record_is_parked_and_blocks_nobody(changes: dict[str, Any], code: str):
    async def work(scene: Scene) -> None:
        await scene.take(published(Added("1"), 1, **changes), published(Added("x"), 1, B))

        assert [code for _, _, code in scene.parked()] == [code]
        assert scene.items(B) == ["x"]
        assert scene.next_offset() == 2

    story(work)


@pytest.mark.parametrize("value", [b"", b"{", b"[]", b'{"item":1,"nothing":2}', b"\xff"])
def test_a_body_that_is_no_fact_is_parked_with_its_stream(value: bytes):
    async def work(scene: Scene) -> None:
        await scene.take(published(Added("1"), 1, value=value), published(Added("x"), 1, B))

        assert [(stream, sequence) for stream, sequence, _ in scene.parked()] == [(A, 1)]
        assert scene.items(B) == ["x"]

    story(work)


# -- our bugs -----------------------------------------------------------------------------------------


def test_a_bug_is_tried_three_times_then_parked():
    async def work(scene: Scene) -> None:
        scene.broken.add("2")
        await scene.take_items(1, 2, 3)

        assert scene.calls.count("2") == 3
        assert scene.items() == ["1"]
        assert scene.parked()[0] == (A, 2, "handler-failed")

    story(work)


def test_a_bug_that_passes_costs_nothing():
    async def work(scene: Scene) -> None:
        scene.broken.add("1")
        taking = asyncio.create_task(scene.take_items(1, 2))
        await until(lambda: "1" in scene.calls)
        scene.broken.clear()
        await taking

        assert scene.items() == ["1", "2"]
        assert scene.parked() == []

    story(work)


def test_five_bugs_in_a_row_stop_the_consumer():
    async def work(scene: Scene) -> None:
        scene.broken |= {f"{n}" for n in range(1, 20)}
        for n in range(PARKS_IN_A_ROW):
            await scene.take_items(1, stream=f"/ledger/account/{n}")
        offset = scene.next_offset()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(300):
                await scene.take_items(1, stream=B)

        assert scene.readers[0].halted is not None
        assert scene.next_offset() == offset == PARKS_IN_A_ROW

    story(work)


def test_bugs_with_successes_between_them_do_not_stop_the_consumer():
    async def work(scene: Scene) -> None:
        scene.broken.add("bad")
        for n in range(2 * PARKS_IN_A_ROW):
            await scene.take(
                published(Added("bad"), 1, f"/ledger/account/bad{n}"),
                published(Added("good"), 1, f"/ledger/account/good{n}"),
            )

        assert scene.readers[0].halted is None

    story(work)


def test_a_fact_whose_effect_the_database_refuses_is_parked_and_the_batch_goes_on():
    async def work(scene: Scene) -> None:
        scene.unwritable |= {"2", "x"}
        await scene.take(
            *(published(Added(f"{n}"), n) for n in (1, 2, 3)),
            *(published(Added(item), n, B) for n, item in ((1, "w"), (2, "x"))),
        )
        await scene.take_items(4)

        assert (scene.items(A), scene.items(B)) == (["1"], ["w"])
        assert scene.parked() == [
            (A, 2, "effect-refused"),
            (A, 3, "behind-a-parked-fact"),
            (A, 4, "behind-a-parked-fact"),
            (B, 2, "effect-refused"),
        ]
        assert scene.readers[0].halted is None

        scene.unwritable.clear()
        await scene.readers[0].replay("ledger.account", A)

        assert scene.items(A) == ["1", "2", "3", "4"]

    story(work)


def test_effects_that_the_database_cannot_take_stop_the_consumer_instead_of_losing_them():
    async def work(scene: Scene) -> None:
        hears = consumer("seen", {Added: lambda *_: [object()]})
        scene.hears = hears
        scene.readers = [scene.reader()]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(300):
                await scene.take_items(1)

        assert scene.readers[0].halted is not None
        assert OFFSETS not in scene.server.collections

    story(work)


def test_a_projection_that_writes_where_it_names_no_index_stops_and_says_so():
    """Such a collection would belong to no generation: a rebuild would write over what serves."""

    async def work(scene: Scene) -> None:
        hears = consumer("seen", {Added: lambda *_: [Put("elsewhere", "1", {})]})
        scene.hears = hears
        scene.readers = [scene.reader()]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(300):
                await scene.take_items(1)

        assert "seen names no index of 'elsewhere'" in (scene.readers[0].halted or "")
        assert "elsewhere" not in scene.server.collections

    story(work)


# -- reactions ----------------------------------------------------------------------------------------


def reacts(errors: list[Exception], done: list[str]) -> Hears:
    async def react(fact: Added, seen: Seen) -> None:
        if errors:
            raise errors.pop(0)
        done.append(f"{fact.item} {seen.cause('echo', NOON).id}")

    return reactor("seen", {Added: react})


@pytest.mark.parametrize("error", [Unavailable("away"), Conflict("changed-meanwhile")])
def test_a_reaction_waits_for_what_time_will_mend(error: Exception):
    async def work(scene: Scene) -> None:
        done: list[str] = []
        scene.hears = reacts([error] * 4, done)
        scene.readers = [scene.reader()]
        await scene.take_items(1)

        assert done == [f"1 fact:ledger{A}/1.0:echo"]
        assert scene.parked() == []

    story(work)


def test_a_refused_reaction_is_parked():
    async def work(scene: Scene) -> None:
        scene.hears = reacts([Refused("closed")], [])
        scene.readers = [scene.reader()]
        await scene.take_items(1)

        assert scene.parked() == [(A, 1, "closed")]

    story(work)


def test_reactions_to_different_streams_run_side_by_side_and_those_of_one_in_order():
    async def work(scene: Scene) -> None:
        began: list[str] = []
        everybody = asyncio.Event()

        async def react(fact: Added, seen: Seen) -> None:
            began.append(f"{seen.stream[-1]}{fact.item}")
            if len(began) == 2:
                everybody.set()
            await asyncio.wait_for(everybody.wait(), 10)

        scene.hears = reactor("seen", {Added: react})
        scene.readers = [scene.reader()]
        await scene.take(
            published(Added("1"), 1, A),
            published(Added("2"), 2, A),
            published(Added("1"), 1, B),
        )

        assert began == ["a1", "b1", "a2"]
        assert [scene.at(A), scene.at(B)] == [(2, 0, False), (1, 0, False)]

    story(work)


def test_when_one_reaction_must_wait_no_other_is_left_running_and_all_are_tried_again():
    async def work(scene: Scene) -> None:
        ended: list[str] = []
        errors: list[Exception] = [Unavailable("away")]

        async def react(fact: Added, seen: Seen) -> None:
            if seen.stream == A and errors:
                raise errors.pop()
            await elapse(1)
            ended.append(f"{seen.stream[-1]}{fact.item}")

        scene.hears = reactor("seen", {Added: react})
        scene.readers = [scene.reader()]
        await scene.take(published(Added("1"), 1, A), published(Added("1"), 1, B))

        assert ended == ["b1", "a1", "b1"]
        assert [scene.at(A), scene.at(B)] == [(1, 0, False), (1, 0, False)]

    story(work)


# -- restored logs ------------------------------------------------------------------------------------


def test_a_projection_halts_when_a_log_was_restored_and_skips_the_old_life_afterwards():
    async def work(scene: Scene) -> None:
        await scene.take_items(1, 2)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(300):
                await scene.take(published(Added("anew"), 1, life=2))
        reader = scene.readers[0]
        assert reader.restored is not None
        assert (reader.restored.topic, reader.restored.incarnation) == ("ledger.account", 2)

        for collection in scene.server.collections.values():
            collection.clear()
        scene.readers = [scene.reader({"ledger.account": 2})]
        await scene.take_items(1, 2)
        await scene.take(published(Added("anew"), 1, life=2), published(Added("old"), 3))

        assert scene.items() == ["anew"]

    story(work)


def test_a_reaction_goes_on_with_the_new_life_under_new_causes():
    async def work(scene: Scene) -> None:
        done: list[str] = []
        scene.hears = reacts([], done)
        scene.readers = [scene.reader()]
        await scene.take_items(1, 2, 4)
        await scene.take(published(Added("anew"), 1, life=2), published(Added("3"), 3))
        await scene.take(
            published(Added("then"), 3, life=2), published(Added("between"), 2, life=2)
        )

        assert [entry.split(" ")[0] for entry in done] == ["1", "2", "anew", "between", "then"]
        assert done[2].endswith("~2:echo")
        assert (scene.server.collections[LIVES]["ledger"]["incarnation"], scene.at()) == (
            2,
            (3, 0, False),
        )

    story(work)


def test_what_waits_from_a_former_life_is_settled_and_what_lives_is_not():
    async def work(scene: Scene) -> None:
        done: list[str] = []
        scene.hears = reacts([Refused("closed")], done)
        scene.readers = [scene.reader()]
        await scene.take(published(Added("parked"), 1), published(Added("behind"), 2))
        await scene.take(published(Added("lost"), 3, B))
        await scene.take(published(Added("waits"), 2, life=2))
        assert (len(scene.parked()), scene.held()) == (2, 2)

        scene.readers[0].floors = {"ledger.account": 2}
        await scene.readers[0].settle()
        await scene.take(published(Added("late"), 1, B), published(Added("anew"), 1, life=2))

        settled = scene.server.collections[SETTLED].values()
        assert sorted((d["stream"], d["sequence"], d["queue"], d["reached"]) for d in settled) == [
            (A, 1, "parked", 0),
            (A, 2, "parked", 0),
            (B, 3, "held", 0),
        ]
        assert {(d["incarnation"], d["life"], d["settled"]) for d in settled} == {
            (1, 2, to_wire(NOON))
        }
        assert [entry.split(" ")[0] for entry in done] == ["anew", "waits"]
        assert (scene.parked(), scene.held()) == ([], 0)
        assert (scene.at(), scene.at(B)) == ((2, 0, False), (0, 0, False))
        assert scene.readers[0].tally.settled == 3

    story(work)


def test_a_replay_asked_for_in_a_former_life_leaves_the_record_to_be_settled():
    async def work(scene: Scene) -> None:
        scene.hears = reacts([Refused("closed")], [])
        scene.readers = [scene.reader()]
        await scene.take_items(1)

        scene.readers[0].floors = {"ledger.account": 2}
        assert await scene.readers[0].replay("ledger.account", A) == 0
        await scene.readers[0].settle()

        assert scene.parked() == []
        assert [d["code"] for d in scene.server.collections[SETTLED].values()] == ["closed"]

    story(work)


def test_a_parked_fact_of_the_new_life_does_not_stand_in_the_place_of_one_of_the_old():
    async def work(scene: Scene) -> None:
        done: list[str] = []
        scene.hears = reacts([Refused("closed"), Refused("closed still")], done)
        scene.readers = [scene.reader()]
        await scene.take_items(1)
        await scene.take(published(Added("anew"), 1, life=2))
        assert len(scene.parked()) == 2

        assert await scene.readers[0].replay("ledger.account", A) == 1

        assert [entry.split(" ")[0] for entry in done] == ["anew"]
        assert scene.parked() == [(A, 1, "closed")]

    story(work)


def test_a_replay_leaves_what_a_former_life_parked():
    async def work(scene: Scene) -> None:
        done: list[str] = []
        scene.hears = reacts([Refused("closed"), Refused("closed still")], done)
        scene.readers = [scene.reader()]
        await scene.take_items(1, 2)
        await scene.take(published(Added("anew"), 1, life=2))

        assert await scene.readers[0].replay("ledger.account", A) == 1

        assert scene.parked() == [(A, 1, "closed"), (A, 2, "behind-a-parked-fact")]

    story(work)


def test_what_was_held_in_a_former_life_fills_no_gap_of_the_new_one():
    async def work(scene: Scene) -> None:
        done: list[str] = []
        scene.hears = reacts([], done)
        scene.readers = [scene.reader()]
        await scene.take(published(Added("lost"), 2))
        await scene.take(published(Added("third"), 3, life=2))
        await scene.take(published(Added("first"), 1, life=2))
        await scene.take(published(Added("second"), 2, life=2))

        assert [entry.split(" ")[0] for entry in done] == ["first", "second", "third"]

    story(work)


def test_a_late_fact_of_a_life_that_is_over_is_not_acted_on():
    async def work(scene: Scene) -> None:
        done: list[str] = []
        scene.hears = reacts([], done)
        scene.readers = [scene.reader()]
        await scene.take_items(1)

        scene.readers[0].floors = {"ledger.account": 2}
        await scene.take_items(2)

        assert [entry.split(" ")[0] for entry in done] == ["1"]

    story(work)


# -- generations --------------------------------------------------------------------------------------


class Running:
    """A projection in one or more processes over a cluster."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.scene = Scene()
        self.server = self.scene.server
        self.cluster = MemoryCluster()
        ids = count()
        self.world = World(
            lambda: EPOCH + timedelta(seconds=loop.time()), lambda: f"{next(ids)}", Random(1)
        )
        self.sequence = 0

    def member(self, troubles: Troubles | None = None, prefix: str = "") -> Consumption:
        doors = ConsumerDoors(
            MemoryDatabase(self.server, troubles),
            MemoryBroker(self.cluster),
            LedgerCatalogue(),
            prefix,
        )
        return Consumption(self.scene.hears, doors, self.world)

    def publish(self, *items: str, life: int = 1) -> None:
        for item in items:
            self.sequence += 1
            self.cluster.append(published(Added(item), self.sequence, life=life))

    def items(self, generation: int) -> list[str]:
        return self.server.collections.get(f"lists@{generation}", {}).get(A, {}).get("items", [])

    def audits(self, generation: int) -> list[str]:
        found = self.server.collections.get(f"lists@{generation}", {})
        return found.get("audits", {}).get("items", [])

    def parked_documents(self) -> list[Any]:
        parked = self.server.collections[PARKED].values()
        return sorted(parked, key=lambda document: document["_id"])

    async def active(self) -> int:
        return (await active(MemoryDatabase(self.server), "seen")).number


def running(work: Callable[[Running], Awaitable[None]]) -> None:
    async def run(loop: VirtualLoop) -> None:
        async with asyncio.timeout(5_000):
            scene = Running(loop)
            await MemoryBroker(scene.cluster).migrate([TopicSpec("ledger.account", 1)])
            await work(scene)

    run_virtually(run)


async def ask(scene: Running, asked: str = "first") -> None:
    await ask_rebuild(MemoryDatabase(scene.server), asked, "seen")


def test_a_rebuild_serves_when_it_has_caught_up_and_the_rest_follow():
    async def work(scene: Running) -> None:
        members = [scene.member(), scene.member()]
        for member in members:
            await member.start()
        scene.publish("1", "2", "3")
        await until(lambda: scene.items(1) == ["1", "2", "3"])
        await ask(scene)
        await until(lambda: not scene.server.collections[REBUILDS])
        assert scene.items(2) == ["1", "2", "3"]
        await elapse(5)
        scene.publish("4")
        await until(lambda: scene.items(2) == ["1", "2", "3", "4"])
        await elapse(5)

        assert scene.items(1) == ["1", "2", "3"]
        assert await scene.active() == 2
        for member in members:
            await member.stop()

    running(work)


def test_a_rebuild_whose_process_dies_is_begun_again_by_another():
    async def work(scene: Running) -> None:
        scene.publish("1", "2")
        troubles = Troubles()
        dying = scene.member(troubles)
        await dying.start()
        troubles.stops["commit"] = asyncio.Event()
        await ask(scene)
        await until(
            lambda: (
                f"seen@{2}" in str(scene.server.collections.get("generations"))
                or troubles.asked["lease"] > 0
            )
        )
        troubles.stops |= dict.fromkeys(
            ["release", "lease", "find", "transaction"], asyncio.Event()
        )
        other = scene.member()
        await other.start()
        await until(lambda: not scene.server.collections[REBUILDS], seconds=120)

        assert scene.items(await scene.active()) == ["1", "2"]
        await other.stop()
        dying._following.cancel()
        await elapse(1)

    running(work)


def test_no_two_attempts_at_a_rebuild_share_a_number():
    async def work(scene: Running) -> None:
        database = MemoryDatabase(scene.server)

        numbers = [await begin(database, "seen", {}) for _ in range(3)]
        assert [generation.number for generation in numbers] == [2, 3, 4]
        assert await activate(database, numbers[1], NOON)
        assert not await activate(database, numbers[0], NOON)
        assert await scene.active() == 3
        assert (await begin(database, "seen", {"t": 2})) == Generation("seen", 5, {"t": 2})

    running(work)


def test_a_projection_whose_log_was_restored_is_rebuilt_from_the_new_life():
    async def work(scene: Running) -> None:
        members = [scene.member(), scene.member()]
        for member in members:
            await member.start()
        scene.publish("1", "2", "3")
        await until(lambda: scene.items(1) == ["1", "2", "3"])
        scene.sequence = 0
        scene.publish("1", "other", life=2)
        await elapse(60)

        assert scene.items(await scene.active()) == ["1", "other"]
        for member in members:
            await member.stop()

    running(work)


def test_a_process_settles_what_a_stream_that_is_no_more_left_waiting():
    async def work(scene: Running) -> None:
        done: list[str] = []
        scene.scene.hears = reacts([], done)
        member = scene.member()
        await member.start()
        scene.cluster.append(published(Added("lost"), 2, B))
        await until(lambda: scene.scene.held() == 1)

        scene.publish("anew", life=2)
        await until(lambda: scene.scene.held() == 0)
        scene.cluster.append(published(Added("later"), 1, B))
        scene.publish("then", life=2)
        await until(lambda: len(done) == 2)
        await member.stop()

        assert [d["fact"] for d in scene.server.collections[SETTLED].values()] == [f"ledger{B}/2.0"]
        assert [entry.split(" ")[0] for entry in done] == ["anew", "then"]

    running(work)


def test_a_projection_is_rebuilt_when_another_consumer_hears_of_the_new_life():
    async def work(scene: Running) -> None:
        member = scene.member()
        await member.start()
        scene.publish("1", "2")
        await until(lambda: scene.items(1) == ["1", "2"])

        await MemoryDatabase(scene.server).write([begun("ledger.log", 2)])
        await elapse(60)

        assert await scene.active() == 2
        assert scene.items(2) == []
        await member.stop()

    running(work)


def when_audited(fact: Audited, seen: Seen) -> Iterable[Write]:
    del seen
    yield Patch("lists", "audits", push={"items": fact.item}, upsert=True)


def test_a_projection_comes_through_all_the_lives_of_a_log():
    async def work(scene: Running) -> None:
        scene.publish("1", "2")
        for life in (2, 3, 4):
            scene.sequence = 0
            scene.publish("1", f"of {life}", life=life)
        member = scene.member()
        await member.start()
        await elapse(60)

        assert scene.items(await scene.active()) == ["1", "of 4"]
        await member.stop()

    running(work)


@pytest.mark.parametrize("audits", [1, 0])
def test_every_topic_of_a_restored_log_begins_its_new_life_in_the_rebuild(audits: int):
    async def work(scene: Running) -> None:
        await MemoryBroker(scene.cluster).migrate([TopicSpec("ledger.audit", 1)])
        scene.scene.hears = consumer(
            "seen",
            {Added: scene.scene.when_added, Audited: when_audited},
            indexes=scene.scene.hears.indexes,
        )
        member = scene.member()
        await member.start()
        scene.publish("1", "2")
        scene.cluster.append(published(Audited("1"), 1))
        await until(lambda: scene.items(1) == ["1", "2"])
        scene.sequence = 0
        scene.publish("1", "other", life=2)
        if audits:
            scene.cluster.append(published(Audited("1"), 1, life=2))
        await elapse(60)

        assert scene.items(await scene.active()) == ["1", "other"]
        assert scene.audits(await scene.active()) == ["1"] * audits
        await member.stop()

    running(work)


def test_a_rebuild_resolves_what_was_parked_and_resolved_before_and_nothing_else():
    async def work(scene: Running) -> None:
        member = scene.member()
        await member.start()
        scene.publish("1")
        for stream in (A, B):
            scene.cluster.append(published(Added("2"), 2, stream, value=b"poison"))
        scene.cluster.append(published(Added("1"), 1, B))
        scene.sequence += 1
        scene.cluster.append(published(Added("2"), 2))
        scene.publish("3")
        await until(lambda: len(scene.scene.parked()) == 3)
        assert await member.replay("ledger.account", A) == 2

        await ask(scene)
        await until(lambda: not scene.server.collections[REBUILDS])

        assert scene.items(2) == ["1", "2", "3"]
        assert [(d["consumer"], d["stream"]) for d in scene.parked_documents()] == [
            ("seen@1", B),
            ("seen@2", B),
        ]
        await member.stop()

    running(work)


def test_a_rebuild_asked_for_during_a_rebuild_is_made_too():
    async def work(scene: Running) -> None:
        member = scene.member()
        await member.start()
        scene.publish("1")
        await until(lambda: scene.items(1) == ["1"])
        rebuild, began = member.rebuild, asyncio.Event()

        async def rebuild_and_tell() -> Generation:
            began.set()
            return await rebuild()

        member.rebuild = rebuild_and_tell
        await ask(scene, "first")
        await began.wait()
        await ask(scene, "second")
        await until(lambda: not scene.server.collections[REBUILDS])

        assert await scene.active() == 3
        await member.stop()

    running(work)


def test_a_replay_asked_for_during_a_replay_is_made_too():
    async def work(scene: Running) -> None:
        member, database = scene.member(), MemoryDatabase(scene.server)
        await member.start()
        scene.cluster.append(published(Added("1"), 1, value=b"poison"))
        await until(lambda: len(scene.scene.parked()) == 1)
        replay, tried = member.reader.replay, list[str]()

        async def replay_and_tell(topic: str, stream: str) -> int:
            tried.append(stream)
            if len(tried) == 1:
                await ask_replay(database, "second", "seen", topic, stream)
            return await replay(topic, stream)

        member.reader.replay = replay_and_tell
        await ask_replay(database, "first", "seen", "ledger.account", A)
        await until(lambda: tried and not scene.server.collections[REPLAYS])

        assert tried == [A, A]
        await member.stop()

    running(work)


def test_an_old_generation_is_deleted_when_the_new_one_has_served_for_a_while():
    async def work(scene: Running) -> None:
        member = scene.member()
        await member.start()
        scene.publish("1", "2")
        scene.cluster.append(published(Added("poison"), 1, B, value=b"poison"))
        await ask(scene)
        await until(lambda: not scene.server.collections[REBUILDS])
        await elapse(60)
        assert scene.items(1) == ["1", "2"]
        await member.stop()

        following = scene.member()
        await following.start()
        await elapse(GRACE.total_seconds() + SWEEP_SECONDS)
        scene.publish("3")
        await elapse(5)

        assert scene.items(1) == []
        assert scene.items(2) == ["1", "2", "3"]
        names = {d["consumer"] for name in MEMORY for d in scene.server.collections[name].values()}
        assert names == {"seen@2"}
        await following.stop()

    running(work)


def test_reactions_are_never_rebuilt():
    async def work(scene: Running) -> None:
        scene.scene.hears = reacts([], [])
        member = scene.member()
        await member.start()
        with pytest.raises(Refused):
            await member.rebuild()
        await member.stop()

    running(work)


def refused_requests(scene: Running) -> list[tuple[str, str, str]]:
    found = scene.server.collections.get(REFUSED, {}).values()
    return [(each["request"], each["of"], each["code"]) for each in found]


def test_a_rebuild_asked_of_a_reaction_is_refused_and_what_is_asked_afterwards_is_done():
    async def work(scene: Running) -> None:
        done: list[str] = []
        scene.scene.hears = reacts([Refused("closed")], done)
        member, database = scene.member(), MemoryDatabase(scene.server)
        await member.start()
        scene.publish("1")
        await until(lambda: len(scene.scene.parked()) == 1)
        await ask(scene)
        await until(lambda: not scene.server.collections[REBUILDS])

        assert refused_requests(scene) == [(REBUILDS, "seen", "reactions-are-not-rebuilt")]
        assert await scene.active() == 1

        await ask_replay(database, "second", "seen", "ledger.account", A)
        await until(lambda: len(done) == 1)
        await member.stop()

    running(work)


def test_a_replay_of_a_topic_that_is_not_heard_is_refused_and_the_others_are_done():
    async def work(scene: Running) -> None:
        member, database = scene.member(), MemoryDatabase(scene.server)
        await member.start()
        scene.scene.refused.add("1")
        scene.publish("1")
        await until(lambda: len(scene.scene.parked()) == 1)
        scene.scene.refused.clear()
        await ask_replay(database, "first", "seen", "ledger.accounts", A)
        await ask_replay(database, "second", "seen", "ledger.account", A)
        await until(lambda: not scene.server.collections[REPLAYS])

        assert refused_requests(scene) == [
            (REPLAYS, f"seen|ledger.accounts|{A}", "topic-not-heard")
        ]
        assert scene.items(1) == ["1"]
        await member.stop()

    running(work)


def test_a_bug_while_it_rebuilds_does_not_end_its_following():
    async def work(scene: Running) -> None:
        member = scene.member()
        await member.start()
        scene.publish("1")
        await until(lambda: scene.items(1) == ["1"])
        rebuild, failed = member.rebuild, list[str]()

        async def fails_once() -> Generation:
            if not failed:
                failed.append("bug")
                raise LookupError("bug")
            return await rebuild()

        member.rebuild = fails_once
        await ask(scene)
        await until(lambda: not scene.server.collections[REBUILDS])

        assert (failed, await scene.active()) == (["bug"], 2)
        await member.stop()

    running(work)


def test_a_parked_stream_is_tried_again_as_the_operators_view_names_it():
    """It names the generation's number and no prefix; the record keeps the prefix, the request no number."""

    async def work(scene: Running) -> None:
        broker = MemoryBroker(scene.cluster)
        await broker.migrate([TopicSpec("t.ledger.account", 1)])
        member, database = scene.member(prefix="t."), MemoryDatabase(scene.server)
        operating = Operating(
            "ledger", database, MeasuredBroker(broker, Metrics()), lambda: "asked", "t."
        )
        await member.start()
        scene.scene.refused.add("1")
        scene.cluster.append(replace(published(Added("1"), 1), topic="t.ledger.account"))
        await until(lambda: len(scene.scene.parked()) == 1)
        (parked,) = (await operating.state()).parked
        scene.scene.refused.clear()
        await operating.replay(parked.consumer, parked.topic, parked.stream)
        await until(lambda: scene.items(1) == ["1"])

        assert (parked.consumer, parked.topic) == ("seen@1", "ledger.account")
        assert (await operating.state()).parked == ()
        await member.stop()

    running(work)


def test_two_members_and_a_crash_between_project_each_fact_once():
    async def work(scene: Running) -> None:
        names: Sequence[str] = [f"{n}" for n in range(1, 31)]
        one, two = scene.member(), scene.member()
        await one.start()
        scene.publish(*names[:10])
        await two.start()
        await elapse(0.05)
        scene.publish(*names[10:20])
        await one.stop()
        scene.publish(*names[20:])
        await until(lambda: len(scene.items(1)) >= 30)

        assert scene.items(1) == names
        await two.stop()

    running(work)
