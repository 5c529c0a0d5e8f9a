"""Levels of services on both scales: every written procedure, and each condition one by one."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.rules.levels import (
    MODE_OF_LEVEL,
    NoLevelRules,
    Service,
    derive_level,
    derive_mode,
    missing_parts,
)
from rulebook.sentences import sentences

ROWS = json.loads((Path(__file__).parent / "data" / "procedures.json").read_text("utf-8"))[
    "procedures"
]
ON = date(2024, 6, 3)


def service_of(row):
    return Service(
        parts=row["parts"],
        forms=dict.fromkeys(row["forms"], True),
        fee=row["parts"]["fee_vnd"],
        usage=row["usage"],
        **row["flags"],
    )


PARTS = {
    "sequence": ["Bước 1"], "methods": ["online"], "dossier": [{"name": "Đơn"}], "number_of_sets": 1,
    "time_limit": {"value": 5, "unit": "working_day"}, "applicants": "Cá nhân", "authority": "x", "result": "Giấy phép",
}  # fmt: skip
FULL = Service(
    parts=PARTS, forms={"Đơn": True}, fee=0, submit_online=True, processing_online=True, pay_online=False,
    result_remote=True, usage={"views": 1},
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_written_procedure_has_the_expected_level_and_violations(row, profiles):
    result = derive_level(profiles["binhduong"], service_of(row), ON, row["level_1_4"])

    assert result.level == row["expected"]["derived_level"]
    assert [finding.code for finding in result.findings] == row["expected"]["violations"]


def test_every_declared_level_has_its_name_on_the_other_scale():
    assert [row["id"] for row in ROWS if MODE_OF_LEVEL[row["level_1_4"]] != row["mode_2022"]] == []


@pytest.mark.parametrize(
    ("change", "level"),
    [
        pytest.param({}, 4, id="everything"),
        pytest.param({"parts": {**PARTS, "result": ""}}, 0, id="a part is missing"),
        pytest.param({"forms": {"Đơn": False}}, 1, id="a form cannot be downloaded"),
        pytest.param({"forms": {}}, 4, id="no form, but online (AMB-39)"),
        pytest.param({"forms": {}, "submit_online": False}, 1, id="no form and not online (AMB-39)"),
        pytest.param({"submit_online": False}, 2, id="not submitted online"),
        pytest.param({"processing_online": False}, 2, id="not processed online"),
        pytest.param({"fee": 10_000}, 3, id="a fee that is not paid online"),
        pytest.param({"fee": 10_000, "pay_online": True, "result_remote": False}, 4, id="the fee decides alone (AMB-31)"),
        pytest.param({"result_remote": False}, 3, id="no fee and no remote result (AMB-31)"),
    ],
)  # fmt: skip
def test_each_condition_of_the_scale_counts(change, level, profiles):
    assert derive_level(profiles["binhduong"], replace(FULL, **change), ON).level == level


@pytest.mark.parametrize(
    ("change", "mode"),
    [
        pytest.param({}, "toan_trinh", id="everything"),
        pytest.param({"result_remote": False}, "mot_phan", id="the result is not remote"),
        pytest.param({"fee": 10_000}, "mot_phan", id="the fee is not paid online"),
        pytest.param({"presence_required": True}, "mot_phan", id="presence is required"),
        pytest.param({"submit_online": False}, "cung_cap_thong_tin", id="information only"),
        pytest.param(
            {"parts": {}, "submit_online": False}, "nothing_published", id="nothing published"
        ),
    ],
)
def test_each_condition_of_the_decree_counts(change, mode, profiles):
    service = replace(FULL, **change)
    missing = missing_parts(profiles["binhduong"], service, ON)

    assert derive_mode(profiles["nd42"], service, ON, missing).mode == mode


@settings(deadline=None)
@given(
    st.tuples(*[st.booleans()] * 4),
    st.sampled_from([0, 5000]),
    st.sampled_from([{}, {"Đơn": True}, {"Đơn": False}]),
)
def test_adding_a_possibility_never_lowers_the_level(profiles, facts, fee, forms):
    service = Service(PARTS, forms, fee, *facts)
    level = derive_level(profiles["binhduong"], service, ON).level

    for name in ("submit_online", "processing_online", "pay_online", "result_remote"):
        assert (
            derive_level(profiles["binhduong"], replace(service, **{name: True}), ON).level >= level
        )


@pytest.mark.parametrize(
    ("declared", "forms", "found"),
    [
        pytest.param(
            3,
            {"Đơn": False},
            ["declared_level_above_derived", "forms_but_level_below_2"],
            id="derived 1",
        ),
        pytest.param(1, {"Đơn": True}, ["forms_but_level_below_2"], id="declared 1"),
        pytest.param(2, {"Đơn": True}, [], id="both 2 or more"),
        pytest.param(1, {}, [], id="no forms"),
    ],
)
def test_a_service_with_forms_is_at_least_of_level_two_declared_and_derived(
    declared, forms, found, profiles
):
    result = derive_level(profiles["binhduong"], replace(FULL, forms=forms), ON, declared)

    assert [finding.code for finding in result.findings] == found


def test_the_explanation_names_each_need_and_the_other_reading(profiles):
    service = replace(FULL, result_remote=False)

    explanation = derive_level(profiles["binhduong"], service, ON, 4).explanation

    assert [step.values["level"] for step in explanation.steps] == [1, 2, 3, 4]
    assert explanation.parts[0].outcome.nearest
    assert explanation.readings[0].id == "AMB-31"


def test_a_profile_without_levels_and_a_level_that_does_not_exist_are_refused(profiles):
    with pytest.raises(NoLevelRules, match="hanam@1"):
        derive_level(profiles["hanam"], FULL, ON)
    with pytest.raises(ValueError, match="declared"):
        derive_level(profiles["binhduong"], FULL, ON, 5)


def lacking(explanation):
    return {way.code: way.values for way in explanation.outcome.nearest}


def test_why_not_a_higher_level_names_the_conditions_and_the_forms(profiles):
    service = replace(FULL, forms={"Đơn": True, "Tờ khai": False}, processing_online=False)

    found = derive_level(profiles["binhduong"], service, ON, 3)

    assert lacking(found.explanation)["reach-level"] == {
        "level": 2, "lacks": ("forms_downloadable",), "parts": (), "forms": ("Tờ khai",),
    }  # fmt: skip
    above = found.findings[0].explanation
    assert lacking(above)["reach-level"]["lacks"] == ("forms_downloadable", "processing_online")
    assert "Để đạt mức độ 3: tải được biểu mẫu; xử lý trên mạng (Tờ khai)." in sentences(above)
    assert "Mức độ 2: chưa đạt điều kiện: tải được biểu mẫu (Tờ khai)." in sentences(
        found.explanation
    )


def test_the_highest_level_has_no_level_above_it(profiles):
    assert derive_level(profiles["binhduong"], FULL, ON).explanation.outcome.nearest == ()


@pytest.mark.parametrize(
    ("change", "ways"),
    [
        ({}, []),
        ({"result_remote": False}, [("toan_trinh", ("result_remote",))]),
        (
            {"processing_online": False, "presence_required": True},
            [
                ("mot_phan", ("processing_online",)),
                ("toan_trinh", ("processing_online", "presence_not_required")),
            ],
        ),
    ],
)
def test_why_not_a_fuller_mode_names_the_next_one_first(change, ways, profiles):
    explanation = derive_mode(profiles["nd42"], replace(FULL, **change), ON).explanation

    nearest = explanation.outcome.nearest
    assert [(way.values["mode"], way.values["lacks"]) for way in nearest] == ways


@pytest.mark.parametrize(
    ("change", "readings"),
    [
        pytest.param({"fee": 10_000, "pay_online": True}, [], id="a fee: what holds without one is beside the point"),
        pytest.param({"result_remote": False}, [("AMB-31", 4)], id="no fee, no remote result"),
        pytest.param({"forms": {}}, [("AMB-39", 4), ("AMB-31", 4)], id="no form"),
        pytest.param({"forms": {}, "submit_online": False}, [("AMB-39", 2)], id="no form, not online: level 3 is not reached"),
    ],
)  # fmt: skip
def test_a_reading_is_shown_only_where_it_bears_on_the_service(change, readings, profiles):
    explanation = derive_level(profiles["binhduong"], replace(FULL, **change), ON).explanation

    assert [(read.id, read.others[0].gives) for read in explanation.readings] == readings


@pytest.mark.parametrize(
    ("on", "warned"),
    [(date(2027, 11, 1), False), (date(2027, 11, 2), True), (date(2035, 3, 1), True)],
)
def test_a_level_decided_long_after_the_law_was_looked_at_says_so(on, warned, profiles):
    for found in (
        derive_level(profiles["binhduong"], FULL, on),
        derive_mode(profiles["nd42"], FULL, on),
    ):
        codes = {each.code for each in found.explanation.warnings}

        assert ("law-known-until" in codes) is warned


def test_a_negative_fee_is_refused():
    with pytest.raises(ValueError, match="fee"):
        Service(fee=-100)
