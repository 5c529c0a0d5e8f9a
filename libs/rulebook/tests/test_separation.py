"""Separation of duties: order of steps, approved equals published, different people."""

from datetime import date

import pytest

from rulebook.explanation import Basis, Citation
from rulebook.profiles.model import Rule
from rulebook.profiles.params import SeparationDistinct, SeparationEqual, SeparationOrder
from rulebook.separation import by_different_people, gives_to_role, in_order, same_as_approved

DAY = date(2024, 6, 10)
BASIS = Basis("mau", "1", "in_force", "mau.r", Citation("QĐ 1"), "q", "s")
ORDER = Rule(
    "mau.r",
    "separation",
    "separation.order",
    SeparationOrder(process="mau.p", steps=("moderate", "approve", "publish")),
    BASIS,
)
EQUAL = Rule(
    "mau.r",
    "separation",
    "separation.equal",
    SeparationEqual(
        process="mau.p", approved="approve", compared="publish", over=("title", "body")
    ),
    BASIS,
)
DISTINCT = Rule(
    "mau.r",
    "separation",
    "separation.distinct",
    SeparationDistinct(process="mau.p", pairs=(("enter", "approve"),)),
    BASIS,
)


@pytest.mark.parametrize(
    ("done", "step", "kept", "first"),
    [
        ((), "moderate", True, None),
        ((), "approve", False, "moderate"),
        (("moderate",), "approve", True, None),
        (("approve",), "publish", False, "moderate"),
        (("moderate", "approve"), "publish", True, None),
        ((), "comment", True, None),
    ],
)
def test_no_step_is_taken_before_those_the_rule_puts_first(done, step, kept, first):
    """A refusal names the step to take first."""
    found = in_order(ORDER, done, step, DAY)

    assert found.kept == kept
    assert [way.values["step"] for way in found.explanation.outcome.nearest] == (
        [first] if first else []
    )


@pytest.mark.parametrize(
    ("uploaded", "parts"),
    [
        ({"title": "a", "body": "b"}, ()),
        ({"title": "a", "body": "c"}, ("body",)),
        ({"title": "x", "body": "c"}, ("title", "body")),
        ({"title": "a", "body": "b", "metadata": "z"}, ()),
    ],
)
def test_what_is_published_is_what_was_approved(uploaded, parts):
    """Khánh Hòa Đ8 Bước 4: any difference blocks; upload again or ask for supplementary approval (AMB-23)."""
    found = same_as_approved(EQUAL, {"title": "a", "body": "b"}, uploaded, DAY)

    assert found.kept == (parts == ())
    assert found.explanation.outcome.values.get("parts", ()) == parts
    assert [way.code for way in found.explanation.outcome.nearest] == (
        ["upload-again", "approve-again"] if parts else []
    )


def test_a_part_without_a_digest_is_refused_by_name():
    """Nothing is equal to nothing."""
    with pytest.raises(ValueError, match="compared: no digest of body"):
        same_as_approved(EQUAL, {"title": "a", "body": "b"}, {"title": "a"}, DAY)


@pytest.mark.parametrize(
    ("step", "person", "kept"),
    [("approve", "an", False), ("approve", "binh", True), ("edit", "an", True)],
)
def test_one_person_does_not_take_both_steps(step, person, kept):
    """Who entered an item does not approve it."""
    assert by_different_people(DISTINCT, {"enter": "an"}, step, person, DAY).kept == kept


def test_the_order_of_the_pair_does_not_matter():
    """Who approved it does not enter it either."""
    assert not by_different_people(DISTINCT, {"approve": "an"}, "enter", "an", DAY).kept


@pytest.mark.parametrize(
    ("role", "act", "given"), [("board_head", "approve", True), ("board_member", "approve", False)]
)
def test_a_rule_gives_an_act_to_a_role(profiles, role, act, given):
    """Bình Dương Đ22 Bước 3: the head approves."""
    rules = [
        r
        for r in profiles["binhduong"].rules.values()
        if r.function == "permission.act" and "approve" in r.params.acts
    ]

    found = [gives_to_role(rule, role, act, DAY) for rule in rules]

    assert any(each.kept for each in found) == given
    assert all(each.kept or each.explanation.outcome.nearest for each in found)
