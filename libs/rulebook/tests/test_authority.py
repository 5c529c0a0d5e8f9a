"""Authority: proofs and refusals, and that taking a position or a delegation away never adds a power."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.authority import Act, Authority, Delegation, Position, Powers, prove
from rulebook.explanation import LOCAL, Basis, Citation
from rulebook.profiles.model import Profile, Rule, Source, Span
from rulebook.profiles.params import PermissionAct
from rulebook.sentences import sentences

DAY = date(2024, 6, 10)
NOON = datetime(2024, 6, 10, 12, tzinfo=LOCAL)
YEAR = Span(date(2024, 1, 1), date(2025, 1, 1))


def permission(name: str, span: Span | None = None, **params: object) -> Rule[PermissionAct]:
    basis = Basis("mau", "1", "in_force", f"mau.{name}", Citation("QĐ 1", article="22"), "q", "s")
    made = PermissionAct.model_validate(params)
    return Rule(
        f"mau.{name}", "permission", "permission.act", made, basis, span or Span(date(2020, 1, 1))
    )


def profile(*rules: Rule[PermissionAct]) -> Profile:
    source = Source("QĐ 1", "UBND", None, "mau.txt")
    return Profile(
        "mau", "1", "Mẫu", source, Span(), "in_force", {rule.id: rule for rule in rules}, {}
    )


APPROVE = permission("approve", roles=["head"], acts=["approve"], delegable=True, in_writing=True)
CHAIN = permission("approve", roles=["head"], acts=["approve"], delegable=True, chain=True)
HEAD = Position("p1", "an", "head", "so", YEAR)
GIVEN = Delegation(
    "d1", "an", "binh", Span(date(2024, 6, 1), date(2024, 6, 11)), "GUQ 5", frozenset({"approve"})
)
ONWARD = Delegation("d2", "binh", "chi", YEAR, "GUQ 6", frozenset({"approve"}))


def ask(person: str, *rules: Rule[PermissionAct], powers: Powers, **changes: object) -> Authority:
    act = Act(person, "approve", "so", NOON)
    return prove(profile(*rules), replace(act, **changes), powers)  # pyright: ignore[reportArgumentType]


def reason(found: Authority) -> str:
    return found.explanation.steps[0].name


def test_a_position_gives_a_proof_that_can_be_kept():
    """The proof names the rule, the position and, where there is one, the document."""
    found = ask("an", APPROVE, powers=Powers((HEAD,)))

    assert found.proof is not None
    assert (found.proof.rule, found.proof.position, found.proof.at) == ("mau.approve", "p1", NOON)
    assert found.explanation.outcome.verdict == "allowed"


def test_a_delegation_gives_a_proof_with_its_document():
    """Binh acts for An by GUQ 5."""
    found = ask("binh", APPROVE, powers=Powers((HEAD,), (GIVEN,)))

    assert found.proof is not None
    assert (found.proof.position, found.proof.delegations, found.proof.documents) == (
        "p1",
        ("d1",),
        ("GUQ 5",),
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"span": Span(date(2024, 6, 1), DAY)}, "delegation-ended"),
        ({"span": Span(DAY + timedelta(1), None)}, "delegation-not-yet"),
        ({"revoked": NOON}, "delegation-revoked"),
        ({"revoked": NOON + timedelta(seconds=1)}, None),
        ({"sites": frozenset({"other"})}, "delegation-other-site"),
        ({"sites": frozenset({"so"})}, None),
        ({"categories": frozenset({"news"})}, "delegation-other-category"),
        ({"document": " "}, "delegation-without-document"),
        ({"acts": frozenset({"edit"})}, "no-position"),
        ({"giver": "dung"}, "giver-without-power"),
        ({"span": Span(DAY, DAY + timedelta(1))}, None),
    ],
    ids=[f"case-{n}" for n in range(11)],
)
def test_a_delegation_holds_only_within_its_time_and_scope(changes, why):
    """Half-open days, revocation to the second, site, category, act, document, the giver's own power."""
    found = ask("binh", APPROVE, powers=Powers((HEAD,), (replace(GIVEN, **changes),)))

    assert found.allowed == (why is None)
    if why is not None:
        assert reason(found) == why
        ways = [way.code for way in found.explanation.outcome.nearest]
        assert ways == ["ask-holder", "get-delegation"]
        assert found.explanation.outcome.nearest[0].values["people"] == ("an",)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"span": Span(date(2024, 1, 1), DAY)}, "position-ended"),
        ({"span": Span(DAY + timedelta(1), None)}, "position-not-yet"),
        ({"site": "other"}, "position-elsewhere"),
        ({"role": "member"}, "no-position"),
    ],
)
def test_a_position_holds_only_in_its_time_and_place(changes, why):
    """The day after the last one it is gone, and with it what it delegated."""
    powers = Powers((replace(HEAD, **changes),), (GIVEN,))

    assert reason(ask("an", APPROVE, powers=powers)) == why
    assert reason(ask("binh", APPROVE, powers=powers)) == "giver-without-power"


