"""`make test`: every check of the project in turn, then one table of what ran, how it ended and on which engines."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

REPORTS = Path(".reports")
QUICK = "not slow"
PARALLEL = ("-n", str(min(os.cpu_count() or 1, 4)), "--dist=worksteal")
REPEAT = {"HYPOTHESIS_PROFILE": "repeat"}  # the same examples every time; soak looks for new ones
_PLAIN = "not engine and not sim and not browser"
NO_TESTS = 5  # pytest's exit code


@dataclass(frozen=True)
class Step:
    """One row of the table: a command, and whether pytest's own counts tell how it ended."""

    name: str
    command: tuple[str, ...]
    is_pytest: bool = False


@dataclass(frozen=True)
class Outcome:
    step: Step
    passed: int
    failed: int
    skipped: int
    seconds: float
    engines: str = ""
    skip_reasons: tuple[str, ...] = field(default=())


def static_checks() -> list[Step]:
    here = Path(sys.executable).parent
    return [
        Step("lint", (f"{here}/ruff", "check", "-q")),
        Step("format", (f"{here}/ruff", "format", "--check", "-q")),
        Step("types", (f"{here}/basedpyright",)),
        Step("import rules", (f"{here}/lint-imports", "--no-logo")),
        Step("contracts", (sys.executable, "-m", "contracts.check")),
    ]


def tests() -> list[Step]:
    return [
        _pytest("architecture", ["tests/architecture"], QUICK),
        _pytest("contracts", ["contracts/tests"], f"{QUICK} and not engine and not sim"),
        _pytest("unit", ["libs", "services"], f"{QUICK} and {_PLAIN}", *PARALLEL),
        _pytest("simulation", [], f"{QUICK} and sim"),
        _pytest("integration", [], f"{QUICK} and engine and not sim and not browser"),
        _pytest("browser", [], f"{QUICK} and browser"),
    ]


def soak() -> list[Step]:
    """SEEDS and KILLS set its length; each test is named when it begins to run and when it ended."""
    return [_pytest("soak", [], "slow", "-v", "-v")]


def _pytest(name: str, folders: list[str], marks: str, *more: str) -> Step:
    known = [folder for folder in folders if Path(folder).is_dir()]
    report = f"--junitxml={REPORTS / name}.xml"
    command = (sys.executable, "-m", "pytest", "-rfEs", "-m", marks, report, *more, *known)
    return Step(name, command if known or not folders else (), is_pytest=True)


def run(steps: Iterable[Step]) -> list[Outcome]:
    """Runs the steps one after another, all of them even when some fail."""
    REPORTS.mkdir(exist_ok=True)
    return [_run(step) for step in steps if step.command]


def _run(step: Step) -> Outcome:
    print(f"\n▶ {step.name}", flush=True)
    began = time.monotonic()
    if step.is_pytest:
        report = REPORTS / f"{step.name}.xml"
        report.unlink(missing_ok=True)
        env = {**REPEAT, **os.environ} if step.name != "soak" else None
        code = subprocess.run(step.command, check=False, env=env).returncode  # noqa: S603 - our own commands
        return _of_pytest(step, code, report, time.monotonic() - began)
    ended = subprocess.run(step.command, check=False, capture_output=True, text=True)  # noqa: S603 - as above
    if ended.returncode:
        print(ended.stdout + ended.stderr, flush=True)
    failed = int(ended.returncode != 0)
    return Outcome(step, 1 - failed, failed, 0, time.monotonic() - began)


def _of_pytest(step: Step, code: int, report: Path, seconds: float) -> Outcome:
    if not report.exists():
        return Outcome(step, 0, 1, 0, seconds)
    cases = ET.parse(report).getroot().findall(".//testcase")  # noqa: S314 - written by pytest a moment ago
    failed = sum(bool(case.findall("failure") or case.findall("error")) for case in cases)
    skips = [skip for case in cases for skip in case.findall("skipped")]
    if code not in {0, NO_TESTS}:
        failed = max(failed, 1)
    return Outcome(
        step,
        passed=max(len(cases) - failed - len(skips), 0),
        failed=failed,
        skipped=len(skips),
        seconds=seconds,
        engines=_property(report, "engines"),
        skip_reasons=tuple(skip.get("message") or "" for skip in skips),
    )


def _property(report: Path, name: str) -> str:
    found = ET.parse(report).getroot().iterfind(".//property")  # noqa: S314 - as above
    return next((p.get("value") or "" for p in found if p.get("name") == name), "")


def table(outcomes: list[Outcome]) -> str:
    """The summary; its last line is "N passed, N failed, N skipped"."""
    rows = [f"{'':2}{'what':14}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}  engines"]
    rows += [
        f"{'✗' if o.failed else '✓' if o.passed else '-':2}{o.step.name:14}{o.passed:8}{o.failed:8}"
        f"{o.skipped:9}{o.seconds:9.1f}  {o.engines}".rstrip()
        for o in outcomes
    ]
    reasons = sorted({reason for o in outcomes for reason in o.skip_reasons})
    rows += [f"  skipped: {' '.join(reason.split())}" for reason in reasons]
    total = sum(o.seconds for o in outcomes)
    passed, failed, skipped = (
        sum(getattr(o, name) for o in outcomes) for name in ("passed", "failed", "skipped")
    )
    version = ".".join(map(str, sys.version_info[:3]))
    rows.append(f"Python {version}, {total:.0f} s in all")
    rows.append(f"{passed} passed, {failed} failed, {skipped} skipped")
    return "\n".join(rows)


CHOICES = {"check": static_checks, "test": lambda: static_checks() + tests(), "soak": soak}


def main() -> int:
    outcomes = run(CHOICES[sys.argv[1] if len(sys.argv) > 1 else "test"]())
    print(f"\n{table(outcomes)}", flush=True)
    return int(any(outcome.failed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
