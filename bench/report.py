"""Results as tables, and what they come to against the aims; writes them into docs/performance.md."""

import json
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
NAMES = {"raw": "raw chain", "pymongo": "house", "motor": "house, motor"}
CLIENTS = (1, 16, 64)
Visits = Sequence[dict[str, Any]]
Row = Sequence[str]


def tables(found: dict[str, Any]) -> str:
    """Everything measured, as Markdown."""
    parts = [_machine(found)]
    if "chains" in found:
        parts += [_aims(found), _speed(found["chains"]), _visible(found["chains"])]
        parts += [_cost(found["chains"]), _memory(found["chains"])]
    if "streams" in found:
        parts.append(_streams(found["streams"]))
    if "rulebook" in found:
        parts.append(_rulebook(found["rulebook"]))
    return "\n\n".join(parts) + "\n"


def write(found: dict[str, Any], page: Path) -> None:
    """Replace what stands between the two marks; the reading around it is written by hand."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{tables(found)}\n{END}{after}", encoding="utf-8")


def aims(found: dict[str, Any]) -> dict[str, tuple[str, float, bool]]:
    """Name → (aim, measured, met)."""
    raw, house = found["chains"]["raw"], found["chains"]["pymongo"]
    ratio = _ratio(raw, house, _peak)
    visible = _median(house, lambda v: v["quarter"]["visible_ms"]["p95"])
    memory = _median(house, lambda v: v["memory_loaded_mb"])
    met = {
        "peak of the house ÷ peak of the raw chain": ("≥ 0.60", ratio, ratio >= 0.6),
        "visible p95 at a quarter of the peak, ms": ("< 100", visible, visible < 100),
        "memory of the process (PSS) after the load, MB": ("≤ 120", memory, memory <= 120),
    }
    if "streams" in found:
        few, many = found["streams"].values()
        cost = _ratio(few, many, lambda v: v["clients_16"]["cpu_ms"]["all"])
        met["CPU per event with 100k streams ÷ with 1k"] = ("≤ 1.2", cost, cost <= 1.2)
    return met


def _peak(visit: dict[str, Any]) -> float:
    return max(visit[f"clients_{clients}"]["events_s"] for clients in CLIENTS)


def _median(visits: Visits, of: Callable[[dict[str, Any]], float]) -> float:
    return round(statistics.median(of(visit) for visit in visits), 2)


def _ratio(base: Visits, other: Visits, of: Callable[[dict[str, Any]], float]) -> float:
    """The median of neighbours' ratios: each pair ran within the same minute."""
    pairs = zip(base, other, strict=True)
    return round(statistics.median(of(b) / of(a) for a, b in pairs), 2)


def _machine(found: dict[str, Any]) -> str:
    machine = found["machine"]
    return (
        f"{machine['at']} · {machine['cores']} cores, {machine['cpu']} · Python {machine['python']}"
        f" · load average before {found['load_before']:.1f}, after {found['load_after']:.1f}"
        f" (of it this run's own: about 2)"
    )


def _aims(found: dict[str, Any]) -> str:
    rows = [
        (name, aim, f"{value:g}", "yes" if met else "**no**")
        for name, (aim, value, met) in aims(found).items()
    ]
    return _table(("aim", "wanted", "measured", "met"), rows)


def _speed(chains: dict[str, Visits]) -> str:
    rows: list[Row] = []
    for clients in CLIENTS:
        key = f"clients_{clients}"
        for name, visits in chains.items():
            rows.append(
                (
                    str(clients),
                    NAMES[name],
                    f"{_median(visits, lambda v: v[key]['events_s']):.0f}",
                    _spread(visits, lambda v: v[key]["events_s"]),
                    _against_raw(chains, name, lambda v: v[key]["events_s"]),
                    f"{_median(visits, lambda v: v[key]['answered_ms']['p50']):.1f}",
                    f"{_median(visits, lambda v: v[key]['answered_ms']['p95']):.1f}",
                )
            )
    head = ("clients", "chain", "events/s", "of runs", "÷ raw", "HTTP p50 ms", "HTTP p95 ms")
    return _table(head, rows)


def _visible(chains: dict[str, Visits]) -> str:
    rows = [
        (
            NAMES[name],
            f"{_median(visits, lambda v: v['quarter']['rate_s']):.0f}",
            *(
                f"{_median(visits, lambda v: v['quarter'][what][part]):.1f}"
                for what in ("answered_ms", "visible_ms")
                for part in ("p50", "p95")
            ),
        )
        for name, visits in chains.items()
    ]
    head = ("at a quarter of its peak", "commands/s", "HTTP p50", "p95", "visible p50 ms", "p95")
    return _table(head, rows)


def _cost(chains: dict[str, Visits]) -> str:
    rows = [
        (
            NAMES[name],
            *(
                f"{_median(visits, lambda v: v['clients_16']['cpu_ms'][part]):.2f}"
                for part in ("services", "mongod", "kafka", "all")
            ),
            _against_raw(chains, name, lambda v: v["clients_16"]["cpu_ms"]["all"]),
        )
        for name, visits in chains.items()
    ]
    return _table(
        ("CPU ms per event, 16 clients", "services", "mongod", "Kafka", "all", "÷ raw"), rows
    )


def _memory(chains: dict[str, Visits]) -> str:
    rows = [
        (
            NAMES[name],
            f"{_median(visits, lambda v: v['memory_started_mb']):.0f}",
            f"{_median(visits, lambda v: v['memory_loaded_mb']):.0f}",
        )
        for name, visits in chains.items()
    ]
    return _table(("PSS of the process, MB", "after start", "after the load"), rows)


def _streams(streams: dict[str, Visits]) -> str:
    few = next(iter(streams.values()))
    rows = [
        (
            f"{int(size):,}",
            f"{_median(visits, lambda v: v['clients_16']['events_s']):.0f}",
            f"{_median(visits, lambda v: v['clients_16']['answered_ms']['p50']):.1f}",
            f"{_median(visits, lambda v: v['clients_16']['cpu_ms']['services']):.2f}",
            f"{_median(visits, lambda v: v['clients_16']['cpu_ms']['mongod']):.2f}",
            f"{_median(visits, lambda v: v['clients_16']['cpu_ms']['all']):.2f}",
            f"{_ratio(few, visits, lambda v: v['clients_16']['cpu_ms']['all']):.2f}",
        )
        for size, visits in streams.items()
    ]
    head = (
        "streams in the log",
        "events/s",
        "HTTP p50 ms",
        "services",
        "mongod",
        "all CPU ms",
        "÷ 1k",
    )
    return _table(head, rows)


def _rulebook(rulebook: dict[str, Any]) -> str:
    speed, content = rulebook["speed"], rulebook["content"]
    rows = [
        (
            name.replace("_", " "),
            f"{value:g}",
            f"< {speed['limits'][name]:g}" if name in speed["limits"] else "",
        )
        for name, value in speed["medians"].items()
    ]
    rows += [
        (name.replace("_", " "), f"{value:g}", "")
        for name, value in content.items()
        if isinstance(value, int | float)
    ]
    return _table(("rulebook", "measured", "limit"), rows)


def _spread(visits: Visits, of: Callable[[dict[str, Any]], float]) -> str:
    values = sorted(of(visit) for visit in visits)
    return f"{values[0]:.0f}–{values[-1]:.0f}"


def _against_raw(
    chains: dict[str, Visits], name: str, of: Callable[[dict[str, Any]], float]
) -> str:
    return "" if name == "raw" else f"{_ratio(chains['raw'], chains[name], of):.2f}"


def _table(head: Row, rows: Sequence[Row]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def from_file(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))
