"""Group reads: together what waits together, each told its own commits, faults told to all."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from common.log.gathering import GatheredReads
from common.mongo import Document, Filter, Transient


class Slow:
    """A database that answers when told to, and remembers what it was asked."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = list(documents)
        self.asked: list[Any] = []
        self.open = asyncio.Event()
        self.fault: Exception | None = None

    async def find(self, collection: str, where: Filter) -> list[Document]:
        assert collection == "commits"
        part = where["parts"]["$elemMatch"]
        asked = part["stream"]
        self.asked.append(asked)
        await self.open.wait()
        if self.fault is not None:
            raise self.fault
        wanted = asked["$in"] if isinstance(asked, dict) else [asked]
        fits = [
            {p["stream"] for p in document["parts"] if p["version"] <= part["version"]["$lte"]}
            for document in self.documents
        ]
        return [d for d, streams in zip(self.documents, fits, strict=True) if streams & set(wanted)]


def a_commit(id: int, *streams: str) -> Document:
    return {"_id": id, "parts": [{"stream": stream, "version": 1} for stream in streams]}


async def ask(reads: GatheredReads, *streams: str) -> list[asyncio.Task[list[Document]]]:
    tasks = [asyncio.create_task(reads.of_stream(stream)) for stream in streams]
    await asyncio.sleep(0)
    return tasks


async def test_what_is_asked_during_a_read_is_read_together_after_it():
    database = Slow([a_commit(1, "/a"), a_commit(2, "/b", "/c"), a_commit(3, "/c")])
    reads = GatheredReads(database, 500)  # type: ignore[arg-type]

    first = await ask(reads, "/a")
    await asyncio.sleep(0)
    others = await ask(reads, "/b", "/c", "/d", "/c")
    database.open.set()
    found = await asyncio.gather(*first, *others)

    assert [[d["_id"] for d in each] for each in found] == [[1], [2], [2, 3], [], [2, 3]]
    assert database.asked == ["/a", {"$in": ["/b", "/c", "/d"]}]


async def test_a_stream_asked_for_again_during_its_read_is_read_again():
    database = Slow([])
    reads = GatheredReads(database, 500)  # type: ignore[arg-type]

    first = await ask(reads, "/a")
    await asyncio.sleep(0)
    database.documents.append(a_commit(1, "/a"))
    second = await ask(reads, "/a")
    database.open.set()
    await asyncio.gather(*first, *second)

    assert database.asked == ["/a", "/a"]


async def test_a_fault_reaches_all_who_wait_and_the_next_read_goes_on():
    database = Slow([a_commit(1, "/a")])
    reads = GatheredReads(database, 500)  # type: ignore[arg-type]
    database.fault = Transient("away")
    database.open.set()

    faults = await asyncio.gather(*await ask(reads, "/a", "/b"), return_exceptions=True)
    database.fault = None

    assert [type(fault) for fault in faults] == [Transient, Transient]
    assert await reads.of_stream("/a") == [a_commit(1, "/a")]


async def test_one_who_hangs_up_takes_nobody_else_along():
    database = Slow([a_commit(1, "/a")])
    reads = GatheredReads(database, 500)  # type: ignore[arg-type]
    leaving, staying = await ask(reads, "/a", "/a")

    leaving.cancel()
    database.open.set()

    assert await staying == [a_commit(1, "/a")]
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_what_stands_above_the_bound_is_not_read():
    long, short = {"stream": "/long", "version": 3}, {"stream": "/short", "version": 1}
    documents = [*(a_commit(n, "/long") for n in (1, 2)), {"_id": 3, "parts": [long, short]}]
    documents[1]["parts"][0]["version"] = 2
    database = Slow(documents)
    database.open.set()
    reads = GatheredReads(database, 2)  # type: ignore[arg-type]

    tasks = await ask(reads, "/long", "/short")

    assert [[d["_id"] for d in await task] for task in tasks] == [[1, 2], [3]]
