"""The demo's acts follow from its data alone, and its house shows them to the public."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date
from itertools import chain
from pathlib import Path

import httpx
import pytest

from embedded.demo import _sent, demo, first_day_after, registration, successions
from embedded.demo_articles import articles
from embedded.demo_people import Act
from embedded.ports import free_port
from embedded.trouble import Trouble

END = re.compile(r"demo articles(?: are there|:)")
WRITTEN = Path(__file__).parents[2] / "rulebook" / "tests" / "data"


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


@pytest.mark.parametrize(("said", "asked"), [([503, 201], 2), ([503, 503, 400], 3)])
async def test_the_same_act_is_asked_again_while_the_house_has_not_caught_up(said, asked):
    keys = []

    def answer(request):
        keys.append(request.headers["Idempotency-Key"])
        return httpx.Response(said[len(keys) - 1])

    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
        if said[-1] == 201:
            await _sent(client, Act("/agencies", "one", {}))
        else:
            with pytest.raises(Trouble, match="400"):
                await _sent(client, Act("/agencies", "one", {}))

    assert keys == ["one"] * asked


@contextmanager
def make_run(port: int, data, demo="people"):
    env = os.environ | {"PORT": str(port), "NHIPCAU_DATA": str(data), "NHIPCAU_DEMO": demo}
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


def accepted(port: int, file: Path) -> str:
    """What `make accept` says, as soon as the house knows the system that passes articles on."""
    command = [sys.executable, "-m", "embedded.acceptance", str(file)]
    env = os.environ | {"PORT": str(port)}
    deadline = time.monotonic() + 120
    while True:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if done.returncode == 0 or time.monotonic() > deadline:
            return done.stdout.splitlines()[-1] + done.stderr


@pytest.mark.engine
@pytest.mark.timeout(900)
def test_the_whole_house_shows_the_demo_and_starts_again_with_it(tmp_path):
    port = free_port()
    url = f"http://127.0.0.1:{port}/api/portal/agencies"
    with make_run(port, tmp_path) as (program, said):
        assert "loading 100 demo agencies" in said
        assert f"http://127.0.0.1:{port}/api/directory" in said
        deadline = time.monotonic() + 120
        while httpx.get(f"{url}/ninhbinh.snv").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert accepted(port, WRITTEN / "articles.json") == "26 of 26 as expected"
        assert accepted(port, WRITTEN / "tricky_articles.json") == "35 of 35 as expected"
        program.send_signal(signal.SIGINT)
        assert program.wait(120) == 0

    with make_run(port, tmp_path, "on") as (program, said):
        assert "demo agencies" not in said
        assert program.stdout
        ends = (line for line in chain([said], program.stdout) if END.search(line))
        assert f"all {len(articles(date(2026, 1, 5)))} demo articles" in next(ends)
        assert httpx.get(f"{url}/ninhbinh.snv").json()["agency_id"] == "ninhbinh.snv"
        program.send_signal(signal.SIGINT)
        assert program.wait(120) == 0
