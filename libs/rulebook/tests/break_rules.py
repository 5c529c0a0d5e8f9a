"""Breaks the rulebook on purpose, one rule at a time, in a copy, and reports whether the suite notices.

python libs/rulebook/tests/break_rules.py [--only NAME] [--report docs/quality/mutations.md]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

FAILED = "failed test: "
ROOT = Path(__file__).resolve().parents[3]
SOURCE = "libs/rulebook/src/rulebook"
LAW = "contracts/regulations"
TIME = ("test_working_time.py", "test_deadlines.py")
CALENDAR = ("test_calendar.py", "test_deadlines.py")
AUTHORITY = ("test_authority.py",)
PROFILES = ("test_profiles.py",)


@dataclass(frozen=True, slots=True)
class Break:
    """In `file`, `old` (which stands there exactly once, or first) becomes `new`."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def a_day(date: str, kind: str, name: str, weekday: str) -> str:
    """An entry of the calendar, whole: one whose weekday is wrong would be refused when it is loaded."""
    return f'''"date": "{date}",
   "kind": "{kind}",
   "name_vi": "{name}",
   "status": "confirmed",
   "source": {SOURCE_OF_2026},
   "weekday": "{weekday}"'''


SOURCE_OF_2026 = r'''"vietnamnews.vn \"Ministry of Home Affairs announces 2026 holiday schedule\" (17/10/2025)"'''

