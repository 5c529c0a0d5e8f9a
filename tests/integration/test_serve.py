"""One service as one process: it refuses bad settings in a line and stops in the right order."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from embedded.ports import free_port
from embedded.process import tethered

BARE = {name: value for name, value in os.environ.items() if not name.startswith("NHIPCAU_")}


@contextmanager
def service(**env: str):
    command = [sys.executable, "-m", "common.serve"]
    with tethered(command, BARE | env, subprocess.PIPE, subprocess.PIPE) as program:
        try:
            yield program
        finally:
            program.kill()


@pytest.mark.parametrize(
    ("env", "line"),
    [
        ({"SERVICE": "nothing"}, "serve: there is no service nothing: set SERVICE"),
        ({"SERVICE": "portal", "NHIPCAU_SEAL_KEY": "short"}, "serve: NHIPCAU_SEAL_KEY: "),
        ({"SERVICE": "portal", "NHIPCAU_ENVIRONMENT": "production"}, "serve: NHIPCAU_"),
    ],
)
def test_a_service_that_cannot_start_says_why_in_lines(env, line):
    with service(**env) as program:
        said = program.communicate(timeout=60)[1].decode()

    assert program.returncode == 1
    assert said.startswith(line)
    assert "Traceback" not in said


@pytest.mark.engine
def test_a_service_turns_unready_before_it_stops(engines, database_prefix):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    prefix = database_prefix.replace("-", "")
    with service(
        SERVICE="directory",
        NHIPCAU_PORT=str(port),
        NHIPCAU_MONGO_URL=engines.mongo_url,
        NHIPCAU_MONGO_PREFIX=prefix,
        NHIPCAU_TOPIC_PREFIX=f"{prefix}.",
        NHIPCAU_KAFKA_BOOTSTRAP=engines.kafka_bootstrap,
    ) as program:
        wait_for(lambda: httpx.get(f"{url}/health/ready").status_code == 200)

        program.send_signal(signal.SIGTERM)
        seen = wait_for(lambda: httpx.get(f"{url}/health/ready").json()["status"] == "draining")

        assert seen
        assert program.wait(60) == 0


@pytest.mark.engine
async def test_the_migration_step_ends_well_only_when_no_topic_would_lose_facts(
    engines, database_prefix
):
    prefix = database_prefix.replace("-", "")
    told = {
        "NHIPCAU_MONGO_URL": engines.mongo_url,
        "NHIPCAU_MONGO_PREFIX": prefix,
        "NHIPCAU_TOPIC_PREFIX": f"{prefix}.",
        "NHIPCAU_KAFKA_BOOTSTRAP": engines.kafka_bootstrap,
    }
    admin = AIOKafkaAdminClient(bootstrap_servers=engines.kafka_bootstrap)
    await admin.start()
    topic = f"{prefix}.directory.agency"
    await admin.create_topics([NewTopic(topic, 4, 1, topic_configs={"retention.ms": "604800000"})])

    refused = await asyncio.to_thread(migrate, told)
    await admin.delete_topics([topic])
    await admin.close()
    done = await asyncio.to_thread(migrate, told)

    assert refused.returncode == 1
    assert f"{topic} (retention.ms=604800000)" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (done.returncode, done.stderr) == (0, "")


def migrate(told):
    return subprocess.run(
        [sys.executable, "-m", "nhipcau", "migrate", "-s", "directory"],
        env=BARE | told,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def wait_for(true, within: float = 60) -> bool:
    deadline = time.monotonic() + within
    while True:
        try:
            if true():
                return True
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.05)
