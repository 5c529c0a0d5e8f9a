"""Profiles: strict about shape, refused with all their faults, each with a counter-example."""

import copy
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rulebook.choose import applicable
from rulebook.profiles.faults import BadProfile, Fault
from rulebook.profiles.graph import ways_round
from rulebook.profiles.loader import (
    UnknownProfile,
    build_profile,
    load_profiles,
    overlapping_versions,
)
from rulebook.profiles.model import Process, Profile, StepOf, Transition, UnknownRule
from rulebook.profiles.yaml12 import parse_yaml, read_yaml

TEXT = "Điều 1. Ban hành Quy chế.\nĐiều 1. Trả lời trong 5 ngày. Trả lời trong 10 ngày. Duyệt tin trước khi đăng."
GOOD: dict[str, Any] = yaml.safe_load("""
id: mau
title: Quy chế mẫu
source: {instrument: Quyết định 1/QĐ-UBND, issuer: UBND, issued: 2024-01-01, text: mau.txt}
version: "1"
from: 2024-01-01
to: null
status: in_force
rules:
  - id: mau.d1.own
    type: deadline
    at: {article: "1"}
    quote: Trả lời trong 5 ngày
    statement: Trả lời trong 5 ngày làm việc.
    function: deadline.count
    params: {trigger: question_received, duty: answer, who: agency_head, limit: {n: 5, unit: working_day}, start: anchor, anchor: "08:00"}
    when: {question_class: [own]}
    ambiguity: {id: AMB-03, reading: mốc 08:00, others: [{reading: ngày sau, params: {start: next_day, anchor: null}}]}
  - id: mau.d1.inter
    type: deadline
    at: {article: "1"}
    quote: Trả lời trong 10 ngày
    statement: Trả lời trong 10 ngày làm việc.
    function: deadline.count
    params: {trigger: question_received, duty: answer, who: agency_head, limit: {n: 10, unit: working_day}, start: next_day}
    when: {question_class: [inter]}
  - id: mau.d1.order
    type: separation
    at: {article: "1"}
    quote: Duyệt tin trước khi đăng
    statement: Duyệt trước khi đăng.
    function: separation.order
    params: {process: mau.publishing, steps: [approve, publish]}
  - id: mau.d1.who
    type: permission
    at: {article: "1"}
    quote: Duyệt tin trước khi đăng
    statement: Thành viên nhập tin; Trưởng Ban duyệt và đăng.
    function: permission.act
    params: {roles: [board_member, board_head], acts: [enter, approve, publish]}
processes:
  - id: mau.publishing
    name_vi: Đăng tin
    name_en: Publishing
    rule: mau.d1.order
    start: enter
    published: publish
    required: [approve, publish]
    steps:
      - {id: enter, name_vi: Nhập, name_en: Enter, roles: [board_member]}
      - {id: approve, name_vi: Duyệt, name_en: Approve, roles: [board_head], rule: mau.d1.order}
      - {id: publish, name_vi: Đăng, name_en: Publish, roles: [board_head]}
    transitions:
      - {from: enter, to: approve}
      - {from: approve, to: publish}
      - {from: publish, to: enter, undoes: [approve, publish]}
""")
OWN, INTER, ORDER, WHO = range(4)
A_STEP = {
    "id": "limbo",
    "act": "enter",
    "name_vi": "Chờ",
    "name_en": "Limbo",
    "roles": ["board_head"],
}
TWO_WAYS = [
    {"from": "approve", "to": "enter", "on": "mismatch", "undoes": ["approve"]},
    {"from": "approve", "to": "publish", "on": "mismatch"},
]


def a_power(**params: object) -> dict[str, Any]:
    whole = {"roles": ["deputy_board_head"], "acts": ["moderate"], **params}
    named = {"id": "mau.d1.deputy", "type": "permission", "function": "permission.act"}
    return {**GOOD["rules"][INTER], **named, "when": {}, "params": whole}


