"""The reform of 2025 over HTTP: a province merges, its districts are abolished, and duties follow."""

import asyncio
from typing import Any

import pytest

NQ202 = {"number": "202/2025/QH15"}
REFORM = "2025-07-01"


@pytest.fixture
async def province(empty):
    """Hà Nam in June 2025: its portal, a department, a district; Ninh Bình's new portal is ready."""
    town = empty
    town.clock.at("2025-06-20T09:00")
    for id, name, kind in (
        ("hanam.ubnd", "UBND tỉnh Hà Nam", "provincial_committee"),
        ("hanam.snv", "Sở Nội vụ tỉnh Hà Nam", "department"),
        ("hanam.duytien", "UBND thị xã Duy Tiên", "district_committee"),
        ("ninhbinh.ubnd", "UBND tỉnh Ninh Bình", "provincial_committee"),
        ("ninhbinh.snv", "Sở Nội vụ tỉnh Ninh Bình", "department"),
    ):
        parent = {"parent": "hanam.ubnd"} if id in ("hanam.snv", "hanam.duytien") else {}
        await town.agency(id, name, kind=kind, **parent)
    await town.site("hanam", agency="hanam.ubnd", domain="hanam.gov.vn")
    await town.site("hanam-snv", agency="hanam.snv", kind="department", parent="hanam", domain="snv.hanam.gov.vn")  # fmt: skip
    await town.site("hanam-duytien", agency="hanam.duytien", kind="district", parent="hanam", domain="duytien.hanam.gov.vn")  # fmt: skip
    await town.site("ninhbinh", agency="ninhbinh.ubnd", valid_from=REFORM)
    for person, agency in (("chair", "hanam.ubnd"), ("head", "hanam.snv"), ("an", "hanam.duytien")):
        await town.person(person, agency=agency)
    await town.done("/boards", {"board_id": "hanam.bbt", "site": "hanam", "name_vi": "Ban Biên tập", "valid_from": "2020-01-01", "document": NQ202})  # fmt: skip
    await town.position("chair", "province_chair", position_id="chair.1", agency="hanam.ubnd")
    await town.position("head", "agency_head", position_id="head.1", sections=["Nội vụ"])
    await town.position("head", "board_head", position_id="head.2", board="hanam.bbt")
    await town.position("an", "board_member", "hanam-duytien", position_id="an.1")
    await town.done("/delegations", {"delegation_id": "uq.1", "giver": "head", "receiver": "an", "acts": ["answer"], "sites": ["hanam"], "valid_from": "2025-06-20", "valid_to": "2025-12-31", "document": NQ202})  # fmt: skip
    return town


async def reform(town) -> None:
    """All of it is decided on 20/06 and holds from 01/07."""
    act = {"effective_on": REFORM, "document": NQ202}
    await town.done("/successions", act | {"kind": "merge", "predecessors": ["hanam.ubnd"], "successors": ["ninhbinh.ubnd"]})  # fmt: skip
    await town.done("/successions", act | {"kind": "merge", "predecessors": ["hanam.snv"], "successors": ["ninhbinh.snv"]})  # fmt: skip
    await town.done("/successions", act | {"kind": "abolition", "predecessors": ["hanam.duytien"], "successors": ["ninhbinh.ubnd"]})  # fmt: skip
    await town.done("/sites/hanam-duytien/closing", {"closes_on": REFORM, "successor": "ninhbinh", "document": NQ202})  # fmt: skip
    await town.done("/sites/hanam/closing", {"closes_on": REFORM, "successor": "ninhbinh", "ending_roles": ["province_chair"], "document": NQ202})  # fmt: skip


def ids(listed: dict[str, Any], name: str) -> list[str]:
    return sorted(each[name] for each in listed["items"])


async def test_positions_follow_and_keep_their_names_before_the_day(province):
    await reform(province)

    after = await province.until(
        "/positions",
        lambda found: len(found["items"]) == 3,
        site="ninhbinh",
        on=REFORM,
    )
    before = await province.seen_json("/positions", site="hanam", on="2025-06-30")
    left = await province.until(
        "/positions", lambda found: not found["items"], site="hanam", on=REFORM
    )

    assert ids(after, "position_id") == ["an.1.ninhbinh", "head.1.ninhbinh", "head.2.ninhbinh"]
    assert [each["follows"] for each in after["items"]] == ["an.1", "head.1", "head.2"]
    assert after["items"][1]["attributes"]["sections"] == ["Nội vụ"]
    assert ids(before, "position_id") == ["chair.1", "head.1", "head.2"]
    assert left["items"] == []


async def test_delegations_follow_with_their_givers_power(province):
    await reform(province)

    there = await province.until(
        "/delegations", lambda found: found["items"], site="ninhbinh", on=REFORM
    )
    old = await province.seen_json("/delegations/uq.1")

    (heir,) = there["items"]
    assert (heir["delegation_id"], heir["follows"]) == ("uq.1.ninhbinh", "uq.1")
    assert (heir["valid_from"], heir["valid_to"]) == (REFORM, "2025-12-31")
    assert old["revoked_at"] == "2025-06-30T17:00:00Z"
    assert old["in_force"] is True
    province.clock.at("2025-07-01T00:00")
    assert (await province.seen_json("/delegations/uq.1"))["in_force"] is False
    assert (await province.seen_json("/delegations/uq.1.ninhbinh"))["in_force"] is True


