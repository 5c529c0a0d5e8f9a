"""Administrative units over HTTP: the map on a day, codes that pass on, what became of a unit."""

import asyncio
from typing import Any

import pytest

HANAM = {
    "unit_id": "province.35.2013",
    "level": "province",
    "kind": "province",
    "code": "35",
    "name_vi": "Tỉnh Hà Nam",
    "valid_from": "2013-01-01",
}
NINHBINH = HANAM | {"unit_id": "province.37.2013", "code": "37", "name_vi": "Tỉnh Ninh Bình"}
NEW = NINHBINH | {"unit_id": "province.37.2025", "valid_from": "2025-07-01"}
PHULY = {
    "unit_id": "district.347.2013",
    "level": "district",
    "kind": "provincial_city",
    "code": "347",
    "name_vi": "Thành phố Phủ Lý",
    "parent": "province.35.2013",
    "valid_from": "2013-01-01",
}
REFORM = "2025-07-01"
UNITS = "/administrative-units"


async def _made(call: Any, *bodies: Any) -> None:
    for body in bodies:
        answer = await call.post(UNITS, body)
        assert answer.status_code == 201, answer.text


async def _ended(call: Any, *ids: str) -> None:
    for id in ids:
        answer = await call.post(f"{UNITS}/{id}/end", {"ends_on": REFORM})
        assert answer.status_code == 200, answer.text


async def _merged(call: Any) -> Any:
    await _made(call, HANAM, NINHBINH)
    await _ended(call, HANAM["unit_id"], NINHBINH["unit_id"])
    await _made(call, NEW)
    body = {
        "kind": "merge",
        "predecessors": [HANAM["unit_id"], NINHBINH["unit_id"]],
        "successors": [NEW["unit_id"]],
        "effective_on": REFORM,
        "document": {"number": "202/2025/QH15"},
    }
    return await call.post(f"{UNITS}/successions", body)


async def test_a_code_belongs_to_another_unit_after_the_reform(call: Any):
    await _merged(call)

    before = await call.get(f"{UNITS}/by-code/province/37", on="2025-06-30")
    after = await call.get(f"{UNITS}/by-code/province/37", on=REFORM)
    gone = await call.get(f"{UNITS}/by-code/province/35", on=REFORM)

    assert before.json()["unit_id"] == NINHBINH["unit_id"]
    assert after.json()["unit_id"] == NEW["unit_id"]
    assert (gone.status_code, gone.json()["code"]) == (404, "code-free")


async def test_what_became_of_a_province_names_the_successor_and_the_document(call: Any):
    merged = await _merged(call)

    today = await call.get(f"{UNITS}/{HANAM['unit_id']}/became", on="2026-11-23")
    then = await call.get(f"{UNITS}/{HANAM['unit_id']}/became", on="2024-01-01")

    assert merged.status_code == 201
    assert [unit["unit_id"] for unit in today.json()["now"]] == [NEW["unit_id"]]
    assert today.json()["path"][0]["document"] == "202/2025/QH15"
    assert [unit["unit_id"] for unit in then.json()["now"]] == [HANAM["unit_id"]]


async def test_an_abolished_level_leaves_nobody_in_its_place(call: Any):
    await _made(call, HANAM, PHULY)
    await _ended(call, PHULY["unit_id"])
    abolished = {
        "kind": "abolition",
        "predecessors": [PHULY["unit_id"]],
        "effective_on": REFORM,
    }
    await call.post(f"{UNITS}/successions", abolished)

    found = await call.get(f"{UNITS}/{PHULY['unit_id']}/became", on="2026-01-01")

    assert (found.json()["now"], found.json()["lost"]) == ([], [PHULY["unit_id"]])


@pytest.mark.parametrize("words", ["ha nam", "Hà Nam", "HÀ NAM", "nam ha"])
async def test_a_unit_is_found_by_its_name_with_and_without_diacritics(call: Any, words: str):
    made = await call.post(UNITS, HANAM)
    seen = {"After-Position": made.headers["Position"]}

    found = await call.http.get(UNITS, params={"q": words}, headers=seen)

    assert [unit["unit_id"] for unit in found.json()["items"]] == [HANAM["unit_id"]]


async def test_a_name_with_wrong_diacritics_does_not_find_it(call: Any):
    made = await call.post(UNITS, HANAM)
    seen = {"After-Position": made.headers["Position"]}

    found = await call.http.get(UNITS, params={"q": "hả năm"}, headers=seen)

    assert found.json()["items"] == []


async def test_a_list_shows_the_map_of_a_day(call: Any):
    await _made(call, HANAM, PHULY)
    ended = await call.post(f"{UNITS}/{PHULY['unit_id']}/end", {"ends_on": REFORM})
    seen = {"After-Position": ended.headers["Position"]}
    parts = {"parent": HANAM["unit_id"], "level": "district"}

    before = await call.http.get(UNITS, params=parts | {"on": "2025-06-30"}, headers=seen)
    after = await call.http.get(UNITS, params=parts | {"on": REFORM}, headers=seen)

    assert [unit["attributes"]["code"] for unit in before.json()["items"]] == ["347"]
    assert after.json()["items"] == []


