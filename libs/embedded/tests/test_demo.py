"""The demo's acts follow from its data alone, and its house shows them to the public."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest

from embedded.demo import demo, first_day_after, registration, successions
from embedded.ports import free_port


def test_a_last_day_becomes_the_first_day_after():
    assert first_day_after("2025-02-28") == "2025-03-01"


def test_every_agency_is_registered_and_every_successor_is_one_of_them():
    agencies = demo().agencies
    acts = [registration(agency) for agency in agencies]
    known = {act.body["agency_id"] for act in acts}

    assert len(known) == len(acts) == 100
    for act in successions(agencies):
        assert {*act.body["predecessors"], *act.body["successors"]} <= known


def test_keys_are_unique_and_the_same_at_every_start():
    acts = [*map(registration, demo().agencies), *successions(demo().agencies)]

    assert len({(act.path, act.key) for act in acts}) == len(acts)
    assert [act.key for act in successions(demo().agencies)] == [
        act.key for act in successions(demo().agencies)
    ]


@contextmanager
def make_run(port: int, data):
    env = os.environ | {"PORT": str(port), "NHIPCAU_DATA": str(data), "NHIPCAU_DEMO": "people"}
    command = [sys.executable, "-m", "embedded.run"]
    with subprocess.Popen(
        command, env=env | {"NHIPCAU_ENGINES": "embedded"}, stdout=subprocess.PIPE, text=True
    ) as program:
        try:
            said = []
            assert program.stdout
            for line in program.stdout:
                said.append(line)
                if line.startswith("Ctrl-C stops it"):
                    break
            yield program, "".join(said)
        finally:
            program.kill()


@pytest.mark.engine
def test_the_whole_house_shows_the_demo_and_starts_again_with_it(tmp_path):
    port = free_port()
    url = f"http://127.0.0.1:{port}/api/portal/agencies"
    with make_run(port, tmp_path) as (program, said):
        assert "loading 100 demo agencies" in said
        assert f"http://127.0.0.1:{port}/api/directory" in said
        deadline = time.monotonic() + 30
        while httpx.get(f"{url}/ninhbinh.snv").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 0

    with make_run(port, tmp_path) as (program, said):
        assert "demo agencies" not in said
        assert httpx.get(f"{url}/ninhbinh.snv").json()["agency_id"] == "ninhbinh.snv"
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 0