async def test_a_delegation_lapses_where_its_givers_role_ends_with_the_site(province):
    act = {"closes_on": REFORM, "successor": "ninhbinh", "document": NQ202}
    await province.done("/sites/hanam/closing", act | {"ending_roles": ["agency_head"]})

    old = await province.until("/delegations/uq.1", lambda found: found["revoked_at"])
    heir = await province.get("/delegations/uq.1.ninhbinh")

    assert old["revoked_at"] == "2025-06-30T17:00:00Z"
    assert heir.status_code == 404


async def test_sites_people_and_agencies_belong_to_the_successors(province):
    await reform(province)

    site = await province.until(
        "/sites/hanam-snv",
        lambda found: (
            found["attributes"].get("agency") == "ninhbinh.snv"
            and found["attributes"].get("parent") == "ninhbinh"
        ),
        on=REFORM,
    )
    person = await province.until(
        "/people/head",
        lambda found: found["attributes"]["agency"] == "ninhbinh.snv",
        on=REFORM,
    )
    old = await province.seen_json("/sites/hanam-snv", on="2025-06-30")
    board = await province.until("/boards/hanam.bbt", lambda found: found["valid_to"])

    assert (site["as_of"], person["as_of"]) == (REFORM, REFORM)
    assert (old["attributes"]["agency"], old["attributes"]["parent"]) == ("hanam.snv", "hanam")
    assert board["valid_to"] == REFORM


async def test_what_followed_says_why_and_by_which_document(province):
    await reform(province)
    await province.until("/positions", lambda found: found["items"], site="ninhbinh", on=REFORM)

    history = await province.seen_json("/people/head/history")

    followed = [entry for entry in history if entry["proof"].get("by") == "succession"]
    assert followed
    assert {entry["actor"] for entry in followed} == {"service:directory"}
    assert {entry["proof"]["document"] for entry in followed} == {"202/2025/QH15"}
    facts = [fact["type"] for entry in followed for fact in entry["facts"]]
    assert "directory.position_given.v1" in facts


async def test_a_reform_recorded_late_cannot_take_back_what_positions_proved(province):
    province.clock.at("2025-08-01T09:00")

    late = await province.post(
        "/sites/hanam/closing",
        {"closes_on": REFORM, "successor": "ninhbinh", "document": NQ202},
    )
    from_today = await province.post(
        "/sites/hanam/closing",
        {"closes_on": "2025-08-01", "successor": "ninhbinh", "document": NQ202},
    )

    assert (late.status_code, late.json()["code"]) == (409, "back-in-time")
    assert late.json()["errors"][0]["pointer"] == "/closes_on"
    assert from_today.status_code == 200


async def test_the_seats_of_a_dissolved_board_end_with_it(province):
    await province.done("/boards/hanam.bbt/dissolution", {"dissolves_on": "2025-06-25", "document": NQ202})  # fmt: skip

    held = await province.until(
        "/positions", lambda found: len(found["items"]) == 2, site="hanam", on="2025-06-25"
    )

    assert ids(held, "position_id") == ["chair.1", "head.1"]


async def test_reporting_lines_never_run_in_a_circle(empty):
    for id, parent in (("hanam.a", None), ("hanam.b", "hanam.a"), ("hanam.c", "hanam.b")):
        await empty.agency(id, **({"parent": parent} if parent else {}))
    change = {"valid_from": "2027-01-01", "changes": {"parent": "hanam.c"}}

    circle = await empty.post("/agencies/hanam.a/changes", change)
    itself = await empty.post("/agencies/hanam.c/changes", change)

    for answer in (circle, itself):
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["rule"] == "no-circle"


async def test_an_heir_is_there_when_it_inherits(empty):
    for id in ("hanam.a", "hanam.b"):
        await empty.agency(id)
    act = {"kind": "merge", "predecessors": ["hanam.a"], "successors": ["hanam.b"]}
    await empty.done("/successions", act | {"effective_on": "2028-01-01"})

    early = await empty.post("/agencies/hanam.b/end", {"ends_on": "2027-01-01"})
    back = await empty.post(
        "/successions",
        {
            "kind": "merge",
            "predecessors": ["hanam.b"],
            "successors": ["hanam.a"],
            "effective_on": "2027-01-01",
        },
    )

    assert [(a.status_code, a.json()["code"]) for a in (early, back)] == [(409, "inherits-later")] * 2  # fmt: skip


async def test_a_code_belongs_to_one_agency(empty):
    await empty.agency("hanam.a", identifier_code="H25.12")

    taken = await empty.post(
        "/agencies",
        {
            "agency_id": "hanam.b",
            "site": "hanam",
            "jurisdiction": "hanam",
            "name_vi": "Sở B",
            "kind": "department",
            "valid_from": "2020-01-01",
            "identifier_code": "H25.12",
        },
    )

    assert (taken.status_code, taken.json()["code"]) == (409, "already-taken")
    assert taken.json()["errors"][0]["pointer"] == "/identifier_code"


async def test_of_two_who_take_one_code_at_once_one_gets_it(empty):
    body = {
        "site": "hanam",
        "jurisdiction": "hanam",
        "name_vi": "Sở A",
        "kind": "department",
        "valid_from": "2020-01-01",
        "identifier_code": "H25.13",
    }

    answers = await asyncio.gather(
        *(empty.post("/agencies", body | {"agency_id": f"hanam.{name}"}) for name in "abcd")
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
