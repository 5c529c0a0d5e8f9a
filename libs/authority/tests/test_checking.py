"""The checker of all acts believes nothing: each way in which a proof can be wrong is found."""

import copy
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from authority import Asked
from authority.checking import Entry, check
from authority.testing import NOON, Told, an_authority, signed_in
from common.canonical import canonical
from common.log.model import GENESIS, Commit, Part, StoredFact

LATER = NOON + timedelta(hours=1)
_numbers = count(1)


def commit(proof, *, actor="thu-truong", at=LATER, site="hanam", cause="http:thu-truong:POST /x:k"):
    number = next(_numbers)
    part = Part(f"/editorial/article/a{number}", 1, GENESIS, GENESIS, (), {})
    return Commit(f"c{number:06d}", f"{cause}{number}", "", (part,), actor, site, at, proof)


def log_of(told) -> list[Commit]:
    """The directory's log that says what was told."""
    found = []
    for fact in told.facts:
        stored = StoredFact(
            str(fact.said.name()), fact.topic, fact.sequence, canonical(fact.said.data()).decode()
        )
        part = Part(fact.stream, fact.sequence, GENESIS, GENESIS, (stored,), {})
        found.append(
            Commit(f"d{next(_numbers):06d}", "test:", "", (part,), "test", "hanam", fact.at, {})
        )
    return found


def proof_of(told, subject="thu-truong", act="answer", at=LATER):
    authority = an_authority(told)
    authority.followed.heard = at
    return authority.demand(signed_in(subject), Asked(act, "hanam"), at).document


def faults(told, *commits) -> list[str]:
    found = check(log_of(told), [Entry("editorial", each) for each in commits])
    return [finding.fault for finding in found.findings]


def test_what_was_allowed_is_proved_again(told):
    verdict = check(
        log_of(told),
        [
            Entry("editorial", commit(proof_of(told))),
            Entry("editorial", commit(proof_of(told, "can-bo"), actor="can-bo")),
            Entry("editorial", commit({}, cause="clock:x:y:", actor="service:editorial")),
        ],
    )

    assert verdict.holds, verdict.findings
    assert (verdict.proved, verdict.by_the_system) == (2, 1)


def test_an_act_without_a_proof_is_found(told):
    assert faults(told, commit({}), commit({"by": "trust-me"})) == ["no-proof", "no-proof"]


@pytest.mark.parametrize("cause", ["import:abc:7", "http:x:POST /y:z", "anything:else", ""])
def test_every_cause_but_clocks_and_facts_is_somebodys_act(told, cause):
    """The rows of an import are acts of whoever sent the file."""
    assert faults(told, commit({}, cause=cause)) == ["no-proof"]
    assert faults(told, commit(proof_of(told), cause=cause)) == []


def test_another_persons_proof_is_found(told):
    assert faults(told, commit(proof_of(told), actor="truong-ban")) == ["not-the-actor"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda p: p["explanation"]["inputs"].update(act="decide_royalty"), "other-reasons"),
        (lambda p: p["explanation"]["inputs"].update(act="moderate"), "not-valid"),
        (lambda p: p["explanation"]["inputs"].update(at="2018-01-01T00:00:00+07:00"), "not-valid"),
        (lambda p: p["explanation"]["inputs"].update(at="2026-11-23T12:00:00+07:00"), "other-moment"),
        (lambda p: p["explanation"]["outcome"].update(verdict="value"), "other-reasons"),
        (lambda p: p["explanation"]["basis"].update(quote="…"), "other-reasons"),
        (lambda p: p.update(rule="hanam.d10.k6.who-classifies"), "other-reasons"),
        (lambda p: p.update(profile="binhduong@1"), "not-a-rule-of-the-site"),
        (lambda p: p.update(profile="nowhere@1"), "not-readable"),
        (lambda p: p.pop("explanation"), "not-readable"),
        (lambda p: p["directory"].clear(), "not-valid"),
        (lambda p: p["directory"][0].__setitem__(2, 99), "facts-missing"),
        (lambda p: p["explanation"]["inputs"]["facts"].update(site_kind="department"), "not-a-rule-of-the-site"),
    ],
    ids=["act", "power", "moment", "earlier", "verdict", "words", "rule", "regulation", "unknown", "reasons", "no facts", "no such fact", "kind"],
)  # fmt: skip
def test_a_proof_that_was_changed_is_found(told, change, fault):
    proof = copy.deepcopy(proof_of(told))
    change(proof)

    assert fault in faults(told, commit(proof))


