"""One suite for the fake and the real database, by both drivers: the fake is proven equal."""

import asyncio
from typing import Any

import pytest

from common.mongo import ANY, Database, Drop, Index, Patch, Put, ResumeLost, Session, Unwritable

STREAMS = Index("log", (("parts.stream", 1), ("parts.version", 1)), unique=True)
CLAIMS = Index("log", (("claims", 1),), unique=True, partial="claims")


def a_commit(id: str, *parts: tuple[str, int], claims: tuple[str, ...] = ()) -> dict:
    document: dict = {"_id": id, "parts": [{"stream": s, "version": v} for s, v in parts]}
    return document | ({"claims": list(claims)} if claims else {})


async def test_an_insert_tells_which_documents_met_a_unique_index(database: Database):
    await database.migrate([STREAMS, CLAIMS])
    first = await database.insert("log", [a_commit("1", ("a", 1)), a_commit("2", ("b", 1))])

    second = await database.insert(
        "log",
        [
            a_commit("3", ("a", 1)),
            a_commit("4", ("a", 2)),
            a_commit("1", ("z", 9)),
            a_commit("5", ("c", 1), ("b", 1)),
        ],
    )

    assert first.landed == (True, True)
    assert second.landed == (False, True, False, False)
    assert {d["_id"] for d in await database.find("log", ANY)} == {"1", "2", "4"}


async def test_two_parts_of_one_document_do_not_cross_in_the_index(database: Database):
    await database.migrate([STREAMS])
    await database.insert("log", [a_commit("1", ("a", 1), ("b", 2))])

    landed = await database.insert("log", [a_commit("2", ("a", 2), ("b", 1))])

    assert landed.landed == (True,)


async def test_a_claim_is_taken_once_and_no_claim_is_no_conflict(database: Database):
    await database.migrate([STREAMS, CLAIMS])
    await database.insert("log", [a_commit("1", ("a", 1)), a_commit("2", ("b", 1))])

    landed = await database.insert(
        "log",
        [
            a_commit("3", ("c", 1), claims=("x#0", "y#0")),
            a_commit("4", ("d", 1), claims=("y#0",)),
        ],
    )

    assert landed.landed == (True, False)


async def test_filters_reach_into_lists(database: Database):
    await database.insert(
        "log", [a_commit("1", ("a", 1), ("b", 7)), a_commit("2", ("a", 2), claims=("k#1",))]
    )

    async def ids(where: dict) -> list[str]:
        return [d["_id"] for d in await database.find("log", where, sort=(("_id", 1),))]

    assert await ids({"parts.stream": "a"}) == ["1", "2"]
    assert await ids({"parts.stream": "b"}) == ["1"]
    assert await ids({"parts": {"$elemMatch": {"stream": "a", "version": {"$gt": 1}}}}) == ["2"]
    assert await ids({"parts": {"$elemMatch": {"stream": "b", "version": {"$lt": 7}}}}) == []
    assert await ids({"claims": {"$elemMatch": {"$gte": "k#", "$lt": "k#~"}}}) == ["2"]
    assert await ids({"claims": {"$exists": False}}) == ["1"]
    assert await ids({"parts.stream": {"$all": ["a", "b"]}}) == ["1"]
    assert await ids({"_id": {"$in": ["2", "3"]}}) == ["2"]
    assert await ids({"_id": {"$gt": "1"}, "parts.version": {"$ne": 1}}) == ["2"]


