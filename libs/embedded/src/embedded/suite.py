"""`make test`: every check of the project, then one table of what ran, how it ended and on which engines.

Steps stand in lanes. Lanes run side by side, one that computes beside one that waits for engines; the
steps of a lane run one after another, and a lane that has ended takes from the steps that any may run,
such as the browser's. Each line of output names its step.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from queue import Empty, SimpleQueue
from xml.etree import ElementTree as ET

REPORTS = Path(".reports")
QUICK = "not slow"
CORES = min(os.cpu_count() or 1, 4)
ANY_ORDER = ("-n", "4", "--dist=worksteal")  # half of the time a test waits; each takes half a GB
BY_FILE = ("-n", str(CORES), "--dist=loadfile")  # a file's stories share a house
ENGINES = "engines: "  # how embedded.testing says which they were
REPEAT = {"HYPOTHESIS_PROFILE": "repeat"}  # the same examples every time; soak looks for new ones
REAL = f"{QUICK} and engine and not sim and not browser"
SAME_NAMES = (
    "tests/integration/test_openapi_conformance.py"  # xdist would run one test of each name
)
_PLAIN = "not engine and not sim and not browser"
NO_TESTS = 5  # pytest's exit code
MOST_SAID = 300  # of one failure, in the summary


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
    failures: tuple[str, ...] = field(default=())


def static_checks() -> list[Step]:
    here = Path(sys.executable).parent
    return [
        Step("lint", (f"{here}/ruff", "check", "-q")),
        Step("format", (f"{here}/ruff", "format", "--check", "-q")),
        Step("types", (f"{here}/basedpyright",)),
        Step("import rules", (f"{here}/lint-imports", "--no-logo")),
        Step("contracts", (sys.executable, "-m", "contracts.check")),
    ]


def computing() -> list[Step]:
    return [
        *static_checks(),
        _pytest("architecture", ["tests/architecture"], QUICK),
        _pytest("contracts", ["contracts/tests"], f"{QUICK} and not engine and not sim"),
        _pytest("unit", ["libs", "services"], f"{QUICK} and {_PLAIN}", *ANY_ORDER),
        _pytest("simulation", [], f"{QUICK} and sim"),
    ]


def waiting() -> list[Step]:
    return [_pytest("integration", [], REAL, *BY_FILE, f"--ignore={SAME_NAMES}")]


def in_any_lane() -> list[Step]:
    return [
        _pytest("browser", [], f"{QUICK} and browser"),
        _pytest("conformance", [SAME_NAMES], REAL),
    ]


def soak() -> list[Step]:
    """SEEDS and KILLS set its length; each test is named when it begins to run and when it ended."""
    return [_pytest("soak", [], "slow", "-v", "-v")]


def _pytest(name: str, folders: list[str], marks: str, *more: str) -> Step:
    known = [folder for folder in folders if Path(folder).exists()]
    report = f"--junitxml={REPORTS / name}.xml"
    command = (sys.executable, "-m", "pytest", "-rfEs", "-m", marks, report, *more, *known)
    return Step(name, command if known or not folders else (), is_pytest=True)


def run(lanes: Sequence[Sequence[Step]], shared: Sequence[Step] = ()) -> list[Outcome]:
    """Runs all steps, even when some fail; outcomes come lane by lane, those of `shared` last."""
    REPORTS.mkdir(exist_ok=True)
    rest: SimpleQueue[Step] = SimpleQueue()
    for step in shared:
        rest.put(step)
    with ThreadPoolExecutor(len(lanes)) as side_by_side:
        ran = list(side_by_side.map(partial(_in_turn, rest), lanes))
    outcomes = {outcome.step: outcome for of_lane in ran for outcome in of_lane}
    return [outcomes[s] for s in chain(*lanes, shared) if s in outcomes]


def _in_turn(rest: "SimpleQueue[Step]", lane: Iterable[Step]) -> list[Outcome]:
    return [_run(step) for step in chain(lane, _taken(rest)) if step.command]


def _taken(rest: "SimpleQueue[Step]") -> Generator[Step]:
    with contextlib.suppress(Empty):
        while True:
            yield rest.get_nowait()


def _run(step: Step) -> Outcome:
    _say(step, "begins")
    began = time.monotonic()
    report = REPORTS / f"{step.name}.xml"
    report.unlink(missing_ok=True)
    environment = os.environ if step.name == "soak" else {**REPEAT, **os.environ}
    code, engines = _told(step, dict(environment))
    seconds = time.monotonic() - began
    if step.is_pytest:
        outcome = _of_pytest(step, code, report, seconds, engines)
    else:
        outcome = Outcome(step, int(code == 0), int(code != 0), 0, seconds)
    _say(step, f"ended after {seconds:.0f} s, {outcome.failed} failed")
    return outcome


def _told(step: Step, environment: dict[str, str]) -> tuple[int, str]:
    """The step's exit code and the engines it named, its lines shown as they come."""
    engines = ""
    with subprocess.Popen(  # noqa: S603 - our own commands
        step.command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            said = line.rstrip()
            if said.startswith(ENGINES):
                engines = said.removeprefix(ENGINES)
            if said:
                _say(step, said)
    return child.returncode, engines


_ONE_LINE = threading.Lock()


def _say(step: Step, line: str) -> None:
    with _ONE_LINE:
        print(f"{step.name:>12} │ {line}", flush=True)


def _of_pytest(step: Step, code: int, report: Path, seconds: float, engines: str) -> Outcome:
    if not report.exists():
        return Outcome(step, 0, 1, 0, seconds)
    cases = ET.parse(report).getroot().findall(".//testcase")  # noqa: S314 - written by pytest a moment ago
    failures = [_failure(case, why) for case in cases if (why := _why(case)) is not None]
    failed = len(failures)
    skips = [skip for case in cases for skip in case.findall("skipped")]
    if code not in {0, NO_TESTS}:
        failed = max(failed, 1)
    return Outcome(
        step,
        passed=max(len(cases) - failed - len(skips), 0),
        failed=failed,
        skipped=len(skips),
        seconds=seconds,
        engines=engines,
        skip_reasons=tuple(skip.get("message") or "" for skip in skips),
        failures=tuple(failures),
    )


def _why(case: ET.Element) -> ET.Element | None:
    failure = case.find("failure")
    return case.find("error") if failure is None else failure


def _failure(case: ET.Element, why: ET.Element) -> str:
    said = " ".join((why.get("message") or "").split())
    return f"{case.get('classname')}::{case.get('name')}: {said}"[:MOST_SAID]


def table(outcomes: list[Outcome], wall: float) -> str:
    """The summary: a row per step, what failed and why, and last "N passed, N failed, N skipped"."""
    rows = [f"{'':2}{'what':14}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}  engines"]
    rows += [
        f"{'✗' if o.failed else '✓' if o.passed else '-':2}{o.step.name:14}{o.passed:8}{o.failed:8}"
        f"{o.skipped:9}{o.seconds:9.1f}  {o.engines}".rstrip()
        for o in outcomes
    ]
    rows += [f"✗ {failure}" for o in outcomes for failure in o.failures]
    reasons = sorted({reason for o in outcomes for reason in o.skip_reasons})
    rows += [f"  skipped: {' '.join(reason.split())}" for reason in reasons]
    passed, failed, skipped = (
        sum(getattr(o, name) for o in outcomes) for name in ("passed", "failed", "skipped")
    )
    version = ".".join(map(str, sys.version_info[:3]))
    rows.append(f"Python {version}, {wall:.0f} s in all")
    rows.append(f"{passed} passed, {failed} failed, {skipped} skipped")
    return "\n".join(rows)


CHOICES: dict[str, Callable[[], list[Outcome]]] = {
    "check": lambda: run([static_checks()]),
    "test": lambda: run([computing(), waiting()], in_any_lane()),
    "soak": lambda: run([soak()]),
}


def main() -> int:
    began = time.monotonic()
    outcomes = CHOICES[sys.argv[1] if len(sys.argv) > 1 else "test"]()
    print(f"\n{table(outcomes, time.monotonic() - began)}", flush=True)
    return int(any(outcome.failed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
