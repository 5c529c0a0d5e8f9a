"""The commit log over the fake database: each cause at most once, each stream without holes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any

import pytest

from common.canonical import canonical
from common.cause import Cause
from common.errors import (
    Conflict,
    DomainError,
    NotFound,
    Refused,
    TooLarge,
    Unavailable,
    Unprocessable,
)
from common.log.cache import Folded, StreamCache
from common.log.committer import LINGER_FROM
from common.log.log import INDEXES, CommitLog
from common.log.model import GENESIS, envelope_digest, of_document, part_hash, to_document
from common.log.streams import Change, Loaded, Position, Standing, new_head
from common.testing.ledger import (
    ACCOUNT,
    Account,
    Added,
    Audited,
    Closed,
    LedgerCatalogue,
    LedgerFact,
    Noted,
    Opened,
)
from common.testing.mongo import MemoryDatabase, MemoryServer
from common.testing.troubles import Troubles
from common.world import World

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SITE = Standing(site="test")


class Log(CommitLog):
    """A log with what a test wants to look at."""

    def __init__(self, server: MemoryServer | None = None) -> None:
        self.troubles = Troubles()
        self.server = server or MemoryServer()
        numbers = count()
        world = World(lambda: NOON, lambda: f"{id(self)}-{next(numbers):06d}", Random(1))
        database = MemoryDatabase(self.server, self.troubles)
        super().__init__(database, LedgerCatalogue(), world)

    async def put(
        self, id: str, *facts: LedgerFact, key: str = "", digest: str = ""
    ) -> Loaded[Account]:
        """One decision on one account."""
        cause = a_cause(key or repr(facts), digest)

        async def use_case() -> Loaded[Account]:
            loaded = await self.load(ACCOUNT, id)
            if facts and isinstance(facts[0], Added) and not loaded.state.is_open:
                raise Refused("closed")
            return await self.append(loaded, facts, cause, SITE)

        return await self.decide(cause, use_case)

    async def stored(self) -> list[Any]:
        return [of_document(d) for d in self.server.collections.get("commits", {}).values()]


def a_cause(key: str = "key", digest: str = "") -> Cause:
    return Cause(f"http:somebody:/accounts:{key}", NOON, "somebody", digest)


async def a_log(server: MemoryServer | None = None) -> Log:
    log = Log(server)
    await MemoryDatabase(log.server).migrate(INDEXES)
    return log


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - a fake sends no event
            await asyncio.sleep(0)


async def let_others_go() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


# -- appending ----------------------------------------------------------------------------------------


async def test_a_stream_without_commits_is_at_version_0_with_its_initial_state():
    log = await a_log()

    loaded = await log.load(ACCOUNT, "a")

    assert (loaded.version, loaded.state, loaded.stream) == (0, Account(), "/ledger/account/a")


async def test_an_answer_tells_state_version_and_positions():
    log = await a_log()

    answer = await log.put("a", Added("x"), Audited("x"), Noted("private"), Added("y"))

    assert answer.state.items == ("x", "y")
    assert answer.version == 1
    assert set(answer.positions) == {
        Position("ledger.account", "/ledger/account/a", 2),
        Position("ledger.audit", "/ledger/account/a", 1),
    }
    assert (await log.load(ACCOUNT, "a")).state == answer.state


async def test_sequences_are_dense_per_stream_and_topic_and_private_facts_have_none():
    log = await a_log()
    await log.put("a", Added("1"), Noted("n"), Audited("1"))
    await log.put("b", Added("2"))
    await log.put("a", Added("3"), Added("4"))
    await log.put("a", Audited("5"))

    facts = [
        (f.topic, f.sequence)
        for commit in await log.commits("/ledger/account/a")
        for f in commit.parts[0].facts
    ]

    assert facts == [
        ("ledger.account", 1),
        (None, 0),
        ("ledger.audit", 1),
        ("ledger.account", 2),
        ("ledger.account", 3),
        ("ledger.audit", 2),
    ]


async def test_each_commit_is_chained_to_the_one_before_by_its_hash():
    log = await a_log()
    for item in "xyz":
        await log.put("a", Added(item), Noted(item))

    prev = GENESIS
    for version, commit in enumerate(await log.commits("/ledger/account/a"), start=1):
        part = commit.parts[0]
        envelope = envelope_digest(commit.cause, commit.actor, commit.proof, commit.at)
        digests = [fact.digest for fact in part.facts]
        assert part.prev == prev
        assert part.hash == part_hash(prev, part.stream, version, envelope, digests)
        prev = part.hash


async def test_facts_are_stored_as_the_canonical_bytes_that_are_hashed():
    log = await a_log()
    await log.put("a", Added("ủy ban", 7))

    (commit,) = await log.commits("/ledger/account/a")

    expected = canonical({"item": "ủy ban", "amount": 7, "due": 0}).decode()
    assert commit.parts[0].facts[0].data == expected
    assert of_document(to_document(commit)) == commit


async def test_what_breaks_its_schema_is_never_stored():
    log = await a_log()

    with pytest.raises(Unprocessable):
        await log.put("a", Added("fine"), Added(""))

    assert await log.stored() == []


async def test_a_commit_above_256_kilobytes_is_too_large():
    log = await a_log()
    await log.put("a", Added("x" * 200_000))

    with pytest.raises(TooLarge):
        await log.put("a", Added("y" * 200_000), Added("z" * 70_000))

    assert (await log.load(ACCOUNT, "a")).version == 1


async def test_nothing_decided_is_nothing_committed():
    log = await a_log()

    answer = await log.put("a")

    assert answer.version == 0
    assert await log.stored() == []


async def test_outside_of_a_decision_a_stale_append_is_a_conflict():
    log = await a_log()
    loaded = await log.load(ACCOUNT, "a")
    await log.put("a", Added("first"))

    with pytest.raises(Conflict):
        await log.append(loaded, (Added("second"),), a_cause("other"), SITE)


# -- each cause once ----------------------------------------------------------------------------------


async def test_the_same_key_twice_is_answered_with_what_stands():
    log = await a_log()
    first = await log.put("a", Added("x"), key="k")
    await log.put("a", Added("y"))

    again = await log.put("a", Added("x"), key="k")

    assert again == first
    assert (await log.load(ACCOUNT, "a")).state.items == ("x", "y")


async def test_the_same_key_with_another_body_is_refused():
    log = await a_log()
    await log.put("a", Added("x"), key="k", digest="one")

    with pytest.raises(Unprocessable) as refusal:
        await log.put("a", Added("x"), key="k", digest="two")

    assert refusal.value.code == "idempotency-key-reused"


async def test_the_same_key_is_answered_after_the_state_would_refuse_it():
    log = await a_log()
    first = await log.put("a", Added("x"), key="k")
    await log.put("a", Closed())

    again = await log.put("a", Added("x"), key="k")

    assert again.version == first.version


async def test_the_same_key_in_a_fresh_process_is_answered_alike():
    log = await a_log()
    first = await log.put("a", Added("x"), key="k")

    again = await (await a_log(log.server)).put("a", Added("x"), key="k")

    assert again == first


async def test_a_fresh_process_answers_a_repeated_key_before_it_has_loaded_anything():
    log = await a_log()
    first = await log.put("a", Added("x"), key="k")
    world = World(lambda: NOON, lambda: "unused", Random(1))
    fresh = CommitLog(MemoryDatabase(log.server), LedgerCatalogue(), world, kinds=(ACCOUNT,))

    async def refuses_at_once() -> Loaded[Account]:
        raise Refused("closed-for-today")

    assert (await fresh.decide(a_cause("k"), refuses_at_once)).version == first.version


async def test_the_same_key_twice_at_once_commits_once():
    one = await a_log()
    two = await a_log(one.server)

    answers = await asyncio.gather(
        *(log.put("a", Added("x"), key="k") for log in (one, two, one, two))
    )

    assert {answer.version for answer in answers} == {1}
    assert len(await one.stored()) == 1


async def test_an_answer_of_a_kind_this_process_never_loaded_is_not_found():
    log = await a_log()
    await log.put("a", Added("x"), key="k")
    fresh = await a_log(log.server)

    async def refuses() -> Loaded[Account]:
        raise Refused("before-it-loads-anything")

    with pytest.raises(NotFound):
        await fresh.decide(a_cause("k"), refuses)


# -- two processes, one stream ------------------------------------------------------------------------


async def test_two_processes_on_one_stream_lose_nothing_and_leave_no_hole():
    one = await a_log()
    two = await a_log(one.server)
    logs = [one, two]

    async def person(number: int) -> None:
        for turn in range(5):
            item = f"{number}.{turn}"
            while True:
                try:
                    await logs[turn % 2].put("a", Added(item))
                    break
                except Conflict:
                    await asyncio.sleep(0)

    await asyncio.gather(*(person(number) for number in range(4)))

    state = (await (await a_log(one.server)).load(ACCOUNT, "a")).state
    assert sorted(state.items) == sorted(f"{n}.{t}" for n in range(4) for t in range(5))


async def test_a_refusal_from_a_stale_cache_is_decided_again():
    one = await a_log()
    two = await a_log(one.server)
    await one.put("a", Closed())
    await two.put("a", Opened())

    answer = await one.put("a", Added("x"))

    assert answer.state.items == ("x",)
    assert answer.version == 3


async def test_a_refusal_from_a_true_cache_holds():
    log = await a_log()
    await log.put("a", Closed())
    asked = log.troubles.asked["find"]

    with pytest.raises(Refused):
        await log.put("a", Added("x"))

    assert log.troubles.asked["find"] == asked + 2  # the cause, and the head it believed


async def test_an_append_from_a_stale_cache_is_decided_again():
    one = await a_log()
    two = await a_log(one.server)
    await one.put("a", Added("x"))
    await two.put("a", Added("y"))

    answer = await one.put("a", Added("z"))

    assert answer.state.items == ("x", "y", "z")


async def test_five_lost_races_are_a_conflict():
    one = await a_log()
    two = await a_log(one.server)
    turns = count()

    async def use_case() -> Loaded[Account]:
        loaded = await one.load(ACCOUNT, "a")
        await two.put("a", Added(f"other {next(turns)}"))
        return await one.append(loaded, (Added("mine"),), a_cause(), SITE)

    with pytest.raises(Conflict):
        await one.decide(a_cause(), use_case)

    assert next(turns) == 5


# -- several streams ----------------------------------------------------------------------------------


async def test_a_commit_over_two_streams_is_all_or_nothing():
    one = await a_log()
    two = await a_log(one.server)

    async def move() -> Loaded[Account]:
        a, b = await one.load_many(ACCOUNT, ["a", "b"])
        if b.version == 0:
            await two.put("b", Added("first"))
        changes = (Change(a, (Added("moved"),)), Change(b, (Added("moved"),)))
        return (await one.append_all(changes, a_cause(), SITE))[0]

    await one.decide(a_cause(), move)

    assert (await two.load(ACCOUNT, "a")).state.items == ("moved",)
    assert (await two.load(ACCOUNT, "b")).state.items == ("first", "moved")
    assert len(await one.stored()) == 2


async def test_streams_taken_in_any_order_never_deadlock():
    log = await a_log()

    async def move(first: str, second: str, number: int) -> None:
        cause = a_cause(f"{first}{second}{number}")

        async def use_case() -> Loaded[Account]:
            one = await log.load(ACCOUNT, first)
            await asyncio.sleep(0)
            other = await log.load(ACCOUNT, second)
            facts = (Added(cause.id),)
            return (await log.append_all((Change(one, facts), Change(other, facts)), cause, SITE))[
                0
            ]

        await log.decide(cause, use_case)

    pairs = [("a", "b"), ("b", "a"), ("b", "c"), ("c", "a"), ("c", "b"), ("a", "c")]
    async with asyncio.timeout(10):
        await asyncio.gather(*(move(*pair, n) for pair in pairs for n in range(3)))

    assert len((await log.load(ACCOUNT, "a")).state.items) == 12


# -- claims -------------------------------------------------------------------------------------------


async def claims(log: Log, act: str, key: str, number: int) -> Loaded[Account]:
    cause = a_cause(f"{act} {key} {number}")

    async def use_case() -> Loaded[Account]:
        loaded = await log.load(ACCOUNT, f"{number}")
        claim = await (log.claim(key) if act == "take" else log.release(key))
        return await log.append(loaded, (Noted(act),), cause, replace(SITE, claims=(claim,)))

    return await log.decide(cause, use_case)


async def test_a_name_is_taken_released_and_taken_again():
    log = await a_log()

    await claims(log, "take", "hanam.gov.vn", 1)
    with pytest.raises(Refused) as taken:
        await claims(log, "take", "hanam.gov.vn", 2)
    await claims(log, "release", "hanam.gov.vn", 1)
    with pytest.raises(Refused) as free:
        await claims(log, "release", "hanam.gov.vn", 3)
    await claims(log, "take", "hanam.gov.vn", 2)

    assert (taken.value.code, free.value.code) == ("already-taken", "not-taken")


async def test_of_two_that_take_a_name_at_once_one_does():
    one = await a_log()
    two = await a_log(one.server)

    outcomes = await asyncio.gather(
        *(claims(log, "take", "x", n) for n, log in enumerate((one, two, one, two))),
        return_exceptions=True,
    )

    assert sum(not isinstance(outcome, Refused) for outcome in outcomes) == 1


@pytest.mark.parametrize("key", ["x#1", "x#000000000", "x#", "x#~"])
async def test_a_name_that_looks_like_a_turn_of_another_is_another(key: str):
    log = await a_log()
    await claims(log, "take", key, 1)

    await claims(log, "take", "x", 2)

    with pytest.raises(Refused):
        await claims(log, "take", key, 3)


# -- the world fails ----------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["lies", "fails"])
async def test_a_commit_whose_outcome_is_unknown_is_inserted_again_and_lands_once(trouble: str):
    log = await a_log()
    getattr(log.troubles, trouble).append("insert")

    answer = await log.put("a", Added("x"))

    assert answer.version == 1
    assert len(await log.stored()) == 1
    assert log.troubles.asked["insert"] == 2


async def test_after_a_lost_answer_the_own_commit_is_no_duplicate_of_another():
    log = await a_log()
    await log.put("a", Added("w"))
    log.troubles.lies += ["insert", "insert"]
    log.troubles.fails.append("find")

    await log.put("a", Added("x"), key="k", digest="d")

    assert (await log.put("a", Added("x"), key="k", digest="d")).version == 2


async def test_a_commit_that_landed_without_its_answer_beats_the_next_one():
    log = await a_log()
    log.troubles.lies.append("insert")

    await asyncio.gather(
        log.put("a", Added("x")), log.put("a", Added("y")), log.put("b", Added("z"))
    )

    assert sorted((await log.load(ACCOUNT, "a")).state.items) == ["x", "y"]


async def test_a_database_that_is_away_is_unavailable_when_it_is_read():
    log = await a_log()
    log.troubles.away.add("find")

    with pytest.raises(Unavailable):
        await log.put("a", Added("x"))


async def test_a_commit_the_driver_cannot_send_is_its_own_callers_fault_only():
    log = await a_log()
    held = asyncio.Event()
    log.troubles.stops["insert"] = held
    first = asyncio.create_task(log.put("first", Added("x")))
    await until(lambda: log.troubles.asked["insert"] == 1)

    async def unsendable() -> Loaded[Account]:
        loaded = await log.load(ACCOUNT, "bad")
        standing = Standing("test", proof={"it": object()})
        return await log.append(loaded, (Added("x"),), a_cause("bad"), standing)

    async def odd(collection: str, documents: Any) -> Any:
        if any(d["parts"][0]["stream"].endswith("/odd") for d in documents):
            raise OverflowError("the driver cannot say this")
        return await whole(collection, documents)

    whole = log._database.insert
    log._database.insert = odd
    others = [asyncio.create_task(log.put(id, Added("x"), key=id)) for id in ("odd", "even")]
    bad = asyncio.create_task(log.decide(a_cause("bad"), unsendable))
    held.set()
    outcomes = await asyncio.gather(first, *others, bad, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [Loaded, OverflowError, Loaded, ValueError]
    assert (await log.put("odd")).version == 0


# -- group commit, locks, hang-ups --------------------------------------------------------------------


async def test_what_arrives_while_an_insert_is_in_flight_goes_in_together():
    log = await a_log()
    held = asyncio.Event()
    log.troubles.stops["insert"] = held
    waiting = [asyncio.create_task(log.put(f"{n}", Added("x"), key=f"{n}")) for n in range(20)]
    await until(lambda: log.troubles.asked["insert"] == 1)
    await let_others_go()

    held.set()
    await asyncio.gather(*waiting)

    assert len(await log.stored()) == 20
    assert log.troubles.asked["insert"] <= 3
    assert LINGER_FROM < 20


async def test_a_caller_that_hangs_up_leaves_its_commit_on_the_way():
    log = await a_log()
    held = asyncio.Event()
    log.troubles.stops["insert"] = held
    caller = asyncio.create_task(log.put("a", Added("x"), key="k"))
    await until(lambda: log.troubles.asked["insert"] == 1)

    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    second = asyncio.create_task(log.put("a", Added("y")))
    await let_others_go()
    assert not second.done()  # the stream is locked until the outcome is known
    held.set()
    await second

    assert (await log.load(ACCOUNT, "a")).state.items == ("x", "y")
    assert (await log.put("a", Added("x"), key="k")).version == 1


async def test_nobody_decides_on_a_stream_while_an_insert_is_under_way_though_its_caller_hung_up():
    log = await a_log()
    held = asyncio.Event()
    log.troubles.stops["insert"] = held
    caller = asyncio.create_task(log.put("a", Added("x")))
    await until(lambda: log.troubles.asked["insert"] == 1)
    decided_on: list[Account] = []

    async def look() -> Loaded[Account]:
        loaded = await log.load(ACCOUNT, "a")
        decided_on.append(loaded.state)
        return loaded

    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    second = asyncio.create_task(log.decide(a_cause("look"), look))
    await let_others_go()
    meanwhile = list(decided_on)
    held.set()
    await second

    assert meanwhile == []
    assert [state.items for state in decided_on] == [("x",)]


async def test_a_caller_that_hangs_up_before_the_insert_has_asked_for_nothing():
    log = await a_log()
    held = asyncio.Event()
    log.troubles.stops["find"] = held
    caller = asyncio.create_task(log.put("a", Added("x")))
    await until(lambda: log.troubles.asked["find"] == 1)

    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    held.set()
    await log.drain()

    assert await log.stored() == []
    assert log._locks.free("/ledger/account/a")


async def test_a_hang_up_is_not_decided_again_when_it_lost_the_race():
    log = await a_log()
    other = await a_log(log.server)
    held = asyncio.Event()
    log.troubles.stops["insert"] = held
    caller = asyncio.create_task(log.put("a", Added("x")))
    await until(lambda: log.troubles.asked["insert"] == 1)
    await other.put("a", Closed())
    caller.cancel()
    await other.put("a", Opened())

    held.set()
    await asyncio.gather(caller, return_exceptions=True)
    await log.drain()

    assert (await other.load(ACCOUNT, "a")).state.items == ()


async def test_a_stop_waits_for_what_is_being_decided():
    log = await a_log()
    held = asyncio.Event()
    log.troubles.stops["insert"] = held
    caller = asyncio.create_task(log.put("a", Added("x")))
    await until(lambda: log.troubles.asked["insert"] == 1)
    draining = asyncio.create_task(log.drain())
    await asyncio.sleep(0)
    assert not draining.done()

    held.set()
    await draining

    assert caller.done()


async def test_too_many_at_once_are_unavailable_and_the_rest_get_through():
    log = await a_log()
    calls: list[Awaitable[object]] = [log.put(f"{n}", Added("x"), key=f"{n}") for n in range(1_050)]

    outcomes = await asyncio.gather(*calls, return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, DomainError)]
    assert {error.code for error in refused} == {"too-many-waiting"}
    assert len(await log.stored()) == 1_050 - len(refused)


# -- streams that need not be read --------------------------------------------------------------------


async def test_a_stream_with_an_id_made_just_now_is_not_read():
    log = await a_log()

    async def open_it() -> Loaded[Account]:
        begun = await log.begin(ACCOUNT, "new")
        return await log.append(begun, [Added("x")], a_cause("open"), SITE)

    done = await log.decide(a_cause("open"), open_it)

    assert (done.version, done.state.items) == (1, ("x",))
    assert log.troubles.asked["find"] == 0


async def test_should_that_stream_exist_all_the_same_nothing_of_it_is_overwritten():
    log = await a_log()
    await log.put("taken", Added("x"))

    async def open_it() -> Loaded[Account]:
        begun = await log.begin(ACCOUNT, "taken")
        return await log.append(begun, [Added("y")], a_cause("open"), SITE)

    with pytest.raises(Conflict):
        await log.decide(a_cause("open"), open_it)

    assert (await log.load(ACCOUNT, "taken")).state.items == ("x",)


async def test_a_reaction_reads_only_what_is_not_remembered_with_its_fact_in_it():
    log = await a_log()
    await log.put("a", Added("x"))
    another = Log(log.server)
    await another.put("a", Added("y"))
    asked = log.troubles.asked["find"]

    known = await log.since(ACCOUNT, "a", "ledger.account", 1)
    reads = log.troubles.asked["find"] - asked
    newer = await log.since(ACCOUNT, "a", "ledger.account", 2)

    assert (known.state.items, reads) == (("x",), 0)
    assert newer.state.items == ("x", "y")


async def test_causes_asked_for_at_once_are_looked_up_together():
    log = await a_log()
    await log.put("a", Added("x"), key="one")
    asked = log.troubles.asked["find"]
    causes = [a_cause(key).id for key in ("none", "one", "none", "other")]

    found = await asyncio.gather(*map(log.of_cause, causes))

    assert [commit and commit.cause for commit in found] == [None, causes[1], None, None]
    assert log.troubles.asked["find"] - asked == 1


# -- the cache ----------------------------------------------------------------------------------------


async def test_a_state_once_folded_is_not_read_again():
    log = await a_log()
    await log.put("a", Added("x"))
    asked = log.troubles.asked["find"]

    await log.put("a", Added("y"))

    assert log.troubles.asked["find"] == asked


async def test_another_revision_of_the_fold_never_meets_a_cached_state():
    log = await a_log()
    await log.put("a", Added("x"))
    other = replace(ACCOUNT, evolve=lambda *_: Account(("other",)), revision="2")
    seen: list[Account] = []

    async def look() -> Loaded[Account]:
        loaded = await log.load(other, "a")
        seen.append(loaded.state)
        return loaded

    await log.decide(a_cause("look"), look)

    assert seen == [Account(("other",))]


def test_the_cache_is_bounded_in_bytes_and_forgets_the_longest_unused():
    cache = StreamCache(limit=1_000)
    for name in "abc":
        cache.put(name, "1", Folded(new_head(name), name, 300))
    cache.get("a", "1")

    cache.put("d", "1", Folded(new_head("d"), "d", 300))
    cache.put("huge", "1", Folded(new_head("huge"), "huge", 5_000))

    assert cache.get("b", "1") is None
    assert len(cache) == 0


def test_a_state_put_twice_counts_once():
    cache = StreamCache(limit=1_000)
    for _ in range(10):
        cache.put("a", "1", Folded(new_head("a"), "a", 400))
    cache.put("b", "1", Folded(new_head("b"), "b", 400))

    assert len(cache) == 2
