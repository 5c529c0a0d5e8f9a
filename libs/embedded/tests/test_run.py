"""One process, one door: a small service is served, survives its engines, stops and starts again."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from embedded import births, place
from embedded.ports import free_port
from embedded.trouble import Trouble

HOUSE = Path(__file__).with_name("example_house.py")
pytestmark = pytest.mark.engine


def answer(url: str, *, within: float = 60, status: int = 200) -> httpx.Response:
    """Waits until `url` answers with `status`."""
    deadline = time.monotonic() + within
    while True:
        try:
            found = httpx.get(url)
        except httpx.TransportError as error:
            found = error
        if isinstance(found, httpx.Response) and found.status_code == status:
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


@contextmanager
def house(port: int, data: Path, how="well", engines=None):
    given = (
        {"NHIPCAU_MONGO_URL": engines.mongo_url, "NHIPCAU_KAFKA": engines.kafka_bootstrap}
        if engines
        else {"NHIPCAU_ENGINES": "embedded"}
    )
    with subprocess.Popen(
        [sys.executable, HOUSE, str(port), data, how],
        env=os.environ | given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def engine_births(data: Path) -> dict[str, str]:
    return {name: (data / name / "process").read_text() for name in ("mongo", "kafka")}


def test_a_house_heals_its_engines_stops_on_request_and_keeps_its_data(tmp_path):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with house(port, tmp_path) as first:
        answer(f"{url}/health/ready")
        assert httpx.post(f"{url}/api/example/notes/first").status_code == 201
        before = engine_births(tmp_path)
        os.kill(int(before["mongo"].split(":")[1]), signal.SIGKILL)

        deadline = time.monotonic() + 30
        while engine_births(tmp_path)["mongo"] == before["mongo"]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        answer(f"{url}/health/ready")
        assert httpx.post(f"{url}/api/example/notes/second", timeout=30).status_code == 201

        first.send_signal(signal.SIGINT)
        said, faults = first.communicate(timeout=60)
        assert (first.returncode, faults) == (0, "")
    assert "Nhịp Cầu is ready" in said
    assert "mongod ended; starting it again on its data" in said
    assert "example: closed" in said
    assert not any(births.birth(int(born.split(":")[1])) for born in before.values())

    with house(port, tmp_path) as second:
        assert answer(f"{url}/api/example/notes").json() == ["first", "second"]
        second.send_signal(signal.SIGTERM)
        assert second.wait(60) == 0


def test_the_door_names_each_service_and_what_it_depends_on(tmp_path, engines):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with house(port, tmp_path, "sick", engines):
        found = answer(f"{url}/health/ready", status=503).json()

        assert found["status"] == "unready"
        assert found["engines"]["kind"] == "given"
        checks = found["services"]["example"]["checks"]
        assert [(check["name"], check["ok"]) for check in checks] == [("mongo", False)]
        assert httpx.get(f"{url}/health/live").json() == {"status": "ok"}
        assert "Write a note down" in httpx.get(f"{url}/api/docs").text
        assert httpx.get(f"{url}/api/example/openapi.json").json()["info"]["title"] == "example"
        missing = httpx.get(f"{url}/api/nothing")
        assert missing.headers["content-type"] == "application/problem+json"
        assert "/api/example" in missing.json()["detail"]
        people = httpx.get(f"{url}/dev-issuer/people").json()
        assert "quan-tri" in {person["id"] for person in people}


def test_a_house_stops_and_says_why_when_a_service_cannot_go_on(tmp_path, engines):
    url = f"http://127.0.0.1:{(port := free_port())}"
    with house(port, tmp_path, engines=engines) as program:
        answer(f"{url}/health/ready")
        assert httpx.post(f"{url}/api/example/end").status_code == 204
        said, faults = program.communicate(timeout=60)

    assert (program.returncode, faults) == (0, "")
    assert "run: the log of example was restored to an earlier point: start again" in said


def test_a_service_that_cannot_start_is_named_in_one_line_and_the_rest_ends(tmp_path, engines):
    with house(free_port(), tmp_path, "broken", engines) as program:
        _, faults = program.communicate(timeout=60)

    assert program.returncode == 1
    assert faults == (
        "run: The service example did not start (RuntimeError: no index for the example) — "
        "services.log in the data folder may show more\n"
    )


def test_a_port_in_use_is_said_before_anything_starts():
    with place.listen(port := free_port()), pytest.raises(Trouble) as trouble:
        place.listen(port)

    assert str(trouble.value) == (
        f"Port {port} is in use — stop what uses it, or: PORT={port + 1} make run"
    )


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "٨٠"])
def test_a_port_that_is_none_is_refused(port):
    os.environ["PORT"] = port
    try:
        with pytest.raises(Trouble, match="is not a port number"):
            place.wanted_port()
    finally:
        del os.environ["PORT"]
