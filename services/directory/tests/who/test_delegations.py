"""Delegations over HTTP: never longer or wider than the giver's own power, revoked at a moment."""

from typing import Any

import pytest

DECISION = {"number": "03/GUQ-UBND"}


def delegation(**changes: Any) -> dict[str, Any]:
    body = {
        "delegation_id": "uq.1",
        "giver": "head",
        "receiver": "officer",
        "acts": ["answer", "approve_answer"],
        "sites": ["hanam"],
        "valid_from": "2026-11-24",
        "valid_to": "2026-12-31",
        "document": DECISION,
    }
    return body | changes


@pytest.fixture(autouse=True)
async def people(town):
    for id in ("head", "officer", "other", "admin"):
        await town.person(id)
    await town.position("head", "agency_head", position_id="head.1", valid_to="2027-01-01")
    await town.position("admin", "administrator", "installation")
    town.by = "admin"


async def test_the_head_delegates_answers_in_writing(town):
    made = await town.post("/delegations", delegation(), by="head")
    listed = await town.seen_json("/delegations", site="hanam", receiver="officer", on="2026-12-01")
    (entry,) = await town.seen_json("/delegations/uq.1/history")

    assert made.status_code == 201, made.text
    assert made.json()["in_force"] is True
    assert [each["delegation_id"] for each in listed["items"]] == ["uq.1"]
    assert entry["proof"]["by"] == "oneself"


@pytest.mark.parametrize(
    ("changes", "status", "code", "pointer"),
    [
        pytest.param({"receiver": "head"}, 422, "invalid-request", "/receiver", id="to oneself"),
        pytest.param({"valid_to": "2027-01-02"}, 409, "delegation-exceeds-power", "/valid_to", id="a day too long"),
        pytest.param({"acts": ["answer", "decide_board_size"]}, 409, "delegation-exceeds-power", "/acts", id="not delegable"),
        pytest.param({"acts": ["approve"]}, 409, "delegation-exceeds-power", "/acts", id="no such power"),
        pytest.param({"giver": "other"}, 409, "giver-without-position", "/giver", id="giver without position"),
        pytest.param({"sites": ["nowhere"]}, 422, "invalid-request", "/sites/0", id="no such site"),
        pytest.param({"receiver": "nobody"}, 422, "invalid-request", "/receiver", id="no such receiver"),
        pytest.param({"valid_to": "2026-11-24"}, 422, "invalid-request", "/valid_to", id="no day"),
        pytest.param({"valid_from": "2019-01-02"}, 422, "invalid-request", "/sites/0", id="before the site"),
        pytest.param({"valid_from": "2019-12-01"}, 409, "delegation-exceeds-power", "/acts", id="before the giver"),
        pytest.param({"valid_from": "2027-02-01", "valid_to": "2027-03-01"}, 409, "giver-without-position", "/giver", id="after the giver"),
        pytest.param({"acts": ["open_site"]}, 409, "delegation-exceeds-power", "/acts", id="house act"),
    ],
)  # fmt: skip
async def test_what_goes_beyond_the_givers_power_is_refused(
    town, changes: dict[str, Any], status: int, code: str, pointer: str
):
    answer = await town.post("/delegations", delegation(**changes), by="admin")

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert (await town.get("/delegations/uq.1")).status_code == 404


async def test_a_refusal_names_the_regulations_article(town):
    answer = await town.post("/delegations", delegation(valid_to="2027-01-02"), by="head")

    assert "01/01/2027" in answer.json()["detail"]
    assert "khoản 6 Điều 10 Quy chế (Quyết định 19/2019/QĐ-UBND)" in answer.json()["detail"]
    assert answer.json()["explanation"]["basis"]["quote"]


async def test_after_the_givers_position_ended_nothing_can_be_delegated(town):
    await town.done(
        "/people/head/positions/head.1/end", {"ends_on": "2026-11-24", "document": DECISION}
    )

    answer = await town.post("/delegations", delegation(), by="head")

    assert (answer.status_code, answer.json()["code"]) == (409, "giver-without-position")


async def test_only_the_giver_or_who_keeps_the_site_delegates_for_them(town):
    other = await town.post("/delegations", delegation(), by="other")
    entered = await town.post("/delegations", delegation(), by="admin")

    assert (other.status_code, entered.status_code) == (403, 201)
    (entry,) = await town.seen_json("/delegations/uq.1/history")
    assert entry["proof"]["person"] == "head"
    assert entry["proof"]["recorded_by"]["person"] == "admin"


async def test_a_delegation_is_revoked_at_a_moment_and_not_before_now(town):
    await town.done("/delegations", delegation(), by="head")

    early = await town.post(
        "/delegations/uq.1/revocation", {"revoked_at": "2026-11-24T04:00:00Z"}, by="head"
    )
    stranger = await town.post("/delegations/uq.1/revocation", {}, by="other")
    now = await town.post("/delegations/uq.1/revocation", {}, by="head")
    later = await town.post(
        "/delegations/uq.1/revocation", {"revoked_at": "2026-11-30T04:00:00Z"}, by="head"
    )

    assert (early.status_code, early.json()["code"]) == (409, "back-in-time")
    assert stranger.status_code == 403
    assert (now.status_code, now.json()["in_force"]) == (200, False)
    assert later.json()["revoked_at"] == now.json()["revoked_at"]


async def test_the_deputy_approves_on_the_heads_written_word_in_khanh_hoa(town):
    await town.agency("khanhhoa.snv")
    await town.site("khanhhoa", agency="khanhhoa.snv", profile="khanhhoa@1", kind="public_service_portal")  # fmt: skip
    for id, role in (("kh.head", "board_head"), ("kh.deputy", "deputy_board_head"), ("kh.x", None)):
        await town.person(id, "khanhhoa")
        if role:
            await town.position(id, role, "khanhhoa")
    word = delegation(giver="kh.head", acts=["approve"], sites=["khanhhoa"])

    deputy = await town.post("/delegations", word | {"receiver": "kh.deputy"}, by="kh.head")
    anybody = await town.post(
        "/delegations", word | {"receiver": "kh.x", "delegation_id": "uq.2"}, by="kh.head"
    )

    assert deputy.status_code == 201, deputy.text
    assert (anybody.status_code, anybody.json()["code"]) == (409, "delegation-exceeds-power")