async def test_a_new_name_holds_from_its_day_on_and_old_documents_keep_the_old_one(call: Any):
    await _made(call, HANAM)
    change = {
        "valid_from": "2020-01-01",
        "changes": {"name_vi": "Thành phố Hà Nam", "kind": "municipality", "code": "99"},
        "document": {"number": "1/2020/QH14"},
    }

    changed = await call.post(f"{UNITS}/{HANAM['unit_id']}/changes", change)
    old = await call.get(f"{UNITS}/{HANAM['unit_id']}", on="2019-12-31")
    by_old_code = await call.get(f"{UNITS}/by-code/province/35", on="2019-12-31")
    by_new_code = await call.get(f"{UNITS}/by-code/province/99", on="2020-01-01")

    assert changed.json()["attributes"]["name_vi"] == "Thành phố Hà Nam"
    assert old.json()["attributes"]["name_vi"] == "Tỉnh Hà Nam"
    assert by_old_code.json()["unit_id"] == by_new_code.json()["unit_id"] == HANAM["unit_id"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(HANAM, "unit-exists", id="same id"),
        pytest.param(HANAM | {"unit_id": "province.35.2014"}, "code-held", id="code held"),
        pytest.param(PHULY | {"parent": "province.99"}, "invalid-request", id="no such parent"),
        pytest.param(PHULY | {"parent": None}, "invalid-request", id="no parent"),
        pytest.param(PHULY | {"kind": "ward"}, "invalid-request", id="kind of another level"),
        pytest.param(PHULY | {"code": "00347"}, "invalid-request", id="digits of another level"),
        pytest.param(PHULY | {"valid_to": "2012-01-01"}, "invalid-request", id="ends first"),
        pytest.param(PHULY | {"site": "hanam"}, "content-invalid", id="a field of ours"),
        pytest.param(PHULY | {"unit_id": "../../etc"}, "content-invalid", id="a path as id"),
    ],
)
async def test_a_unit_that_does_not_fit_is_refused(call: Any, body: Any, code: str):
    await _made(call, HANAM)

    answer = await call.post(UNITS, {k: v for k, v in body.items() if v is not None})

    assert answer.json()["code"] == code
    assert answer.status_code in {409, 422}


async def test_a_unit_does_not_end_while_parts_outlive_it(call: Any):
    await _made(call, HANAM)
    made = await call.post(UNITS, PHULY)
    seen = {"After-Position": made.headers["Position"]}

    answer = await call.post(f"{UNITS}/{HANAM['unit_id']}/end", {"ends_on": REFORM}, **seen)

    assert (answer.status_code, answer.json()["code"]) == (409, "parts-outlive-it")
    assert answer.json()["parts"] == [PHULY["unit_id"]]


async def test_a_succession_needs_predecessors_that_end_and_successors_that_are_there(call: Any):
    await _made(call, HANAM, NINHBINH)
    body = {
        "kind": "merge",
        "predecessors": [HANAM["unit_id"]],
        "successors": [NINHBINH["unit_id"]],
        "effective_on": REFORM,
    }

    early = await call.post(f"{UNITS}/successions", body)
    itself = await call.post(f"{UNITS}/successions", body | {"successors": [HANAM["unit_id"]]})
    nobody = await call.post(f"{UNITS}/successions", body | {"successors": ["province.00"]})

    assert early.json()["code"] == "ends-on-another-day"
    assert itself.json()["errors"][0]["rule"] == "disjoint"
    assert nobody.json()["code"] == "unit-unknown"


async def test_who_may_not_write_changes_nothing(call: Any):
    refused = await call.post(UNITS, HANAM, by="reader")
    unknown = await call.get(f"{UNITS}/{HANAM['unit_id']}")

    assert (refused.status_code, refused.json()["code"]) == (403, "nobody-of-the-directory")
    assert unknown.status_code == 404


async def test_of_two_units_that_take_one_code_at_once_one_gets_it(call: Any):
    made = await asyncio.gather(
        *(
            call.post(UNITS, HANAM | {"unit_id": f"province.35.{year}"})
            for year in (2013, 2014, 2015)
        )
    )

    assert sorted(answer.status_code for answer in made) == [201, 409, 409]
    refused = next(answer.json() for answer in made if answer.status_code == 409)
    assert refused["code"] == "code-held"


async def test_of_a_new_part_and_the_end_of_its_parent_at_once_one_is_refused(call: Any):
    await _made(call, HANAM)

    ended, made = await asyncio.gather(
        call.post(f"{UNITS}/{HANAM['unit_id']}/end", {"ends_on": REFORM}),
        call.post(UNITS, PHULY),
    )

    assert sorted((ended.is_success, made.is_success)) == [False, True]


async def test_a_unit_that_moved_away_keeps_its_former_parent_no_longer(call: Any):
    await _made(call, HANAM, NINHBINH, PHULY)
    moved = {"valid_from": "2025-01-01", "changes": {"parent": NINHBINH["unit_id"]}}

    before = await call.post(f"{UNITS}/{HANAM['unit_id']}/end", {"ends_on": REFORM})
    await call.post(f"{UNITS}/{PHULY['unit_id']}/changes", moved)
    after = await call.post(f"{UNITS}/{HANAM['unit_id']}/end", {"ends_on": REFORM})
    other = await call.post(f"{UNITS}/{NINHBINH['unit_id']}/end", {"ends_on": REFORM})
    await _ended(call, PHULY["unit_id"])
    last = await call.post(f"{UNITS}/{NINHBINH['unit_id']}/end", {"ends_on": REFORM})

    assert [each.status_code for each in (before, after, other, last)] == [409, 200, 409, 200]
    assert other.json()["parts"] == [PHULY["unit_id"]]
