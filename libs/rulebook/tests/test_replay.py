"""Replaying cases under two versions, and the same from the shell."""

import json
from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner

from rulebook.calendar_files import load_calendar
from rulebook.cli import app
from rulebook.explanation import Explanation
from rulebook.files import CONTRACTS
from rulebook.profiles.model import Profile
from rulebook.profiles.params import Duration
from rulebook.replay import BadCases, asked_in_vain, changed_outcomes, read_cases
from rulebook.world import World

CALENDAR = load_calendar()
OWN = "hanam.d10.k5a.own-competence"
LINES = [
    json.dumps({"id": "one", "rule": OWN, "inputs": {"event": "2024-04-26T16:00:00+07:00"}}),
    "",
    json.dumps(
        {
            "id": "two", "trigger": "question_received", "duty": "answer", "on": "2024-04-26",
            "facts": {"question_class": "inter"}, "inputs": {"event": "2024-04-26T16:00:00+07:00"},
        }
    ),
    json.dumps({"id": "three", "rule": "hanam.gone", "inputs": {}}),
]  # fmt: skip


def shorter(profile: Profile) -> Profile:
    """The same profile with four days instead of five."""
    rule = profile.rules[OWN]
    params = rule.params.model_copy(update={"limit": Duration(n=4, unit="working_day")})
    return replace(profile, version="2", rules={**profile.rules, OWN: replace(rule, params=params)})


def test_only_the_cases_whose_outcome_changes_are_listed(profiles):
    """Four days instead of five moves the one case of own competence."""
    old = profiles["hanam"]

    changed = changed_outcomes(old, shorter(old), read_cases(LINES), World(CALENDAR))

    assert [each.case for each in changed] == ["one"]
    assert changed[0].old.explanation.outcome.values["due"] == "2024-05-07"
    assert changed[0].new.explanation.outcome.values["due"] == "2024-05-06"


def test_a_rule_that_is_gone_is_a_change(profiles):
    """What had a limit has none any more."""
    old = profiles["hanam"]
    new = replace(old, rules={key: rule for key, rule in old.rules.items() if key != OWN})

    changed = changed_outcomes(old, new, read_cases(LINES[:1]), World(CALENDAR))

    assert (changed[0].new.rule, changed[0].new.outcome) == (None, None)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["{", '{"id": "x"}'], ["line 1", "line 2"]),
        ([json.dumps({"id": "x", "rule": OWN, "inputs": {}, "colour": 1})], ["colour"]),
    ],
    ids=["unreadable", "unknown key"],
)
def test_unreadable_cases_are_all_named(lines, words):
    """By line, all at once."""
    with pytest.raises(BadCases) as refusal:
        read_cases(lines)

    assert all(word in str(refusal.value) for word in words)


@pytest.mark.parametrize(
    "event", ["2024-02-30T08:00:00+07:00", "2024-04-26T16:00:00"], ids=["no such date", "naive"]
)
def test_inputs_a_rule_does_not_take_are_named(profiles, event):
    """A date that does not exist, a time without a zone."""
    cases = read_cases([json.dumps({"id": "one", "rule": OWN, "inputs": {"event": event}})])

    with pytest.raises(BadCases, match="event"):
        changed_outcomes(profiles["hanam"], profiles["hanam"], cases, World(CALENDAR))


def test_a_rule_that_neither_version_has_is_named(profiles):
    """Misspelt, or gone since: not a case that stays as it is."""
    old = profiles["hanam"]
    new = replace(old, rules={key: rule for key, rule in old.rules.items() if key != OWN})

    found = asked_in_vain(old, new, read_cases(LINES))

    assert [case.id for case in found] == ["three"]


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


def test_the_shell_explains_a_deadline_in_both_languages():
    """The same outcome, words of either language, and canonical JSON."""
    vi = run("explain", "deadline", OWN, "2024-04-26T16:00")
    en = run("explain", "deadline", OWN, "2024-04-26T16:00", "--lang", "en")
    text = run("explain", "deadline", OWN, "2024-04-26T16:00", "--json").strip()

    assert vi.startswith("Hạn cuối: hết ngày thứ Ba 07/05/2024.")
    assert en.startswith("Due by the end of Tue 07/05/2024.")
    assert Explanation.from_json(text).to_json().decode() == text


