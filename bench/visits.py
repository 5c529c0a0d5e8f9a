"""One visit to a running chain: loads at several numbers of clients, their speed, cost and memory."""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
import psutil
from pymongo import MongoClient

from bench.load import Order, Outcome
from bench.subjects import Subject
from embedded.engines import Engines

CLIENTS = (1, 16, 64)
WARM_SECONDS = 1.5
WATCHED_CLIENTS = 32
SETTLE_SECONDS = 60
Numbers = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How long each load takes, and at how many clients."""

    seconds: float = 3.0
    clients: Sequence[int] = CLIENTS
    watched_seconds: float = 4.0


@dataclass
class Visit:
    """Measures one chain, from a cold start on; `numbers` is what goes into the results."""

    engines: Engines
    subject: Subject
    name: str
    numbers: Numbers = field(default_factory=dict[str, Any])

    def measure(self, plan: Plan) -> Numbers:
        self.numbers["memory_started_mb"] = memory(self.subject.pid)
        self._load("warm", 16, WARM_SECONDS)
        for clients in plan.clients:
            self.numbers[f"clients_{clients}"] = self._costed(f"c{clients}", clients, plan.seconds)
        peak = max(self.numbers[f"clients_{clients}"]["events_s"] for clients in plan.clients)
        if plan.watched_seconds:
            self.numbers["quarter"] = self._watched(peak / 4, plan.watched_seconds)
        self.numbers["memory_loaded_mb"] = memory(self.subject.pid)
        return self.numbers

    def _costed(self, name: str, clients: int, seconds: float) -> Numbers:
        before = self._cpu()
        outcome = self._load(name, clients, seconds)
        spent = {part: self._cpu()[part] - used for part, used in before.items()}
        return _speed(outcome) | {"cpu_ms": _per_event(spent, outcome.acknowledged)}

    def _watched(self, rate: float, seconds: float) -> Numbers:
        outcome = self._load("watched", WATCHED_CLIENTS, seconds, rate=rate, watch=True)
        return {
            "rate_s": round(rate, 1),
            "answered_ms": percentiles(outcome.answered_ms),
            "visible_ms": percentiles(outcome.visible_ms),
            "events": outcome.acknowledged,
        }

    def _load(
        self,
        name: str,
        clients: int,
        seconds: float,
        rate: float | None = None,
        *,
        watch: bool = False,
    ) -> Outcome:
        order = Order(
            port=self.subject.port,
            path=self.subject.path,
            headers=dict(self.subject.headers),
            name=f"{self.name}.{name}",
            clients=clients,
            seconds=seconds,
            mongo_url=self.engines.mongo_url,
            seen_in=self.subject.projections[-1],
            rate=rate,
            watch=watch,
        )
        done = subprocess.run(
            [sys.executable, "-m", "bench.load"],
            input=orjson.dumps(asdict(order)),
            stdout=subprocess.PIPE,
            check=True,
            timeout=seconds + 120,
        )
        outcome = Outcome(**orjson.loads(done.stdout))
        if outcome.refused or not outcome.acknowledged:
            raise RuntimeError(f"{outcome.refused} commands were refused")
        self._settle()
        return outcome

    def _settle(self) -> None:
        """Until every projection is as far as the one that counts."""
        deadline = time.monotonic() + SETTLE_SECONDS
        with MongoClient[dict[str, Any]](self.engines.mongo_url) as client:
            while (
                len({client[d][c].estimated_document_count() for d, c in self.subject.projections})
                > 1
            ):
                if time.monotonic() > deadline:
                    raise RuntimeError("the projections do not agree")
                time.sleep(0.01)

    def _cpu(self) -> dict[str, float]:
        """CPU seconds used so far by service process, mongod and Kafka."""
        pids = {"services": self.subject.pid}
        pids |= {name.lower(): each.pid for name, each in self.engines.processes.items()}
        return {name: _cpu_seconds(pid) for name, pid in pids.items()}


def _cpu_seconds(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def memory(pid: int) -> float:
    """Proportional set size in megabytes: shared pages count once among those who share them."""
    return round(psutil.Process(pid).memory_full_info().pss / 2**20, 1)


def _speed(outcome: Outcome) -> Numbers:
    return {
        "answered_s": round(outcome.acknowledged / outcome.seconds, 1),
        "events_s": round(outcome.acknowledged / outcome.all_visible, 1),
        "answered_ms": percentiles(outcome.answered_ms),
        "events": outcome.acknowledged,
    }


def _per_event(spent: dict[str, float], events: int) -> dict[str, float]:
    costs = {part: round(seconds / events * 1000, 3) for part, seconds in spent.items()}
    return costs | {"all": round(sum(costs.values()), 3)}


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50 and p95, rounded to a tenth."""
    if len(values) < 2:
        return {"p50": round(values[0], 1), "p95": round(values[0], 1)}
    cuts = statistics.quantiles(values, n=20)
    return {"p50": round(cuts[9], 1), "p95": round(cuts[18], 1)}
