"""How long the rulebook takes: medians of CPU time and ratios to a bare date addition, as JSON.

python bench/rulebook_speed.py [--seconds 1.0]
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from rulebook.calendar_files import load_calendar
from rulebook.deadlines import deadline
from rulebook.profiles.loader import load_profiles
from rulebook.working_time import count

LIMITS = {"deadline_us": 50.0, "profiles_ms": 200.0}
EVENT = datetime.fromisoformat("2024-04-26T16:00:00+07:00")


def median_us(call: Callable[[], object], seconds: float) -> float:
    """The median of batches of a call, in microseconds, measured for about that many seconds."""
    batches: list[float] = []
    size = 1
    while (taken := timed(call, size)) < 0.002:
        size *= 2
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        batches.append(timed(call, size) / size * 1e6)
    return statistics.median([*batches, taken / size * 1e6])


def timed(call: Callable[[], object], times: int) -> float:
    """CPU seconds: what the rulebook itself takes, whatever else the machine does."""
    start = time.process_time()
    for _ in range(times):
        call()
    return time.process_time() - start


def measure(seconds: float) -> dict[str, float]:
    load_profiles()
    load_profiles.cache_clear()
    loaded = min(timed(load_fresh, 1) for _ in range(3)) * 1000
    rules, calendar = load_profiles(), load_calendar()
    own: Any = rules.rule("hanam.d10.k5a.own-competence")
    special: Any = rules.rule("hanam.d10.k5c.special")
    explanation = deadline(own, EVENT, calendar).explanation
    base = median_us(lambda: EVENT + timedelta(days=5), seconds / 4)
    found = {
        "deadline_us": median_us(lambda: deadline(own, EVENT, calendar), seconds),
        "deadline_15_days_us": median_us(lambda: deadline(special, EVENT, calendar), seconds),
        "count_only_us": median_us(lambda: count(own.params, EVENT, calendar), seconds),
        "canonical_json_us": median_us(explanation.to_json, seconds),
        "profiles_ms": loaded,
        "bare_date_addition_us": base,
    }
    found["deadline_per_date_addition"] = found["deadline_us"] / base
    found["explanation_per_count"] = found["deadline_us"] / found["count_only_us"]
    return {name: round(value, 3) for name, value in found.items()}


def load_fresh() -> None:
    load_profiles.cache_clear()
    load_profiles()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0)
    found = measure(parser.parse_args().seconds)
    missed = [name for name, limit in LIMITS.items() if found[name] >= limit]
    print(
        json.dumps(
            {"bench": "rulebook", "medians": found, "limits": LIMITS, "missed": missed}, indent=2
        )
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
