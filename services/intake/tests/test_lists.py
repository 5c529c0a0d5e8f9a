"""A site's submissions in a rare state are found without looking at all that it has ever received."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from common.consumer.views import Views
from common.mongo import Index
from common.mongo.engine import connect, disconnect
from common.testing.explained import ExplainedDatabase
from intake.projections import HEARS
from intake.queries.submissions import WHERE_STATE, Submissions, Wanted

STORED, SHOWN = 2_000, 10
STATES = {
    "received": {},
    "resubmitted": {"revision": 2, "answers": "f1", "outcome": {"state": "returned", "fact": "f1"}},
    "in_progress": {"outcome": {"state": "opened", "fact": "f1"}},
    "returned": {"outcome": {"state": "returned", "fact": "f2"}},
    "refused": {"outcome": {"state": "refused", "fact": "f1"}},
    "taken_down": {"outcome": {"state": "taken_down", "fact": "f1"}},
    "withdrawn": {"withdrawn_at": "2026-11-23", "outcome": {"state": "opened", "fact": "f1"}},
    "published": {"outcome": {"state": "published", "fact": "f1"}},
}


def a_submission(number: int, state: str) -> dict[str, Any]:
    said = {"site": "hanam", "receipt": f"hanam-2026-{number:06d}", "revision": 1, "person": "p"}
    return {"_id": f"{number:08d}", **said, **STATES[state]}


@pytest.fixture
async def stored(engines, database_prefix) -> AsyncGenerator[ExplainedDatabase]:
    client = connect(engines.mongo_url)
    database = ExplainedDatabase(client, f"{database_prefix}intake")
    named = [Index(f"{i.collection}@1", i.keys, i.unique, i.partial) for i in HEARS.indexes]
    await database.migrate(named)
    rare = [state for state in STATES if state != "published"]
    many = [a_submission(n, "published") for n in range(STORED)]
    few = [a_submission(STORED * turn + n, s) for turn in (0, 2) for n, s in enumerate(rare)]
    gone = {each["_id"] for each in few}
    orphan = {"_id": "99999999", "outcome": {"state": "returned", "fact": "f9"}}
    await database.insert(
        "submissions@1", [*(m for m in many if m["_id"] not in gone), *few, orphan]
    )
    yield database
    await disconnect(client)


@pytest.mark.engine
@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("state", STATES)
async def test_a_state_is_found_from_an_index(stored: ExplainedDatabase, state: str, order: Any):
    submissions = Submissions(Views(stored, "intake"))

    rows = await submissions.listed(Wanted(site="hanam", state=state), None, SHOWN, order)
    efforts = await stored.efforts("submissions@1")

    assert [row.state for row in rows] == [state] * (SHOWN if state == "published" else 2)
    assert [row.id for row in rows] == sorted((r.id for r in rows), reverse=order == "newest")
    assert all("COLLSCAN" not in each.stages for each in efforts)
    assert sum(each.documents for each in efforts) <= 3 * SHOWN, efforts


@pytest.mark.engine
async def test_pages_of_a_state_go_on_where_they_ended(stored: ExplainedDatabase):
    submissions, wanted = Submissions(Views(stored, "intake")), Wanted("hanam", state="withdrawn")

    (first,) = await submissions.listed(wanted, None, 1)
    (second,) = await submissions.listed(wanted, first.id, 1)

    assert first.id > second.id
    assert await submissions.listed(wanted, second.id, 1) == []


def test_every_state_says_where_it_is_found():
    assert WHERE_STATE.keys() == STATES.keys()
