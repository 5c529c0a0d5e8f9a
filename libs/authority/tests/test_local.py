"""Who may do what, here and now: proof, refusal with the nearest way, and 503 where too little is known."""

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from authority import Asked
from authority.known import Hole, Known
from authority.testing import NOON, Told, an_authority, signed_in
from common.errors import Forbidden, Unavailable
from rulebook.authority import Act, prove
from rulebook.profiles.loader import load_profiles

ANSWER = Asked("answer", "hanam")
HANAM = load_profiles()["hanam@1"]


def refusal_of(authority, who, asked, at):
    with pytest.raises(Forbidden) as refusal:
        authority.demand(who, asked, at)
    return refusal.value


def test_a_position_gives_a_proof_for_the_commit(told):
    document = an_authority(told).demand(signed_in("thu-truong"), ANSWER, NOON).document

    assert document["person"] == "thu-truong"
    assert document["position"] == "thu-truong.agency-head"
    assert (document["rule"], document["profile"]) == ("hanam.d10.k6.who-answers", "hanam@1")
    assert document["directory"] == [
        ["directory.person", "/directory/person/thu-truong", 3],
        ["directory.site", "/directory/site/hanam", 1],
    ]
    assert orjson.loads(orjson.dumps(document)) == document


def test_a_token_for_another_site_proves_nothing(told):
    authority, who = an_authority(told), signed_in("thu-truong")

    refused = refusal_of(authority, replace(who, site="langson"), ANSWER, NOON)

    assert (refused.code, refused.extra) == ("other-site", {"site": "langson"})
    assert authority.demand(replace(who, site="hanam"), ANSWER, NOON).document["person"] == "thu-truong"  # fmt: skip


def test_a_delegation_gives_a_proof_that_names_its_document_and_its_givers_stream(told):
    document = an_authority(told).demand(signed_in("can-bo"), ANSWER, NOON).document

    assert (document["delegations"], document["documents"]) == (["uq-1"], ["12/QĐ-UBND"])
    assert document["position"] == "thu-truong.agency-head"
    streams = {stream for _, stream, _ in document["directory"]}
    assert {"/directory/delegation/uq-1", "/directory/person/thu-truong"} <= streams


def test_a_refusal_names_rule_article_words_and_the_nearest_way(told):
    refused = refusal_of(an_authority(told), signed_in("truong-ban"), ANSWER, NOON)

    assert refused.code == "not-authorised"
    assert refused.extra["rule"] == "hanam.d10.k6.who-answers"
    assert "Điều 10" in refused.extra["article"]["vi"]
    assert "người đứng đầu cơ quan" in refused.extra["quote"]
    ways = {way["code"]: way for way in refused.extra["nearest"]}
    assert ways["ask-holder"]["people"] == ["thu-truong"]
    assert "get-delegation" in ways
    assert refused.extra["sentences"]["vi"][0].startswith("truong-ban không được")
    assert orjson.dumps(refused.extra)


def test_an_act_that_no_rule_gives_to_anybody_is_refused(told):
    refused = refusal_of(an_authority(told), signed_in("thu-truong"), Asked("fly", "hanam"), NOON)

    assert refused.extra["nearest"][0]["code"] == "adopt-a-rule"


@pytest.mark.parametrize("issuer", ["https://id.example/", "https://evil.example", ""])
def test_the_same_subject_of_another_issuer_is_nobody(told, issuer):
    refused = refusal_of(an_authority(told), signed_in("thu-truong", issuer), ANSWER, NOON)

    assert refused.code == "person-unknown"


def test_a_sign_in_follows_its_link(told):
    told.unlink("thu-truong", "thu-truong")
    told.link("truong-ban", "thu-truong", at=NOON + timedelta(seconds=1))

    authority = an_authority(told)

    assert authority.person_of(signed_in("thu-truong")) == "truong-ban"
    refusal_of(authority, signed_in("thu-truong"), ANSWER, NOON)


def test_a_link_that_moved_counts_before_its_unlinking_is_heard(told):
    told.link("truong-ban", "thu-truong", at=NOON + timedelta(seconds=1))

    assert an_authority(told).person_of(signed_in("thu-truong")) == "truong-ban"


def test_what_the_caller_says_of_the_site_does_not_count(told):
    told.person("chu-tich")
    told.position("chu-tich", "agency_head")
    asked = Asked("establish_board", "hanam", facts={"site_kind": "department"})

    refusal_of(an_authority(told), signed_in("chu-tich"), asked, NOON)


