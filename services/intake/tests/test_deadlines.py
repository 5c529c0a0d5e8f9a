"""Publication clocks: listed for officers, warned of once each, stopped when it is published."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from common.clocks import Ticker
from contracts.events import editorial as article


@pytest.fixture
async def a_document(town, a_news_item):
    """Issued on Friday 20/11/2026: two working days end with Tuesday 24/11."""
    body = a_news_item(
        category="legal_document",
        title="Quyết định 19/2026/QĐ-UBND",
        event={"type": "issued", "date": "2026-11-20"},
        fields={
            "doc_type": "Quyết định",
            "issuing_authority": "UBND tỉnh",
            "number": "19/2026/QĐ-UBND",
            "issue_date": "2026-11-20",
            "effective_date": "2026-12-01",
            "abstract": "Quy định quản lý công trình cấp nước",
            "file": "19.pdf",
        },
    )
    answer = await town.post("/submissions", body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["due_date"] == "2026-11-24"
    return answer.json()["submission_id"]


async def ticked(town) -> int:
    """One look at the clocks, as the background does it."""
    return await Ticker("intake", town.service.clocks, town.service.world).tick()


async def test_a_clock_is_listed_with_its_law_and_its_computation(town, a_document):
    (row,) = (await town.get("/deadlines", site="hanam", stage="near")).json()["items"]
    overdue = (await town.get("/deadlines", site="hanam", stage="overdue")).json()["items"]

    assert (row["submission_id"], row["last_day"], row["overdue"]) == (
        a_document,
        "2026-11-24",
        False,
    )
    assert row["seconds_left"] > 0
    assert row["due"]["rule"].startswith("hanam.")
    assert "Điều 9" in row["due"]["article"]
    assert "24/11/2026" in row["due"]["sentence"]
    assert overdue == []


async def test_each_reminder_is_announced_once_whoever_looks(town, a_document):
    first = (await town.get(f"/submissions/{a_document}")).json()["content"]["due"]["near"]
    town.clock.at = datetime.fromisoformat(first[0]) - timedelta(minutes=1)
    early = await ticked(town)

    town.clock.at = datetime(2026, 11, 24, 17, 0, 1, tzinfo=UTC)
    await asyncio.gather(*(ticked(town) for _ in range(3)))
    await ticked(town)

    loaded = await town.service.log.commits(f"/intake/submission/{a_document}")
    said = [fact.type for commit in loaded for part in commit.parts for fact in part.facts]
    stages = [*(["first", "second"][: len(first)]), "overdue"]
    assert early == 0
    assert said == ["intake.submission_received.v1"] + ["intake.publication_warned.v1"] * len(
        stages
    )
    (row,) = await town.app.state.deps.submissions.deadlines("hanam", town.clock.at, None, 10)
    assert row[0]["submission"] == a_document
    await until_warned(town, a_document, stages)


async def until_warned(town, id, stages) -> None:
    """The projection has seen the announcements, and no alarm is left."""
    submissions = town.app.state.deps.submissions
    async with asyncio.timeout(10):
        while True:
            row = await submissions.row(id)
            if [each["stage"] for each in row.document["warned"]] == stages:
                break
            await asyncio.sleep(0.02)
    assert await submissions.alarms(town.clock.at, 10) == []


async def test_publishing_stops_the_clock(town, a_document):
    await town.board_says(article.ArticlePublishedV1, a_document)
    items = (await town.get("/deadlines", site="hanam")).json()["items"]
    town.clock.at += timedelta(days=9)

    assert items == []
    assert await ticked(town) == 0


async def test_taking_back_stops_it_too(town, a_document):
    await town.post(f"/submissions/{a_document}/withdrawal", {})

    assert (await town.get("/deadlines", site="hanam")).json()["items"] == []


async def test_a_correction_has_its_own_clock(town, a_document, a_news_item):
    await town.returned(a_document)
    changed = a_news_item(title="Không còn là văn bản")
    del changed["site"]

    await town.post(f"/submissions/{a_document}/resubmissions", changed)

    assert (await town.get("/deadlines", site="hanam")).json()["items"] == []


async def test_a_long_list_comes_in_pages_the_soonest_first(town, a_news_item):
    for day in (18, 20, 19, 16, 17):
        body = a_news_item(
            category="law_guidance",
            title=f"Hướng dẫn {day}",
            event={"type": "law_issued", "date": f"2026-11-{day}"},
        )
        assert (await town.post("/submissions", body)).status_code == 201
    seen, cursor = [], {}
    while True:
        page = (await town.get("/deadlines", site="hanam", limit=2, **cursor)).json()
        seen += [each["title"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert seen == [f"Hướng dẫn {day}" for day in (16, 17, 18, 19, 20)]


async def test_clocks_of_another_site_are_its_own_matter(town):
    assert (await town.get("/deadlines", "binh", site="langson")).status_code == 403
    assert (await town.get("/deadlines", site="hanam", days=10**9)).status_code == 422
