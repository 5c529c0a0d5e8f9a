"""The four regulations side by side: the same point, each with its own rule or with none."""

from datetime import date
from typing import Any

import pytest

from rulebook.choose import deadline_rule
from rulebook.profiles.model import Profile

TODAY = date(2025, 1, 6)
FOUR = ("hanam", "binhduong", "langson", "khanhhoa")
AMBIGUITIES = {f"AMB-{n:02}" for n in range(1, 43)}


def limits(profiles: dict[str, Profile], trigger: str, duty: str, **facts: str) -> tuple[Any, ...]:
    """The number of working days in each regulation, None where it sets no number."""
    found = [deadline_rule(profiles[key], trigger, duty, facts, TODAY).rule for key in FOUR]
    return tuple(
        each and getattr(each.params, "limit", None) and each.params.limit.n for each in found
    )


def holders(profiles: dict[str, Profile], function: str) -> list[str]:
    """The regulations that have a rule of this function."""
    return [
        key
        for key in FOUR
        if any(rule.function == function for rule in profiles[key].rules.values())
    ]


@pytest.mark.parametrize(
    ("facts", "trigger", "expected"),
    [
        ({"category": "legal_document", "agency_role": "issuer"}, "document_issued", (2, 2, 2, None)),
        ({"category": "legal_document", "agency_role": "in_scope"}, "document_issued", (10, 10, 10, None)),
        ({"category": "law_guidance"}, "law_issued", (15, 15, 15, None)),
        ({"category": "strategy_plan"}, "approved", (10, 10, 10, None)),
        ({"category": "project"}, "approved", (10, 10, 10, None)),
        ({"category": "science_topic"}, "approved", (20, 20, None, None)),
        ({"category": "science_topic"}, "accepted", (20, 20, None, None)),
        ({"category": "statistics"}, "decided_to_publish", (10, 10, 10, None)),
    ],
    ids=["C14 issuer", "C14 in scope", "C15", "C16 strategy", "C16 project", "C17 approved", "C17 accepted", "C18"],
)  # fmt: skip
def test_publication_limits(
    profiles: dict[str, Profile], facts: dict[str, str], trigger: str, expected: tuple[Any, ...]
) -> None:
    assert limits(profiles, trigger, "publish", **facts) == expected


def test_answers_are_due_by_law_in_two_regulations_and_by_default_in_two(
    profiles: dict[str, Profile],
) -> None:
    facts = {"question_class": "own"}
    found = [
        deadline_rule(profiles[key], "question_received", "answer", facts, TODAY).rule
        for key in FOUR
    ]

    assert [each and each.params.limit.n for each in found] == [5, 15, 15, 15]
    assert [each and each.params.legal for each in found] == [True, False, True, False]
    assert [each and each.params.start for each in found] == ["anchor", *["next_day"] * 3]


def test_moderation_has_a_limit_in_lang_son_only(profiles: dict[str, Profile]) -> None:
    assert limits(profiles, "assigned_to_member", "moderate") == (None, None, 2, None)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("intake.week", ["hanam"]),
        ("format.identity_number", ["hanam"]),
        ("format.citation", ["hanam"]),
        ("deadline.hop", ["hanam"]),
        ("deadline.answer_or_notice", ["langson"]),
        ("periodic.every", ["langson", "khanhhoa"]),
        ("periodic.yearly_before", ["hanam", "binhduong"]),
        ("format.recipient_named", ["langson"]),
        ("level.minimum", ["binhduong"]),
        ("separation.equal", ["langson", "khanhhoa"]),
        ("format.domain", list(FOUR)),
    ],
)
def test_what_only_some_of_them_ask_for(
    profiles: dict[str, Profile], function: str, expected: list[str]
) -> None:
    assert holders(profiles, function) == expected


def test_three_languages_are_served_in_lang_son_only(profiles: dict[str, Profile]) -> None:
    served: dict[str, Any] = {
        key: rule.params
        for key in FOUR
        for rule in profiles[key].rules.values()
        if rule.function == "format.language"
    }

    assert {key: params.languages for key, params in served.items()} == {
        "langson": ("vi", "en", "zh")
    }


def test_each_regulation_has_its_own_minimum_of_steps(profiles: dict[str, Profile]) -> None:
    required = {
        process.id: process.required for key in FOUR for process in profiles[key].processes.values()
    }

    assert required == {
        "hanam.minimum": ("receive", "edit", "moderate", "publish"),
        "binhduong.publishing": ("enter", "edit", "approve"),
        "langson.publishing": ("receive", "moderate", "edit", "approve", "publish"),
        "langson.publishing-sensitive": (
            "receive", "moderate", "edit", "agency_opinion", "approve", "publish",
        ),
        "khanhhoa.publishing": ("receive", "moderate", "approve", "upload", "compare", "publish"),
        "khanhhoa.publishing-outside": (
            "receive", "specialist_moderate", "moderate", "approve", "upload", "compare", "publish",
        ),
    }  # fmt: skip


def test_royalties_are_decided_by_whom_each_names(profiles: dict[str, Profile]) -> None:
    deciding: dict[str, Any] = {
        key: [rule.params for rule in profiles[key].rules.values() if rule.function == "royalty.rates"]
        for key in ("langson", "khanhhoa")
    }  # fmt: skip

    assert [(each.decides, each.proposes) for each in deciding["langson"]] == [
        ("centre", "deputy_board_head")
    ]
    assert [(each.decides, each.proposes) for each in deciding["khanhhoa"]] == [
        ("board_head", "member_centre")
    ]


def test_every_known_ambiguity_is_carried_by_a_rule(profiles: dict[str, Profile]) -> None:
    found = {
        each.id
        for profile in profiles.values()
        for rule in profile.rules.values()
        for each in rule.ambiguities
    }

    assert found == AMBIGUITIES
