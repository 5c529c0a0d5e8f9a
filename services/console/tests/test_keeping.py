"""The forms that keep the directory fit what the directory takes, field by field, and send what was typed."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from starlette.datastructures import FormData

from console.routes import keeping
from console.routes.kept import ACTS, Act
from contracts.place import ROOT

DOCUMENT = json.loads((ROOT / "api" / "directory.openapi.json").read_text(encoding="utf-8"))
OF_THE_DIRECTORY = {
    path.replace("{", "").replace("}", ""): way["post"]
    for path, way in DOCUMENT["paths"].items()
    if "post" in way
}


def _schema(reference: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where a property leads, past `$ref` and "or null"."""
    for each in reference.get("anyOf", ()):
        if each.get("type") != "null":
            return _schema(each)
    if "items" in reference and "$ref" in reference["items"]:
        return _schema(reference["items"])
    if "$ref" in reference:
        return DOCUMENT["components"]["schemas"][reference["$ref"].rpartition("/")[2]]
    return reference


def _body_of(act: Act) -> Mapping[str, Any]:
    asked = [part for part in act.path.split("/") if not part.startswith("{")]
    for path, way in OF_THE_DIRECTORY.items():
        parts = path.strip("/").split("/")
        names = [part for part in parts if part not in PLACES]
        if names == asked and len(parts) == len(act.path.split("/")):
            return _schema(way["requestBody"]["content"]["application/json"]["schema"])
    raise AssertionError(f"the directory has no {act.path}")


PLACES = {
    "agency_id",
    "site",
    "person_id",
    "position_id",
    "board_id",
    "place",
    "closure_id",
    "calendar_id",
    "notice_id",
}


def _places(act: Act) -> Iterator[tuple[str, bool]]:
    for each in act.fields:
        yield each.into, each.needed
    for name in act.copies:
        yield name, True


@pytest.mark.parametrize("name", ACTS)
def test_each_field_of_a_form_is_one_that_the_directory_takes(name: str):
    body = _body_of(ACTS[name])

    for into, _ in _places(ACTS[name]):
        schema = body
        for step in into.split("."):
            assert step in schema["properties"], into
            schema = _schema(schema["properties"][step])


@pytest.mark.parametrize("name", ACTS)
def test_what_the_directory_demands_is_demanded(name: str):
    needed = {into.split(".")[0] for into, needed in _places(ACTS[name]) if needed}
    asked = {into.split(".")[0] for into, _ in _places(ACTS[name])}

    demanded = set(_body_of(ACTS[name]).get("required", ()))

    assert demanded - needed <= {"changes"} & asked


def test_what_was_typed_is_sent_and_empty_fields_are_not():
    act = ACTS["agency-new"]
    typed = dict.fromkeys((each.name for each in act.fields), "") | {
        "agency_id": "hanam.snv",
        "site": "hanam",
        "name_vi": "Sở Nội vụ",
        "kind": "department",
        "competence": "cán bộ\n\n tôn giáo \n",
        "valid_from": "2020-01-01",
    }

    body = keeping._body(act, typed)

    assert body == {
        "agency_id": "hanam.snv",
        "site": "hanam",
        "jurisdiction": "hanam",
        "name_vi": "Sở Nội vụ",
        "kind": "department",
        "competence_keywords": ["cán bộ", "tôn giáo"],
        "valid_from": "2020-01-01",
    }


def test_a_change_and_its_document_stand_in_objects_of_their_own():
    act = ACTS["site-change"]
    typed = dict.fromkeys((each.name for each in act.fields), "") | {
        "valid_from": "2026-12-01",
        "name_vi": "Cổng",
        "number": "1/QĐ",
    }

    assert keeping._body(act, typed) == {
        "valid_from": "2026-12-01",
        "changes": {"name_vi": "Cổng"},
        "document": {"number": "1/QĐ"},
    }


NOTICE = {
    "notice_id": "quoc-khanh-2027", "notice_number": "1/TB", "issued_on": "2026-11-01",
    "notice_source": "Bộ Nội vụ", "settles_from": "2027-08-28", "settles_to": "2027-09-06",
    "days": "2027-09-02\tholiday\tQuốc khánh\n2027-09-03\tholiday\t", "years": "2027\n2028",
    "notice_status": "draft",
}  # fmt: skip


def test_a_notice_has_rows_of_days_and_what_it_settles_in_a_list():
    body = keeping._body(ACTS["notice-new"], NOTICE)

    assert body["settles"] == [{"start": "2027-08-28", "end": "2027-09-06"}]
    assert body["days"] == [
        {"date": "2027-09-02", "kind": "holiday", "name_vi": "Quốc khánh"},
        {"date": "2027-09-03", "kind": "holiday"},
    ]
    assert body["years"] == [2027, 2028]


def test_rows_without_a_day_and_a_name_are_not_sent():
    sent = FormData(
        [
            ("days.date", "2027-09-02"), ("days.kind", "holiday"), ("days.name_vi", " Quốc \t khánh "),
            ("days.date", ""), ("days.kind", "holiday"), ("days.name_vi", ""),
            ("days.date", ""), ("days.kind", "swapped_off"), ("days.name_vi", "Nghỉ bù"),
        ]
    )  # fmt: skip
    days = next(each for each in ACTS["notice-new"].fields if each.kind == "days")

    text = keeping._text(sent, days)

    assert text.split("\n") == ["2027-09-02\tholiday\tQuốc khánh", "\tswapped_off\tNghỉ bù"]


def test_what_is_said_of_a_row_or_a_part_of_a_list_stands_at_its_field():
    problem = {
        "errors": [
            {"pointer": "/days/1/name_vi", "detail": "A"},
            {"pointer": "/settles/0/end", "detail": "B"},
        ]
    }

    assert keeping._told(ACTS["notice-new"], problem) == {"days": "A", "settles_to": "B"}


def test_what_the_directory_says_stands_at_the_field_it_says_it_of():
    act = ACTS["agency-change"]
    errors = [
        {"pointer": "/changes/competence_keywords/0", "rule": "sound-text", "detail": "A"},
        {"pointer": "/changes/domain", "rule": "ascii-only", "detail": "B"},
        {"pointer": "/changes", "rule": "min-properties", "detail": "C"},
    ]

    assert keeping._told(act, {"errors": errors}) == {"competence": "A", "domain": "B"}


def test_a_day_that_is_none_and_an_empty_field_are_seen_before_anything_is_sent():
    act = ACTS["agency-end"]

    faults = keeping._faults(act, {"ends_on": "2026-02-30", "number": "", "reason": ""})
    empty = keeping._faults(act, {"ends_on": "", "number": "", "reason": ""})

    assert (faults, empty) == ({"ends_on": "no-day"}, {"ends_on": "empty"})