def test_no_chain_unless_the_rule_allows_one():
    """Chi was given by Binh what Binh was given by An."""
    powers = Powers((HEAD,), (GIVEN, ONWARD))

    refused, chained = ask("chi", APPROVE, powers=powers), ask("chi", CHAIN, powers=powers)

    assert reason(refused) == "giver-without-power"
    assert chained.proof is not None
    assert chained.proof.delegations == ("d2", "d1")


def test_a_circle_of_delegations_gives_nothing_and_ends():
    """Binh and Chi delegate to each other; neither has the power."""
    back = replace(ONWARD, id="d3", giver="chi", receiver="binh")

    assert not ask("chi", CHAIN, powers=Powers((), (ONWARD, back))).allowed


def test_an_act_that_cannot_be_delegated_is_refused_to_the_delegate():
    """And no delegation is offered as the nearest way."""
    personal = permission("approve", roles=["head"], acts=["approve"])

    found = ask("binh", personal, powers=Powers((HEAD,), (GIVEN,)))

    assert reason(found) == "not-delegable"
    assert [way.code for way in found.explanation.outcome.nearest] == ["ask-holder"]


DEPUTY = permission("deputy", roles=["deputy"], acts=["approve"], condition="absent_or_authorised")
STRICT = permission(
    "deputy", roles=["deputy"], acts=["approve"], condition="authorised", in_writing=True
)
PERSONAL = permission("approve", roles=["head"], acts=["approve"])
TWO = (HEAD, Position("p2", "binh", "deputy", "so", YEAR))


@pytest.mark.parametrize(
    ("deputy", "delegations", "absent", "allowed"),
    [
        (DEPUTY, (), frozenset(), False),
        (DEPUTY, (), frozenset({"head"}), True),
        (DEPUTY, (GIVEN,), frozenset(), True),
        (STRICT, (), frozenset({"head"}), False),
        (STRICT, (GIVEN,), frozenset(), True),
        (STRICT, (replace(GIVEN, document=""),), frozenset(), False),
        (STRICT, (replace(GIVEN, giver="chi"),), frozenset(), False),
    ],
    ids=["no word", "absent", "authorised", "absence is not enough", "in writing", "no paper", "by another"],
)  # fmt: skip
def test_a_deputy_acts_when_the_head_is_away_or_says_so(deputy, delegations, absent, allowed):
    """Lạng Sơn Đ12 k2 and Khánh Hòa Đ5 k2 (AMB-22)."""
    found = ask("binh", PERSONAL, deputy, powers=Powers(TWO, delegations), absent=absent)

    assert found.allowed == allowed


@pytest.mark.parametrize(("section", "allowed"), [("law", True), ("news", False), (None, False)])
def test_a_member_acts_in_the_sections_assigned(section, allowed):
    """Khánh Hòa Đ5 k4-k8: each in their field."""
    rule = permission("member", roles=["member"], acts=["approve"], condition="own_field")
    member = Position("p3", "chi", "member", "so", YEAR, frozenset({"law"}))

    assert ask("chi", rule, powers=Powers((member,)), section=section).allowed == allowed


def test_a_rule_for_some_categories_gives_nothing_in_others():
    """The category is part of the question."""
    rule = permission("approve", roles=["head"], acts=["approve"], categories=["news"])

    assert ask("an", rule, powers=Powers((HEAD,)), category="news").allowed
    assert not ask("an", rule, powers=Powers((HEAD,)), category="project").allowed


def test_a_rule_that_has_ended_gives_nothing():
    """The last day is the one before its end."""
    ended = permission("approve", Span(date(2020, 1, 1), DAY), roles=["head"], acts=["approve"])

    found = ask("an", ended, powers=Powers((HEAD,)))

    assert found.explanation.outcome.name == "nobody-may-act"
    assert found.explanation.outcome.nearest


def test_a_naive_time_is_refused():
    """No authority at no instant."""
    with pytest.raises(ValueError, match="at"):
        ask("an", APPROVE, powers=Powers((HEAD,)), at=datetime.fromisoformat("2024-06-10T12:00"))


