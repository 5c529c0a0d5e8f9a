"""A rehearsal decides as the log would and keeps nothing; a chain is checked link by link."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from random import Random

import pytest

from common.cause import Cause
from common.errors import DomainError, Refused
from common.log.chain import Chain, check_chain
from common.log.log import INDEXES, CommitLog
from common.log.model import Commit
from common.log.rehearsal import Rehearsal
from common.log.streams import Loaded, Standing
from common.mongo import ANY
from common.testing.ledger import ACCOUNT, Account, Added, LedgerCatalogue
from common.testing.mongo import MemoryDatabase
from common.world import World

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def logs() -> tuple[CommitLog, Rehearsal, MemoryDatabase]:
    numbers = count()
    world = World(lambda: NOON, lambda: f"{next(numbers):06d}", Random(1))
    database = MemoryDatabase()
    await database.migrate(INDEXES)
    catalogue = LedgerCatalogue()
    return (
        CommitLog(database, catalogue, world),
        Rehearsal(database, catalogue, world),
        database,
    )


async def adds(log: CommitLog, key: str, item: str, claim: str | None = None) -> Loaded[Account]:
    cause = Cause(f"http:an:POST /items:{key}", NOON, "an", key)

    async def use_case() -> Loaded[Account]:
        account = await log.load(ACCOUNT, "a")
        if item in account.state.items:
            raise Refused("item-there", "It is there.")
        claims = (await log.claim(claim),) if claim else ()
        return await log.append(account, (Added(item),), cause, Standing("s", claims=claims))

    return await log.decide(cause, use_case)


async def test_what_is_rehearsed_is_seen_by_the_next_and_by_nobody_else():
    log, rehearsal, database = await logs()
    await adds(log, "real", "kept")

    await adds(rehearsal, "first", "tried")
    again = await adds(rehearsal, "second", "more")

    assert again.state.items == ("kept", "tried", "more")
    assert (await log.load(ACCOUNT, "a")).state.items == ("kept",)
    assert len(await database.find("commits", ANY)) == 1


async def test_a_rehearsal_refuses_what_the_log_or_itself_would_refuse():
    log, rehearsal, _ = await logs()
    await adds(log, "real", "kept", claim="name:x")
    await adds(rehearsal, "first", "tried", claim="name:y")

    for item, claim in (("kept", None), ("tried", None), ("more", "name:x"), ("other", "name:y")):
        with pytest.raises(DomainError):
            await adds(rehearsal, f"again-{item}", item, claim)


async def test_the_same_cause_is_rehearsed_once():
    _, rehearsal, _ = await logs()

    first = await adds(rehearsal, "key", "tried")
    again = await adds(rehearsal, "key", "tried")

    assert first.version == again.version == 1


async def test_causes_are_found_by_their_beginning():
    log, _, _ = await logs()
    await adds(log, "import-1", "one")
    await adds(log, "import-2", "two")
    await adds(log, "other", "three")

    found = await log.caused("http:an:POST /items:import-")

    assert found == {"http:an:POST /items:import-1", "http:an:POST /items:import-2"}


async def test_a_state_is_believed_only_while_the_log_ends_where_it_does():
    log, _, database = await logs()
    other = CommitLog(database, LedgerCatalogue(), World(lambda: NOON, lambda: "zz", Random(2)))
    await adds(log, "one", "one")
    await adds(other, "two", "two")

    assert (await log.load(ACCOUNT, "a")).state.items == ("one", "two")


async def three(log: CommitLog) -> Sequence[Commit]:
    for key in ("one", "two", "three"):
        await adds(log, key, key)
    return await log.commits("/ledger/account/a")


async def test_an_untouched_chain_holds():
    log, _, _ = await logs()

    assert check_chain(await three(log), "/ledger/account/a") == Chain(3)


async def test_every_touch_breaks_the_chain_where_it_was():
    log, _, _ = await logs()
    commits = list(await three(log))
    second = commits[1]
    part = second.parts[0]
    fact = replace(part.facts[0], data='{"item":"other"}')
    touched = {
        "data": replace(second, parts=(replace(part, facts=(fact,)),)),
        "actor": replace(second, actor="binh"),
        "proof": replace(second, proof={"by": "nobody"}),
        "cause": replace(second, cause="http:other"),
        "moment": replace(second, at=datetime(2020, 1, 1, tzinfo=UTC)),
    }

    for what, commit in touched.items():
        chain = check_chain([commits[0], commit, commits[2]], "/ledger/account/a")
        assert (chain.broken_at, chain.reason) == (2, "hash"), what
    assert check_chain([commits[0], commits[2]], "/ledger/account/a").reason == "version"
    assert check_chain(commits[1:], "/ledger/account/a").broken_at == 1


async def test_a_stream_nobody_wrote_has_a_chain_of_no_links():
    assert check_chain([], "/ledger/account/nobody") == Chain(0)