def test_the_shell_takes_pauses_and_the_switch_for_24_november():
    """Two working days end in the pause; 24/11/2026 off moves a limit by one."""
    paused = run(
        "explain",
        "deadline",
        OWN,
        "2024-05-06T08:00",
        "--pause",
        "2024-05-07T10:00/2024-05-09T09:00",
    )
    culture = run("explain", "deadline", OWN, "2026-11-20T09:00", "--observe-unconfirmed")

    assert "14/05/2024" in paused.splitlines()[0]
    assert "30/11/2026" in culture.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("explain", "deadline", "hanam.nothing", "2024-04-26T16:00"), "hanam.nothing"),
        (("explain", "deadline", "nobody.nothing", "2024-04-26T16:00"), "nobody.nothing"),
        (("explain", "deadline", OWN, "2024-02-30T16:00"), "event"),
        (("explain", "deadline", OWN, "2024-04-26T16:00", "--pause", "yesterday"), "pause"),
        (("explain", "deadline", OWN, "2024-04-26T16:00", "--pause", "2024-05-02T08:00/2024-05-01T08:00"), "pause"),
        (("explain", "deadline", "hanam.d17.k5.agency-report", "2024-04-26T16:00"), "no deadline"),
        (("explain", "report", "hanam.d17.k5.agency-report", "2024-13-01"), "'2024-13-01'"),
        (("explain", "report", "hanam.d17.k5.agency-report", "9999-12-31"), "on: 9999-12-31"),
        (("explain", "deadline", OWN, "9999-12-31T10:00"), "event: 9999-12-31T10:00"),
        (("explain", "deadline", OWN, "2024-02-30T16:00"), "'2024-02-30T16:00'"),
        (("explain", "deadline", OWN, "2024-04-26T16:00", "--pause", "2024-04-29T16:00/2024-04-31T16:00"), "'2024-04-31T16:00'"),
        (("calendar", "show", "1999"), "1999"),
        (("diff", "hanam@1", "hanam@1", "--cases", "none.jsonl"), "none.jsonl"),
    ],
    ids=[f"fault-{n}" for n in range(13)],
)  # fmt: skip
def test_the_shell_refuses_bad_arguments_by_name(arguments, word):
    """One clear line, no traceback."""
    output = run(*arguments, code=2)

    assert word in output
    assert "Traceback" not in output


def test_the_shell_tells_when_a_report_is_due():
    """Before 15 November means by the 14th."""
    output = run("explain", "report", "hanam.d17.k5.agency-report", "2026-11-01", "--lang", "en")

    assert "14/11/2026" in output.splitlines()[0]


def test_the_shell_shows_a_rule_with_its_readings():
    """Place, words, parameters, ambiguity."""
    output = run("explain", "rule", OWN)

    assert "điểm a khoản 5 Điều 10" in output
    assert "AMB-03" in output


def test_the_shell_checks_the_profiles(tmp_path):
    """All five are consistent; a broken folder is told fault by fault."""
    (tmp_path / "bad@1.yaml").write_text("id: bad\n", encoding="utf-8")

    assert all(
        key in run("check")
        for key in ("hanam@1", "binhduong@1", "langson@1", "khanhhoa@1", "nd42@1")
    )
    assert "bad@1" in run("check", str(tmp_path), code=1)
    assert "holds no profile" in run("check", str(tmp_path / "none"), code=2)


def test_the_shell_lists_changed_cases(tmp_path):
    """OLD and NEW may be files: a draft is compared before it is activated."""
    text = (CONTRACTS / "regulations" / "hanam@1.yaml").read_text(encoding="utf-8")
    at = text.index(f"id: {OWN}")
    limit = text.index("n: 5", at)
    draft = tmp_path / "hanam@1.yaml"
    draft.write_text(text[:limit] + "n: 4" + text[limit + 4 :], encoding="utf-8")
    (tmp_path / "texts").symlink_to(CONTRACTS / "regulations" / "texts")
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join(LINES), encoding="utf-8")

    output = run("diff", "hanam@1", str(draft), "--cases", str(cases), "--lang", "en")

    assert "1 of 3 cases change" in output
    assert "three: neither version has the rule" in output
    assert "07/05/2024" in output
    assert "06/05/2024" in output