def test_a_refusal_is_told_in_both_languages():
    """Why not, and who may."""
    found = ask("binh", APPROVE, powers=Powers((HEAD,), (replace(GIVEN, span=Span(None, DAY)),)))

    assert sentences(found.explanation, "vi")[:2] == (
        "binh không được thực hiện “duyệt” tại so.",
        "Cách gần nhất: đề nghị head (an) thực hiện.",
    )
    assert "ended on Mon 10/06/2024" in " ".join(sentences(found.explanation, "en"))


PEOPLE = st.sampled_from(["an", "binh", "chi", "dung"])
SPANS = st.builds(
    lambda start, length: Span(DAY + timedelta(start), DAY + timedelta(start + length)),
    st.integers(-3, 2),
    st.integers(1, 5),
)
POSITIONS = st.builds(
    Position, st.uuids().map(str), PEOPLE, st.sampled_from(["head", "deputy", "member"]),
    st.sampled_from(["so", "so", "other"]), SPANS,
    st.frozensets(st.sampled_from(["law", "news"]), max_size=2),
)  # fmt: skip
DELEGATIONS = st.builds(
    Delegation, st.uuids().map(str), PEOPLE, PEOPLE, SPANS, st.sampled_from(["GUQ 1", "GUQ 2", ""]),
    st.just(frozenset({"approve"})), st.none() | st.just(frozenset({"so"})), st.none(),
    st.none() | st.sampled_from([NOON, NOON + timedelta(hours=1)]),
)  # fmt: skip
RULES = st.lists(
    st.builds(
        lambda n, role, delegable, chain, writing, condition: permission(
            f"r{n}", roles=[role], acts=["approve"], delegable=delegable, chain=chain,
            in_writing=writing, condition=condition,
        ),
        st.integers(0, 99), st.sampled_from(["head", "deputy", "member"]), st.booleans(),
        st.booleans(), st.booleans(),
        st.sampled_from(["none", "none", "own_field", "absent_or_authorised", "authorised"]),
    ),
    min_size=1, max_size=4, unique_by=lambda rule: rule.id,
)  # fmt: skip


@settings(max_examples=400)
@given(st.data(), RULES, st.lists(POSITIONS, max_size=6), st.lists(DELEGATIONS, max_size=6))
def test_taking_a_position_or_a_delegation_away_never_adds_a_power(
    data, rules, positions, delegations
):
    """Whoever is allowed with less was allowed with more."""
    more = Powers(tuple(positions), tuple(delegations))
    less = Powers(
        tuple(each for each in positions if data.draw(st.booleans())),
        tuple(each for each in delegations if data.draw(st.booleans())),
    )
    absent = data.draw(st.frozensets(st.sampled_from(["head", "deputy", "member"])))
    section = data.draw(st.sampled_from([None, "law", "news"]))

    for person in ("an", "binh", "chi", "dung"):
        if ask(person, *rules, powers=less, absent=absent, section=section).allowed:
            assert ask(person, *rules, powers=more, absent=absent, section=section).allowed


@settings(max_examples=300)
@given(RULES, st.lists(POSITIONS, max_size=6), st.lists(DELEGATIONS, max_size=6), PEOPLE)
def test_every_proof_can_be_checked_by_hand(rules, positions, delegations, person):
    """The position exists, holds on the day and has the rule's role; each delegation leads from giver to receiver."""
    found = ask(person, *rules, powers=Powers(tuple(positions), tuple(delegations)))
    if found.proof is None:
        assert found.explanation.outcome.nearest
        return
    proof = found.proof
    position = next(each for each in positions if each.id == proof.position)
    assert position.span.holds(DAY)
    assert position.site == "so"
    assert position.role in next(each for each in rules if each.id == proof.rule).params.roles
    given_ones = [next(each for each in delegations if each.id == one) for one in proof.delegations]
    assert all(
        each.span.holds(DAY) and (each.revoked is None or each.revoked > NOON)
        for each in given_ones
    )
    assert not given_ones or given_ones[0].receiver == person
    assert all(one.giver == two.receiver for one, two in pairwise(given_ones))


def test_a_thousand_delegations_in_a_row_are_followed_in_a_moment():
    """Linear in the delegations, however they are chained."""
    people = [f"p{n}" for n in range(1001)]
    chain = tuple(
        Delegation(f"d{n}", people[n], people[n + 1], YEAR, "GUQ", frozenset({"approve"}))
        for n in range(1000)
    )
    head = replace(HEAD, person="p0")

    found = ask("p1000", CHAIN, powers=Powers((head,), chain))

    assert found.proof is not None
    assert len(found.proof.delegations) == 1000
