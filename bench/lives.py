"""Whole lives of articles measured: handed in, taken through a board's process, visible in the portal."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from typing import Any

import httpx
import orjson
import psutil

from bench.life import COMMANDS, Order, Outcome
from bench.subjects import ADMINISTRATOR, Subject, sign_in
from bench.visits import Numbers, memory, percentiles
from embedded import demo_people
from embedded.demo import demo, generations, registration
from embedded.demo_people import Act
from embedded.engines import Engines

CLIENTS = (1, 16, 64)
WARM_SECONDS = 2.0
WANTED_LIVES, WANTED_MB = 150, 300
WHO = {
    "submit": "binhduong.thu-ky",
    "enter": "binhduong.thanh-vien",
    "edit": "binhduong.pho-ban",
    "approve": "binhduong.truong-ban",
}


def measure(  # noqa: PLR0913 - a house and how it is loaded
    engines: Engines,
    subject: Subject,
    prefix: str,
    seconds: float,
    clients: Sequence[int] = CLIENTS,
    *,
    begin: Callable[[int], None] | None = None,
) -> Numbers:
    """Lives at several numbers of clients; `begin` is told the process when it is warm."""
    populate(subject)
    tokens = {command: sign_in(subject.url, person) for command, person in WHO.items()}
    _until_known(subject, tokens["submit"])
    course = _Course(engines, subject, prefix, tokens)
    course.load("warm", 16, WARM_SECONDS)
    if begin is not None:
        begin(subject.pid)
    found = {f"clients_{n}": course.costed(f"c{n}", n, seconds) for n in clients}
    return found | {"memory_mb": memory(subject.pid)}


class _Course:
    """One house under lives."""

    def __init__(
        self, engines: Engines, subject: Subject, prefix: str, tokens: dict[str, str]
    ) -> None:
        self._engines, self._subject, self._prefix, self._tokens = engines, subject, prefix, tokens

    def costed(self, name: str, clients: int, seconds: float) -> Numbers:
        before = self._cpu()
        outcome = self.load(name, clients, seconds)
        spent = {part: self._cpu()[part] - used for part, used in before.items()}
        costs = {part: round(value / outcome.lives * 1000, 2) for part, value in spent.items()}
        return {
            "lives_s": round(outcome.lives / outcome.all_visible, 1),
            "lives": outcome.lives,
            "asked_again": outcome.again,
            "visible_ms": percentiles(outcome.visible_ms),
            "command_ms": {each: percentiles(outcome.command_ms[each]) for each in COMMANDS},
            "cpu_ms": costs | {"all": round(sum(costs.values()), 2)},
        }

    def load(self, name: str, clients: int, seconds: float) -> Outcome:
        order = Order(
            doors=dict(self._subject.doors),
            tokens=self._tokens,
            name=f"{self._prefix} {name}",
            clients=clients,
            seconds=seconds,
            mongo_url=self._engines.mongo_url,
            seen_in=(f"{self._prefix}_portal", "articles@1"),
        )
        done = subprocess.run(
            [sys.executable, "-m", "bench.life"],
            input=orjson.dumps(asdict(order)),
            stdout=subprocess.PIPE,
            check=True,
            timeout=seconds + 120,
        )
        outcome = Outcome(**orjson.loads(done.stdout))
        if outcome.refused or not outcome.lives:
            raise RuntimeError(f"a life ended early: {outcome.why}")
        return outcome

    def _cpu(self) -> dict[str, float]:
        """CPU seconds used so far; services in several processes count together."""
        parts = {"services": sum(map(seconds_of, self._subject.pids))}
        engines = self._engines.processes
        return parts | {name.lower(): seconds_of(each.pid) for name, each in engines.items()}


def seconds_of(pid: int) -> float:
    """CPU seconds that a process has used."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def populate(subject: Subject) -> None:
    """The demo's sites, boards and people; no articles."""
    headers = {"Authorization": f"Bearer {sign_in(subject.url, ADMINISTRATOR)}"}
    with httpx.Client(base_url=subject.url, headers=headers, timeout=60) as client:
        for act in demo_people.beginning(subject.issuer):
            answer = _send(client, act)
            client.headers["After-Position"] = answer.headers["Position"]
        for wave in _waves(subject.issuer):
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(partial(_send, client), wave))


def _waves(issuer: str) -> Iterator[list[Act]]:
    """Who is needed first comes first."""
    yield from ([registration(agency) for agency in wave] for wave in generations(demo().agencies))
    yield demo_people.agencies()
    yield demo_people.sites()
    yield demo_people.people()
    yield demo_people.deciders()
    yield demo_people.boards()
    yield demo_people.seats()
    yield demo_people.delegations()
    yield demo_people.links(issuer)


def _send(client: httpx.Client, act: Act) -> httpx.Response:
    answer = client.post(act.path, json=act.body, headers={"Idempotency-Key": act.key})
    if answer.is_error:
        raise RuntimeError(f"{act.path}: {answer.status_code} {answer.text[:300]}")
    return answer


def _until_known(subject: Subject, token: str) -> None:
    """Until intake and editorial have heard of everybody who acts."""
    body: dict[str, Any] = {
        "site": "binhduong",
        "category": "news",
        "title": "Thử",
        "body": "<p>Thử.</p>",
        "author": "Ban Biên tập",
        "source": {"type": "own", "name": "Văn phòng UBND tỉnh"},
    }
    headers = {"Authorization": f"Bearer {token}"}
    deadline = time.monotonic() + 60
    while (
        httpx.post(f"{subject.url}/api/intake/checks", json=body, headers=headers).status_code
        != 200
    ):
        if time.monotonic() > deadline:
            raise RuntimeError("intake does not hear of the officers")
        time.sleep(0.1)


SHOWN = (
    ("visible_ms", "p50"),
    ("visible_ms", "p95"),
    ("command_ms", "submit", "p95"),
    ("command_ms", "approve", "p95"),
    *(("cpu_ms", part) for part in ("all", "services", "mongod", "kafka")),
)
HEAD = (
    *("whole lives", "clients", "lives/s", "÷ raw chain", "visible p50 ms", "p95", "submit p95 ms"),
    *("approve p95 ms", "CPU ms per life", "services", "mongod", "Kafka", "memory MB"),
)


def table_rows(
    found: Mapping[str, Sequence[Numbers]], raw: Mapping[str, float]
) -> list[tuple[str, ...]]:
    """A row of each load; `raw` is what the raw chain does with as many commands at as many clients."""
    return [
        (
            *_row(house, load, [each[load] for each in visits], raw.get(load)),
            _middle(visits, "memory_mb"),
        )
        for house, visits in found.items()
        for load in visits[0]
        if load.startswith("clients_")
    ]


def _row(house: str, load: str, told: Sequence[Numbers], raw: float | None) -> tuple[str, ...]:
    lived = statistics.median(each["lives_s"] for each in told)
    return (
        house,
        load.removeprefix("clients_"),
        f"{lived:g}",
        f"{lived * len(COMMANDS) / raw:.2f}" if raw else "",
        *(_middle(told, *path) for path in SHOWN),
    )


def _middle(told: Sequence[Numbers], *path: str) -> str:
    values: list[float] = []
    for each in told:
        value: Any = each
        for name in path:
            value = value[name]
        values.append(value)
    return f"{statistics.median(values):.4g}"