def test_a_revocation_counts_at_once_though_the_yes_was_kept(told):
    authority = an_authority(told)
    authority.demand(signed_in("can-bo"), ANSWER, NOON)

    authority.followed.known.take(told.revoked("uq-1", NOON))

    assert "revoked" in refusal_of(authority, signed_in("can-bo"), ANSWER, NOON).detail


def test_a_revocation_for_later_counts_from_its_moment_on(told):
    told.revoked("uq-1", NOON + timedelta(minutes=5))
    authority = an_authority(told)

    authority.followed.heard = NOON + timedelta(minutes=4)

    authority.demand(signed_in("can-bo"), ANSWER, NOON)
    authority.demand(signed_in("can-bo"), ANSWER, NOON + timedelta(minutes=4, seconds=59))
    refusal_of(authority, signed_in("can-bo"), ANSWER, NOON + timedelta(minutes=5))


def test_an_officer_who_moves_at_midnight_acts_here_until_then_and_there_from_then(told):
    """The law's day ends at 17:00 UTC."""
    told.site("hanam-snv", kind="department")
    told.person("chuyen")
    told.position("chuyen", "agency_head", valid_to="2026-11-24")
    told.position(
        "chuyen", "agency_head", site="hanam-snv", position_id="c2", valid_from="2026-11-24"
    )
    authority = an_authority(told)
    midnight = NOON.replace(hour=17)
    before = midnight - timedelta(milliseconds=1)
    authority.followed.heard = midnight
    there = Asked("answer", "hanam-snv")

    authority.demand(signed_in("chuyen"), ANSWER, before)
    refusal_of(authority, signed_in("chuyen"), there, before)
    refusal_of(authority, signed_in("chuyen"), ANSWER, midnight)
    authority.demand(signed_in("chuyen"), there, midnight)


def test_somebody_whose_entry_is_over_is_nobody(told):
    told.person("cu", valid_to="2026-11-23")
    told.position("cu", "agency_head")

    assert refusal_of(an_authority(told), signed_in("cu"), ANSWER, NOON).code == "person-unknown"


def test_a_closed_site_names_its_successor(told):
    told.site("moi")
    told.closed("hanam", "2026-11-23", "moi")

    refused = refusal_of(an_authority(told), signed_in("thu-truong"), ANSWER, NOON)

    assert (refused.code, refused.extra["successor"]) == ("site-not-open", "moi")


# -- house rules ------------------------------------------------------------------------------


def test_the_house_rules_where_the_regulation_is_silent_and_never_against_it(told):
    told.person("quan-tri")
    told.position("quan-tri", "administrator", site="installation")
    told.person("quan-tri-trang")
    told.position("quan-tri-trang", "site_administrator")
    authority = an_authority(told)

    everywhere = authority.demand(signed_in("quan-tri"), Asked("register_person", "hanam"), NOON)
    here = authority.demand(signed_in("quan-tri-trang"), Asked("register_person", "hanam"), NOON)
    assert everywhere.document["rule"] == "house.administrator"
    assert here.document["rule"] == "house.site-administrator"
    refusal_of(authority, signed_in("quan-tri"), ANSWER, NOON)
    refusal_of(authority, signed_in("quan-tri-trang"), Asked("open_site", "installation"), NOON)
    authority.demand(signed_in("quan-tri"), Asked("open_site", "installation"), NOON)


# -- how much is known ------------------------------------------------------------------------


def test_nothing_is_said_before_the_facts_are_loaded():
    with pytest.raises(Unavailable) as refusal:
        an_authority().demand(signed_in("thu-truong"), ANSWER, NOON)

    assert refusal.value.code == "authority-not-ready"


@pytest.mark.parametrize(
    ("silent", "person", "outcome"),
    [
        (119, "thu-truong", "yes"),
        (119, "truong-ban", "no"),
        (121, "thu-truong", "yes"),
        (121, "truong-ban", "503"),
        (121, "nobody-known", "503"),
        (299, "thu-truong", "yes"),
        (300, "thu-truong", "503"),
        (None, "thu-truong", "503"),
    ],
)
def test_a_no_is_not_said_from_old_news_and_a_yes_not_from_very_old_ones(
    told, silent, person, outcome
):
    authority = an_authority(told)
    authority.followed.heard = NOON - timedelta(seconds=silent) if silent is not None else None

    assert said(authority, signed_in(person), NOON) == outcome


