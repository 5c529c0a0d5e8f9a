"""Results as tables, and what they come to against the aims; writes them into docs/performance.md."""

import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import directory, lives, long_streams, portal

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
NAMES = {
    "raw": "raw chain",
    "pymongo": "house",
    "motor": "house, motor",
    "former": "other checkout",
}
CLIENTS = (1, 16, 64)
PARTS = ("services", "mongod", "kafka", "all")
Visits = Sequence[dict[str, Any]]
Row = Sequence[str]


def tables(found: dict[str, Any]) -> str:
    """Everything measured, as Markdown."""
    parts = [_machine(found)]
    if "chains" in found:
        parts += [_aims(found), _speed(found["chains"]), _visible(found["chains"])]
        parts += [_cost(found["chains"]), _memory(found["chains"])]
    parts += _of_streams(found)
    if "directory" in found:
        parts += [directory.said(found["directory"]), _directory(found["directory"])]
    if "lives" in found:
        parts += [_journey_aims(found["lives"]), _lives(found["lives"])]
    if "portal" in found:
        parts += [_portal_aims(found["portal"])]
        parts.append(_table(portal.HEAD, portal.table_rows(found["portal"])))
    if "profile" in found:
        parts += _profile(found["profile"])
    if "rulebook" in found:
        parts.append(_rulebook(found["rulebook"]))
        rows = _limited(found["rulebook"]["authority"])
        parts.append(_table(("authority", "measured", "limit"), rows))
    return "\n\n".join(part for part in parts if part) + "\n"


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
    visible = _median(house, at("quarter", "visible_ms", "p95"))
    memory = _median(house, at("memory_loaded_mb"))
    met = {
        "peak of the house ÷ peak of the raw chain": ("≥ 0.60", ratio, ratio >= 0.6),
        "visible p95 at a quarter of the peak, ms": ("< 100", visible, visible < 100),
        "memory of the process (PSS) after the load, MB": ("≤ 120", memory, memory <= 120),
    }
    if "streams" in found:
        few, many = found["streams"].values()
        cost = _ratio(few, many, at("clients_16", "cpu_ms", "all"))
        met["CPU per event with 100k streams ÷ with 1k"] = ("≤ 1.2", cost, cost <= 1.2)
    return met


def _peak(visit: dict[str, Any]) -> float:
    return max(visit[f"clients_{clients}"]["events_s"] for clients in CLIENTS)


def _median(visits: Visits, of: Callable[[dict[str, Any]], float]) -> float:
    return round(statistics.median(of(visit) for visit in visits), 2)


def _ratio(base: Visits, other: Visits, of: Callable[[dict[str, Any]], float]) -> float:
    """The median of neighbours' ratios: each pair ran within the same minute."""
    pairs = zip(base, other, strict=False)
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
    rows = [
        _speed_row(chains, name, clients)
        for clients in CLIENTS
        for name in sorted(chains, key=list(NAMES).index)
    ]
    head = ("clients", "chain", "events/s", "of runs", "÷ raw", "HTTP p50 ms", "HTTP p95 ms")
    return _table(head, rows)


def _speed_row(chains: dict[str, Visits], name: str, clients: int) -> Row:
    visits, load = chains[name], f"clients_{clients}"
    return (
        str(clients),
        NAMES[name],
        f"{_median(visits, at(load, 'events_s')):.0f}",
        _spread(visits, at(load, "events_s")),
        _against_raw(chains, name, at(load, "events_s")),
        f"{_median(visits, at(load, 'answered_ms', 'p50')):.1f}",
        f"{_median(visits, at(load, 'answered_ms', 'p95')):.1f}",
    )


def _visible(chains: dict[str, Visits]) -> str:
    paths = [(what, part) for what in ("answered_ms", "visible_ms") for part in ("p50", "p95")]
    rows = [
        (
            NAMES[name],
            f"{_median(visits, at('quarter', 'rate_s')):.0f}",
            *(f"{_median(visits, at('quarter', *path)):.1f}" for path in paths),
        )
        for name, visits in chains.items()
    ]
    head = ("at a quarter of its peak", "commands/s", "HTTP p50 ms", "p95", "visible p50 ms", "p95")
    return _table(head, rows)


def _cost(chains: dict[str, Visits]) -> str:
    rows = [
        (
            str(clients),
            NAMES[name],
            *(f"{_median(visits, at(f'clients_{clients}', 'cpu_ms', p)):.2f}" for p in PARTS),
            _against_raw(chains, name, at(f"clients_{clients}", "cpu_ms", "all")),
        )
        for clients in CLIENTS[1:]
        for name, visits in chains.items()
    ]
    head = ("clients", "CPU ms per event", "services", "mongod", "Kafka", "all", "÷ raw")
    return _table(head, rows)


def _memory(chains: dict[str, Visits]) -> str:
    rows = [
        (
            NAMES[name],
            f"{_median(visits, at('memory_started_mb')):.0f}",
            f"{_median(visits, at('memory_loaded_mb')):.0f}",
        )
        for name, visits in chains.items()
    ]
    return _table(("PSS of the process, MB", "after start", "after the load"), rows)


