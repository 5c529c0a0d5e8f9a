"""People, sign-ins and positions over HTTP: validity, overlap, what lies behind us."""

from typing import Any

import pytest

DECISION = {"number": "1592/QĐ-UBND"}


@pytest.fixture(autouse=True)
async def an(town):
    await town.person("an")


def given(**changes: Any) -> dict[str, Any]:
    body = {
        "position_id": "an.1",
        "role": "board_member",
        "site": "hanam",
        "valid_from": "2026-01-01",
        "document": DECISION,
    }
    return body | changes


async def test_a_position_is_held_from_its_first_day_until_the_day_after_its_last(town):
    await town.done("/people/an/positions", given(valid_to="2027-01-01", sections=["Đất đai"]))

    held = {
        day: [p["position_id"] for p in (await town.seen_json("/people/an", on=day))["positions"]]
        for day in ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01")
    }
    listed = await town.seen_json("/positions", site="hanam", on="2026-06-01", role="board_member")

    assert held == {
        "2025-12-31": [],
        "2026-01-01": ["an.1"],
        "2026-12-31": ["an.1"],
        "2027-01-01": [],
    }
    assert listed["items"][0]["attributes"]["sections"] == ["Đất đai"]


@pytest.mark.parametrize(
    ("changes", "status", "where"),
    [
        pytest.param({"role": "board_hed"}, 422, ("/role", "known-role"), id="no such role"),
        pytest.param({"site": "nowhere"}, 422, ("/site", "exists"), id="no such site"),
        pytest.param({"board": "nowhere"}, 422, ("/board", "exists"), id="no such board"),
        pytest.param({"valid_from": "2018-01-01"}, 422, ("/valid_from", "inside-its-owner"), id="before the person"),
        pytest.param({"valid_to": "2026-01-01"}, 422, ("/valid_to", "after-begin"), id="no day"),
        pytest.param({"role": "administrator"}, 422, ("/site", "role-and-place"), id="administrator of a site"),
        pytest.param({"site": "installation"}, 422, ("/site", "role-and-place"), id="member of the installation"),
        pytest.param({"person_id": "chief"}, 422, ("/person_id", None), id="mass assignment"),
        pytest.param({"document": None}, 422, ("/document", None), id="no document"),
    ],
)  # fmt: skip
async def test_a_position_that_does_not_fit_is_refused(
    town, changes: dict[str, Any], status: int, where: tuple[str, str | None]
):
    answer = await town.post("/people/an/positions", given(**changes))

    assert answer.status_code == status, answer.text
    problem = answer.json()["errors"][0]
    assert problem["pointer"] == where[0]
    assert where[1] in (None, problem["rule"])


async def test_a_wrong_role_is_answered_with_the_near_ones(town):
    answer = await town.post("/people/an/positions", given(role="board_hed"))

    assert "board_head" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        ("2025-01-01", "2026-01-01", False),
        ("2025-01-01", "2026-01-02", True),
        ("2026-12-31", None, True),
        ("2027-01-01", None, False),
        ("2026-02-01", "2026-03-01", True),
    ],
)
async def test_one_role_at_one_place_is_not_held_twice_on_a_day(
    town, first: str, last: str | None, *, refused: bool
):
    await town.done("/people/an/positions", given(valid_to="2027-01-01"))
    ends = {"valid_to": last} if last else {}

    answer = await town.post(
        "/people/an/positions", given(position_id="an.2", valid_from=first, **ends)
    )

    assert (answer.status_code == 409) is refused, answer.text
    assert not refused or answer.json()["code"] == "overlapping-validity"


async def test_a_position_ends_today_or_later_but_not_for_days_gone_by(town):
    await town.done("/people/an/positions", given())
    ending = {"document": DECISION}

    past = await town.post("/people/an/positions/an.1/end", ending | {"ends_on": "2026-11-23"})
    today = await town.post("/people/an/positions/an.1/end", ending | {"ends_on": "2026-11-24"})
    again = await town.post("/people/an/positions/an.1/end", ending | {"ends_on": "2026-11-24"})
    longer = await town.post("/people/an/positions/an.1/end", ending | {"ends_on": "2027-11-24"})

    assert (past.status_code, past.json()["code"]) == (409, "back-in-time")
    assert (today.status_code, again.status_code) == (200, 200)
    assert again.headers["ETag"] == today.headers["ETag"]
    assert longer.json()["errors"][0]["rule"] == "not-longer"


async def test_sections_change_from_a_day_on(town):
    await town.done("/people/an/positions", given(sections=["Đất đai"]))
    await town.done(
        "/people/an/positions/an.1/changes",
        {"valid_from": "2027-01-01", "changes": {"sections": ["Y tế"]}, "document": DECISION},
    )

    before, after = [
        (await town.seen_json("/people/an", on=day))["positions"][0]["attributes"]["sections"]
        for day in ("2026-12-31", "2027-01-01")
    ]

    assert (before, after) == (["Đất đai"], ["Y tế"])


async def test_an_officer_changes_agency_at_midnight_of_vietnam(town):
    await town.agency("hanam.snv")
    await town.done("/people/an/positions", given(role="board_head"))
    await town.person("binh")
    await town.done(
        "/people/an/positions/an.1/end", {"ends_on": "2026-12-01", "document": DECISION}
    )
    await town.done(
        "/people/binh/positions",
        given(position_id="binh.1", role="board_head", valid_from="2026-12-01"),
    )
    await town.done(
        "/people/an/changes", {"valid_from": "2026-12-01", "changes": {"agency": "hanam.snv"}}
    )

    holders = [
        [
            p["person_id"]
            for p in (await town.seen_json("/positions", site="hanam", on=day))["items"]
        ]
        for day in ("2026-11-30", "2026-12-01")
    ]

    assert holders == [["an"], ["binh"]]
    late, early = [
        (await town.seen_json("/people/an", on=day))["attributes"].get("agency")
        for day in ("2026-12-01", "2026-11-30")
    ]
    assert (late, early) == ("hanam.snv", None)


async def test_a_sign_in_belongs_to_one_person_at_a_time(town):
    await town.person("binh")
    identity = {"issuer": "http://127.0.0.1:8000/dev-issuer", "subject": "shared"}
    await town.done("/people/an/identities", identity)

    taken = await town.post("/people/binh/identities", identity)
    await town.done("/people/an/identities/unlinking", identity)
    free = await town.post("/people/binh/identities", identity)

    assert (taken.status_code, taken.json()["code"]) == (409, "already-taken")
    assert taken.json()["errors"][0]["pointer"] == "/subject"
    assert free.status_code == 200


async def test_people_are_listed_by_site_and_words_to_whoever_signs_in(town):
    found = await town.seen_json("/people", site="hanam", q="nguyen an")
    nobody = await town.doors[0].get("/people", params={"site": "hanam"})
    everywhere = await town.get("/people")
    elsewhere = await town.get("/people", by="an@langson", site="hanam")

    assert [person["person_id"] for person in found["items"]] == ["an"]
    assert nobody.status_code == 401
    assert everywhere.status_code == 422
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "other-site")
