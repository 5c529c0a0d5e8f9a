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

ROOT = Path(__file__).resolve().parents[3]
SOURCE = "libs/rulebook/src/rulebook"
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
    Break("a wrong holiday: Tết 2026 begins a day later", "contracts/calendars/vn.json", '"date": "2026-02-16"', '"date": "2026-02-21"', CALENDAR),
    Break("a swapped day off is forgotten", "contracts/calendars/vn.json", '"date": "2026-08-31"', '"date": "2026-09-03"', CALENDAR),
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
)  # fmt: skip


def copied(to: Path) -> None:
    """What the rulebook's suite needs, without caches."""
    skip = shutil.ignore_patterns("__pycache__", ".hypothesis", ".pytest_cache")
    for part in ("contracts", "libs/rulebook", "docs"):
        shutil.copytree(ROOT / part, to / part, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", to / "pyproject.toml")


def notices(copy: Path, broken: Break) -> bool:
    """Whether the suite fails on the broken rule. Raises LookupError if there is nothing to break."""
    path = copy / broken.file
    whole = path.read_text(encoding="utf-8")
    if broken.old not in whole:
        raise LookupError(f"{broken.name}: {broken.old!r} is not in {broken.file}")
    path.write_text(whole.replace(broken.old, broken.new, 1), encoding="utf-8")
    try:
        return run(copy, broken.tests) != 0
    finally:
        path.write_text(whole, encoding="utf-8")


def run(copy: Path, tests: tuple[str, ...]) -> int:
    files = [str(copy / "libs/rulebook/tests" / name) for name in tests]
    paths = os.pathsep.join(str(copy / part) for part in ("libs/rulebook/src", "contracts/src"))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "--hypothesis-profile=broken",
        *files,
    ]
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, timeout=600, check=False
    )
    if done.returncode not in {0, 1, 2}:
        raise RuntimeError(done.stdout.decode() + done.stderr.decode())
    return done.returncode


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
        if run(copy, tuple(sorted({name for each in chosen for name in each.tests}))) != 0:
            sys.stdout.write("the suite fails with nothing broken\n")
            return 2
        for broken in chosen:
            found = notices(copy, broken)
            survived += not found
            rows.append(
                f"| {broken.name} | `{broken.file.removeprefix(SOURCE + '/')}` | {', '.join(broken.tests)} | {'fails' if found else '**passes**'} |"
            )
            sys.stdout.write(f"{'ok  ' if found else 'MISS'} {broken.name}\n")
            sys.stdout.flush()
    if asked.report:
        head = "# Broken on purpose\n\nEach line is one rule broken in a copy by `libs/rulebook/tests/break_rules.py`, and what the suite says (with nothing broken it passes).\n\n| Broken rule | Where | Tests | Suite |\n|---|---|---|---|\n"
        asked.report.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
