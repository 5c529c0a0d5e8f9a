"""Sites over HTTP: opened, changed, closed; their domain names, hierarchy, history."""

import asyncio
from typing import Any

import pytest

DECISION = {"number": "1592/QĐ-UBND"}
SNV = {
    "site": "hanam-snv",
    "agency": "hanam.snv",
    "kind": "department",
    "profile": "hanam@1",
    "name_vi": "Trang thông tin điện tử Sở Nội vụ",
    "domain": "snv.hanam.gov.vn",
    "parent": "hanam",
    "languages": ["vi", "en"],
    "valid_from": "2019-08-15",
    "document": DECISION,
}


@pytest.fixture(autouse=True)
async def home_affairs(town):
    await town.agency("hanam.snv")


async def test_a_site_is_opened_listed_under_its_parent_and_audited(town):
    opened = await town.done("/sites", SNV)
    listed = await town.seen_json("/sites", parent="hanam", on="2026-01-01")
    history = await town.seen_json("/sites/hanam-snv/history")

    assert opened["attributes"]["domain"] == "snv.hanam.gov.vn"
    assert [site["site"] for site in listed["items"]] == ["hanam-snv"]
    (entry,) = history
    assert entry["actor"] == "root"
    assert entry["proof"]["rule"] == "house.beginning"
    assert entry["facts"][0]["type"] == "directory.site_opened.v1"


async def test_as_of_a_day_the_old_values_stand(town):
    await town.done("/sites", SNV)
    await town.done(
        "/sites/hanam-snv/changes",
        {
            "valid_from": "2027-03-01",
            "changes": {"name_vi": "Trang của Sở Nội vụ mới"},
            "document": DECISION,
        },
    )

    before = await town.seen_json("/sites/hanam-snv", on="2027-02-28")
    after = await town.seen_json("/sites/hanam-snv", on="2027-03-01")
    never = await town.get("/sites/hanam-snv", on="2019-08-14")

    assert before["attributes"]["name_vi"] == SNV["name_vi"]
    assert after["attributes"]["name_vi"] == "Trang của Sở Nội vụ mới"
    assert (never.status_code, never.json()["code"]) == (404, "site-not-then")


@pytest.mark.parametrize(
    ("changes", "pointer", "rule"),
    [
        pytest.param({"domain": "snv.binhduong.gov.vn"}, "/domain", "domain_form", id="of another"),
        pytest.param({"domain": "snv.a.hanam.gov.vn"}, "/domain", "domain_form", id="too deep"),
        pytest.param({"domain": "sñv.hanam.gov.vn"}, "/domain", None, id="not a host"),
        pytest.param({"agency": "hanam.nobody"}, "/agency", "exists", id="no such agency"),
        pytest.param({"profile": "hanam@9"}, "/profile", "known-profile", id="no such profile"),
        pytest.param({"parent": "nowhere"}, "/parent", "exists", id="dangling parent"),
        pytest.param({"kind": "province"}, "/parent", "stands-higher", id="parent of its kind"),
        pytest.param({"parent": "hanam-snv"}, "/parent", "exists", id="its own parent"),
        pytest.param({"valid_to": "2019-08-15"}, "/valid_to", "after-begin", id="no day"),
        pytest.param({"name_vi": "Sở Nội\u200b vụ"}, "/name_vi", "sound-text", id="invisible"),
        pytest.param({"name_vi": "Sở Nоi vụ"}, "/name_vi", "sound-text", id="Cyrillic"),
        pytest.param({"languages": ["xx"]}, "/languages/0", None, id="no such language"),
        pytest.param({"kind": "castle"}, "/kind", None, id="no such kind"),
    ],
)
async def test_what_does_not_fit_is_refused_by_field_and_rule(
    town, changes: dict[str, Any], pointer: str, rule: str | None
):
    answer = await town.post("/sites", SNV | changes)

    assert answer.status_code == 422, answer.text
    (problem, *_) = answer.json()["errors"]
    assert problem["pointer"] == pointer
    assert rule in (None, problem["rule"])
    assert (await town.get("/sites/hanam-snv")).status_code == 404


@pytest.mark.parametrize(
    "domain",
    [
        pytest.param("snv.hаnam.gov.vn", id="a Cyrillic letter that looks Latin"),
        pytest.param("xn--snv-yla.hanam.gov.vn", id="another alphabet in its wire form"),
        pytest.param("snv.hanam.gov.vn.", id="a final dot"),
        pytest.param("snv。hanam.gov.vn", id="an ideographic full stop"),
        pytest.param("\u202esnv.hanam.gov.vn", id="turned around"),
        pytest.param("s\u200bnv.hanam.gov.vn", id="a space of no width"),
        pytest.param("ｓｎｖ.hanam.gov.vn", id="full width letters"),
        pytest.param("sởnộivụ.hanam.gov.vn", id="letters that no host name has"),
        pytest.param("snv.hanam.gov.vn\n", id="a second line"),
        pytest.param("evil.vn/snv.hanam.gov.vn", id="a path"),
        pytest.param("snv.hanam.gov.vn:80", id="a port"),
        pytest.param("snv@hanam.gov.vn", id="a user"),
        pytest.param("-snv.hanam.gov.vn", id="a leading hyphen"),
        pytest.param("SNV.HANAM.GOV.VN", id="capitals"),
        pytest.param(f"{'a' * 64}.hanam.gov.vn", id="a label too long"),
        pytest.param("a" + "-a" * 100_000 + "!.hanam.gov.vn", id="made for slow patterns"),
    ],
)
async def test_a_domain_name_that_deceives_is_refused_and_nothing_is_opened(town, domain):
    refused = await town.post("/sites", SNV | {"domain": domain})

    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == "/domain"
    assert (await town.get(f"/sites/{SNV['site']}")).status_code == 404