async def test_writes_put_patch_and_drop(database: Database):
    await database.write(
        [
            Put("things", "a", {"n": 1, "old": True}),
            Put("things", "b", {"n": 1}),
            Put("things", "a", {"n": 2}),
            Patch("things", "a", values={"x": "y"}, add={"n": 3}, push={"tags": "t"}),
            Patch("things", "a", extend={"tags": ["u", "v"]}),
            Patch("things", "missing", values={"x": 1}),
            Patch("things", "new", maximum={"top": 5}, upsert=True),
            Patch("things", "new", maximum={"top": 4}, unset=("nothing",)),
            Patch("things", "new", minimum={"least": 4}),
            Patch("things", "new", minimum={"least": 3}),
            Patch("things", "new", minimum={"least": 5}),
            Drop("things", "b"),
        ]
    )

    found = await database.find("things", ANY, sort=(("_id", 1),))

    assert found == [
        {"_id": "a", "n": 5, "x": "y", "tags": ["t", "u", "v"]},
        {"_id": "new", "top": 5, "least": 3},
    ]
    assert await database.count("things", {"n": {"$gte": 5}}) == 1
    assert await database.delete("things", {"n": 5}) == 1


async def test_a_transaction_is_all_or_nothing(database: Database):
    await database.write([Put("things", "a", {"n": 1})])

    async def fails(session: Session) -> None:
        await session.write([Put("things", "a", {"n": 2}), Put("others", "b", {"n": 2})])
        raise LookupError

    with pytest.raises(LookupError):
        await database.transaction(fails)

    assert await database.find("things", ANY) == [{"_id": "a", "n": 1}]
    assert await database.find("others", ANY) == []


async def test_a_transaction_sees_its_own_writes_and_one_moment(database: Database):
    await database.write([Put("things", "a", {"n": 1}), Put("things", "b", {"n": 1})])

    async def work(session: Session) -> list[dict]:
        await session.find("things", {"_id": "a"})
        await database.write([Put("things", "b", {"n": 9})])
        await session.write([Put("others", "c", {"n": 1})])
        return await session.find("things", {"_id": "b"}) + await session.find("others", ANY)

    assert await database.transaction(work) == [{"_id": "b", "n": 1}, {"_id": "c", "n": 1}]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"\x00": 1}, id="nul-in-a-name"),
        pytest.param(2**64, id="number-too-large"),
        pytest.param("x" * 17_000_000, id="document-too-large"),
    ],
)
async def test_content_that_cannot_be_written_is_refused_for_good(database: Database, content):
    async def work(session: Session) -> None:
        await session.write(
            [Put("things", "well", {"n": 1}), Put("things", "sick", {"n": content})]
        )

    with pytest.raises(Unwritable):
        await database.transaction(work)
    with pytest.raises(Unwritable):
        await database.write([Put("things", "sick", {"n": content})])
    assert await database.find("things", {}) == []


async def test_of_two_transactions_on_one_document_one_runs_again(database: Database):
    await database.write([Put("things", "a", {"n": 0})])
    runs: list[int] = []

    async def adds(session: Session) -> None:
        runs.append(1)
        (found,) = await session.find("things", {"_id": "a"})
        await asyncio.sleep(0.01)
        await session.write([Put("things", "a", {"n": found["n"] + 1})])

    await asyncio.gather(*(database.transaction(adds) for _ in range(4)))

    assert await database.find("things", ANY) == [{"_id": "a", "n": 4}]
    assert len(runs) > 4


async def test_a_watch_gives_inserts_in_order_and_resumes_after_its_token(database: Database):
    watch = await database.watch("log", None)
    nothing = await watch.next(0.05)
    await database.insert("log", [{"_id": str(n)} for n in range(3)])
    await database.write([Put("elsewhere", "x", {})])
    seen: list[str] = []
    while len(seen) < 3:
        batch = await watch.next(1.0)
        seen += [document["_id"] for document in batch.documents]
    token = batch.token
    await watch.close()
    await database.insert("log", [{"_id": "3"}])

    again = await database.watch("log", token)
    later = [d["_id"] for d in (await again.next(2.0)).documents]
    await again.close()
    from_idle = await database.watch("log", nothing.token)
    everything: list[str] = []
    while len(everything) < 4:
        everything += [d["_id"] for d in (await from_idle.next(1.0)).documents]
    await from_idle.close()

    assert nothing.documents == ()
    assert seen == ["0", "1", "2"]
    assert later == ["3"]
    assert everything == ["0", "1", "2", "3"]


