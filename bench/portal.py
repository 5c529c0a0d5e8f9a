"""The portal measured: an article as JSON and as a page, and searches, over so many stored articles.

The portal runs as a process of its own; its projection is filled by its own handlers, as if the
board had published every article. Beside it a bare page of the same stack (`bench.bare`).
"""

import asyncio
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import permutations
from pathlib import Path
from random import Random
from urllib.parse import quote

import orjson

from bench.filling import PORTAL, WORDS, fill, id_of
from bench.lives import seconds_of
from bench.reading import Errand, Found
from bench.subjects import Subject, bare_page, one_service
from bench.visits import Numbers, memory, percentiles
from embedded.engines import Engines

CLIENTS = 16
WANTED = {"article, JSON": 1_500, "article, page": 900, "search, two words": 500}
SEARCH_MS = 50
READ = 400
"""So many different articles are asked for in turn; searches of two words are all different."""
Question = Mapping[str, list[str]]


def measure(
    engines: Engines,
    folder: Path,
    seconds: float,
    sizes: Sequence[int],
    pythons: Mapping[str, str],
) -> dict[str, dict[str, Numbers]]:
    """Each size on a database of its own: the bare page, then each checkout's portal."""
    found: dict[str, dict[str, Numbers]] = {}
    for size in sizes:
        prefix = f"p{size}"
        asyncio.run(fill(engines.mongo_url, prefix, size, (PORTAL,)))
        place = (f"{prefix}_portal", f"articles{PORTAL.generation.suffix}")
        with bare_page(engines, folder, prefix, place) as bare:
            numbers = {"bare": _asked(engines, bare, _bare(questions(size)), seconds)}
        for name, python in pythons.items():
            with one_service(engines, folder, "portal", prefix, python=python) as portal:
                numbers[name] = _asked(engines, portal, questions(size), seconds)
        found[str(size)] = numbers
    return found


def _asked(engines: Engines, subject: Subject, asked: Question, seconds: float) -> Numbers:
    numbers: Numbers = {
        name: _read(engines, subject, paths, seconds) for name, paths in asked.items()
    }
    return numbers | {"memory_mb": memory(subject.pid)}


def questions(size: int) -> Question:
    """What is asked, by name."""
    random = Random(size)  # noqa: S311 - the same questions each time
    ids = [id_of(random.randrange(size)) for _ in range(READ)]
    words = [" ".join(pair) for pair in permutations(sorted(set(WORDS)), 2)]
    random.shuffle(words)
    exact = [f'"{WORDS[n]} {WORDS[n + 1]}"' for n in range(0, len(WORDS) - 1, 2)]
    return {
        "no-op": ["/health/live"],
        "article, JSON": [f"/articles/{id}" for id in ids],
        "article, page": [f"/bai/{id}" for id in ids],
        "search, two words": [f"/search?q={quote(each)}" for each in words],
        "search, asked before": [f"/search?q={quote(each)}" for each in words[:READ]],
        "search, exact phrase": [f"/search?q={quote(each)}" for each in exact],
    }


def _bare(asked: Question) -> Question:
    return {name: asked[name] for name in ("article, JSON", "article, page")}


def _read(engines: Engines, subject: Subject, paths: Sequence[str], seconds: float) -> Numbers:
    pids = {"services": subject.pid, "mongod": engines.processes["mongod"].pid}
    _errand(subject, paths, seconds / 3)
    before = {name: seconds_of(pid) for name, pid in pids.items()}
    found = _errand(subject, paths, seconds)
    if found.others:
        raise RuntimeError(f"{found.others} answers were not 200 at {paths[0]}")
    spent = {n: (seconds_of(pid) - before[n]) / found.answered * 1000 for n, pid in pids.items()}
    return {
        "answers_s": round(found.answered / found.seconds),
        "answered_ms": percentiles(found.answered_ms),
        "body_bytes": round(found.body_bytes / found.answered),
        "cpu_ms": {name: round(value, 3) for name, value in spent.items()},
    }


def _errand(subject: Subject, paths: Sequence[str], seconds: float) -> Found:
    errand = Errand(subject.port, list(paths), {}, CLIENTS, seconds)
    done = subprocess.run(
        [sys.executable, "-m", "bench.reading"],
        input=orjson.dumps(asdict(errand)),
        stdout=subprocess.PIPE,
        check=True,
        timeout=seconds + 60,
    )
    return Found(**orjson.loads(done.stdout))


HEAD = ("articles", "portal, 16 clients", "answers/s", "÷ bare", "p50 ms", "p95 ms", "CPU ms", "mongod",
        "bytes")  # fmt: skip


def table_rows(found: Mapping[str, Mapping[str, Numbers]]) -> list[tuple[str, ...]]:
    """A row of each read for the report; another checkout's under its name."""
    return [
        _row(size, what if name == "house" else f"{name}: {what}", told, by_name["bare"].get(what))
        for size, by_name in found.items()
        for name, reads in by_name.items()
        if name != "bare"
        for what, told in reads.items()
        if what != "memory_mb"
    ]


def _row(size: str, what: str, told: Numbers, bare: Numbers | None) -> tuple[str, ...]:
    return (
        f"{int(size):,}",
        what,
        f"{told['answers_s']}",
        f"{told['answers_s'] / bare['answers_s']:.2f}" if bare else "",
        f"{told['answered_ms']['p50']:g}",
        f"{told['answered_ms']['p95']:g}",
        f"{told['cpu_ms']['services']:g}",
        f"{told['cpu_ms']['mongod']:g}",
        f"{told['body_bytes']}",
    )
