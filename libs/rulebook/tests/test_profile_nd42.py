"""The profile of decree 42/2022 owns up to its source and gives the modes that replaced the four levels."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rulebook.calendar_files import load_calendar
from rulebook.profiles.loader import FOLDER
from rulebook.profiles.model import Profile
from rulebook.rules.levels import Service, derive_mode
from rulebook.sentences import citation_text, sentences
from rulebook.testing.samples import explained
from rulebook.world import World

TODAY = date(2026, 1, 5)
FULL = Service(
    parts={"name": "Cấp bản sao", "sequence": "…"},
    fee=30000,
    submit_online=True,
    processing_online=True,
    pay_online=True,
    result_remote=True,
)


@pytest.fixture(scope="module")
def profile(profiles: dict[str, Profile]) -> Profile:
    return profiles["nd42"]


def test_every_citation_says_that_the_words_are_an_account(profile: Profile) -> None:
    assert all("lời thuật" in each.basis.citation.instrument for each in profile.rules.values())
    text = (FOLDER / "texts" / profile.source.text).read_text(encoding="utf-8")
    assert "không phải bản in" in text


def test_the_decree_is_not_cited_as_a_regulation_annexed_to_a_decision(profile: Profile) -> None:
    place = profile.rule("nd42.d11.full").basis.citation

    assert citation_text(place) == (
        "Điều 11 Nghị định 42/2022/NĐ-CP (lời thuật, chưa đối chiếu bản gốc)"
    )


def test_what_is_only_remembered_is_no_legal_limit(profile: Profile) -> None:
    rule: Any = profile.rule("nd42.publication.publish-in-five-days")

    assert rule.params.legal is False


@pytest.mark.parametrize(
    ("changes", "mode"),
    [
        ({}, "toan_trinh"),
        ({"fee": 0, "pay_online": False}, "toan_trinh"),
        ({"pay_online": False}, "mot_phan"),
        ({"result_remote": False}, "mot_phan"),
        ({"presence_required": True}, "mot_phan"),
        ({"on_site_check_required": True}, "mot_phan"),
        ({"processing_online": False}, "cung_cap_thong_tin"),
        ({"submit_online": False}, "cung_cap_thong_tin"),
        ({"submit_online": False, "parts": {}}, "nothing_published"),
    ],
    ids=lambda value: ", ".join(value) or "nothing" if isinstance(value, dict) else value,
)
def test_the_fullest_mode_whose_needs_are_met(
    profile: Profile, changes: dict[str, Any], mode: str
) -> None:
    assert derive_mode(profile, replace(FULL, **changes), TODAY).mode == mode


def test_a_missing_part_of_the_procedure_is_information_only(profile: Profile) -> None:
    assert derive_mode(profile, FULL, TODAY, missing=("fee",)).mode == "cung_cap_thong_tin"


@pytest.mark.parametrize(
    ("subject", "fields"),
    [
        (
            "legal_document",
            {"doc_type", "issuing_authority", "number", "issue_date", "effective_date", "abstract", "file"},
        ),
        ("site_functions", {"search", "links", "print", "save", "document_search"}),
        ("english_version", {"structure", "functions", "officials_contact"}),
    ],
    ids=["documents", "functions", "English"],
)  # fmt: skip
def test_what_must_be_there(profile: Profile, subject: str, fields: set[str]) -> None:
    asked: list[Any] = [
        rule.params for rule in profile.rules.values() if rule.type == "required_field"
    ]

    found = {field for params in asked if params.subject == subject for field in params.fields}

    assert found == fields


def test_every_explanation_says_that_the_words_are_an_account(profile: Profile) -> None:
    """No full text of the decree is to be had: whatever is decided by it warns, in both languages."""
    world = World(load_calendar())

    told = [explanation for _, explanation in explained(profile, world)]

    assert len({each.basis.rule for each in told}) == len(profile.rules)
    assert all("account-not-original" in {w.code for w in each.warnings} for each in told)
    assert all("không phải nguyên văn" in " ".join(sentences(each)) for each in told)
    assert all("not the instrument's own" in " ".join(sentences(each, "en")) for each in told)


def test_no_other_profile_is_an_account(profiles: dict[str, Profile]) -> None:
    assert {
        key for key, each in profiles.items() if any(r.account for r in each.rules.values())
    } == {"nd42"}
