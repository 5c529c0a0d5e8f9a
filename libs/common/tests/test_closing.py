"""Long streams: closed every so many commits, read from there, and true whatever a closing says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any

import orjson
import pytest

from common.cause import Cause
from common.log.chain import check_chain
from common.log.closing import Closings
from common.log.log import INDEXES, CommitLog, part_of
from common.log.model import CLOSING
from common.log.preparing import COMMIT_BYTES
from common.log.rehearsal import Rehearsal
from common.log.streams import Loaded, Standing, StreamKind
from common.mongo import Document
from common.relay.records import records_of
from common.testing.closable import unclosable
from common.testing.ledger import ACCOUNT, Account, Added, Audited, LedgerFact, Noted
from common.testing.mongo import MemoryDatabase, MemoryServer
from common.testing.simulation.service import Words
from common.world import World

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVERY = 3
STREAM = ACCOUNT.stream("a")


class Books:
    """One database, and as many processes over it as a test wants."""

    def __init__(self) -> None:
        self.server, self.numbers = MemoryServer(), count()
        self.database = MemoryDatabase(self.server)
        self.world = World(lambda: NOON, lambda: f"{next(self.numbers):06d}", Random(1))

    def process(self) -> CommitLog:
        """A process that remembers nothing yet."""
        return CommitLog(self.database, Words("ledger"), self.world, closes_every=EVERY)

    async def add(
        self, *items: str, log: CommitLog | None = None, more: Sequence[LedgerFact] = ()
    ) -> Loaded[Account]:
        """A commit for each item, by one process."""
        log = log or self.process()
        for item in items:
            added = await self.put((Added(item), *more), item, log)
        return added

    async def put(self, facts: Sequence[LedgerFact], key: str, log: CommitLog) -> Loaded[Account]:
        cause = Cause(f"http:an:POST /items:{key}", NOON, "an")

        async def use_case() -> Loaded[Account]:
            return await log.append(await log.load(ACCOUNT, "a"), facts, cause, Standing("s"))

        return await log.decide(cause, use_case)

    def commit(self, version: int) -> Document:
        return next(
            document
            for document in self.server.collections["commits"].values()
            if document["parts"][0]["version"] == version
        )

    def spoil(self, version: int, **changes: Any) -> None:
        """Change what the closing of a version says."""
        fact = self.commit(version)["parts"][0]["facts"][-1]
        assert fact["type"] == CLOSING
        fact["data"] = orjson.dumps(orjson.loads(fact["data"]) | changes).decode()


@pytest.fixture
async def books() -> Books:
    books = Books()
    await books.database.migrate(INDEXES)
    return books


def items(loaded: Loaded[Account]) -> str:
    return "".join(loaded.state.items)


async def test_every_third_commit_says_the_state_too(books: Books):
    await books.add(*"abcdefg")

    facts = [part_of(c, STREAM).facts for c in await books.process().commits(STREAM)]

    assert [facts_of_one[-1].closes for facts_of_one in facts] == [False, False, True] * 2 + [False]
    said = orjson.loads(facts[5][-1].data)
    assert orjson.loads(said["state"])["items"] == list("abcdef")
    assert (said["version"], said["revision"]) == (6, "1")


async def test_a_closing_stands_in_the_chain_and_leaves_no_trace_outside(books: Books):
    await books.add(*"abc", more=(Audited("x"),))

    commits = await books.process().commits(STREAM)
    told = [r for c in commits for r in records_of(c, service="s", prefix="", incarnation=1)]

    assert check_chain(commits, STREAM).intact
    assert len(told) == 6
    assert part_of(commits[2], STREAM).upto == {"ledger.account": 3, "ledger.audit": 3}
    books.spoil(3, revision="2")
    assert check_chain(await books.process().commits(STREAM), STREAM).reason == "hash"


async def test_a_cold_process_begins_at_the_newest_closing(books: Books):
    await books.add(*"abcdefgh")
    for version in range(1, 6):
        books.commit(version)["parts"][0]["facts"] = []

    loaded = await books.process().load(ACCOUNT, "a")

    assert (items(loaded), loaded.version) == ("abcdefgh", 8)
    assert loaded.head.sequences == {"ledger.account": 8}


@pytest.mark.parametrize("length", range(1, 3 * EVERY * EVERY))
async def test_whatever_its_length_a_stream_is_read_as_it_is(books: Books, length: int):
    names = [f"{n}." for n in range(length)]
    written = await books.add(*names)

    read = await books.process().load(ACCOUNT, "a")

    assert (items(read), read.head) == ("".join(names), written.head)
    assert len(await books.process().commits(STREAM)) == length


async def test_each_version_can_still_be_answered(books: Books):
    """A cause that comes again is told what it was told the first time."""
    await books.add(*"abcdefghij")

    for version, item in enumerate("abcdefghij", 1):
        log = books.process()
        await log.load(ACCOUNT, "a")
        again = await books.put((Added(item),), item, log)
        assert (again.version, items(again)) == (version, "abcdefghij"[:version])


async def test_another_revision_of_the_fold_passes_the_closings_over(books: Books):
    await books.add(*"abcdefg")
    loud = replace(ACCOUNT, revision="2", evolve=_loud)

    assert items(await books.process().load(loud, "a")) == "ABCDEFG"


def _loud(account: Account, fact: LedgerFact) -> Account:
    assert isinstance(fact, LedgerFact), "a closing is no fact of the account"
    return ACCOUNT.evolve(account, Added(fact.item.upper()) if isinstance(fact, Added) else fact)


@pytest.mark.parametrize("state", ["no JSON", '"a word"', '{"items":7}'])
async def test_a_closing_that_cannot_be_read_is_passed_over(books: Books, state: str):
    await books.add(*"abcdefg")
    books.spoil(6, state=state)
    books.commit(1)["parts"][0]["facts"] = []

    assert items(await books.process().load(ACCOUNT, "a")) == "abcdefg"

    books.spoil(3, state=state)
    assert items(await books.process().load(ACCOUNT, "a")) == "bcdefg"


async def test_two_processes_close_a_stream_together(books: Books):
    one, other = books.process(), books.process()
    for n in range(20):
        await books.add(f"{n}.", log=(one, other)[n % 2])

    assert items(await books.process().load(ACCOUNT, "a")) == "".join(f"{n}." for n in range(20))
    assert items(await one.fresh(ACCOUNT, "a")) == items(await other.fresh(ACCOUNT, "a"))


@pytest.mark.parametrize(
    ("names", "version"), [("abcdefgh", 7), pytest.param("abcde", EVERY, id="a closing")]
)
async def test_a_lost_commit_is_still_a_hole(books: Books, names: str, version: int):
    await books.add(*names)
    lost = books.commit(version)
    await books.database.delete("commits", {"_id": lost["_id"]})

    with pytest.raises(RuntimeError, match="hole"):
        await books.process().load(ACCOUNT, "a")


async def test_a_rehearsal_goes_on_from_a_closed_stream(books: Books):
    await books.add(*"abcdefg")
    rehearsal = Rehearsal(books.database, Words("ledger"), books.world)

    assert items(await books.add("h", log=rehearsal)) == "abcdefgh"
    assert items(await books.add("i", log=rehearsal)) == "abcdefghi"
    assert items(await books.process().load(ACCOUNT, "a")) == "abcdefg"


async def test_a_closing_never_makes_a_commit_too_large(books: Books):
    await books.add("a", "b")
    note = Noted("x" * (COMMIT_BYTES - 100))

    stored = await books.put((note,), "large", books.process())

    assert stored.version == 3
    assert [f["type"] for f in books.commit(3)["parts"][0]["facts"]] == ["ledger.note_taken.v1"]


async def test_a_large_state_is_not_kept_twice(books: Books):
    await books.add("a" * 40_000, "b" * 40_000, "c")

    assert len(books.commit(3)["parts"][0]["facts"]) == 1
    assert len(items(await books.process().load(ACCOUNT, "a"))) == 80_001


@dataclass(frozen=True, slots=True)
class Loose:
    """A state whose type does not say what it holds."""

    what: Any = None


LOOSE = StreamKind("ledger/account", Loose(), lambda *_: Loose(NOON))


async def test_a_state_that_would_come_back_another_is_not_said(books: Books):
    closings = Closings(books.database, EVERY)

    assert closings.of(LOOSE, Loose(NOON), EVERY) is None
    assert closings.of(LOOSE, Loose("noon"), EVERY) is not None


async def test_what_could_not_be_closed_is_found(books: Books):
    await books.add("a")

    assert await unclosable(books.process(), books.database, (ACCOUNT,)) == []
    assert await unclosable(books.process(), books.database, (LOOSE,)) == [f"{STREAM} at 1"]
