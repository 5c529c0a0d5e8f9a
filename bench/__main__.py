"""`make bench`: the house beside the raw chain, in turns, on engines of its own.

The whole run writes bench/results/latest.json and the tables of docs/performance.md. A quick run, a
few steps alone or a run beside another checkout only print theirs and keep them in
bench/results/last.json.

    python -m bench [--quick] [--beside ../another-checkout] [STEP …]
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import report
from bench.steps import QUICK, STEPS, WHOLE, Course, say
from bench.visits import Numbers
from embedded.engines import engines
from embedded.trouble import Trouble

HERE = Path(__file__).parent
RESULTS, LAST = HERE / "results" / "latest.json", HERE / "results" / "last.json"
PAGE = HERE.parent / "docs" / "performance.md"


def main() -> int:
    asked = _asked()
    folder = Path(tempfile.mkdtemp(prefix="nhipcau-bench-"))
    try:
        found = measure(folder, asked)
    except Trouble as trouble:
        print(f"bench: {trouble}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    whole = not (asked.steps or asked.quick or asked.beside or found["failed"])
    output = RESULTS if whole else LAST
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if whole:
        report.write(found, PAGE)
    print(report.tables(found))
    say(f"took {found['took_seconds']} s; results in {os.path.relpath(output)}")
    if found["failed"]:
        print(f"bench: failed: {', '.join(found['failed'])}", file=sys.stderr)
    return 1 if found["failed"] else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"of {', '.join(STEPS)}")
    parser.add_argument("--quick", action="store_true", help="a few minutes, rougher numbers")
    parser.add_argument("--beside", type=Path, help="a checkout, set up, to measure in turns")
    asked = parser.parse_args()
    if unknown := [step for step in asked.steps if step not in STEPS]:
        parser.error(f"no such step: {', '.join(unknown)}; there are {', '.join(STEPS)}")
    return asked


def measure(folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Every step that was asked for; one that fails is named and keeps nobody from the others."""
    began, failed = time.monotonic(), list[str]()
    found: dict[str, Any] = {"machine": machine(), "load_before": os.getloadavg()[0]}
    found |= {"quick": asked.quick, "steps_seconds": {}, "failed": failed}
    say("starting MongoDB and Kafka …")
    with engines(folder / "engines", kinds=("embedded",), throwaway=True) as running:
        course = Course(running, folder, QUICK if asked.quick else WHOLE, asked.beside)
        for name in asked.steps or STEPS:
            step_began = time.monotonic()
            say(f"{name} …")
            try:
                found[name] = STEPS[name](course)
            except Exception:  # noqa: BLE001 - said, counted, and the others go on
                traceback.print_exc()
                failed.append(name)
            found["steps_seconds"][name] = round(time.monotonic() - step_began)
    took = round(time.monotonic() - began)
    return found | {"load_after": os.getloadavg()[0], "took_seconds": took}


def machine() -> Numbers:
    """What the numbers depend on; no name of the machine."""
    return {
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "cpu": _cpu_model(),
    }


def _cpu_model() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


if __name__ == "__main__":
    sys.exit(main())
