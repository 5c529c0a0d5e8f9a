"""Who may act under the four regulations as they stand: every power can be used by somebody, and only by them."""

from datetime import date, datetime

import pytest

from rulebook.authority import Act, Delegation, Position, Powers, prove
from rulebook.explanation import LOCAL
from rulebook.profiles.model import Span
from rulebook.profiles.params import PermissionAct
from rulebook.sentences import sentences

NOON = datetime(2024, 6, 10, 12, tzinfo=LOCAL)
ALWAYS = Span(date(2000, 1, 1), None)
WITH_A_WORD = {"authorised", "absent_or_authorised"}


def holder(role: str, person: str = "an", *sections: str) -> Position:
    return Position(f"{person}.{role}", person, role, "site", ALWAYS, frozenset(sections))


def word(
    act: str, giver: str = "head", receiver: str = "an", document: str = "GUQ 5/2024"
) -> Delegation:
    return Delegation("d", giver, receiver, ALWAYS, document, frozenset({act}))


def test_every_power_of_every_profile_can_be_used_by_somebody(profiles):
    """A position in the role, the section assigned, the head's word where it is needed: a proof comes of it."""
    for profile in profiles.values():
        rules = [rule for rule in profile.rules.values() if isinstance(rule.params, PermissionAct)]
        free = {
            act: rule.params.roles[0]
            for rule in rules
            if rule.params.condition == "none"
            for act in rule.params.acts
        }
        for rule in (each for each in rules if each.span.holds(NOON.date())):
            for act in rule.params.acts:
                positions = [holder(rule.params.roles[0], "an", "field")]
                needs_word = rule.params.condition in WITH_A_WORD
                positions += [holder(free[act], "head")] if needs_word else []
                category = next(iter(rule.params.categories), None)
                facts = {key: min(values) for key, values in rule.when.items()}

                found = prove(
                    profile,
                    Act("an", act, "site", NOON, category, "field", facts=facts),
                    Powers(tuple(positions), (word(act),) if needs_word else ()),
                )

                assert found.allowed, (rule.id, act)


def test_nobody_without_a_position_may_do_anything_and_is_told_who_may(profiles):
    """Every refusal names the nearest way and can be told in both languages."""
    for profile in profiles.values():
        acts = {
            act
            for rule in profile.rules.values()
            if isinstance(rule.params, PermissionAct)
            for act in rule.params.acts
        }
        for act in sorted(acts):
            found = prove(profile, Act("stranger", act, "site", NOON), Powers(()))

            assert not found.allowed
            assert found.explanation.outcome.nearest
            assert len(sentences(found.explanation, "vi")) == len(
                sentences(found.explanation, "en")
            )


@pytest.mark.parametrize(
    ("kind", "role", "allowed"),
    [
        ("province", "province_chair", True),
        ("province", "agency_head", False),
        ("department", "agency_head", True),
        (None, "agency_head", False),
    ],
)
def test_a_power_given_for_some_sites_holds_only_there(profiles, kind, role, allowed):
    """Hà Nam Đ11 k1: the chair sets up the provincial board, heads their own; which site it is must be said."""
    facts = {"site_kind": kind} if kind else {}

    found = prove(
        profiles["hanam"],
        Act("an", "establish_board", "site", NOON, facts=facts),
        Powers((holder(role),)),
    )

    assert found.allowed == allowed
    if kind is None:
        assert [way.code for way in found.explanation.outcome.nearest] == ["name-circumstances"]


@pytest.mark.parametrize(
    ("profile", "act", "role", "delegated", "absent", "allowed"),
    [
        ("hanam", "answer", "agency_head", False, (), True),
        ("hanam", "answer", None, True, (), True),
        ("hanam", "answer", "board_member", False, (), False),
        ("binhduong", "approve", "board_head", False, (), True),
        ("binhduong", "approve", None, True, (), True),
        ("binhduong", "approve", "deputy_board_head", False, (), False),
        ("binhduong", "edit", "deputy_board_head", False, (), True),
        ("langson", "approve", "board_head", False, (), True),
        ("langson", "approve", "deputy_board_head", False, (), False),
        ("langson", "approve", "deputy_board_head", False, ("board_head",), True),
        ("langson", "approve", "deputy_board_head", True, (), True),
        ("langson", "rate", "deputy_board_head", False, (), True),
        ("khanhhoa", "approve", "deputy_board_head", False, (), False),
        ("khanhhoa", "approve", "deputy_board_head", True, (), True),
        ("khanhhoa", "publish", "board_secretary", False, (), True),
        ("khanhhoa", "publish", "member_centre", False, (), False),
        ("khanhhoa", "decide_royalty", "board_head", False, (), True),
    ],
    ids=[f"case-{n}" for n in range(17)],
)  # fmt: skip
def test_the_cases_the_four_texts_tell_apart(
    profiles, profile, act, *, role, delegated, absent, allowed
):
    """HN Đ10 k6, BD Đ22, LS Đ12, KH Đ5 and Đ8 (AMB-22): head, deputy, delegate, secretary."""
    head = {"hanam": "agency_head"}.get(profile, "board_head")
    positions = (holder(head, "head"), *((holder(role),) if role else ()))
    delegations = (word(act),) if delegated else ()

    found = prove(
        profiles[profile],
        Act("an", act, "site", NOON, absent=frozenset(absent)),
        Powers(positions, delegations),
    )

    assert found.allowed == allowed