def build(
    change: Callable[[dict[str, Any]], object] = lambda _: None,
) -> tuple[Profile | None, tuple[Fault, ...]]:
    data = copy.deepcopy(GOOD)
    change(data)
    return build_profile("mau@1", data, lambda name: TEXT if name == "mau.txt" else None)


def test_a_good_profile_has_no_faults():
    """And its rules carry their place, words, readings and validity."""
    profile, faults = build()

    assert faults == ()
    assert profile is not None
    rule = profile.rule("mau.d1.own")
    assert rule.basis.citation.article == "1"
    assert rule.span.start == date(2024, 1, 1)
    assert rule.ambiguities[0].others[0].params.start == "next_day"
    assert rule.verified.on is None


@pytest.mark.parametrize(
    ("change", "code", "shown"),
    [
        (lambda p: p["rules"][OWN].update(functoin="x"), "shape", "'x'"),
        (lambda p: p.update(colour="red"), "shape", "red"),
        (lambda p: p["rules"][OWN].update(function="deadline.cuont"), "unknown-function", "deadline.count"),
        (lambda p: p["rules"][OWN].update(type="permission"), "wrong-type", None),
        (lambda p: p["rules"][OWN]["params"]["limit"].update(unit="month"), "shape", "month"),
        (lambda p: p["rules"][OWN]["params"]["limit"].update(unit="days"), "shape", "days"),
        (lambda p: p["rules"][OWN]["params"]["limit"].update(n=-5), "shape", "-5"),
        (lambda p: p["rules"][OWN]["params"].update(limit=5), "shape", "5"),
        (lambda p: p["rules"][OWN]["params"].update(anchor="8 giờ"), "shape", "8 giờ"),
        (lambda p: p["rules"][OWN].update(when={"colour": ["red"]}), "shape", "colour"),
        (lambda p: p["rules"][OWN].update({"from": "2023-12-31"}), "validity-outside-profile", "2023-12-31"),
        (lambda p: p["rules"][OWN].update({"to": "2024-01-01"}), "validity-empty", None),
        (lambda p: p["rules"][OWN].update({"from": "2024-02-30"}), "shape", "2024-02-30"),
        (lambda p: p.update(to="2025-01-01"), "contradiction-free", None),
        (lambda p: p.update(status="expired"), "expired-without-end", None),
        (lambda p: p["rules"][OWN].update(when={}), "contradiction", "question_class: inter"),
        (lambda p: p["rules"][OWN].update(id="mau.d1.inter"), "twice", None),
        (lambda p: p["rules"][OWN].update(id="khac.d1"), "foreign-name", None),
        (lambda p: p["rules"][OWN].update(exception_to=["mau.d9"]), "unknown-rule", None),
        (lambda p: p["rules"][OWN].update(quote="Trả lời trong 6 ngày"), "quotation-not-found", "6 ngày"),
        (lambda p: p["source"].update(text="khac.txt"), "text-missing", None),
        (lambda p: p["rules"][OWN].update(verified={"on": "2024-01-01"}), "shape", None),
        (lambda p: p["rules"][OWN]["ambiguity"]["others"][0].update(params={"start": "never"}), "shape", "never"),
        (lambda p: p["rules"][ORDER]["params"].update(process="mau.other"), "unknown-process", None),
        (lambda p: p["rules"][ORDER]["params"].update(steps=["edit", "publish"]), "step-missing", "edit"),
        (lambda p: p["rules"][ORDER]["params"].update(steps=["publish", "approve"]), "order-not-required", None),
        (lambda p: p["processes"][0]["steps"].pop(1), "step-missing", "approve"),
        (lambda p: p["processes"][0]["transitions"].append({"from": "enter", "to": "publish"}), "way-round", "enter → publish"),
        (lambda p: p["processes"][0]["transitions"][2].update(undoes=[]), None, None),
        (
            lambda p: p["processes"][0]["transitions"].append({"from": "approve", "to": "publish", "undoes": ["approve"]}),
            "way-round",
            "enter → approve → publish",
        ),
        (lambda p: p["processes"][0]["transitions"].pop(1), "published-unreachable", None),
        (lambda p: p["processes"][0]["steps"][0].update(roles=[]), "shape", None),
        (lambda p: p["processes"][0].update(required=["approve", "approve", "publish"]), "required-twice", None),
        (lambda p: p["processes"][0].update(rule="mau.none"), "unknown-rule", None),
        (lambda p: p["rules"][OWN].update(at={"article": "99"}), "quotation-elsewhere", "no Đ99"),
        (lambda p: p["rules"][OWN].update(at={"part": "decision", "article": "1"}), "quotation-elsewhere", "QĐ Đ1"),
        (lambda p: p["rules"][OWN].update(also=[{"article": "2"}]), "quotation-elsewhere", "no Đ2"),
        (lambda p: p["rules"][OWN]["ambiguity"].update(id="AMB-99"), "unknown-ambiguity", "AMB-99"),
        (lambda p: p["rules"][OWN]["ambiguity"].update(others=[{"reading": "x"}]), "shape", "others"),
        (lambda p: p["rules"][OWN].update(exception_to=["mau.d1.own"]), "names-itself", None),
        (lambda p: p["rules"].append(a_power(chain=True)), "chain-without-delegation", None),
        (lambda p: p["processes"].append(copy.deepcopy(p["processes"][0])), "twice", None),
        (lambda p: p["processes"][0]["steps"].append(p["processes"][0]["steps"][0]), "twice", None),
        (lambda p: p["processes"][0]["steps"].append(A_STEP), "step-unreachable", "limbo"),
        (lambda p: p["processes"][0]["steps"][0].update(checks=["digest_equl"]), "unknown-check", "digest_equal"),
        (lambda p: p["processes"][0]["transitions"].append({"from": "enter", "to": "approve"}), "transition-not-clear", "approve, approve"),
        (lambda p: p["processes"][0]["transitions"].extend(TWO_WAYS), "transition-not-clear", "enter, publish"),
        (lambda p: p["processes"][0].update(start="publish"), "way-round", "path: publish"),
        (lambda p: p["processes"][0].update(required=["publish", "approve"]), "way-round", "enter → approve"),
        (lambda p: p["rules"][OWN].update({"from": "2024-06-01", "to": "2024-05-01"}), "validity-empty", None),
        (lambda p: p["rules"][OWN]["params"]["limit"].update(n=0), "shape", "at least 1"),
        (lambda p: p["rules"][WHO]["params"]["acts"].append("aprove"), "unknown-name", "nearest: approve"),
        (lambda p: p["rules"][WHO]["params"]["acts"].append("aprove"), "unknown-name", "acts names aprove"),
        (lambda p: p["rules"][WHO]["params"].update(roles=["board_heda"]), "unknown-name", "nearest: board_head"),
        (lambda p: p["rules"][WHO]["params"].update(categories=["newz"]), "unknown-name", "nearest: news"),
        (lambda p: p["rules"][OWN].update(when={"question_class": ["onw"]}), "unknown-name", "when.question_class names onw"),
        (lambda p: p["rules"][OWN]["params"].update(duty="anser"), "unknown-name", "nearest: answer"),
        (lambda p: p["rules"][OWN]["params"].update(trigger="question_recieved"), "unknown-name", "nearest: question_received"),
        (lambda p: p["processes"][0]["steps"][1].update(act="aprove"), "unknown-name", "approve.act names aprove"),
        (lambda p: p["processes"][0]["steps"][1].update(roles=["xyzzy"]), "unknown-name", "approve.roles names xyzzy"),
        (lambda p: p["rules"][WHO]["params"].update(acts=["enter", "publish"]), "nobody-may-take", "no rule gives approve"),
        (lambda p: p["processes"][0]["steps"][1].update(roles=["moderator"]), "nobody-may-take", "given_to: board_head, board_member"),
    ],
    ids=[f"fault-{n}" for n in range(62)],
)  # fmt: skip
def test_an_inconsistent_profile_is_refused_with_a_counter_example(change, code, shown):
    """Each kind of fault by its code, and what proves it."""
    _, faults = build(change)

    if code in {None, "contradiction-free"}:
        assert faults == ()
        return
    found = [fault for fault in faults if fault.code == code]
    assert found
    assert shown is None or any(shown in str(fault) for fault in found)