def said(authority, who, at, asked=ANSWER):
    try:
        authority.demand(who, asked, at)
    except Forbidden:
        return "no"
    except Unavailable as unavailable:
        return "503" if unavailable.retry_after > 0 else "503 for ever"
    return "yes"


@pytest.mark.parametrize(
    ("stuck", "person", "outcome"),
    [
        ("/directory/person/thu-truong", "thu-truong", "503"),
        ("/directory/person/thu-truong", "can-bo", "503"),
        ("/directory/delegation/uq-1", "can-bo", "503"),
        ("/directory/delegation/uq-1", "thu-truong", "yes"),
        ("/directory/site/hanam", "thu-truong", "503"),
        ("/directory/person/another", "thu-truong", "yes"),
        ("/directory/person/another", "truong-ban", "503"),
    ],
)
def test_facts_that_wait_somewhere_are_news_that_is_missing(told, stuck, person, outcome):
    authority = an_authority(told)
    authority.followed.stuck = frozenset({stuck})

    assert said(authority, signed_in(person), NOON) == outcome


def test_an_unknown_site_is_503_while_the_directory_is_late_and_403_after(told):
    authority = an_authority(told)
    nowhere = Asked("answer", "nowhere")

    assert said(authority, signed_in("thu-truong"), NOON, nowhere) == "no"
    assert said(authority, signed_in("thu-truong"), NOON + timedelta(seconds=121), nowhere) == "503"


# -- what is known ----------------------------------------------------------------------------


def test_a_repeat_is_nothing_new_and_a_hole_is_noticed(told):
    known = told.known()
    version = known.version

    known.take(told.facts[0])
    assert known.version == version
    with pytest.raises(Hole):
        Known().take(told.facts[2])


@given(st.randoms(use_true_random=False))
def test_streams_may_come_in_any_order(random):
    told = a_story()
    streams = {}
    for fact in told.facts:
        streams.setdefault(fact.stream, []).append(fact)
    shuffled = Known()
    while streams:
        name = random.choice(sorted(streams))
        shuffled.take(streams[name].pop(0))
        if not streams[name]:
            del streams[name]

    straight = told.known()
    assert shuffled.reached == straight.reached
    for person in straight.people:
        assert answer_of(shuffled, person) == answer_of(straight, person)


def answer_of(known, person, at=None):
    act = Act(person, "answer", "hanam", at or NOON, facts={"site_kind": "province"})
    return prove(HANAM, act, known.powers_of([person, *known.people_at("hanam")])).explanation


def a_story():
    told = Told()
    told.site()
    for name in ("an", "binh", "chi", "dung"):
        told.person(name)
    told.position("an", "agency_head")
    told.position("binh", "board_head")
    told.position("chi", "deputy_board_head")
    told.delegation("uq-1", "an", "chi", ["answer"])
    told.delegation("uq-2", "chi", "dung", ["answer"])
    told.ended("binh", "board_head", "2026-12-01")
    return told


# -- kept answers -----------------------------------------------------------------------------

MOMENTS = st.integers(min_value=-400_000, max_value=400_000)


@given(
    st.lists(
        st.tuples(st.sampled_from(["an", "binh", "chi", "dung"]), MOMENTS, st.booleans()),
        min_size=1,
        max_size=25,
    ),
    st.lists(MOMENTS, max_size=3),
)
def test_a_kept_answer_is_what_the_rulebook_says_at_that_moment_letter_by_letter(
    questions, revocations
):
    told = a_story()
    authority = an_authority(told)
    followed = authority.followed
    waiting = list(revocations)
    for person, seconds, revokes in questions:
        if revokes and waiting:
            moment = NOON + timedelta(seconds=waiting.pop())
            followed.known.take(told.revoked("uq-1", moment))
        at = NOON + timedelta(seconds=seconds)
        followed.heard = at
        decision = authority.decide(person, ANSWER, at)
        act = Act(person, "answer", "hanam", at, facts={"site_kind": "province"})
        wide = followed.known.powers_of([person, *followed.known.people_at("hanam")])
        fresh = prove(HANAM, act, wide)
        assert decision.authority.proof == fresh.proof
        assert decision.explanation.to_json() == fresh.explanation.to_json()
