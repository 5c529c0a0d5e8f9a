"""Questions: every written example keeps its class, clocks and missing fields; identity rules by their dates."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from rulebook.questions import check_asker, propose_class, question_limits

ROWS = json.loads((Path(__file__).parent / "data" / "questions.json").read_text("utf-8"))[
    "questions"
]


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_written_question_has_the_expected_clocks(row, profiles, calendar):
    expected, profile = row["expected"], profiles[row["jurisdiction"]]

    limits = question_limits(
        profile, expected["class"], datetime.fromisoformat(row["received_at"]), calendar
    )

    assert (limits.answer is not None) is ("due_date" in expected)
    if limits.answer is not None:
        assert limits.answer.due == day(expected["due_date"])
        assert profile.rule(limits.answer.rule).params.limit.n == expected["deadline_wd"]
        assert limits.source == ("fallback" if "deadline_source" in expected else "regulation")
    appointment = limits.appointment and limits.appointment.due
    assert appointment == (
        day(expected["appointment_by"]) if "appointment_by" in expected else None
    )
    told = expected.get("notify_asker_and_transfer_by") or expected.get("notify_asker_by")
    assert (limits.notify and limits.notify.due) == (day(told) if told else None)
    if "deadline_wd_at_receiver" in expected:
        assert limits.at_receiver is not None
        assert limits.at_receiver.params.limit.n == expected["deadline_wd_at_receiver"]
    if "clock_start" in expected:
        starts = (limits.answer or limits.notify).starts
        assert starts.replace(tzinfo=None) == datetime.fromisoformat(expected["clock_start"])
    assert limits.answer_required is expected.get("answer_required", True)
    assert limits.guidance_only is expected.get("guidance_only", False)
    assert limits.publish_allowed is expected.get("publish_allowed", True)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_written_asker_is_complete_or_misses_what_is_expected(row, profiles):
    asker, expected = row["asker"], row["expected"]
    on = datetime.fromisoformat(row["received_at"]).date()

    check = check_asker(profiles[row["jurisdiction"]], asker["type"], asker, on)

    assert list(check.missing) == expected.get("missing_fields", [])
    assert check.complete is (expected["class"] != "incomplete")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_complaints_and_denunciations_are_proposed_and_nothing_lawful_is_suspected(row, profiles):
    expected = row["expected"]["class"]
    proposed = propose_class(
        profiles[row["jurisdiction"]], f"{row['subject']}. {row['content']}", date(2024, 6, 3)
    )

    if expected in {"complaint", "denunciation"}:
        assert proposed.question_class == expected
    elif proposed.question_class is not None:
        assert proposed.question_class == expected == "violating"


ADDRESS = {"house_number": "1", "street": "Lê Lợi", "commune": "Phường A", "province": "Hà Nam"}
PERSON = {"full_name": "Vũ Thị Hoa", "id_type": "cccd", "id_number": "035173902681"}


def test_the_district_is_asked_for_until_districts_ended(profiles):
    asker = {**PERSON, "address": ADDRESS}

    before = check_asker(profiles["hanam"], "individual", asker, date(2025, 6, 30))
    after = check_asker(profiles["hanam"], "individual", asker, date(2025, 7, 1))

    assert before.missing == ("address.district",)
    assert after.complete


@pytest.mark.parametrize(
    ("kind", "number", "complete"),
    [
        ("cmnd", "165232574", True), ("cmnd", "16523257", False), ("cccd", "035173902681", True),
        ("cccd", "165232574", False), ("passport", "C2185462", True), ("passport", "12345678", False),
        ("passport", "C21854621", True), ("passport", "C218546", False), ("passport", "C218546213", False),
        (None, "035 173 902 681", True), (None, "abc", False),
    ],
)  # fmt: skip
def test_an_identity_number_must_have_the_form_of_its_kind(kind, number, complete, profiles):
    asker = {
        **PERSON,
        "id_type": kind,
        "id_number": number,
        "address": {**ADDRESS, "district": "Phủ Lý"},
    }

    check = check_asker(profiles["hanam"], "individual", asker, date(2024, 6, 3))

    assert check.complete is complete
    assert number.encode() not in check.explanation.to_json()


def test_an_organisation_gives_its_name_too_and_other_regulations_ask_for_nothing(profiles):
    asker = {"representative_name": "Lý Vân", "representative_title": "Giám đốc",
             "head_office_address": {**ADDRESS, "district": "Phủ Lý"}}  # fmt: skip

    check = check_asker(profiles["hanam"], "organization", asker, date(2024, 6, 3))

    assert check.missing == ("org_name",)
    for other in ("binhduong", "langson", "khanhhoa"):
        assert check_asker(profiles[other], "individual", {}, date(2024, 6, 3)).complete


def test_after_a_transfer_the_clock_of_the_receiver_starts_anew(profiles, calendar):
    at = datetime.fromisoformat("2024-06-05T07:30:00+07:00")

    limits = question_limits(profiles["hanam"], "own", at, calendar, transferred_in=True)

    assert limits.answer is not None
    assert limits.answer.rule == "hanam.d18.k3dd.transferred-own"
    assert limits.answer.due == date(2024, 6, 11)


def test_the_fallback_is_no_legal_limit_after_the_decree_ended(profiles, calendar):
    old = question_limits(
        profiles["binhduong"], "own", datetime.fromisoformat("2022-08-10T09:00:00+07:00"), calendar
    )
    new = question_limits(
        profiles["binhduong"], "own", datetime.fromisoformat("2022-08-16T09:00:00+07:00"), calendar
    )

    assert (old.source, new.source) == ("fallback", "fallback")
    assert old.answer is not None
    assert old.answer.legal
    assert new.answer is not None
    assert not new.answer.legal


def test_an_unclear_question_goes_to_the_standing_agency_in_one_day(profiles, calendar):
    limits = question_limits(
        profiles["hanam"], "unclear", datetime.fromisoformat("2024-09-20T18:30:00+07:00"), calendar
    )

    assert limits.route is not None
    assert limits.route.to == "standing_agency"
    assert limits.settle is not None
    assert limits.settle.due == date(2024, 9, 23)


def test_a_naive_time_is_refused_by_name(profiles, calendar):
    with pytest.raises(ValueError, match="submitted"):
        question_limits(profiles["hanam"], "own", datetime(2024, 6, 3, 8), calendar)  # noqa: DTZ001 - the point