def test_a_power_nobody_can_authorise_is_refused():
    """A deputy may moderate when authorised, but nobody may moderate by themselves."""
    deputy = a_power(acts=["moderate"], condition="authorised")

    _, faults = build(lambda p: p["rules"].append(deputy))

    assert [(fault.code, fault.shown) for fault in faults] == [
        ("nobody-can-authorise", {"act": "moderate"})
    ]


@pytest.mark.parametrize("key", ["quote", "statement", "id", "function"])
def test_ten_megabytes_are_refused_by_the_name_of_the_key(key):
    """In a moment, whatever they are full of."""
    start = time.process_time()

    _, faults = build(lambda p: p["rules"][OWN].update({key: "a" * 10_000_000}))

    assert any(key in fault.where for fault in faults)
    assert time.process_time() - start < 5


def test_all_faults_are_found_at_once():
    """Not only the first: shape, unit, quotation, way round and contradiction together."""

    def spoil(profile: dict[str, Any]) -> None:
        profile["rules"][OWN].update(when={}, quote="không có")
        profile["rules"][ORDER].update(surprise=1)
        profile["rules"].append(
            {**profile["rules"][INTER], "id": "mau.d1.other", "function": "no.such"}
        )
        profile["processes"][0]["transitions"].append({"from": "enter", "to": "publish"})
        profile["rules"][WHO]["params"]["acts"].append("aprove")

    _, faults = build(spoil)

    assert {
        "shape",
        "contradiction",
        "quotation-not-found",
        "way-round",
        "unknown-function",
        "unknown-name",
    } <= {fault.code for fault in faults}


