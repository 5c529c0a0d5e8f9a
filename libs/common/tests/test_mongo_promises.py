"""What the server is asked to promise, as it stands in the commands: no store of one node would show it.

A majority that is not asked for is missed only when a node dies (D1), so the words are looked at.
"""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from pymongo.monitoring import CommandListener, CommandStartedEvent

from common.mongo import ANY, Database, Patch, Put, Session
from common.mongo.engine import Driver, MongoDatabase, connect, disconnect

pytestmark = pytest.mark.engine
FIRM = {"w": "majority", "j": True, "wtimeout": 10_000}
WRITES = {"insert", "update", "delete", "findAndModify"}
READS = {"find", "aggregate"}


class Heard(CommandListener):
    """Every command to a database of ours, as it went out."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, dict[str, Any]]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.database_name != "admin" or event.command_name.endswith("Transaction"):
            self.commands.append((event.command_name, dict(event.command)))

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...

    def of(self, names: set[str]) -> list[dict[str, Any]]:
        return [command for name, command in self.commands if name in names]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture(params=["pymongo", "motor"])
async def listened(request: pytest.FixtureRequest, heard: Heard) -> AsyncGenerator[Database]:
    driver: Driver = request.param
    prefix = request.getfixturevalue("database_prefix")
    url = request.getfixturevalue("engines").mongo_url
    client = connect(url, driver, event_listeners=[heard])
    yield MongoDatabase(client, f"{prefix}promises")
    await disconnect(client)


async def test_whatever_is_written_is_held_by_a_majority_on_disk(listened: Database, heard: Heard):
    await listened.insert("commits", [{"_id": "a"}, {"_id": "b"}])
    await listened.write([Put("things", "a", {"n": 1}), Patch("things", "a", values={"n": 2})])
    await listened.delete("things", {"_id": "a"})
    lease = await listened.lease("relay", "me", 10)
    assert lease is not None
    await listened.release(lease)

    written = heard.of(WRITES)
    assert len(written) >= len(WRITES)
    assert [command["writeConcern"] for command in written] == [FIRM] * len(written)


async def test_whatever_is_read_is_held_by_a_majority_and_comes_from_the_primary(
    listened: Database, heard: Heard
):
    await listened.find("things", ANY)
    await listened.find("things", {"n": 1}, sort=(("_id", 1),), limit=1, without=("n",))
    await listened.count("things", ANY)
    watch = await listened.watch("commits", None)
    await watch.close()

    read = heard.of(READS)
    assert len(read) == 4
    assert [command["readConcern"]["level"] for command in read] == ["majority"] * 4
    modes = {command.get("$readPreference", {"mode": "primary"})["mode"] for command in read}
    assert modes <= {"primary", "primaryPreferred"}


async def test_a_transaction_sees_one_moment_and_is_kept_by_a_majority(
    listened: Database, heard: Heard
):
    async def work(session: Session) -> None:
        await session.find("things", ANY)
        await session.write([Put("things", "t", {"n": 1})])

    await listened.write([Put("things", "x", {"n": 1})])
    heard.commands.clear()
    await listened.transaction(work)

    begun = [command for _, command in heard.commands if command.get("startTransaction")]
    (committed,) = heard.of({"commitTransaction"})
    assert [command["readConcern"]["level"] for command in begun] == ["snapshot"]
    assert committed["writeConcern"] == FIRM
