"""What a sampled house was doing, by component: the first component named in a stack owns the sample."""

import json
import os
import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

MOST = 25
Stack = Sequence[str]
OWNERS = (
    ("relay", ("common.relay.",)),
    ("consumers: reactions", (".consumers:",)),
    ("consumers", ("common.consumer.", "aiokafka.")),
    ("group commit", ("common.log.committer:",)),
    ("HTTP", ("common.http.", "uvicorn.", "embedded.door:")),
)
"""Name and what its stacks hold, the more special first; a stack is the work of one of them."""
INSIDE = (
    ("MongoDB's driver", ("pymongo.", "bson.", "motor.")),
    ("Kafka's client", ("aiokafka.",)),
    ("authority", ("authority.",)),
    ("rules", ("rulebook.",)),
    ("facts: validation and JSON", ("pydantic", "contracts.", "common.catalogue:", "jsonschema")),
    ("canonical JSON and hashes", ("common.canonical:", "common.log.model:")),
    ("deciding", (".domain.", ".usecases.", "common.log.")),
    ("projecting", (".projections", "common.consumer.turn:")),
    ("layers around a request", ("common.http.", "fastapi.", "starlette.", "uvicorn.")),
    ("traces, logs, numbers", ("opentelemetry.", "structlog.", "common.telemetry", "common.metrics")),
)  # fmt: skip
"""What is being done there: the innermost frame that one of these knows names it."""


def begin(pid: int) -> None:
    """Forget what was sampled so far."""
    os.kill(pid, signal.SIGUSR1)


def told(path: Path) -> dict[str, Any]:
    """Shares in percent: whose work it was, what kind, and the busiest functions of ours."""
    stacks: list[tuple[Stack, int]] = json.loads(path.read_text(encoding="utf-8"))
    owners, kinds, both, functions = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for stack, times in stacks:
        owner, kind = _owner(stack), _kind(stack)
        owners[owner] += times
        kinds[kind] += times
        both[f"{owner}: {kind}"] += times
        for function in {each for each in stack if _ours(each)}:
            functions[function] += times
    whole = sum(owners.values())

    def shares(counted: Counter[str]) -> dict[str, float]:
        return {name: round(n / whole * 100, 1) for name, n in counted.most_common(MOST)}

    return {
        "samples": whole,
        "work_of": shares(owners),
        "kinds": shares(kinds),
        "both": shares(both),
        "functions": shares(functions),
    }


def _owner(stack: Stack) -> str:
    for name, signs in OWNERS:
        if any(sign in frame for frame in stack for sign in signs):
            return name
    return "the loop and the rest"


def _kind(stack: Stack) -> str:
    for frame in stack:
        for name, signs in INSIDE:
            if any(
                frame.startswith(sign) or f"{sign}" in frame.split(":")[0] + ":" for sign in signs
            ):
                return name
    return "the loop and the rest"


def _ours(function: str) -> bool:
    beginnings = ("common.", "authority.", "rulebook.", "contracts.", "embedded.", "directory.",
                  "intake.", "editorial.", "portal.", "console.", "pages.")  # fmt: skip
    return function.startswith(beginnings)