def test_a_named_exception_settles_a_contradiction():
    """And the one that is beaten does not fire where the exception does."""

    def change(profile: dict[str, Any]) -> None:
        profile["rules"][OWN].update(when={}, exception_to=["mau.d1.inter"])

    profile, faults = build(change)

    assert faults == ()
    assert profile is not None
    fired = {rule.id for rule in applicable(profile, {"question_class": "inter"}, date(2024, 6, 1))}
    assert "mau.d1.inter" not in fired
    assert "mau.d1.own" in fired


def test_two_exceptions_in_a_circle_are_refused():
    """Each beats the other: neither could win."""

    def change(profile: dict[str, Any]) -> None:
        profile["rules"][OWN].update(exception_to=["mau.d1.inter"])
        profile["rules"][INTER].update(exception_to=["mau.d1.own"])

    _, faults = build(change)

    assert [fault.code for fault in faults] == ["exceptions-in-a-circle"]
    assert faults[0].shown == {"path": "mau.d1.inter → mau.d1.own → mau.d1.inter"}


def test_exceptions_that_go_round_by_three_are_refused():
    """None of the three would fire; the fault shows the circle once."""

    def change(profile: dict[str, Any]) -> None:
        for one, other in ((OWN, "mau.d1.inter"), (INTER, "mau.d1.order"), (ORDER, "mau.d1.own")):
            profile["rules"][one].update(exception_to=[other])

    _, faults = build(change)

    assert [fault.shown for fault in faults] == [
        {"path": "mau.d1.inter → mau.d1.order → mau.d1.own → mau.d1.inter"}
    ]