async def test_a_lease_has_one_holder_and_a_rising_epoch(database: Database):
    first = await database.lease("relay", "one", 0.3)
    refused = await database.lease("relay", "two", 0.3)
    renewed = await database.lease("relay", "one", 0.3)
    await asyncio.sleep(0.5)
    taken = await database.lease("relay", "two", 30)
    too_late = await database.lease("relay", "one", 30)
    assert first
    assert renewed
    assert taken
    await database.release(first)
    still = await database.lease("relay", "one", 30)
    await database.release(taken)
    after = await database.lease("relay", "one", 30)

    assert refused is None
    assert too_late is None
    assert still is None
    assert after is not None
    assert first.epoch == renewed.epoch < taken.epoch < after.epoch


async def test_who_holds_a_lease_is_told_until_it_runs_out_or_is_given_back(database: Database):
    nobody = await database.leased("relay")
    first = await database.lease("relay", "one", 0.3)
    held = await database.leased("relay")
    renewed = await database.lease("relay", "one", 0.3)
    moved = await database.leased("relay")
    while await database.leased("relay") is not None:  # noqa: ASYNC110 - the server's clock sends no event
        await asyncio.sleep(0.05)
    second = await database.lease("relay", "two", 30)
    assert second
    taken = await database.leased("relay")
    await database.release(second)

    assert nobody is None
    assert (held, moved, taken) == (first, renewed, second)
    assert held != moved
    assert await database.leased("relay") is None


async def test_what_is_not_migrated_is_named(database: Database):
    assert set(await database.missing([STREAMS, CLAIMS])) == {
        "log.parts.stream_1_parts.version_1",
        "log.claims_1",
    }

    await database.migrate([STREAMS])
    await database.migrate([STREAMS])

    assert await database.missing([STREAMS, CLAIMS]) == ["log.claims_1"]
    await database.ping()


@pytest.mark.parametrize("database", ["pymongo", "motor"], indirect=True)
@pytest.mark.engine
@pytest.mark.parametrize("token", ["82" + "0" * 60, "made up", "82FFFFFFFF"])
async def test_a_token_the_server_refuses_is_lost_and_not_tried_for_ever(
    database: Database, token: str
):
    await database.insert("log", [{"_id": "1"}])

    with pytest.raises(ResumeLost):
        await database.watch("log", {"_data": token})


async def test_a_find_leaves_out_the_fields_it_is_told_to(database: Database):
    await database.write([Put("things", "a", {"n": 1, "keys": ["x"], "more": {"k": 1}})])

    found = await database.find("things", ANY, without=("keys", "nothing"))

    assert found == [{"_id": "a", "n": 1, "more": {"k": 1}}]
    assert (await database.find("things", ANY))[0]["keys"] == ["x"]


async def test_none_is_found_where_a_member_is_missing_alone_and_among_others(database: Database):
    await database.write(
        [Put("things", "a", {"o": {"s": "x"}}), Put("things", "b", {}), Put("things", "c", {"o": {"s": "y"}})]
    )  # fmt: skip

    async def found(test: Any) -> list[str]:
        return sorted(each["_id"] for each in await database.find("things", {"o.s": test}))

    assert await found(None) == ["b"]
    assert await found({"$in": [None, "x"]}) == ["a", "b"]
    assert await found({"$in": ["x"]}) == ["a"]


async def test_a_member_put_by_itself_leaves_what_others_put_beside_it(database: Database):
    await database.write([Patch("things", "a", values={"o": {"s": "x", "old": 1}}, upsert=True)])
    await database.write([Patch("things", "a", values={"n": 1}, unset=("gone",), upsert=True)])
    await database.write([Patch("things", "a", values={"o": {"s": "y"}}, upsert=True)])

    assert await database.find("things", ANY) == [{"_id": "a", "n": 1, "o": {"s": "y"}}]