BREAKS = (
    Break("a working day more", f"{SOURCE}/working_time.py", "last = calendar.working_day(calendar.rank(first) + counting.limit.n - 1)", "last = calendar.working_day(calendar.rank(first) + counting.limit.n)", TIME),
    Break("08:00 itself is late", f"{SOURCE}/working_time.py", "missed = at > anchor or", "missed = at >= anchor or", TIME),
    Break("the day of the event counts", f"{SOURCE}/working_time.py", "return calendar.working_day(calendar.rank(today + 1))\n    at, anchor", "return calendar.working_day(calendar.rank(today))\n    at, anchor", TIME),
    Break("the last day ends at its start", f"{SOURCE}/working_time.py", "return Counted(starts, first, last, midnight(last + 1))", "return Counted(starts, first, last, midnight(last))", TIME),
    Break("a pause counts from its own start, not from the clock's", f"{SOURCE}/pauses.py", "working_microseconds(max(start, starts), calendar)", "working_microseconds(start, calendar)", TIME),
    Break("a pause after the end moves the limit", f"{SOURCE}/pauses.py", "        if start >= ends:\n            break\n        if stop > starts:", "        if stop > starts:", TIME),
    Break("a pause counts a minute too much", f"{SOURCE}/pauses.py", "working_microseconds(stop, calendar) - before", "working_microseconds(stop, calendar) - before + MINUTE", TIME),
    Break("a pause counts in whole days", f"{SOURCE}/working_time.py", "    if ends == plain.ends:\n        return plain\n", "    ends = midnight(moved_in_whole_days(plain.first, plain.last, stops, calendar) + 1)\n", TIME),
    Break("a limit ends within a pause", f"{SOURCE}/office_time.py", "return end if end >= not_before else runs_on", "return end", TIME),
    Break("overlapping pauses count twice", f"{SOURCE}/pauses.py", "if merged and start <= merged[-1][1]:", "if merged and start < merged[-1][0]:", TIME),
    Break("an extension forgets the hour of the limit", f"{SOURCE}/promises.py", "until = midnight(last_day_of(last)) + within_a_day", "until = last", TIME),
    Break("an agency's clock stands in pauses after it passed the question on", f"{SOURCE}/hops.py", "max(now, pause.start), until)", "max(now, pause.start), now)", ("test_hops.py",)),
    Break("months round to the last day always", f"{SOURCE}/working_time.py", 'if missing and rounding == "first_of_next"', 'if missing and rounding == "never"', TIME),
    Break("the lunch break is worked", f"{SOURCE}/calendar.py", "((7 * 60 + 30, 12 * 60), (13 * 60 + 30, 17 * 60))", "((7 * 60 + 30, 12 * 60), (12 * 60, 17 * 60))", ("test_working_time.py", "test_calendar.py")),
    Break("working Saturdays are off", f"{SOURCE}/calendar.py", 'return self.kind == "working_saturday"', "return False", CALENDAR),
    Break("24 November is a holiday already", f"{SOURCE}/calendar.py", "made = Calendar(name, ordered, by_day, tuple(closures), False,", "made = Calendar(name, ordered, by_day, tuple(closures), True,", CALENDAR),
    Break("a wrong holiday: a day of Tết 2026 is a week later", "contracts/calendars/vn.json", a_day("2026-02-16", "holiday", "Tết Nguyên đán Bính Ngọ", "Mon"), a_day("2026-02-23", "holiday", "Tết Nguyên đán Bính Ngọ", "Mon"), CALENDAR),
    Break("a swapped day off is forgotten", "contracts/calendars/vn.json", a_day("2026-08-31", "swapped_off", "Ngày nghỉ hoán đổi (làm bù 22/8/2026)", "Mon"), a_day("2026-09-03", "swapped_off", "Ngày nghỉ hoán đổi (làm bù 22/8/2026)", "Thu"), CALENDAR),
    Break("closures bind every province", f"{SOURCE}/calendar.py", "if closure.province == calendar.province", "if closure.province", CALENDAR),
    Break("a local closure lasts a day longer", f"{SOURCE}/calendar.py", "range(self.start.toordinal(), self.end.toordinal())", "range(self.start.toordinal(), self.end.toordinal() + 1)", CALENDAR),
    Break("before 15 November includes the 15th", f"{SOURCE}/periodic.py", "return named if inclusive else named - _DAY", "return named", ("test_periodic.py",)),
    Break("the reporting year is the calendar year", f"{SOURCE}/periodic.py", "else year - 1", "else year", ("test_periodic.py",)),
    Break("own competence gets six days", "contracts/regulations/hanam@1.yaml", "limit: {n: 5, unit: working_day}", "limit: {n: 6, unit: working_day}", TIME),
    Break("a delegation holds a day too long", f"{SOURCE}/authority.py", 'day >= span.end, "delegation-ended"', 'day > span.end, "delegation-ended"', AUTHORITY),
    Break("a revoked delegation still holds at that second", f"{SOURCE}/authority.py", "at >= aware(given.revoked", "at > aware(given.revoked", AUTHORITY),
    Break("a position holds a day too long", f"{SOURCE}/authority.py", "if span.end is not None and day >= span.end:", "if span.end is not None and day > span.end:", AUTHORITY),
    Break("the giver's own power is not asked for", f"{SOURCE}/authority.py", "if own is not None:\n                return _Found(own,", "if search.powers.positions:\n                return _Found(own or search.powers.positions[0],", AUTHORITY),
    Break("every delegation may be passed on", f"{SOURCE}/authority.py", "if rule.params.chain and", "if", AUTHORITY),
    Break("a power at one site holds at all", f"{SOURCE}/authority.py", "if position.site != act.site:", "if False:", AUTHORITY),
    Break("the absence of a position gives a power", f"{SOURCE}/authority.py", 'if rule.params.condition == "absent_or_authorised" and heads and', 'if rule.params.condition == "absent_or_authorised" and not any(p.role in heads for p in search.powers.positions) or', AUTHORITY),
    Break("a power for some sites holds at all", f"{SOURCE}/authority.py", "return all(known.get(key) in values", "return True or all(known.get(key) in values", ("test_authority_of_the_profiles.py",)),
    Break("a way round a step is not looked for after an undo", f"{SOURCE}/profiles/graph.py", "done - set(transition.undoes)", "done", PROFILES),
    Break("only the last required step is asked for", f"{SOURCE}/profiles/graph.py", "due = process.required\n", "due = process.required[-1:]\n", PROFILES),
    Break("contradictions on one day only are overlooked", f"{SOURCE}/profiles/model.py", "return start if start < end else None", "return start if (end - start).days > 200 else None", PROFILES),
    Break("validity includes its end", f"{SOURCE}/profiles/model.py", "(self.end is None or day < self.end)", "(self.end is None or day <= self.end)", ("test_profiles.py", "test_authority.py", "test_organisation.py")),
    Break("quotations need not stand in the text", f"{SOURCE}/profiles/consistency.py", "if collapsed(rule.basis.quote) not in printed:", "if not printed:", PROFILES),
    Break("an appointment may be sent late", f"{SOURCE}/promises.py", 'if at >= ends:\n        values: Values = {"sent"', 'if at > ends:\n        values: Values = {"sent"', TIME),
    Break("a second progress notice satisfies again", f"{SOURCE}/promises.py", "if earlier >= rule.params.notices:", "if earlier > rule.params.notices:", TIME),
    Break("three agencies may pass a question on", f"{SOURCE}/hops.py", "made < rule.params.max_transfers", "made <= rule.params.max_transfers", ("test_hops.py",)),
    Break("overdue begins a moment late", f"{SOURCE}/clock_state.py", "if now >= ends:", "if now > ends:", TIME),
    Break("closed cases are computed again", f"{SOURCE}/recompute.py", "now = before if closed else", "now = before if False else", TIME),
    Break("weekend submissions are received at once", f"{SOURCE}/intake.py", "if weekday in params.weekdays:", "if weekday:", TIME),
    Break("the predecessor answers on the day of the change", f"{SOURCE}/organisation.py", "while not current.span.holds(on):", "while not current.span.holds(on) and current.span.end != on:", ("test_organisation.py",)),
    Break("the equality of title and body is not compared", f"{SOURCE}/separation.py", "if approved[part] != compared[part])", "if approved[part] != compared[part] and part == 'metadata')", ("test_separation.py",)),
    Break("explanations forget the calendar they used", f"{SOURCE}/deadlines.py", '"calendar": calendar.label', '"calendar": calendar.name', ("test_explanations.py",)),
    Break("past the calendar's end nothing is said", f"{SOURCE}/deadlines.py", "if end > index.end:", "if end > index.end + 9999:", ("test_deadlines.py", "test_explanations.py")),
    Break("a member gets three days to moderate", f"{LAW}/langson@1.yaml", "      who: board_member\n      limit: {n: 2, unit: working_day}", "      who: board_member\n      limit: {n: 3, unit: working_day}", ("test_profile_langson.py",)),
    Break("the board meets every seven months", f"{LAW}/khanhhoa@1.yaml", "every: {n: 6, unit: month}", "every: {n: 7, unit: month}", ("test_profile_khanhhoa.py", "test_periodic.py")),
    Break("a passport may have nine digits", f"{LAW}/hanam@1.yaml", "passport: '^[A-Z][0-9]{7,8}$'}, public: false", "passport: '^[A-Z][0-9]{7,9}$'}, public: false", ("test_questions.py", "test_profile_hanam.py")),
    Break("a document needs no abstract", f"{LAW}/binhduong@1.yaml", "fields: [doc_type, issuing_authority, number, issue_date, effective_date, abstract, file]", "fields: [doc_type, issuing_authority, number, issue_date, effective_date, file]", ("test_profile_binhduong.py", "test_submissions.py")),
    Break("a project needs no budget", f"{LAW}/binhduong@1.yaml", "period, budget_vnd,", "period,", ("test_profile_binhduong.py",)),
    Break("damages need not be made good", f"{LAW}/hanam@1.yaml", "administrative_fine, criminal_liability, compensation]", "administrative_fine, criminal_liability]", ("test_content_rules.py",)),
    Break("anybody of the centre may publish", f"{LAW}/khanhhoa@1.yaml", "params: {roles: [board_secretary], acts: [publish]}", "params: {roles: [board_secretary, member_centre], acts: [publish]}", ("test_authority_of_the_profiles.py", "test_profile_khanhhoa.py")),
    Break("the comparison of step 4 is not required", f"{LAW}/khanhhoa@1.yaml", "required: [receive, moderate, approve, upload, compare, publish]", "required: [receive, moderate, approve, upload, publish]", ("test_profiles.py",)),
    Break("a changed text need not be approved again", f"{LAW}/khanhhoa@1.yaml", "on: needs_supplementary_approval, undoes: [approve, upload, compare]", "on: needs_supplementary_approval, undoes: [upload, compare]", ("test_profiles.py", "test_profile_khanhhoa.py")),
    Break("the consolidated report is due a month later", f"{LAW}/binhduong@1.yaml", "      what: consolidated_website_report\n      month: 12\n      day: 1\n", "      what: consolidated_website_report\n      month: 12\n      day: 31\n", ("test_profile_binhduong.py", "test_periodic.py")),
    Break("a coefficient may pass its frame", f"{SOURCE}/rules/royalties.py", "elif work.coefficient > limits.max:", "elif work.coefficient > limits.max + 1:", ("test_content_rules.py",)),
    Break("the odd đồng of shares is lost", f"{SOURCE}/rules/royalties.py", "for at in order[: total - sum(shares)]:", "for at in order[:0]:", ("test_content_rules.py",)),
    Break("anyone may be paid", f"{SOURCE}/rules/royalties.py", "if share.role not in params.payees", "if not params.payees", ("test_content_rules.py",)),
    Break("a ground may be confirmed without a reason", f"{SOURCE}/rules/grounds.py", "if not self.reason.strip():", "if self.reason is None:", ("test_content_rules.py",)),
    Break("a suspicion decides by itself", f"{SOURCE}/rules/grounds.py", "(code,), _WAYS, step, needs_human=True)", "(code,), _WAYS, step)", ("test_content_rules.py",)),
    Break("a figure never recorded is 0", f"{SOURCE}/rules/counters.py", "if kept.get(metric) is None)", "if metric in kept and kept[metric] is None)", ("test_content_rules.py",)),
    Break("a plan is reached one item short", f"{SOURCE}/rules/counters.py", "if published >= planned:", "if published + 1 >= planned:", ("test_content_rules.py",)),
    Break("level 3 needs no processing online", f"{SOURCE}/rules/levels.py", '"processing_online": service.processing_online,', '"processing_online": True,', ("test_levels.py",)),
    Break("one form that can be downloaded is enough", f"{SOURCE}/rules/levels.py", "return all(service.forms.values())", "return any(service.forms.values())", ("test_levels.py",)),
    Break("an answer that must be given in person is full service", f"{SOURCE}/rules/levels.py", '"presence_not_required": not service.presence_required,', '"presence_not_required": True,', ("test_levels.py", "test_profile_nd42.py")),
    Break("a supplier owes every point", f"{SOURCE}/rules/routes.py", "owed = owed and (point is None or point in params.points)", "owed = owed and True", ("test_content_rules.py", "test_profile_binhduong.py")),
    Break("a successor may not exist yet", f"{SOURCE}/organisation.py", "elif not follows.span.holds(succession.on):", "elif follows.span.end is not None and not follows.span.holds(succession.on):", ("test_organisation.py",)),
    Break("of several successors the first answers", f"{SOURCE}/organisation.py", "if len(succession.successors) == 1:", "if succession.successors and work is None:", ("test_organisation.py",)),
    Break("a number may have another year than its document", f"{SOURCE}/references/citations.py", "number.year != issued.year:", "abs(number.year - issued.year) > 1:", ("test_references.py",)),
    Break("only the first clause of a list gets its article", f"{SOURCE}/references/articles.py", "run.append(group)", "run[:] = [group]", ("test_references.py",)),
    Break("a letter of TCVN3 is read as another", f"{SOURCE}/text/legacy.py", "ả B6 ã B7", "ả B7 ã B6", ("test_text_inspection.py",)),
    Break("đ stays in a search without diacritics", f"{SOURCE}/text/folding.py", '_PLAIN_D = str.maketrans({"đ": "d"})', '_PLAIN_D = str.maketrans({"đ": "đ"})', ("test_text_folding.py",)),
    Break("a denunciation may be published", f"{SOURCE}/questions.py", 'question_class != "denunciation",', "True,", ("test_questions.py",)),
    Break("a complaint gets no answer", f"{SOURCE}/questions.py", 'NO_ANSWER = frozenset({"out",', 'NO_ANSWER = frozenset({"complaint", "out",', ("test_questions.py",)),
    Break("the district is required for ever", f"{LAW}/hanam@1.yaml", "dated: {district: {to: 2025-07-01}}", "dated: {district: {to: 2035-07-01}}", ("test_questions.py", "test_profile_hanam.py")),
    Break("a late publication is only a warning", f"{SOURCE}/submissions.py", '("error", "overdue") if due.legal', '("warning", "overdue") if due.legal', ("test_submissions.py",)),
    Break("what has an exception is counted by the general rule", f"{SOURCE}/submissions.py", "left = [rule for rule in firing if rule.id not in beaten]", "left = firing", ("test_content_rules.py",)),
    Break("a notice may leave a hole in the calendar", f"{SOURCE}/calendar.py", "ordered != tuple(range(ordered[0], ordered[-1] + 1))", "ordered != ordered", ("test_calendar.py",)),
    Break("a quotation may stand in another clause", f"{SOURCE}/profiles/clauses.py", "if at in places and quote not in places[at]:", "if False:", ("test_profiles.py", "test_coverage.py")),
    Break("two rules may differ at the same time", f"{SOURCE}/profiles/consistency.py", "if shown is not None and not _ranked(one, two) and _differ(one, two):", "if shown is None and not _ranked(one, two) and _differ(one, two):", ("test_profiles.py",)),
    Break("a rule binds after its end", f"{SOURCE}/profiles/model.py", "for rule in self.rules.values() if rule.span.holds(day))", "for rule in self.rules.values() if rule.span)", ("test_profiles.py",)),
    Break("a case outlives its law", f"{SOURCE}/profiles/model.py", "return on if end is None or on < end else end - timedelta(days=1)", "return on", ("test_profiles.py",)),
    Break("a case that outlives its version is a day late", f"{SOURCE}/profiles/model.py", "else end - timedelta(days=1)", "else end", ("test_profiles.py",)),
    Break("a misspelt act is taken", f"{SOURCE}/profiles/naming.py", "if name not in terms():", "if not name:", ("test_profiles.py",)),
    Break("a step may belong to nobody", f"{SOURCE}/profiles/consistency.py", "if given[step.act].isdisjoint(step.roles):", "if not step.roles:", ("test_profiles.py",)),
    Break("only two rules can beat each other", f"{SOURCE}/profiles/consistency.py", "ways.append((*way, other))", "ways.append(way[:0] or (rule,))", ("test_profiles.py",)),
    Break("nobody asks whom a document was sent to", f"{SOURCE}/rules/formats.py", 'codes = ("recipients_not_stated",)', "codes = ()", ("test_content_rules.py",)),
    Break("any mention counts as a list of recipients", f"{SOURCE}/rules/formats.py", 'r"nơi nhận ?:"', 'r"nơi nhận"', ("test_content_rules.py",)),
    Break("a chain of delegations needs no delegation", f"{SOURCE}/profiles/consistency.py", "and not rule.params.delegable", "and rule.params.delegable", ("test_profiles.py",)),
)  # fmt: skip