async def test_a_bad_domain_name_is_answered_with_article_and_proposal(town):
    await town.agency("hanam.duytien", "UBND thị xã Duy Tiên", kind="district_committee")
    district = SNV | {
        "site": "hanam-duytien",
        "agency": "hanam.duytien",
        "kind": "district",
        "domain": "dt.hanam.gov.vn",
    }

    refused = await town.post("/sites", district)
    asked = await town.seen_json(
        "/domain-names/dt.hanam.gov.vn",
        profile="hanam@1",
        kind="district",
        name="UBND thị xã Duy Tiên",
        on="2019-08-15",
    )

    assert refused.json()["code"] == "domain-against-the-rule"
    assert "Điều 4 Quy chế (Quyết định 19/2019/QĐ-UBND)" in refused.json()["detail"]
    assert refused.json()["proposed"] == asked["proposed"] == "duytien.hanam.gov.vn"
    assert refused.json()["explanation"]["basis"]["quote"]
    assert asked["allowed"] is False
    await town.done("/sites", district | {"domain": "duytien.hanam.gov.vn"})


async def test_of_two_who_take_one_domain_name_at_once_one_gets_it(town):
    await town.agency("hanam.stc", "Sở Tài chính")

    answers = await asyncio.gather(
        *(
            town.post("/sites", SNV | {"site": f"hanam-{n}", "agency": "hanam.snv"})
            for n in ("a", "b", "c", "d")
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["errors"][0]["pointer"] == "/domain"


async def test_a_parent_outlives_its_children(town):
    await town.done("/sites", SNV)
    await town.site("ninhbinh", name_vi="Cổng tỉnh Ninh Bình")
    closing = {"closes_on": "2027-07-01", "document": DECISION}

    alone = await town.post("/sites/hanam/closing", closing)
    itself = await town.post("/sites/hanam/closing", closing | {"successor": "hanam"})
    nobody = await town.post("/sites/hanam/closing", closing | {"successor": "nowhere"})
    done = await town.done("/sites/hanam/closing", closing | {"successor": "ninhbinh"})
    late = await town.post("/sites", SNV | {"site": "hanam-x", "domain": "x.hanam.gov.vn"})

    assert (alone.status_code, alone.json()["code"]) == (409, "children-open")
    assert alone.json()["sites"] == ["hanam-snv"]
    assert itself.json()["errors"][0]["rule"] == "not-itself"
    assert nobody.json()["errors"][0]["rule"] == "exists"
    assert done["valid_to"] == "2027-07-01"
    assert late.json()["errors"][0]["rule"] == "outlives-its-child"


async def test_successors_never_run_in_a_circle(town):
    await town.site("ninhbinh", name_vi="Cổng tỉnh Ninh Bình")
    document = {"document": DECISION}
    await town.done(
        "/sites/hanam/closing",
        {"closes_on": "2028-07-01", "successor": "ninhbinh"} | document,
    )

    back = await town.post(
        "/sites/ninhbinh/closing", {"closes_on": "2027-07-01", "successor": "hanam"} | document
    )
    again = await town.post(
        "/sites/hanam/closing", {"closes_on": "2027-01-01", "successor": "ninhbinh"} | document
    )
    same = await town.post(
        "/sites/hanam/closing", {"closes_on": "2028-07-01", "successor": "ninhbinh"} | document
    )

    assert (back.status_code, back.json()["code"]) == (409, "inherits-later")
    assert (again.status_code, again.json()["code"]) == (409, "already-closed")
    assert same.status_code == 200
    heir = await town.seen_json("/sites/ninhbinh")
    assert heir["inherits"] == {"hanam": "2028-07-01"}


async def test_the_profile_does_not_change_for_days_gone_by(town):
    change = {"changes": {"profile": "binhduong@1"}, "document": DECISION}

    past = await town.post("/sites/hanam/changes", change | {"valid_from": "2026-11-23"})
    today = await town.post("/sites/hanam/changes", change | {"valid_from": "2026-11-24"})

    assert (past.status_code, past.json()["code"]) == (409, "back-in-time")
    assert past.json()["errors"][0]["pointer"] == "/valid_from"
    assert today.status_code == 200


async def test_two_bounded_changes_of_one_attribute_do_not_share_a_day(town):
    change = {"document": DECISION, "changes": {"name_vi": "Một"}}
    await town.done(
        "/sites/hanam/changes", change | {"valid_from": "2027-01-01", "valid_to": "2027-03-01"}
    )

    answer = await town.post(
        "/sites/hanam/changes",
        change
        | {"changes": {"name_vi": "Hai"}, "valid_from": "2027-02-01", "valid_to": "2027-04-01"},
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "overlapping-validity")


async def test_a_change_on_an_old_version_is_refused(town):
    change = {"valid_from": "2027-01-01", "document": DECISION, "changes": {"name_vi": "Một"}}

    first = await town.post("/sites/hanam/changes", change, **{"If-Match": '"1"'})
    second = await town.post(
        "/sites/hanam/changes", change | {"changes": {"name_vi": "Hai"}}, **{"If-Match": '"1"'}
    )

    assert (first.status_code, second.status_code) == (200, 412)
