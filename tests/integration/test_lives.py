"""A log restored to an earlier point on real engines: a new life, heard everywhere and proven by its copy."""

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from common.verify import verify
from common.verify.export import read
from common.verify.seal_files import seals_in

from .conftest import House, Load
from .waiting import until

pytestmark = [pytest.mark.engine, pytest.mark.timeout(420)]
Backup = dict[str, list[dict[str, Any]]]


def back_up(house: House) -> Backup:
    with MongoClient[dict[str, Any]](house.engines.mongo_url) as client:
        database = client[f"{house.prefix}_directory"]
        return {name: list(database[name].find()) for name in database.list_collection_names()}


def restore(house: House, backup: Backup) -> str:
    """The runbook: stop, bring the backup back, begin a new life, start."""
    directory = house.processes["directory"]
    directory.kill9()
    with MongoClient[dict[str, Any]](house.engines.mongo_url) as client:
        database = client[f"{house.prefix}_directory"]
        for name in database.list_collection_names():
            database[name].delete_many({})
            if backup.get(name):
                database[name].insert_many(backup[name])
    said = run(house, "relay", "restored", "-s", "directory")
    directory.restart()
    house.wait_ready("directory")
    return said


def run(house: House, *words: str) -> str:
    done = house.command("directory", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def registered(load: Load, kind: str) -> set[str]:
    names = [f"{load.name}.{kind}{number}" for number in range(8)]
    await asyncio.gather(*(load.register(name) for name in names))
    return set(names)


async def shown(load: Load) -> set[str]:
    url = f"{load.house.processes['portal'].url}/agencies"
    page = (await load.http.get(url, params={"q": "thu", "limit": "100"})).json()
    return {each["agency_id"] for each in page.get("items", ()) if load.name in each["agency_id"]}


def findings(lines: list[str], key: str) -> list[str]:
    topics, facts = read(lines)
    verdict = verify(topics, facts, seals_in(read(lines)[1]), base64.b64decode(key))
    return [str(finding) for finding in verdict.findings]


def less(lines: list[str], agency: str, life: int) -> list[str]:
    """The copy without the first fact of an agency in one life."""
    for line in lines[1:]:
        fact = json.loads(line)
        if fact["stream"].endswith(f"/{agency}") and fact["incarnation"] == life:
            return [each for each in lines if each != line]
    raise AssertionError(f"no fact of {agency} in life {life}")


async def a_life(load: Load, kind: str, before: set[str]) -> set[str]:
    """Eight agencies more than there were before, shown and sealed."""
    house, wanted = load.house, before | await registered(load, kind)

    async def is_shown() -> bool:
        return await shown(load) == wanted

    await until(is_shown, within=90)
    run(house, "seal", "-s", "directory")
    return wanted - before


async def test_a_log_restored_twice_lives_on_and_a_copy_of_all_its_lives_is_proven(
    house: House, load: Load, tmp_path: Path
):
    kept = await a_life(load, "kept", set())
    backup = back_up(house)
    lost = await a_life(load, "lost", kept)
    assert "life 2 of directory begins" in restore(house, backup)
    second = await a_life(load, "second", kept)
    assert "life 3 of directory begins" in restore(house, backup)
    third = await a_life(load, "third", kept)
    copy = tmp_path / "copy.jsonl"
    run(house, "export", "-s", "directory", str(copy))

    key = run(house, "seal-key", "-s", "directory").strip()

    assert "3 lives" in run(house, "verify", str(copy), "--key", key)
    lines = copy.read_text().splitlines()
    for agencies, life in ((lost, 1), (second, 2), (kept, 3), (third, 3)):
        found = findings(less(lines, min(agencies), life), key)
        assert [f"/{min(agencies)} in life {life}" in each for each in found] == [True]