def test_a_proof_for_another_site_than_the_commits_is_found(told):
    assert faults(told, commit(proof_of(told), site="langson")) == ["not-a-rule-of-the-site"]


def test_a_delegation_that_was_revoked_before_the_act_is_found_where_it_was_not_heard_yet(told):
    proof = proof_of(told, "can-bo")
    told.revoked("uq-1", LATER - timedelta(seconds=5))

    assert faults(told, commit(proof, actor="can-bo")) == ["overtaken"]


def test_what_happened_after_the_act_changes_nothing(told):
    proof = proof_of(told, "can-bo")
    told.revoked("uq-1", LATER + timedelta(seconds=5))
    told.ended("thu-truong", "agency_head", "2026-11-24")

    assert faults(told, commit(proof, actor="can-bo")) == []


def test_a_power_that_was_given_only_after_the_act_does_not_count(told):
    told.person("moi")
    log = log_of(told)
    position = told.position("moi", "agency_head")
    told.facts[-1] = replace(position, at=LATER + timedelta(minutes=1))
    proof = proof_of(told, "moi")
    del proof["directory"]

    found = check([*log, *log_of(told)[-1:]], [Entry("x", commit(proof, actor="moi"))])

    assert [finding.fault for finding in found.findings] == ["not-valid"]


def test_the_house_may_not_speak_where_the_regulation_does():
    told = Told()
    told.site()
    told.person("quan-tri")
    told.position("quan-tri", "administrator", site="installation")
    good = proof_of(told, "quan-tri", "register_person")
    assert faults(told, commit(good, actor="quan-tri")) == []

    bad = copy.deepcopy(good)
    bad["explanation"]["inputs"]["act"] = "establish_board"
    bad["explanation"]["inputs"]["site"] = "hanam"

    assert "not-a-rule-of-the-site" in faults(told, commit(bad, actor="quan-tri"))


@pytest.mark.parametrize(("minutes", "expected"), [(-5, []), (5, ["not-valid"])])
def test_a_beginners_scope_counts_only_before_there_is_an_administrator(minutes, expected):
    told = Told()
    told.person("quan-tri")
    told.position("quan-tri", "administrator", site="installation")
    proof = {"by": "token", "subject": "x", "scope": "directory:write"}

    assert faults(told, commit(proof, at=NOON + timedelta(minutes=minutes))) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"valid_from": "2026-11-24"}, []),
        ({"valid_from": "2026-11-23"}, ["not-valid"]),
        ({"valid_to": "2026-11-23"}, []),
        ({"site": "hanam"}, []),
    ],
    ids=["not yet", "from today", "no longer", "elsewhere"],
)
def test_a_beginners_scope_counts_while_no_administrators_position_holds(days, expected):
    told = Told()
    told.person("quan-tri")
    told.position("quan-tri", "administrator", **({"site": "installation"} | days))
    proof = {"by": "token", "subject": "x", "scope": "directory:write"}

    assert faults(told, commit(proof)) == expected


def test_an_act_of_ones_own_is_by_that_person_or_entered_by_somebody_who_may(told):
    own = {"by": "oneself", "person": "thu-truong", "acts": ["record_decision"], "site": "hanam"}
    recorded = own | {"recorded_by": proof_of(told)}

    assert faults(told, commit(own), commit(recorded)) == []
    assert faults(told, commit(own, actor="can-bo")) == ["not-the-actor"]
    assert faults(told, commit(recorded, actor="can-bo")) == ["not-the-actor"]