def copied(to: Path) -> None:
    """What the rulebook's suite needs, without caches."""
    skip = shutil.ignore_patterns("__pycache__", ".hypothesis", ".pytest_cache")
    for part in ("contracts", "libs/rulebook", "docs"):
        shutil.copytree(ROOT / part, to / part, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", to / "pyproject.toml")


def notices(copy: Path, broken: Break) -> str:
    """The first test that fails on the broken rule. Raises LookupError if there is nothing to break, NotNoticed."""
    path = copy / broken.file
    whole = path.read_text(encoding="utf-8")
    if broken.old not in whole:
        raise LookupError(f"{broken.name}: {broken.old!r} is not in {broken.file}")
    path.write_text(whole.replace(broken.old, broken.new, 1), encoding="utf-8")
    try:
        return failing(copy, broken.tests)
    finally:
        path.write_text(whole, encoding="utf-8")


class NotNoticed(Exception):
    """No test failed: all passed, or the suite could not run, which proves nothing."""


def failing(copy: Path, tests: tuple[str, ...]) -> str:
    """The first test whose own lines fail. A suite that cannot be collected or set up does not count. Raises NotNoticed."""
    folder = copy / "libs/rulebook/tests"
    sources = (copy / "libs/rulebook/src", copy / "contracts/src", folder)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "break_rules",
        "-p",
        "no:cacheprovider",
        "--hypothesis-profile=broken",
        *(str(folder / name) for name in tests),
    ]
    paths = os.pathsep.join(map(str, sources))
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, timeout=600, check=False
    )
    said = done.stdout.decode()
    found = [line for line in said.splitlines() if line.startswith(FAILED)]
    if found:
        return found[0].removeprefix(FAILED).split("::", 1)[1]
    if done.returncode == 0:
        raise NotNoticed("passes")
    raise NotNoticed("cannot run: " + " ".join(said.split())[-300:])


