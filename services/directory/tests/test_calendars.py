"""Calendars, official notices and local closures over HTTP: what works on a day, at a place, as it was known."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.place import ROOT
from rulebook.calendar_facts import touches

VN = json.loads(Path(ROOT / "calendars" / "vn.json").read_text(encoding="utf-8"))
ADOPTED = {
    "calendar_id": "vn",
    "years": VN["years"],
    "days": [{k: v for k, v in day.items() if k != "weekday"} for day in VN["days"]],
}
NOTICE = {
    "notice_id": "2027-quoc-khanh",
    "number": "Công văn 1/VPCP-KGVX",
    "issued_on": "2026-12-01",
    "source": "baochinhphu.vn, 01/12/2026",
    "status": "in_force",
    "settles": [{"start": "2027-08-28", "end": "2027-09-06"}],
    "days": [
        {"date": "2027-09-01", "kind": "holiday", "name_vi": "Quốc khánh (ngày liền kề)"},
        {"date": "2027-09-02", "kind": "holiday", "name_vi": "Quốc khánh"},
        {"date": "2027-09-03", "kind": "swapped_off", "name_vi": "Hoán đổi"},
        {"date": "2027-08-28", "kind": "working_saturday", "name_vi": "Làm bù"},
    ],
}
STORM = {
    "place": "khanhhoa",
    "closure_id": "bao-so-13",
    "start": "2026-12-07",
    "end": "2026-12-10",
    "reason": "Bão số 13",
    "source": "Công điện của UBND tỉnh",
    "document": {"number": "12/CĐ-UBND"},
}
SEPTEMBER = {"start": "2027-08-25", "end": "2027-09-10"}
DECEMBER = {"start": "2026-12-07", "end": "2026-12-12"}


@pytest.fixture
async def vn(call: Any) -> Any:
    answer = await call.post("/calendars", ADOPTED)
    assert answer.status_code == 201, answer.text
    return call


async def _days(call: Any, **params: Any) -> Any:
    answer = await call.get("/calendars/vn/days", **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _changed(call: Any, path: str) -> list[dict[str, Any]]:
    """The hint of the last decision."""
    history = (await call.get(path, by="reader")).json()
    return history[-1]["facts"][0]["data"]["changed"]


async def test_a_notice_in_force_changes_the_days_and_says_which(vn: Any):
    before = await _days(vn, **SEPTEMBER)

    given = await vn.post("/calendars/vn/notices", NOTICE)
    after = await _days(vn, **SEPTEMBER)
    changed = await _changed(vn, "/calendars/vn/history")

    assert given.status_code == 201
    assert after["working_saturdays"] == ["2027-08-28"]
    assert before["label"] != after["label"]
    assert {"date": "2027-08-28", "works": True} in changed
    assert {"date": "2027-09-01", "works": False} in changed
    assert touches(changed, date(2027, 8, 20), date(2027, 8, 30))
    assert not touches(changed, date(2027, 8, 20), date(2027, 8, 27))


async def test_as_it_was_known_before_the_notice_was_issued(vn: Any):
    before = await _days(vn, **SEPTEMBER)
    await vn.post("/calendars/vn/notices", NOTICE)

    known = await _days(vn, **SEPTEMBER, known_on="2026-11-30")

    assert known == before


async def test_a_draft_has_no_effect_until_it_is_taken_into_force(vn: Any):
    before = await _days(vn, **SEPTEMBER)

    await vn.post("/calendars/vn/notices", NOTICE | {"status": "draft"})
    drafted = await _days(vn, **SEPTEMBER)
    effect = await vn.get("/calendars/vn/notices/2027-quoc-khanh/effect")
    taken = await vn.post("/calendars/vn/notices/2027-quoc-khanh/in-force", {"number": "2/VPCP"})
    after = await _days(vn, **SEPTEMBER)
    changed = await _changed(vn, "/calendars/vn/history")

    assert drafted == before
    assert effect.json() == changed
    assert taken.json()["notices"][0]["number"] == "2/VPCP"
    assert after["label"] != before["label"]


async def test_a_withdrawn_notice_leaves_what_stood_before_it(vn: Any):
    before = await _days(vn, **SEPTEMBER)
    await vn.post("/calendars/vn/notices", NOTICE)
    given = await _changed(vn, "/calendars/vn/history")

    path = "/calendars/vn/notices/2027-quoc-khanh/withdrawal"
    withdrawn = await vn.post(path, {"reason": "Thay bằng thông báo khác"})
    after = await _days(vn, **SEPTEMBER)
    undone = await _changed(vn, "/calendars/vn/history")

    assert withdrawn.json()["notices"][0]["status"] == "withdrawn"
    assert after == before
    assert undone == [{**day, "works": not day["works"]} for day in given]


async def test_a_faulty_notice_is_refused_with_all_its_faults(vn: Any):
    faulty = NOTICE | {
        "days": [
            {"date": "2027-10-01", "kind": "holiday", "name_vi": "Ngoài khoảng"},
            {"date": "2027-09-01", "kind": "working_saturday", "name_vi": "Không phải thứ Bảy"},
        ]
    }

    answer = await vn.post("/calendars/vn/notices", faulty)

    assert (answer.status_code, answer.json()["code"]) == (422, "calendar-faulty")
    assert len(answer.json()["errors"]) >= 3


async def test_a_calendar_with_a_hole_is_refused(call: Any):
    answer = await call.post("/calendars", ADOPTED | {"years": [2023, 2025]})

    assert answer.json()["code"] == "calendar-faulty"


async def test_a_closure_holds_at_its_place_only(vn: Any):
    made = await vn.post("/closures", STORM)

    here = await _days(vn, **DECEMBER, place="khanhhoa")
    there = await _days(vn, **DECEMBER, place="hanam")
    changed = await _changed(vn, "/closures/khanhhoa/history")

    assert made.status_code == 201
    assert (here["working_days"], there["working_days"]) == (2, 5)
    assert here["days_off"][0]["why"] == "local_closure"
    assert [day["date"] for day in changed] == ["2026-12-07", "2026-12-08", "2026-12-09"]


async def test_work_goes_on_earlier_when_the_storm_is_over(vn: Any):
    made = await vn.post("/closures", STORM)

    path = "/closures/khanhhoa/bao-so-13/cancellation"
    cut = await vn.post(path, {"works_from": "2026-12-08", "reason": "Bão tan"})
    days = await _days(vn, **DECEMBER, place="khanhhoa")
    seen = {"After-Position": f"{made.headers['Position']},{cut.headers['Position']}"}
    listed = await vn.http.get("/closures", params={"place": "khanhhoa"}, headers=seen)

    assert days["working_days"] == 4
    assert await _changed(vn, "/closures/khanhhoa/history") == [
        {"date": "2026-12-08", "works": True},
        {"date": "2026-12-09", "works": True},
    ]
    assert [closure["end"] for closure in listed.json()["items"]] == ["2026-12-08"]


async def test_a_closure_cancelled_whole_leaves_no_day_and_frees_its_days(vn: Any):
    await vn.post("/closures", STORM)
    path = "/closures/khanhhoa/bao-so-13/cancellation"
    await vn.post(path, {"works_from": STORM["start"], "reason": "Bão đổi hướng"})

    again = await vn.post(path, {"works_from": STORM["start"], "reason": "Bão đổi hướng"})
    other = await vn.post("/closures", STORM | {"closure_id": "bao-so-14"})

    assert again.json()["code"] == "closure-cancelled"
    assert other.status_code == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(STORM, "closure-exists", id="same id"),
        pytest.param(STORM | {"closure_id": "b"}, "overlapping-validity", id="same days"),
        pytest.param(STORM | {"closure_id": "b", "end": "2026-12-07"}, "invalid-request", id="ends first"),
        pytest.param(STORM | {"closure_id": "b", "end": "2029-12-07"}, "invalid-request", id="for years"),
        pytest.param(STORM | {"place": "hanam", "calendar_id": "fr"}, "calendar-unknown", id="no calendar"),
        pytest.param(STORM | {"closure_id": "b", "changed": []}, "content-invalid", id="a field of ours"),
    ],
)  # fmt: skip
async def test_a_closure_that_does_not_fit_is_refused(vn: Any, body: Any, code: str):
    await vn.post("/closures", STORM)

    answer = await vn.post("/closures", body)

    assert answer.json()["code"] == code


async def test_days_that_are_over_stay_closed(vn: Any):
    past = STORM | {"start": "2026-11-16", "end": "2026-11-27"}
    await vn.post("/closures", past)
    path = "/closures/khanhhoa/bao-so-13/cancellation"

    early = await vn.post(path, {"works_from": "2026-11-18", "reason": "Nhầm"})
    today = await vn.post(path, {"works_from": "2026-11-23", "reason": "Bão tan"})

    assert early.json()["code"] == "day-gone-by"
    assert today.status_code == 200


async def test_nobody_asks_for_more_days_than_a_calendar_has(vn: Any):
    far = str(date(2026, 1, 1) + timedelta(days=2000))

    answer = await vn.get("/calendars/vn/days", start="2026-01-01", end=far)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "query:end")


async def test_who_may_not_write_adopts_nothing(call: Any):
    answer = await call.post("/calendars", ADOPTED, by="reader")

    assert answer.status_code == 403