@pytest.mark.parametrize("name", ["draft.yaml", "moi.txt", "hanam-2"])
def test_a_draft_is_compared_wherever_it_lies_whatever_its_name(tmp_path, name):
    """The text of the regulation comes from the profile that stands."""
    text = (CONTRACTS / "regulations" / "hanam@1.yaml").read_text(encoding="utf-8")
    at = text.index(f"id: {OWN}")
    limit = text.index("n: 5", at)
    draft, cases = tmp_path / name, tmp_path / "cases.jsonl"
    draft.write_text(text[:limit] + "n: 4" + text[limit + 4 :], encoding="utf-8")
    cases.write_text("\n".join(LINES), encoding="utf-8")

    assert "1 of 3 cases change" in run("diff", "hanam@1", str(draft), "--cases", str(cases))
    assert "1 of 3 cases change" in run("diff", str(draft), "hanam@1", "--cases", str(cases))
    assert "0 of 3 cases change" in run("diff", str(draft), str(draft), "--cases", str(cases))


def test_a_draft_with_faults_is_told_all_of_them(tmp_path):
    """A quotation that stands nowhere and a function that does not exist, both."""
    text = (CONTRACTS / "regulations" / "hanam@1.yaml").read_text(encoding="utf-8")
    draft, cases = tmp_path / "draft.yaml", tmp_path / "cases.jsonl"
    broken = text.replace("05 (năm) ngày", "06 (sáu) ngày", 1).replace(
        "function: intake.week", "function: intake.weak", 1
    )
    draft.write_text(broken, encoding="utf-8")
    cases.write_text("\n".join(LINES), encoding="utf-8")

    output = run("diff", "hanam@1", str(draft), "--cases", str(cases), code=2)

    assert "quote" in output
    assert "intake.weak" in output


def test_a_version_that_is_neither_profile_nor_file_is_refused(tmp_path):
    """By what was given."""
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join(LINES), encoding="utf-8")

    assert "none.yaml" in run("diff", "hanam@1", "none.yaml", "--cases", str(cases), code=2)


def test_bad_facts_of_a_level_are_told_all_at_once_without_addresses(tmp_path):
    """A negative fee, a word for a yes, a name that does not exist."""
    facts = tmp_path / "facts.json"
    facts.write_text('{"fee": -100, "submit_online": "often", "colour": 1}', encoding="utf-8")

    output = run("explain", "level", str(facts), code=2)

    assert all(
        each in output for each in ("facts: fee", "facts: submit_online", "facts: colour", "-100")
    )
    assert "http" not in output


def test_the_shell_explains_a_reference():
    """A number in its parts, a text with its references, and what is none."""
    number = run("explain", "reference", "19/2019/QĐ-UBND", "--lang", "en")
    text = run(
        "explain",
        "reference",
        "theo điểm a khoản 5 Điều 10 của 33/2026/NĐ-CPMẫu",
        "--on",
        "2026-01-01",
    )
    nothing = run("explain", "reference", "hôm qua")
    told = run("explain", "reference", "19/2019/QĐ-UBND", "--json").strip()

    assert number.startswith("Document number: 19/2019/QĐ-UBND.")
    assert "33/2026/NĐ-CP" in text.splitlines()[0]
    assert "điểm a khoản 5 Điều 10" in text
    assert "Cách gần nhất" in nothing
    assert Explanation.from_json(told).basis.rule == "document-numbers.form"
    assert "không phải nguyên văn" in nothing


def test_the_shell_explains_a_citation():
    """The year of the number is not the year of the date."""
    text = "Nghị định số 43/2011/NĐ-CP ngày 13/06/2012 của Chính phủ quy định về cung cấp thông tin"

    output = run("explain", "citation", text, "--on", "2024-01-01")

    assert "năm trong số ký hiệu khác năm ban hành (đúng ra: 2012)." in output
    assert "khoản 4 Điều 10" in output


