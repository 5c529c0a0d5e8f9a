"""A log restored to an earlier point on real engines: a new life, heard everywhere and proven by its copy."""

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import pytest
from pymongo import DeleteMany, MongoClient, ReplaceOne

from common.verify import verify
from common.verify.export import read
from common.verify.seal_files import seals_in

from .conftest import House, Load, an_agency
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
    bring_back(house, backup)
    said = run(house, "relay", "restored", "-s", "directory")
    directory.restart()
    house.wait_ready("directory")
    return said


def bring_back(house: House, backup: Backup) -> None:
    with MongoClient[dict[str, Any]](house.engines.mongo_url) as client:
        database = client[f"{house.prefix}_directory"]
        for name in database.list_collection_names():
            back = [ReplaceOne({"_id": d["_id"]}, d, upsert=True) for d in backup.get(name, ())]
            database[name].bulk_write([DeleteMany({}), *back])


def run(house: House, *words: str) -> str:
    done = house.command("directory", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def decided(backup: Backup, load: Load) -> set[str]:
    """The streams of this story in the log, each with its version."""
    parts = [part for commit in backup["commits"] for part in commit["parts"]]
    return {f"{p['stream']} {p['version']}" for p in parts if load.name in p["stream"]}


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


def test_a_new_life_is_refused_while_a_process_works_and_nothing_is_changed(house: House):
    directory = house.processes["directory"]
    assert directory.child is not None

    refused = house.command("directory", "relay", "restored", "-s", "directory")

    assert refused.returncode == 1
    assert f":{directory.child.pid} of directory is running" in refused.stderr
    assert "Stop every process of directory" in refused.stderr
    house.wait_ready("directory")


async def test_a_service_left_running_over_its_restore_decides_nothing_more_and_is_started_anew(
    house: House, load: Load
):
    directory = house.processes["directory"]
    assert directory.child is not None
    kept = await a_life(load, "kept", set())
    backup = back_up(house)
    await a_life(load, "lost", kept)
    bring_back(house, backup)

    async def knows_it() -> bool:
        report = (await load.http.get(f"{directory.url}/health/ready")).json()
        return "log" in {check["name"] for check in report["checks"] if not check["ok"]}

    await until(knows_it, within=15)
    late = await load.post("/agencies", an_agency(min(kept)), f"late-{load.name}")
    after = decided(back_up(house), load)
    begun = run(house, "relay", "restored", "-s", "directory")
    ended = directory.child.wait(30)
    directory.restart()
    house.wait_ready("directory")

    assert late is not None
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (503, "log-restored")
    assert "of directory begins" in begun
    assert after == decided(backup, load)
    assert ended == 1
    await a_life(load, "anew", kept)