def test_a_rule_that_ends_before_the_other_begins_does_not_contradict_it():
    """Validity is half-open: the end of one may be the start of the other."""

    def change(profile: dict[str, Any]) -> None:
        profile["rules"][OWN].update({"when": {}, "to": "2024-06-01"})
        profile["rules"][INTER].update({"when": {}, "from": "2024-06-01"})

    assert build(change)[1] == ()


def test_versions_may_follow_each_other_but_not_overlap():
    """Two versions in force on one day: which holds?"""
    one, _ = build(lambda p: p.update(to="2024-06-01"))
    two, _ = build(lambda p: p.update({"version": "2", "from": "2024-06-01"}))
    late, _ = build(lambda p: p.update({"version": "3", "from": "2024-05-31"}))
    assert one is not None and two is not None and late is not None  # noqa: PT018 - one fact

    assert list(overlapping_versions([one, two])) == []
    assert [fault.shown for fault in overlapping_versions([one, late])] == [{"on": "2024-05-31"}]


def test_a_case_that_outlives_its_version_keeps_the_rules_of_the_last_day():
    """Those that had ended before stay ended; before its first day a version has none."""

    def change(profile: dict[str, Any]) -> None:
        profile.update(to="2024-12-01")
        profile["rules"][INTER].update({"to": "2024-06-01"})

    profile, faults = build(change)
    assert faults == ()
    assert profile is not None

    def binding(day: date) -> set[str]:
        return {rule.id.removeprefix("mau.d1.") for rule in applicable(profile, {}, day)}

    assert binding(date(2024, 5, 31)) == {"own", "inter", "order", "who"}
    assert binding(date(2024, 6, 1)) == {"own", "order", "who"}
    assert binding(date(2024, 12, 1)) == binding(date(2035, 1, 1)) == {"own", "order", "who"}
    assert binding(date(2023, 12, 31)) == set()


def test_a_folder_gives_the_version_of_the_day_and_keeps_the_old_one(tmp_path):
    """A case keeps the key it started under; a new case gets the version in force."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "mau.txt").write_text(TEXT, encoding="utf-8")
    old = {**GOOD, "to": date(2024, 6, 1)}
    new = {**GOOD, "version": "2", "from": date(2024, 6, 1)}
    for version, data in (("1", old), ("2", new)):
        text = yaml.safe_dump(data, allow_unicode=True)
        (tmp_path / f"mau@{version}.yaml").write_text(text, encoding="utf-8")

    library = load_profiles(tmp_path)

    assert library.of("mau", date(2024, 5, 31)).key == "mau@1"
    assert library.of("mau", date(2024, 6, 1)).key == "mau@2"
    assert library.of("mau", date(2035, 1, 1)).key == "mau@2"
    assert library.of("mau", date(2000, 1, 1)).key == "mau@1"
    assert library["mau@1"].rule("mau.d1.own").basis.version == "1"
    assert library.rule("mau.d1.own").basis.version == "2"
    assert library.rule("mau.d1.own", "1").basis.version == "1"
    with pytest.raises(UnknownRule, match="rule"):
        library["mau@1"].rule("mau.d9")
    with pytest.raises(UnknownProfile, match="profile"):
        library["mau@9"]
    with pytest.raises(UnknownProfile, match="rule"):
        library.rule("khac.d1")


def test_a_folder_is_refused_with_the_faults_of_all_its_files(tmp_path):
    """A misnamed file, a broken one and one that is no YAML."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "mau.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "mau@7.yaml").write_text(yaml.safe_dump(GOOD, allow_unicode=True), encoding="utf-8")
    (tmp_path / "khac@1.yaml").write_text("id: [", encoding="utf-8")
    (tmp_path / "hai@1.yaml").write_text("id: hai\nid: ba\n", encoding="utf-8")

    with pytest.raises(BadProfile) as refusal:
        load_profiles(tmp_path)

    assert [fault.code for fault in refusal.value.faults] == [
        "not-readable",
        "not-readable",
        "file-name",
    ]
    assert "a key stands twice: id" in str(refusal.value)


