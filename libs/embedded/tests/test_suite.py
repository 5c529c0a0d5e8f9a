"""The suite itself: lanes run side by side, every step counts, each line says whose it is."""

import sys
from pathlib import Path

import pytest

from embedded.suite import Step, run, table

PASSING = "def test_one(): pass\ndef test_two(): pass\n"
FAILING = "def test_bad(): assert 1 == 2\n"


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def a_step(name: str, program: str) -> Step:
    return Step(name, (sys.executable, "-c", program))


def a_pytest(name: str, tests: str) -> Step:
    Path(f"test_{name}.py").write_text(tests)
    report = f"--junitxml=.reports/{name}.xml"
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", report)
    return Step(name, (*command, f"test_{name}.py"), is_pytest=True)


def waits_for(mine: str, other: str) -> str:
    return (
        "import pathlib, time\n"
        f"pathlib.Path({mine!r}).touch()\n"
        "end = time.monotonic() + 60\n"
        f"while not pathlib.Path({other!r}).exists():\n"
        "    assert time.monotonic() < end\n"
        "    time.sleep(0.01)\n"
    )


def test_two_lanes_run_side_by_side():
    outcomes = run([[a_step("a", waits_for("a", "b"))], [a_step("b", waits_for("b", "a"))]])

    assert [(o.step.name, o.failed) for o in outcomes] == [("a", 0), ("b", 0)]


def test_the_lane_that_ended_takes_what_any_may_run_and_each_step_runs_once():
    slow = waits_for("slow", "second")
    notes = "import pathlib; pathlib.Path('{0}').touch(); open('ran', 'a').write('{0} ')"
    shared = [a_step("first", notes.format("first")), a_step("second", notes.format("second"))]

    outcomes = run([[a_step("quick", "")], [a_step("slow", slow)]], shared)

    assert [o.step.name for o in outcomes] == ["quick", "slow", "first", "second"]
    assert all(o.failed == 0 for o in outcomes)
    assert Path("ran").read_text() == "first second "


def test_a_failed_step_does_not_stop_the_next_one():
    outcomes = run([[a_step("bad", "raise SystemExit(3)"), a_step("good", "")]])

    assert [(o.step.name, o.passed, o.failed) for o in outcomes] == [("bad", 0, 1), ("good", 1, 0)]


def test_the_table_counts_what_pytest_counted_and_closes_with_the_sum(
    capsys: pytest.CaptureFixture[str],
):
    outcomes = run([[a_pytest("passing", PASSING), a_pytest("failing", FAILING)]])

    assert [(o.passed, o.failed) for o in outcomes] == [(2, 0), (0, 1)]
    assert table(outcomes, 1.0).splitlines()[-1] == "2 passed, 1 failed, 0 skipped"
    told = [line for line in capsys.readouterr().out.splitlines() if "assert 1 == 2" in line]
    assert told
    assert all("failing │ " in line for line in told)


def test_the_table_names_each_test_that_failed_and_why():
    outcomes = run([[a_pytest("failing", FAILING), a_pytest("passing", PASSING)]])

    named = [line for line in table(outcomes, 1.0).splitlines() if "test_failing::" in line]
    assert named == ["✗ test_failing::test_bad: assert 1 == 2"]


def test_a_pytest_that_dies_before_its_report_has_failed():
    step = Step("dying", (sys.executable, "-c", "import os; os._exit(0)"), is_pytest=True)

    assert [(o.passed, o.failed) for o in run([[step]])] == [(0, 1)]


def test_the_engines_a_step_names_stand_in_its_row():
    tests = "def test_it(): print('\\nengines: given (x)'); assert 0\n"

    assert run([[a_pytest("named", tests)]])[0].engines == "given (x)"
