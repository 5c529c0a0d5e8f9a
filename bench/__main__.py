"""`make bench`: the house beside the raw chain, in turns, on engines of its own.

Writes bench/results/latest.json and the tables of docs/performance.md.
"""

import argparse
import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from bench import directory, lives, portal, prefill, report
from bench.subjects import Driver, Subject, house, raw_chain
from bench.visits import Numbers, Plan, Visit
from embedded.engines import Engines, engines
from embedded.trouble import Trouble

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "latest.json"
PAGE = HERE.parent / "docs" / "performance.md"
TURN = ("raw", "pymongo", "motor")
SIZES = (1_000, 100_000)
PARTS = ("chains", "streams", "directory", "lives", "portal", "rulebook")
Open = Callable[[], AbstractContextManager[Subject]]


def main() -> int:
    asked = _asked()
    folder = Path(tempfile.mkdtemp(prefix="nhipcau-bench-"))
    began = time.monotonic()
    try:
        found = measure(folder, asked)
    except Trouble as trouble:
        print(f"bench: {trouble}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found["took_seconds"] = round(time.monotonic() - began)
    text = json.dumps(found, ensure_ascii=False, indent=1)
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(text + "\n", encoding="utf-8")
    if asked.output == RESULTS:
        report.write(found, PAGE)
    print(report.tables(found))
    say(f"took {found['took_seconds']} s; results in {os.path.relpath(asked.output)}")
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=2, help="visits to each chain")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each load")
    parser.add_argument("--only", choices=PARTS, help="a part of it")
    parser.add_argument("--output", type=Path, default=RESULTS)
    return parser.parse_args()


def measure(folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {"machine": machine(), "load_before": os.getloadavg()[0]}
    say("starting MongoDB and Kafka …")
    with engines(folder / "engines", kinds=("embedded",), throwaway=True) as running:
        if asked.only in {None, "chains"}:
            found["chains"] = chains(running, folder, asked)
        if asked.only in {None, "streams"}:
            found["streams"] = streams(running, folder, asked)
        if asked.only in {None, "directory"}:
            found["directory"] = reading(running, folder, asked)
        if not portal.shows_articles():
            say("the portal does not show articles yet: whole lives and reads are left out")
        elif asked.only in {None, "lives"}:
            found["lives"] = living(running, folder, asked)
        if portal.shows_articles() and asked.only in {None, "portal"}:
            say("filling the portal …")
            found["portal"] = portal.measure(running, folder, asked.seconds)
    if asked.only in {None, "rulebook"}:
        found["rulebook"] = rulebook()
        found["authority"] = _printed("authority_speed", "--seconds", "0.5")
    return found | {"load_after": os.getloadavg()[0]}


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


def chains(running: Engines, folder: Path, asked: argparse.Namespace) -> dict[str, list[Numbers]]:
    """Each chain in turn, again and again, so that what disturbs one disturbs all."""
    plan = Plan(seconds=asked.seconds)
    found: dict[str, list[Numbers]] = {name: [] for name in TURN}
    for number in range(asked.rounds):
        for name in TURN:
            prefix = f"{name}{number}"
            numbers = visit(running, _opener(running, folder, name, prefix), prefix, plan)
            found[name].append(numbers)
            forget(running, prefix)
    return found


def _opener(running: Engines, folder: Path, name: str, prefix: str) -> Open:
    if name == "raw":
        return lambda: raw_chain(running, folder, prefix)
    driver: Driver = "motor" if name == "motor" else "pymongo"
    return lambda: house(running, folder, prefix, driver)


def visit(running: Engines, opened: Open, name: str, plan: Plan) -> Numbers:
    with opened() as subject:
        numbers = Visit(running, subject, name).measure(plan)
    speeds = ", ".join(f"{c}: {numbers[f'clients_{c}']['events_s']:.0f}/s" for c in plan.clients)
    say(f"{name:12} {speeds}")
    return numbers


def streams(running: Engines, folder: Path, asked: argparse.Namespace) -> dict[str, list[Numbers]]:
    """The house on a log that holds so many streams already."""
    plan = Plan(seconds=asked.seconds + 1, clients=(16,), watched_seconds=0)
    for size in SIZES:
        say(f"filling a log with {size} streams …")
        asyncio.run(prefill.fill(running.mongo_url, f"s{size}", size))
    found: dict[str, list[Numbers]] = {str(size): [] for size in SIZES}
    for number in range(max(2, asked.rounds)):
        for size in SIZES:
            opened = _opener(running, folder, "pymongo", f"s{size}")
            found[str(size)].append(visit(running, opened, f"s{size}-{number}", plan))
    return found


def reading(running: Engines, folder: Path, asked: argparse.Namespace) -> Numbers:
    """The directory alone: an import and reads."""
    with house(running, folder, "reads") as subject:
        numbers = directory.measure(running, subject, asked.seconds)
    forget(running, "reads")
    say(directory.said(numbers))
    return numbers


def living(running: Engines, folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Whole lives beside the raw chain; then the same in houses that hold many articles."""
    plan = Plan(seconds=asked.seconds, clients=lives.CLIENTS, watched_seconds=0)
    raw = visit(running, _opener(running, folder, "raw", "lr"), "lr", plan)
    found: dict[str, Any] = {"raw": raw, "houses": {}}
    for stored in (0, *lives.STORED):
        prefix, clients = f"l{stored}", lives.CLIENTS if stored == 0 else (16,)
        asyncio.run(portal.fill(running.mongo_url, prefix, stored))
        with house(running, folder, prefix) as subject:
            numbers = lives.measure(running, subject, prefix, asked.seconds + 2, clients)
        forget(running, prefix)
        found["houses"][f"{stored:,} stored"] = numbers
        say(f"lives with {stored} stored: {numbers['clients_16']['lives_s']:g}/s at 16 clients")
    return found


def forget(running: Engines, prefix: str) -> None:
    """Drop what a visit left, so that the next one finds an empty engine."""
    with MongoClient[dict[str, Any]](running.mongo_url) as client:
        for name in client.list_database_names():
            if name.startswith(f"{prefix}_"):
                client.drop_database(name)


def rulebook() -> dict[str, Any]:
    """The rulebook's own measurements, as their programs print them."""
    return {
        "speed": _printed("rulebook_speed", "--seconds", "0.5"),
        "content": _printed("rulebook_content"),
    }


def _printed(program: str, *words: str) -> Any:
    say(f"{program} …")
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{program}", *words],
        cwd=HERE.parent,
        stdout=subprocess.PIPE,
        check=False,
        timeout=120,
    )
    return json.loads(done.stdout)


def say(what: str) -> None:
    print(f"bench: {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
