"""The lists of work stay quick whatever a site has published: the server looks at little else than it shows."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from common.consumer.views import Views
from common.mongo import Index
from common.mongo.engine import connect, disconnect
from common.testing.explained import ExplainedDatabase
from editorial.projections import AFTERWARDS, HEARS, NO_DUE
from editorial.queries.work import Wanted, Work
from rulebook.profiles.loader import load_profiles

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
STORED, SHOWN = 2_000, 10
KHANHHOA = {"profile": "khanhhoa@1", "process": "khanhhoa.publishing"}


class Everybody:
    """May do everything at one site."""

    def sites_of(self, *_: Any) -> tuple[str, ...]:
        return ("khanhhoa",)

    def answer(self, *_: Any) -> Any:
        return SimpleNamespace(authority=SimpleNamespace(allowed=True))


def an_article(number: int, phase: str, *opens: str, **more: Any) -> dict[str, Any]:
    """As the projection keeps it: what is published sorts behind what has no time."""
    id = f"{phase}-{number:06d}"
    due = AFTERWARDS if phase == "published" else f"2026-{number:06d}"
    return {
        "_id": id, "site": "khanhhoa", **KHANHHOA, "phase": phase, "opens": list(opens),
        **({"open": True} if opens else {}), "order": f"{due}|{id}",
        "changed": f"2026-{number:06d}|{id}", "category": "news", "section": "news",
        "language": "vi", "circumstances": [], "sender": "somebody", **more,
    }  # fmt: skip


@pytest.fixture
async def articles(engines, database_prefix) -> AsyncGenerator[ExplainedDatabase]:
    client = connect(engines.mongo_url)
    database = ExplainedDatabase(client, f"{database_prefix}editorial")
    named = [Index(f"{i.collection}@1", i.keys, i.unique, i.partial) for i in HEARS.indexes]
    await database.migrate(named)
    step = next(iter(load_profiles()["khanhhoa@1"].processes["khanhhoa.publishing"].steps))
    stored = [an_article(n, "published", published_at="2026-01-01") for n in range(STORED)]
    stored += [an_article(n, "in_process", step) for n in range(0, STORED, STORED // 4)]
    stored += [
        an_article(STORED + n, "published", step, published_at="2026-01-01") for n in range(3)
    ]
    stored += [an_article(n, "failed") for n in range(2)]
    await database.insert("articles@1", stored)
    yield database
    await disconnect(client)


@pytest.fixture
def work(articles: ExplainedDatabase) -> Work:
    return Work(Views(articles, "editorial"), Everybody(), load_profiles())  # type: ignore[arg-type]


async def asked(work: Work, articles: ExplainedDatabase, wanted: Wanted) -> list[str]:
    """The list; the questions behind it were answered from an index and saw few documents in all."""
    items = await work.listed("somebody", wanted, NOON, None, SHOWN)
    efforts = await articles.efforts("articles@1")
    assert efforts
    assert all("COLLSCAN" not in effort.stages for effort in efforts)
    assert sum(effort.documents for effort in efforts) <= 2 * SHOWN, efforts
    return [item.id for item in items]


@pytest.mark.engine
async def test_what_waits_for_me_is_found_among_all_that_is_published(work, articles):
    mine = await asked(work, articles, Wanted("mine"))

    assert mine == [
        *(f"in_process-{n:06d}" for n in range(0, STORED, STORED // 4)),
        *(f"published-{STORED + n:06d}" for n in range(3)),
    ]


@pytest.mark.engine
@pytest.mark.parametrize("sort", ["due", "changed"])
@pytest.mark.parametrize("which", ["mine", "unit"])
async def test_a_rare_phase_is_found_without_looking_at_the_others(work, articles, which, sort):
    wanted = Wanted(which, phases=("in_process", "failed"), sort=sort)

    found = await asked(work, articles, wanted)

    assert len(found) == (4 if which == "mine" else 6)


@pytest.mark.engine
async def test_published_articles_with_a_step_left_come_last_changed_first(work, articles):
    wanted = Wanted("mine", phases=("published",), sort="changed")

    found = await asked(work, articles, wanted)

    assert found == [f"published-{STORED + n:06d}" for n in (2, 1, 0)]


@pytest.mark.engine
async def test_the_counts_of_the_lists_are_of_the_same_few(work, articles):
    counts = await work.counted("somebody", ("khanhhoa",), NOON)

    assert (counts["mine"].count, counts["unit"].count, counts["mine"].more) == (7, 6, False)
    assert sum(effort.documents for effort in await articles.efforts("articles@1")) <= 2 * SHOWN


@pytest.mark.engine
async def test_what_is_published_comes_after_all_that_is_urgent_on_every_page(work, articles):
    step = next(iter(load_profiles()["khanhhoa@1"].processes["khanhhoa.publishing"].steps))
    moment = "2026-12-01T10:00:00.000Z"
    given = {"step_due_at": moment, "step_near": [moment]}
    timeless = an_article(9, "in_process", step)
    rated_by_a_day = an_article(STORED + 9, "published", step, published_at="2026-01-01", **given)
    await articles.insert(
        "articles@1", [timeless | {"order": f"{NO_DUE}|{timeless['_id']}"}, rated_by_a_day]
    )
    due = [f"in_process-{n:06d}" for n in range(0, STORED, STORED // 4)]
    urgent = [*due, rated_by_a_day["_id"], timeless["_id"]]
    afterwards = [f"published-{STORED + n:06d}" for n in range(3)]

    whole = await asked(work, articles, Wanted("mine"))
    pages, after = [], None
    for _ in range(len(whole) // 2 + 1):
        page = await work.listed("somebody", Wanted("mine"), NOON, after, 2)
        pages.append([item.id for item in page])
        after = page[-1].key("due")

    assert whole == [*urgent, *afterwards]
    assert [each for page in pages for each in page] == whole