def pytest_sessionstart(session: pytest.Session) -> None:
    """As a plugin of the suite in the copy: says which test failed, and stops there."""
    session.config.pluginmanager.register(_Watching(session))


@dataclass(slots=True)
class _Watching:
    session: pytest.Session

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.failed:
            sys.__stdout__.write(f"\n{FAILED}{report.nodeid}\n")
            sys.__stdout__.flush()
            self.session.shouldfail = "noticed"


def judged(copy: Path, broken: Break) -> tuple[bool, str]:
    """Whether the suite noticed, and by which test, or why not."""
    try:
        return True, f"`{notices(copy, broken)}`"
    except NotNoticed as reason:
        return False, f"**{reason}**"


def passes(copy: Path, tests: tuple[str, ...]) -> bool:
    """Whether the suite passes with nothing broken; says what fails otherwise."""
    try:
        sys.stdout.write(f"the suite fails with nothing broken: {failing(copy, tests)}\n")
    except NotNoticed as reason:
        if str(reason) == "passes":
            return True
        sys.stdout.write(f"the suite {reason}\n")
    return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="part of a name")
    parser.add_argument("--report", type=Path, help="write the list here")
    asked = parser.parse_args()
    chosen = [each for each in BREAKS if not asked.only or asked.only in each.name]
    rows: list[str] = []
    survived = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        copied(copy)
        if not passes(copy, tuple(sorted({name for each in chosen for name in each.tests}))):
            return 2
        for broken in chosen:
            found, by = judged(copy, broken)
            survived += not found
            place = broken.file.removeprefix(SOURCE + "/")
            rows.append(f"| {broken.name} | `{place}` | {by} |")
            sys.stdout.write(f"{'ok  ' if found else 'MISS'} {broken.name}\n")
            sys.stdout.flush()
    if asked.report:
        head = "# Broken on purpose\n\nEach line is one rule broken in a copy by `libs/rulebook/tests/break_rules.py`, and the first test that fails (with nothing broken all pass; a suite that cannot be collected or set up counts as not noticed).\n\n| Broken rule | Where | Noticed by |\n|---|---|---|\n"
        asked.report.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
