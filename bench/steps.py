"""The steps of a measurement, each on the same engines: what they start, in which turns, how often."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from bench import directory, filling, lives, long_streams, portal, prefill, profile
from bench.subjects import Driver, Subject, house, raw_chain
from bench.visits import Numbers, Plan, Visit
from embedded.engines import Engines

HERE = Path(__file__).parent
Open = Callable[[], AbstractContextManager[Subject]]


@dataclass(frozen=True)
class Size:
    """How much is measured: the whole, or as little as shows that everything works."""

    rounds: int
    seconds: float
    streams: tuple[int, ...]
    stored: tuple[int, ...]
    lived_beside: tuple[int, ...]
    lengths: tuple[int, ...]


WHOLE = Size(
    2, 4.0, (1_000, 100_000), (1_000, 10_000, 100_000), (1_000, 10_000, 100_000), (450, 4_950)
)
QUICK = Size(1, 1.5, (1_000, 5_000), (10_000,), (1_000,), (450, 1_950))


@dataclass(frozen=True)
class Course:
    """One run: its engines, a folder, how much, and another checkout to measure beside this one."""

    engines: Engines
    folder: Path
    size: Size
    beside: Path | None = None

    @property
    def chains(self) -> tuple[str, ...]:
        """In turns, so that what disturbs one disturbs all."""
        return ("raw", "pymongo", "motor", *(("former",) if self.beside else ()))

    @property
    def pythons(self) -> Mapping[str, str]:
        """The interpreters whose houses are measured: this checkout's, and the other's."""
        other = {"former": str(self.beside / ".venv/bin/python")} if self.beside else {}
        return {"house": sys.executable, **other}

    def opener(self, name: str, prefix: str) -> Open:
        if name == "raw":
            return lambda: raw_chain(self.engines, self.folder, prefix)
        driver: Driver = "motor" if name == "motor" else "pymongo"
        python = self.pythons.get(name, sys.executable)
        return lambda: house(self.engines, self.folder, prefix, driver, python=python)

    def visit(self, opened: Open, name: str, plan: Plan) -> Numbers:
        with opened() as subject:
            numbers = Visit(self.engines, subject, name).measure(plan)
        speeds = ", ".join(
            f"{c}: {numbers[f'clients_{c}']['events_s']:.0f}/s" for c in plan.clients
        )
        say(f"{name:12} {speeds}")
        return numbers

    def forget(self, prefix: str) -> None:
        """Drop what a visit left, so that the next one finds an empty engine."""
        with MongoClient[dict[str, Any]](self.engines.mongo_url) as client:
            for name in client.list_database_names():
                if name.startswith(f"{prefix}_"):
                    client.drop_database(name)


def chains(course: Course) -> dict[str, list[Numbers]]:
    """Each chain in turn, again and again."""
    plan = Plan(seconds=course.size.seconds)
    found: dict[str, list[Numbers]] = {name: [] for name in course.chains}
    for number in range(course.size.rounds):
        for name in course.chains:
            prefix = f"{name}{number}"
            found[name].append(course.visit(course.opener(name, prefix), prefix, plan))
            course.forget(prefix)
    return found


def streams(course: Course) -> dict[str, list[Numbers]]:
    """The house on a log that holds so many streams already."""
    plan = Plan(seconds=course.size.seconds + 1, clients=(16,), watched_seconds=0)
    for size in course.size.streams:
        say(f"filling a log with {size} streams …")
        asyncio.run(prefill.fill(course.engines.mongo_url, f"s{size}", size))
    found: dict[str, list[Numbers]] = {str(size): [] for size in course.size.streams}
    for number in range(course.size.rounds):
        for size in course.size.streams:
            opened = course.opener("pymongo", f"s{size}")
            found[str(size)].append(course.visit(opened, f"s{size}-{number}", plan))
    for size in course.size.streams:
        course.forget(f"s{size}")
    return found


def closed(course: Course) -> dict[str, Numbers]:
    """Long streams, read whole and from their last closing."""
    found = long_streams.measure(course.engines.mongo_url, "long", course.size.lengths, looks=15)
    course.forget("long")
    return found


def reading(course: Course) -> Numbers:
    """The directory alone: an import and reads."""
    with house(course.engines, course.folder, "reads") as subject:
        numbers = directory.measure(course.engines, subject, course.size.seconds)
    course.forget("reads")
    return numbers


def living(course: Course) -> dict[str, Any]:
    """Whole lives beside the raw chain; then the same in houses that hold many articles."""
    plan = Plan(seconds=course.size.seconds, clients=lives.CLIENTS, watched_seconds=0)
    found: dict[str, Any] = {"raw": course.visit(course.opener("raw", "lr"), "lr", plan)}
    course.forget("lr")
    found |= {name: [] for name in course.pythons}
    for number in range(course.size.rounds):
        for name, python in course.pythons.items():
            found[name].append(_lived(course, f"l{name}{number}", python, 0))
    found["stored"] = {
        str(size): _lived(course, f"l{size}", sys.executable, size)
        for size in course.size.lived_beside
    }
    return found


def _lived(course: Course, prefix: str, python: str, stored: int) -> Numbers:
    clients = (16,) if stored else lives.CLIENTS
    if stored:
        say(f"filling intake, editorial and portal with {stored} articles …")
        asyncio.run(filling.fill(course.engines.mongo_url, prefix, stored, filling.EVERYWHERE))
    with house(course.engines, course.folder, prefix, python=python) as subject:
        numbers = lives.measure(course.engines, subject, prefix, course.size.seconds + 2, clients)
    course.forget(prefix)
    speeds = ", ".join(f"{c}: {numbers[f'clients_{c}']['lives_s']:g}/s" for c in clients)
    say(f"{prefix:12} lives {speeds}")
    return numbers


def reads(course: Course) -> dict[str, Numbers]:
    """The portal alone, over several sizes, beside a bare page."""
    return portal.measure(
        course.engines, course.folder, course.size.seconds, course.size.stored, course.pythons
    )


def profiled(course: Course) -> dict[str, Any]:
    """Where the services' one thread is while whole lives go through, and while agencies do."""
    stacks = course.folder / "stacks.json"
    with house(course.engines, course.folder, "prof", sampled=stacks) as subject:
        numbers = lives.measure(
            course.engines, subject, "prof", course.size.seconds + 4, (16,), begin=profile.begin
        )
    course.forget("prof")
    return {"lives_s": numbers["clients_16"]["lives_s"]} | profile.told(stacks)


def rulebook(_: Course) -> dict[str, Any]:
    """The rulebook's own measurements, as their programs print them."""
    return {
        "speed": _printed("rulebook_speed", "--seconds", "0.5"),
        "content": _printed("rulebook_content"),
        "authority": _printed("authority_speed", "--seconds", "0.5"),
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


STEPS: Mapping[str, Callable[[Course], Any]] = {
    "chains": chains,
    "streams": streams,
    "closings": closed,
    "directory": reading,
    "lives": living,
    "portal": reads,
    "profile": profiled,
    "rulebook": rulebook,
}


def say(what: str) -> None:
    print(f"bench: {what}", flush=True)
