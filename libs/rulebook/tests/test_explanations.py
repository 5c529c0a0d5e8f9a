"""The contract explanation.v1: schema, examples, canonical bytes, words in both languages, and the year 2035."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import jsonschema_rs
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

import rulebook
from rulebook.calendar_files import load_calendar
from rulebook.clock_state import clock_state
from rulebook.deadlines import deadline
from rulebook.explanation import (
    LOCAL,
    Basis,
    Citation,
    Explanation,
    Outcome,
    Reading,
    Step,
    Values,
    Warned,
    Way,
    as_value,
    json_schema,
    moment,
)
from rulebook.files import CONTRACTS
from rulebook.pauses import Pause
from rulebook.periodic import next_due
from rulebook.phrases import phrases, terms
from rulebook.profiles.params import DeadlineCount, DeadlinePrompt
from rulebook.recompute import recompute
from rulebook.sentences import KINDS, sentences, told

CALENDAR = load_calendar()
FOLDER = CONTRACTS / "explanation"
EXAMPLES = sorted(FOLDER.glob("examples/*.json"))
BASIS = Basis("mau", "1", "in_force", "mau.r", Citation("QĐ 1", article="1"), "lời văn", "Một câu.")
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | NAMES
VALUES = st.dictionaries(NAMES, SCALARS | st.lists(SCALARS, max_size=3).map(tuple), max_size=4)
EXPLANATIONS = st.builds(
    Explanation,
    st.just(BASIS),
    VALUES,
    st.lists(st.builds(Step, NAMES, VALUES), max_size=3).map(tuple),
    st.builds(Outcome, st.just("value"), NAMES, VALUES),
    st.lists(st.builds(Reading, st.just("AMB-01"), NAMES), max_size=2).map(tuple),
    st.lists(st.builds(Warned, NAMES, VALUES), max_size=2).map(tuple),
)


def test_the_schema_file_is_the_one_of_the_code():
    """contracts/explanation/explanation.v1.schema.json is never edited by hand."""
    written = json.loads((FOLDER / "explanation.v1.schema.json").read_text(encoding="utf-8"))

    assert written == json_schema()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_fits_schema_and_model_in_canonical_bytes(path: Path):
    """Read, written, the same bytes."""
    text = path.read_bytes().strip()

    jsonschema_rs.validator_for(json_schema()).validate(json.loads(text))
    assert Explanation.from_json(text).to_json() == text


def test_there_are_examples_of_each_verdict():
    """A value, an allowance, a refusal, a finding and something a person must decide."""
    verdicts = {json.loads(path.read_bytes())["outcome"]["verdict"] for path in EXAMPLES}

    assert verdicts == {"value", "allowed", "refused", "finding", "undetermined"}


@pytest.mark.parametrize(
    ("rule", "vi", "en"),
    [
        ("hanam.d18.k3dd.transfer", "điểm đ khoản 3 Điều 18", "point đ, clause 3, Article 18"),
        ("khanhhoa.d5.k3.g2.who-publishes", "gạch đầu dòng thứ 2 khoản 3 Điều 5", "dash 2, clause 3, Article 5"),
        ("langson.qd.d3.executors", "Điều 3 Quyết định", "Article 3, Decision"),
        ("binhduong.pl.iii-1b.service-details", "điểm b mục 1 phần III Phụ lục", "point b, section 1, Part III, Appendix"),
        ("nd42.channels.six-channels", "nd42.channels.six-channels", "nd42.channels.six-channels"),
    ],
)  # fmt: skip
def test_a_rule_that_was_asked_is_told_by_its_place(rule, vi, en):
    """Readers know articles, not ids."""
    asked = {"rule": rule, "result": "met"}

    assert told("rule-checked", asked, "vi") == f"Đã kiểm tra theo {vi}: đạt."
    assert told("rule-checked", asked, "en").startswith(f"Checked by {en}: ")


@given(EXPLANATIONS)
def test_an_explanation_survives_its_bytes(explanation):
    """Any values the contract allows come back, and give the same canonical bytes."""
    text = explanation.to_json()

    assert Explanation.from_json(text).to_json() == text
    assert rfc8785.dumps(json.loads(text)) == text


@pytest.mark.parametrize("verdict", ["refused", "finding"])
def test_no_refusal_without_the_nearest_way(verdict):
    """No bare no leaves the rulebook."""
    with pytest.raises(ValueError, match="nearest"):
        Outcome(verdict, "no", {})


@pytest.mark.parametrize("value", [1.5, object(), {1, 2}])
def test_values_without_a_fixed_text_are_refused(value):
    """A float has many spellings; amounts are decimal text."""
    with pytest.raises(TypeError, match="value"):
        as_value(value)


def test_a_naive_moment_has_no_place_in_an_explanation():
    """An instant, or nothing."""
    with pytest.raises(ValueError, match="at"):
        moment(datetime.fromisoformat("2024-01-01"))


def named_in(source: Path) -> Iterator[tuple[str, str]]:
    """The literal names given to Step, Warned, Way and Outcome in a module."""
    places = {"Step": 0, "Warned": 0, "Way": 0, "Outcome": 1, "_Reason": 1}
    calls = (
        node
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    for call in calls:
        place = places.get(call.func.id, len(call.args))
        for part in (each for arg in call.args[place : place + 1] for each in ast.walk(arg)):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value, f"{source.name}:{call.lineno}"


def test_every_name_in_the_code_has_words_in_both_languages():
    """Steps, outcomes, warnings and ways: none is told by its raw name."""
    folder = Path(rulebook.__file__).parent
    modules = [path for path in folder.rglob("*.py") if "phrases" not in path.parts]

    missing = {
        f"{name} ({where})"
        for module in modules
        for name, where in named_in(module)
        if "-" in name and name not in phrases()
    }

    assert missing == set()
    assert all(vi and en for vi, en in [*phrases().values(), *terms().values()])


def test_a_template_only_asks_for_kinds_that_exist():
    """Every phrase can be filled, even with nothing."""
    for name, (vi, en) in phrases().items():
        kinds = {
            part.split("}")[0].partition(":")[2]
            for text in (vi, en)
            for part in text.split("{")[1:]
        }
        assert kinds <= {"", *KINDS}, name
        assert vi.count("{") == vi.count("}"), name
        assert told(name, {}, "vi")


def test_an_unknown_name_is_shown_with_its_values():
    """A module may speak before its words are written."""
    assert told("strange", {"n": 1, "ok": True}, "en") == "strange: n = 1, ok = yes"


def told_in(explanation: Explanation) -> Iterator[tuple[str, Values]]:
    """Every name with the values its words are filled from."""
    yield explanation.outcome.name, explanation.outcome.values
    yield from ((way.code, way.values) for way in explanation.outcome.nearest)
    yield from ((step.name, step.values) for step in explanation.steps)
    yield from ((warned.code, warned.values) for warned in explanation.warnings)
    for part in explanation.parts:
        yield from told_in(part)


def unfilled(explanation: Explanation) -> set[tuple[str, str]]:
    """Places in the words for which the explanation has no value."""
    return {
        (name, place)
        for name, values in told_in(explanation)
        for words in phrases()[name]
        for place in re.findall(r"\{(\w+)", words)
        if place not in values
    }


@pytest.mark.parametrize(
    "start", ["2014-01-30", "2024-04-26", "2026-11-20", "2027-01-30", "2035-01-30"]
)
@pytest.mark.parametrize("days", [0, 3, 60])
def test_every_state_of_every_clock_has_all_its_words(profiles, start, days):
    """Running, paused, overdue, done, recomputed: no place in a sentence stays empty."""
    event = datetime.fromisoformat(f"{start}T16:00:00+07:00")
    later = event + timedelta(days=days)
    for profile in profiles.values():
        for rule in profile.rules.values():
            if not isinstance(rule.params, DeadlineCount | DeadlinePrompt):
                continue
            found = (
                clock_state(rule, event, later, CALENDAR),
                clock_state(rule, event, later, CALENDAR, [Pause(event, None)]),
                clock_state(rule, event, later, CALENDAR, [Pause(event, later)], closed=later),
                recompute(rule, event, CALENDAR, CALENDAR.observing_unconfirmed()),
            )
            assert [unfilled(each.explanation) for each in found] == [set()] * 4, rule.id


def test_in_2035_every_rule_still_decides_and_says_what_it_does_not_know(profiles):
    """All deadlines and periodic duties of all profiles, day by day through 2035: no crash, never silent."""
    start = date(2035, 1, 1)
    for profile in profiles.values():
        for number, rule in enumerate(profile.rules.values()):
            day = start + timedelta(number * 7 % 365)
            if isinstance(rule.params, DeadlineCount | DeadlinePrompt):
                event = datetime.combine(day, time(9), LOCAL)
                found = deadline(rule, event, CALENDAR)
                explanation, due = found.explanation, found.due
            elif rule.type == "periodic_duty":
                periodic = next_due(rule, day, CALENDAR, day)
                explanation, due = periodic.explanation, periodic.due
            else:
                continue
            codes = {warned.code for warned in explanation.warnings}
            assert "rule-unverified" in codes
            assert due is None or "calendar-ended" in codes, rule.id
            assert unfilled(explanation) == set()
            assert len(sentences(explanation, "vi")) == len(sentences(explanation, "en"))
            assert Explanation.from_json(explanation.to_json()).to_json() == explanation.to_json()


def test_other_inputs_give_other_bytes(a_rule, local):
    """The calendar, the event and the rule's version are all in the bytes."""
    rule = a_rule()
    other = replace(rule, basis=replace(rule.basis, version="2"))
    event = local("2024-04-26 16:00")
    texts = {
        deadline(rule, event, CALENDAR).explanation.to_json(),
        deadline(other, event, CALENDAR).explanation.to_json(),
        deadline(rule, local("2024-04-26 16:01"), CALENDAR).explanation.to_json(),
        deadline(rule, event, CALENDAR.observing_unconfirmed()).explanation.to_json(),
    }

    assert len(texts) == 4


def test_a_refusal_names_a_way_with_words():
    """Ways are told after the outcome."""
    outcome = Outcome(
        "refused",
        "order-broken",
        {"step": "publish", "missing": ("approve",)},
        (Way("take-first", {"step": "approve"}),),
    )
    lines = sentences(Explanation(BASIS, {}, (), outcome), "vi")

    assert lines[:2] == (
        "Chưa được thực hiện bước xuất bản: còn thiếu bước duyệt.",
        "Cách gần nhất: thực hiện bước duyệt trước.",
    )