def test_the_shell_explains_a_text(tmp_path):
    """TCVN3 is named and its repair proposed; a sound text is told to be sound."""
    legacy, sound, repaired = tmp_path / "old.txt", tmp_path / "new.txt", tmp_path / "out.txt"
    legacy.write_bytes(b"C\xe9ng h\xdfa x\xb7 h\xe9i ch\xf1 ngh\xdca Vi\xd6t Nam")
    sound.write_text("Cộng hòa xã hội chủ nghĩa Việt Nam", encoding="utf-8")

    assert "TCVN3" in run("explain", "text", str(legacy), "--repaired", str(repaired))
    assert repaired.read_text(encoding="utf-8") == "Cộng hòa xã hội chủ nghĩa Việt Nam"
    assert "sound" in run("explain", "text", str(sound), "--lang", "en")
    told = run("explain", "text", str(legacy), "--lang", "en")
    assert "clause 1, Article 6" in told
    assert "6909:2011" in told
    assert "No jurist" in told
    text = run("explain", "text", str(legacy), "--json").strip()
    assert Explanation.from_json(text).to_json().decode() == text
    assert "not about character sets" in run("explain", "text", str(sound), "--rule", OWN, code=2)


def test_the_shell_explains_a_level(tmp_path):
    """A service without its parts is at level 0, on both scales."""
    facts = tmp_path / "facts.json"
    facts.write_text(
        '{"parts": {"name": "Cấp giấy phép"}, "submit_online": true}', encoding="utf-8"
    )

    output = run("explain", "level", str(facts), "--declared", "3", "--on", "2024-01-01")

    assert output.startswith("Mức độ chứng minh được: 0.")
    assert "42/2022" in output


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("citation", "x", "--rule", OWN), "asks for no citation"),
        (("citation", "x", "--on", "2024-02-30"), "on"),
        (("text", "none.txt"), "none.txt"),
        (("level", "none.json"), "facts"),
    ],
    ids=["rule", "date", "text", "facts"],
)
def test_the_shell_refuses_content_checks_by_the_argument(arguments, word):
    """A rule that asks for no citation, a date that does not exist, files that are not there."""
    assert word in run("explain", *arguments, code=2)


def test_the_shell_loads_a_notice_and_writes_the_calendar(tmp_path):
    """Shown first; saved only with --write."""
    calendar = tmp_path / "vn.json"
    calendar.write_bytes((CONTRACTS / "calendars" / "vn.json").read_bytes())
    notice = tmp_path / "notice.yaml"
    manual = (CONTRACTS / "calendars" / "README.md").read_text(encoding="utf-8")
    notice.write_text(manual.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    before = calendar.read_bytes()

    shown = run("calendar", "load-notice", str(notice), "--calendar", str(calendar))
    assert "01/09/2027" in shown
    assert calendar.read_bytes() == before

    run("calendar", "load-notice", str(notice), "--calendar", str(calendar), "--write")
    written = load_calendar(calendar)
    assert written.days[date(2027, 9, 1).toordinal()].status == "confirmed"
    assert written.for_province("khanhhoa").is_working(date(2026, 11, 5).toordinal()) is False


def test_the_shell_refuses_a_bad_notice(tmp_path):
    """With its faults."""
    notice = tmp_path / "notice.yaml"
    notice.write_text("notice: x\n", encoding="utf-8")

    assert "settles" in run("calendar", "load-notice", str(notice), code=2)


def test_the_shell_shows_a_year():
    """The days that differ, with their sources."""
    assert "10/01/2026" in run("calendar", "show", "2026")


def test_the_shell_says_when_it_knows_no_closures_of_a_province():
    """A misspelt province would count like one without closures."""
    told = run("explain", "deadline", OWN, "2024-04-26T16:00", "--province", "nowhere")

    assert "nowhere" in told
    assert "nowhere" not in run("explain", "deadline", OWN, "2024-04-26T16:00")