def _of_streams(found: dict[str, Any]) -> list[str]:
    """What many streams cost, and what long ones do."""
    many = [_streams(found["streams"])] if "streams" in found else []
    if "closings" not in found:
        return many
    return [*many, _table(long_streams.HEAD, long_streams.table_rows(found["closings"]))]


def _streams(streams: dict[str, Visits]) -> str:
    few, load = next(iter(streams.values())), "clients_16"
    rows = [
        (
            f"{int(size):,}",
            f"{_median(visits, at(load, 'events_s')):.0f}",
            f"{_median(visits, at(load, 'answered_ms', 'p50')):.1f}",
            *(f"{_median(visits, at(load, 'cpu_ms', part)):.2f}" for part in PARTS),
            f"{_ratio(few, visits, at(load, 'cpu_ms', 'all')):.2f}",
        )
        for size, visits in streams.items()
    ]
    head = ("streams", "events/s", "HTTP p50 ms", "services ms", "mongod", "Kafka", "all", "÷ 1k")
    return _table(head, rows)


def at(*path: str) -> Callable[[dict[str, Any]], float]:
    """Reads one number of a visit."""

    def read(visit: dict[str, Any]) -> float:
        found: Any = visit
        for name in path:
            found = found[name]
        return found

    return read


def _directory(measured: dict[str, Any]) -> str:
    return _table(directory.HEAD, directory.table_rows(measured))


def _lives(measured: dict[str, Any]) -> str:
    raw = {load: told["events_s"] for load, told in measured["raw"].items() if "clients_" in load}
    houses: dict[str, Visits] = {
        NAMES.get(name, name): measured[name] for name in ("house", "former") if name in measured
    }
    stored = {f"{int(size):,} stored": [one] for size, one in measured["stored"].items()}
    return _table(lives.HEAD, lives.table_rows(houses | stored, raw))


def _journey_aims(measured: dict[str, Any]) -> str:
    """The aims of the journey from a draft to the public page."""
    house = measured["house"]
    reached = _median(house, at("clients_16", "lives_s"))
    memory = _median(house, at("memory_mb"))
    rows = [
        ("whole lives/s at 16 clients", f"≥ {lives.WANTED_LIVES}", reached, reached >= lives.WANTED_LIVES),
        ("memory of the process (PSS) after them, MB", f"≤ {lives.WANTED_MB}", memory, memory <= lives.WANTED_MB),
    ]  # fmt: skip
    sizes = list(measured["stored"])
    if len(sizes) > 1:
        few, many = ([measured["stored"][size]] for size in (sizes[0], sizes[-1]))
        cost = _ratio(few, many, at("clients_16", "cpu_ms", "all"))
        name = f"CPU per life with {int(sizes[-1]):,} stored ÷ with {int(sizes[0]):,}"
        rows.append((name, "≤ 1.2", cost, cost <= 1.2))
    return _told_aims("aim of the journey", rows)


def _portal_aims(measured: dict[str, Any]) -> str:
    size = "10000" if "10000" in measured else next(iter(measured))
    reads = measured[size]["house"]
    rows = [
        (f"{name}, answers/s", f"≥ {wanted}", reads[name]["answers_s"], reads[name]["answers_s"] >= wanted)
        for name, wanted in portal.WANTED.items()
    ]  # fmt: skip
    late = reads["search, two words"]["answered_ms"]["p95"]
    rows.append(("search p95, ms", f"< {portal.SEARCH_MS}", late, late < portal.SEARCH_MS))
    return _told_aims(f"aim of the portal over {int(size):,} articles", rows)


def _told_aims(head: str, rows: Sequence[tuple[str, str, float, bool]]) -> str:
    told = [(name, aim, f"{value:g}", "yes" if met else "**no**") for name, aim, value, met in rows]
    return _table((head, "wanted", "measured", "met"), told)


def _profile(profile: dict[str, Any]) -> list[str]:
    """Where the one thread of the services was while whole lives went through."""
    rows = [(name, f"{share:.1f} %") for name, share in profile["work_of"].items()]
    kinds = [(name, f"{share:.1f} %") for name, share in profile["kinds"].items()]
    return [
        f"The services' CPU time at 16 clients' whole lives, {profile['samples']} samples:",
        _table(("whose work", "share"), rows),
        _table(("what kind of work", "share"), kinds),
    ]


def _rulebook(rulebook: dict[str, Any]) -> str:
    speed, content = rulebook["speed"], rulebook["content"]
    rows = _limited(speed)
    rows += [
        (name.replace("_", " "), f"{value:g}", "")
        for name, value in content.items()
        if isinstance(value, int | float)
    ]
    return _table(("rulebook", "measured", "limit"), rows)


def _limited(found: dict[str, Any]) -> list[Row]:
    """What a program of measurements printed, each beside its limit where it has one."""
    limits = found["limits"]
    return [
        (name.replace("_", " "), f"{value:g}", f"< {limits[name]:g}" if name in limits else "")
        for name, value in found["medians"].items()
    ]


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