def test_words_of_old_yaml_stay_words(tmp_path):
    """`on`, `no` and 16:30 are not turned into true, false and 990."""
    path = tmp_path / "x.yaml"
    path.write_text(
        "on: no\nat: 16:30\nday: 2024-05-01\nn: 7\nyes: true\nnothing:\n", encoding="utf-8"
    )

    assert read_yaml(path) == {
        "on": "no", "at": "16:30", "day": date(2024, 5, 1), "n": 7, "yes": True, "nothing": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["a: &x [*x]", "a: &x [1]\nb: &y [*x]\n", "a: !!python/object:os.system x\nb: !t [1]", "? [1]\n: 2", "a: *x"],
    ids=["repeats itself", "repeats a repetition", "tag", "key that is no word", "unknown"],
)  # fmt: skip
def test_yaml_that_could_grow_or_run_is_refused(text):
    """No bombs, no tags, no keys but words."""
    with pytest.raises(yaml.YAMLError):
        parse_yaml(text)


def test_what_is_anchored_may_be_repeated():
    """As the profiles do with their common fields; empty files hold nothing."""
    assert parse_yaml("a: &x [1, two]\nb: *x\n") == {"a": [1, "two"], "b": [1, "two"]}
    assert parse_yaml("") is None


@st.composite
def graphs(draw: st.DrawFn) -> Process:
    names = [f"s{n}" for n in range(draw(st.integers(2, 6)))]
    name = st.sampled_from(names)
    transitions = draw(
        st.lists(
            st.builds(
                Transition,
                name,
                name,
                st.none(),
                st.lists(name, max_size=2, unique=True).map(tuple),
            ),
            max_size=10,
        )
    )
    required = draw(st.lists(name, min_size=1, max_size=4, unique=True))
    steps = {each: StepOf(each, each, each, ("r",), (), None, each) for each in names}
    return Process(
        "p", "p", "p", None, names[0], names[-1], tuple(required), steps, tuple(transitions)
    )


def walks(process: Process, length: int) -> list[list[Transition]]:
    """Every walk from the start of at most that many transitions, by plain recursion."""
    found: list[list[Transition]] = []

    def go(step: str, walk: list[Transition]) -> None:
        found.append(walk)
        if len(walk) < length and len(found) < 4000:
            for each in process.transitions:
                if each.source == step:
                    go(each.target, [*walk, each])

    go(process.start, [])
    return found


def missed(process: Process, walk: list[Transition]) -> set[tuple[str, str]]:
    """Follows one walk step by step and notes each required step that was missing when it should have been there."""
    standing = [process.start]
    faults = set(check(process, process.start, standing))
    for transition in walk:
        standing = [step for step in standing if step not in transition.undoes]
        standing.append(transition.target)
        faults |= set(check(process, transition.target, standing))
    return faults


def check(process: Process, step: str, standing: list[str]) -> list[tuple[str, str]]:
    before = process.required[: process.required.index(step)] if step in process.required else ()
    due = process.required if step == process.published else before
    return [(each, step) for each in due if each not in standing]


@given(graphs())
def test_a_process_without_a_way_round_has_no_walk_that_avoids_a_required_step(process):
    """Every walk up to seven transitions, taken one by one, agrees with the exhaustive search."""
    found = {(way.missing, way.reached) for way in ways_round(process)}

    by_walks = set().union(*(missed(process, walk) for walk in walks(process, 7)))

    assert by_walks <= found
    for way in ways_round(process):
        assert way.path[0] == process.start
        assert way.path[-1] == way.reached


def test_every_profile_of_the_product_is_consistent():
    """All files of contracts/regulations/, all at once."""
    library = load_profiles()

    assert {profile.id for profile in library.values()} == {
        "hanam",
        "binhduong",
        "langson",
        "khanhhoa",
        "nd42",
    }
