"""The directory measured: an import of two administrative maps with its progress, and reads over HTTP.

Every read is told beside a route that does nothing, in the same process and the same minute: the
ratio is what a question costs, the rest is HTTP.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import httpx
import orjson
import psutil

from bench.reading import Errand, Found
from bench.subjects import Subject
from bench.visits import Numbers, percentiles
from contracts.place import ROOT
from embedded.engines import Engines

REAL = ROOT.parent.parent / "shared" / "data" / "real"
COMMUNES, PROVINCES = 3_321, 34
CLIENTS = 16
WANTED_READS = 1_500
API = "/api/directory"
AGENCIES = 40


def measure(engines: Engines, subject: Subject, seconds: float) -> Numbers:
    """The import first, then reads of what it left."""
    with httpx.Client(
        base_url=f"http://127.0.0.1:{subject.port}{API}",
        headers=dict(subject.headers),
        timeout=60,
    ) as client:
        prepare(client)
        imported = import_maps(client, maps())
    return {"import": imported, "reads": reads(engines, subject, seconds)}


def prepare(client: httpx.Client) -> None:
    """A few agencies and the calendar, to be read."""
    for number in range(AGENCIES):
        body = {
            "agency_id": f"hanam.so{number}",
            "site": "hanam",
            "jurisdiction": "hanam",
            "name_vi": f"Sở thứ {number}",
            "kind": "department",
            "valid_from": "2019-08-15",
        }
        _post(client, "/agencies", body, f"bench-agency-{number}")
    read = json.loads((ROOT / "calendars" / "vn.json").read_text(encoding="utf-8"))
    days = [{k: v for k, v in day.items() if k != "weekday"} for day in read["days"]]
    calendar = {"calendar_id": "vn", "years": read["years"], "days": days}
    _post(client, "/calendars", calendar, "bench-calendar")


def _post(client: httpx.Client, path: str, body: Any, key: str) -> None:
    client.post(path, json=body, headers={"Idempotency-Key": key}).raise_for_status()


def maps() -> dict[str, Any]:
    """The real maps where they are at hand, else as many written ones; `real` says which."""
    reform = json.loads((ROOT / "administrative" / "reform-2025.json").read_text(encoding="utf-8"))
    old, new = REAL / "admin_units_before_2025-07.json", REAL / "admin_units_2026-07.json"
    if not (old.exists() and new.exists()):
        return written()
    both = [json.loads(path.read_text(encoding="utf-8")) for path in (old, new)]
    return {"known_from": "2013-01-01", "before": both[0], "after": both[1], "reform": reform}


def written() -> dict[str, Any]:
    """34 provinces that stay and 3,321 communes of invented names."""
    provinces = [{"code": f"{n:02}", "name": f"Tỉnh {n:02}"} for n in range(1, PROVINCES + 1)]
    after = [
        province
        | {
            "communes": [
                {"code": f"{number:05}", "name": f"Xã {number:05}"}
                for number in range(int(province["code"]), COMMUNES + 1, PROVINCES)
            ]
        }
        for province in provinces
    ]
    return {
        "known_from": "2013-01-01",
        "before": {"provinces": provinces},
        "after": {"provinces": after},
        "reform": {"effective_on": "2025-07-01"},
    }


def import_maps(client: httpx.Client, given: dict[str, Any]) -> Numbers:
    """Sends the maps twice, looking at the progress ten times a second."""
    content = orjson.dumps(given)
    communes = sum(len(p.get("communes", ())) for p in given["after"]["provinces"])
    first, seen = _imported(client, content)
    again, _ = _imported(client, content)
    return {
        "real_data": "source_commit" in given["after"],
        "communes": communes,
        "decisions": first["total"],
        "refused": first["refused"],
        "seconds": first["seconds"],
        "decisions_s": round(first["total"] / first["seconds"]),
        "progress_seen": seen,
        "again_seconds": again["seconds"],
        "again_unchanged": again["unchanged"],
    }


def _imported(client: httpx.Client, content: bytes) -> tuple[Numbers, list[int]]:
    began, seen = time.perf_counter(), list[int]()
    answer = client.post(
        "/imports",
        data={"kind": "administrative-maps"},
        files={"file": ("maps.json", content, "application/json")},
    )
    job = answer.raise_for_status().json()
    while job["state"] == "running":
        time.sleep(0.1)
        job = client.get(f"/imports/{job['import_id']}").raise_for_status().json()
        seen.append(job["done"])
    if job["state"] != "done":
        raise RuntimeError(f"the import stopped: {job}")
    job["seconds"] = round(time.perf_counter() - began, 2)
    return job, sorted(set(seen))


def questions() -> dict[str, list[str]]:
    """What is asked, by name; "no-op" is a route of the same app that does nothing."""
    agencies = [f"{API}/agencies/hanam.so{n}" for n in range(AGENCIES)]
    return {
        "no-op": [f"{API}/health/live"],
        "one agency": agencies,
        "one agency as of a day": [f"{path}?on=2024-01-01" for path in agencies],
        "who holds a code on a day": [
            f"{API}/administrative-units/by-code/province/{code}?on=2026-01-01"
            for code in ("01", "20", "04", "22")
        ],
        "50 agencies": [f"{API}/agencies?site=hanam&on=2024-01-01&limit=50"],
        "units by name": [
            f"{API}/administrative-units?q={word}&on=2026-01-01&limit=10"
            for word in ("thanh", "binh", "phu", "son")
        ],
        "days of a month": [f"{API}/calendars/vn/days?start=2026-12-01&end=2027-01-01"],
    }


def reads(engines: Engines, subject: Subject, seconds: float) -> dict[str, Numbers]:
    asked = questions()
    found = {name: _read(engines, subject, paths, seconds) for name, paths in asked.items()}
    base = found["no-op"]["answers_s"]
    for numbers in found.values():
        numbers["of_no_op"] = round(numbers["answers_s"] / base, 2)
    return found


def _read(engines: Engines, subject: Subject, paths: Sequence[str], seconds: float) -> Numbers:
    pids = {"services": subject.pid, "mongod": engines.processes["mongod"].pid}
    _errand(subject, paths, seconds / 3)
    before = {name: _cpu(pid) for name, pid in pids.items()}
    found = _errand(subject, paths, seconds)
    if found.others:
        raise RuntimeError(f"{found.others} answers were not 200 at {paths[0]}")
    spent = {name: (_cpu(pid) - before[name]) / found.answered * 1000 for name, pid in pids.items()}
    return {
        "answers_s": round(found.answered / found.seconds),
        "answered_ms": percentiles(found.answered_ms),
        "body_bytes": round(found.body_bytes / found.answered),
        "cpu_ms": {name: round(value, 3) for name, value in spent.items()},
    }


def _errand(subject: Subject, paths: Sequence[str], seconds: float) -> Found:
    errand = Errand(subject.port, list(paths), dict(subject.headers), CLIENTS, seconds)
    done = subprocess.run(
        [sys.executable, "-m", "bench.reading"],
        input=orjson.dumps(asdict(errand)),
        stdout=subprocess.PIPE,
        check=True,
        timeout=seconds + 60,
    )
    return Found(**orjson.loads(done.stdout))


def _cpu(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def table_rows(directory: Numbers) -> list[tuple[str, ...]]:
    """A row of each read for the report."""
    return [
        (
            name,
            f"{numbers['answers_s']}",
            f"{numbers['of_no_op']:g}",
            f"{numbers['answered_ms']['p50']:g}",
            f"{numbers['answered_ms']['p95']:g}",
            f"{numbers['cpu_ms']['services']:g}",
            f"{numbers['cpu_ms']['mongod']:g}",
        )
        for name, numbers in directory["reads"].items()
    ]


HEAD = ("directory, 16 clients", "answers/s", "÷ no-op", "p50 ms", "p95 ms", "CPU ms", "mongod")


def said(directory: Numbers) -> str:
    """The import in a sentence."""
    found = directory["import"]
    kind = "real" if found["real_data"] else "written"
    reached = directory["reads"]["one agency"]["answers_s"]
    return (
        f"Import of two administrative maps ({kind} data): {found['decisions']} decisions, of them "
        f"{found['communes']} new communes, in {found['seconds']:g} s ({found['decisions_s']}/s, one "
        f"commit each); sent again: {found['again_seconds']:g} s, {found['again_unchanged']} unchanged."
        f"\n\nReads of one agency, wanted ≥ {WANTED_READS}/s: {reached}/s, "
        f"{'met' if reached >= WANTED_READS else '**not met**'} on this machine at this load."
    )
