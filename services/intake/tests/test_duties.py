"""What agencies owe without being asked: seen by whoever acts at the site, with what was handed in and its article."""

from datetime import date, datetime, timedelta

import pytest

from authority.testing import Told
from contracts.events import directory
from contracts.events import editorial as article


@pytest.fixture
def a_project(a_news_item):
    """An item of the section that Sở Kế hoạch và Đầu tư owes (BD Đ12 k3)."""

    def made(**changes):
        return a_news_item(site="binhduong", category="project", title="Dự án cầu", **changes)

    return made


async def duties(town, site="binhduong", who="an", **wanted):
    answer = await town.get("/duties", who, site=site)
    assert answer.status_code == 200, answer.text
    return [each for each in answer.json() if wanted.items() <= each.items()]


async def test_a_section_that_was_never_handed_in_is_told_with_who_owes_it_and_why(town):
    (found,) = await duties(town, category="project", kind="section")

    assert (found["state"], found["agency"], found["count"]) == ("never", "binhduong.skhdt", 0)
    assert (found["due"], found["last"]) == (None, None)
    assert found["rule"] == "binhduong.d12.k3.planning-and-investment"
    assert "khoản 3 Điều 12" in found["article"]
    assert "clause 3" in found["article_en"].lower()
    assert "khoản 8" in found["quotation"]
    assert {(each["n"], each["unit"], each["trigger"]) for each in found["limits"]} == {
        (10, "working_day", "approved")
    }


async def test_what_is_handed_in_counts_until_it_is_taken_back(town, a_project):
    sent = (await town.post("/submissions", a_project())).json()
    (after,) = await duties(town, category="project", kind="section")
    await town.post(f"/submissions/{sent['submission_id']}/withdrawal", {})
    (gone,) = await duties(town, category="project", kind="section")

    assert (after["state"], after["count"]) == ("handed_in", 1)
    assert after["last"]["receipt"] == sent["receipt"]
    assert (gone["state"], gone["count"], gone["last"]) == ("never", 0, None)


async def test_points_of_a_section_are_owed_one_by_one_each_by_its_agency(town, a_news_item):
    body = a_news_item(site="binhduong", category="strategy_plan", fields={"point": "k5c"})
    assert (await town.post("/submissions", body)).json()["route_to"] == "binhduong.sxd"

    found = await duties(town, category="strategy_plan", kind="section")

    states = {(each["agency"], each["point"]): each["state"] for each in found}
    assert states["binhduong.sxd", "k5c"] == "handed_in"
    assert {state for place, state in states.items() if place[1] != "k5c"} == {"never"}
    assert len(states) == 6


async def test_an_item_past_its_day_makes_its_section_late_and_stands_first(town, a_project):
    event = {"type": "approved", "date": "2026-11-20"}
    sent = (await town.post("/submissions", a_project(event=event))).json()
    town.clock.at = datetime.fromisoformat(sent["due"]["at"]) + timedelta(seconds=1)

    first, *_ = await duties(town)
    await town.board_says(article.ArticlePublishedV1, sent["submission_id"], site="binhduong")
    (published,) = await duties(town, category="project", kind="section")

    assert (first["category"], first["state"], first["late"]) == ("project", "late", 1)
    assert (published["state"], published["late"]) == ("handed_in", 0)


async def test_weekly_information_is_due_each_week_and_a_week_without_any_is_late(
    town, a_news_item
):
    told = Told()
    told.position("binh", "centre", site="langson", position_id="binh.langson")
    await town.told(told)

    (missed,) = await duties(town, "langson", "binh", what="weekly_information")
    await town.post("/submissions", a_news_item(site="langson"), "binh")
    (done,) = await duties(town, "langson", "binh", what="weekly_information")
    (seen,) = await duties(town, "langson", "an", what="weekly_information")

    assert (missed["state"], missed["missed"], missed["mine"]) == ("late", "2026-11-22", True)
    assert (missed["role"], missed["due"]) == ("centre", "2026-11-29")
    assert (done["state"], done["count"]) == ("handed_in", 1)
    assert seen["mine"] is False


async def test_a_report_has_its_day_and_is_not_said_to_be_missing_here(town):
    (report,) = await duties(town, "hanam", rule="hanam.d17.k5.consolidated-report")

    assert (report["state"], report["due"]) == ("elsewhere", "2026-11-30")


async def test_published_items_are_counted_in_the_month_of_their_publication(town, a_news_item):
    ids = []
    for title in ("Một", "Hai"):
        body = a_news_item(site="langson", category="direction", title=title)
        ids.append((await town.post("/submissions", body)).json()["submission_id"])
    await town.board_says(article.ArticlePublishedV1, ids[0], site="langson")

    (month,) = await duties(town, "langson", rule="langson.d7.k5.monthly-count")

    assert (month["state"], month["count"]) == ("counted", 1)
    assert date.fromisoformat(month["begins"]) == date(2026, 11, 1)


OLD, NEW = "binhduong.vpubnd", "hcm.vpubnd"


def agencies(*, succeeded: bool) -> Told:
    """The office of Bình Dương, gone on 2025-07-01, and that of Hồ Chí Minh City."""
    told, shared = Told(), {"site": "binhduong", "jurisdiction": "binhduong", "kind": "office"}
    for id, name, since in (
        (OLD, "Văn phòng Bình Dương", "2013-01-01"),
        (NEW, "Văn phòng Hồ Chí Minh", "2025-07-01"),
    ):
        values = {"agency_id": id, "name_vi": name, "valid_from": since} | shared
        told.say(directory.AgencyRegisteredV1, id, values)
    ended = {"agency_id": OLD, "site": "binhduong", "ends_on": "2025-07-01"}
    told.say(directory.AgencyEndedV1, OLD, ended)
    if succeeded:
        passed = {
            "site": "binhduong",
            "kind": "merge",
            "predecessors": [OLD],
            "successors": [NEW],
            "effective_on": "2025-07-01",
        }
        for id in (OLD, NEW):
            told.say(directory.AgencySucceededV1, id, passed)
    return told


async def test_a_duty_is_its_successors_and_keeps_the_name_that_the_regulation_gives_it(town):
    told = agencies(succeeded=True)
    told.position("binh", "staff", site="binhduong", position_id="binh.bd", agency=NEW)
    await town.told(told)

    (heirs,) = await duties(town, who="binh", category="gazette")
    (former,) = await duties(town, who="an", category="gazette")

    assert (heirs["agency"], heirs["mine"], former["mine"]) == (OLD, True, False)
    assert heirs["answering"]["agency"] == NEW
    assert [each["agency"] for each in heirs["answering"]["path"]] == [OLD, NEW]
    assert "Văn phòng Hồ Chí Minh" in heirs["answering"]["sentence"]
    assert heirs["answering"]["sentence_en"] != heirs["answering"]["sentence"]


async def test_where_no_successor_is_recorded_nobody_is_made_up(town):
    await town.told(agencies(succeeded=False))

    (found,) = await duties(town, category="gazette")

    assert (found["agency"], found["mine"]) == (OLD, False)
    assert found["answering"]["agency"] is None
    assert [each["agency"] for each in found["answering"]["path"]] == [OLD]


async def test_an_agency_that_still_is_or_that_nobody_registered_answers_for_itself(town):
    (found,) = await duties(town, category="gazette")

    assert (found["mine"], found["answering"]) == (True, None)


async def test_only_people_of_the_site_see_what_is_owed_to_it(town):
    assert (await town.get("/duties", "binh", site="langson")).status_code == 403
    assert (await town.get("/duties", site="nowhere")).status_code in {403, 422}
