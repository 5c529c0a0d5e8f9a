"""What was acknowledged is counted in the log, the topics and the projection: each once, none missing."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import httpx
from pymongo import MongoClient

from .conftest import House, Load
from .waiting import until

STREAM = "/directory/agency/"
SOME = 5
PATIENCE_SECONDS, A_SECOND = 60, 50  # and this many acknowledged agencies a second on top


async def everything_arrived(load: Load) -> None:
    """Acknowledged = committed once = shown once."""
    commits = await asyncio.to_thread(committed, load)
    wrong = {agency: commits[agency] for agency in load.acknowledged if commits[agency] != 1}
    assert not wrong, f"{len(wrong)} of {len(load.acknowledged)} not committed once: {some(wrong)}"
    await _all_are_shown(load)


def committed(load: Load) -> Counter[str]:
    """How many commits the log holds of each agency of this load, acknowledged or not."""
    first = f"{STREAM}{load.name}."
    ours = {"parts.stream": {"$gte": first, "$lt": f"{first}~"}}
    with MongoClient[dict[str, Any]](load.house.engines.mongo_url) as client:
        found = client[f"{load.house.prefix}_directory"]["commits"].find(ours, {"parts.stream": 1})
        streams = [part["stream"] for commit in found for part in commit["parts"]]
    return Counter(stream.removeprefix(STREAM) for stream in streams)


def told(load: Load, facts: Collection[dict[str, Any]]) -> set[str]:
    """The agencies of this load in a copy of the topics. A repeat must be what it repeats."""
    first = f"{STREAM}{load.name}."
    places: dict[tuple[str, int], str] = {}
    for fact in facts:
        if fact["topic"] == "directory.agency" and fact["stream"].startswith(first):
            place = (fact["stream"], fact["sequence"])
            assert places.setdefault(place, fact["hash"]) == fact["hash"], place
    return {stream.removeprefix(STREAM) for stream, _ in places}


def counted_everywhere(load: Load, folder: Path) -> None:
    """Of a load of whole registrations: acknowledged = committed = told, and nothing besides."""
    acknowledged = set(load.acknowledged)
    assert set(committed(load)) == acknowledged
    facts = a_whole_copy(load.house, folder, within=PATIENCE_SECONDS + _extra(load))
    assert told(load, facts) == acknowledged
    ours = [f for f in facts if f["stream"].startswith(f"{STREAM}{load.name}.")]
    assert {fact["sequence"] for fact in ours} == {1}


def a_whole_copy(house: House, folder: Path, within: float = 60) -> list[dict[str, Any]]:
    """Export the topics and verify the copy with the command line; answers the facts."""
    out = folder / "export.jsonl"
    exported = house.command("directory", "export", "-s", "directory", str(out), within=within)
    assert exported.returncode == 0, exported.stderr
    key = house.command("directory", "seal-key", "-s", "directory").stdout.strip()
    verified = house.command("directory", "verify", str(out), "--key", key, within=within)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    return [json.loads(line) for line in out.read_text().splitlines()[1:]]


async def _all_are_shown(load: Load) -> None:
    """Lists what is there, then waits for one of those that were not, before it lists again."""
    missing = set(load.acknowledged)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS + _extra(load)):
            while missing := missing - await _shown(load):
                await _is_shown(load, min(missing))
    except TimeoutError:
        many = f"{len(missing)} of {len(load.acknowledged)}"
        raise AssertionError(f"{many} are not shown: {some(missing)}") from None


def _extra(load: Load) -> float:
    return len(load.acknowledged) / A_SECOND


async def _shown(load: Load) -> set[str]:
    """Every agency of this load that the portal lists; each must be listed once."""
    found: Counter[str] = Counter()
    cursor: dict[str, str] = {}
    while True:
        page = await _asked(load, "/agencies", {"q": load.name, "limit": "100"} | cursor)
        found.update(each["agency_id"] for each in page["items"])
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert max(found.values(), default=1) == 1, found.most_common(SOME)
    return {agency for agency in found if agency.startswith(f"{load.name}.")}


async def _is_shown(load: Load, agency: str) -> None:
    await _asked(load, f"/agencies/{agency}", {})


async def _asked(load: Load, path: str, query: dict[str, str]) -> Any:
    """What the portal answers, once it does, and has it."""
    url = load.house.processes["portal"].url + path
    answers: list[Any] = []

    async def answered() -> bool:
        with contextlib.suppress(httpx.TransportError):
            answer = await load.http.get(url, params=query)
            answers.extend([answer.json()] if answer.status_code == httpx.codes.OK else [])
        return bool(answers)

    await until(answered, PATIENCE_SECONDS + _extra(load))
    return answers[0]


def some(of: Collection[str]) -> list[str]:
    return sorted(of)[:SOME]
