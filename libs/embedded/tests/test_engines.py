"""The real engines start, are killed, frozen and restarted on their data, and leave nobody behind."""

import asyncio
import json
import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from embedded import births
from embedded.engines import Engines, embedded, engines
from embedded.trouble import Trouble

pytestmark = pytest.mark.engine


def wait_until(true, within: float = 20):
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


async def produce(bootstrap: str, topic: str, values: list[bytes]):
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


async def make_topic(bootstrap: str, topic: str):
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, 1, 1)])
    finally:
        await admin.close()


async def read_all(bootstrap: str, topic: str) -> list[bytes | None]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        read: list[bytes | None] = []
        while len(read) < end:
            batches = await consumer.getmany(partition, timeout_ms=500)
            read += [record.value for batch in batches.values() for record in batch]
        return read
    finally:
        await consumer.stop()


def test_a_transaction_and_a_change_stream_work_on_the_shared_engines(engines, database_prefix):
    with MongoClient(engines.mongo_url) as client:
        database = client[database_prefix + "shop"]
        database.create_collection("orders")
        with database["orders"].watch() as changes:
            with client.start_session() as session, session.start_transaction():
                database["orders"].insert_one({"_id": 1}, session=session)

            assert changes.next()["documentKey"] == {"_id": 1}


async def test_what_was_acknowledged_is_there_after_both_engines_were_killed(own_engines: Engines):
    await make_topic(own_engines.kafka_bootstrap, "kept")
    values = [str(number).encode() for number in range(200)]
    await produce(own_engines.kafka_bootstrap, "kept", values)
    with MongoClient(own_engines.mongo_url, serverSelectionTimeoutMS=10_000) as client:
        kept = client["kept"]["numbers"].with_options(write_concern=None)
        kept.insert_many({"_id": number} for number in range(200))

        for process in own_engines.processes.values():
            process.kill9()
            assert not process.alive
        for process in own_engines.processes.values():
            await asyncio.to_thread(process.start)

        assert kept.count_documents({}) == 200
    assert await read_all(own_engines.kafka_bootstrap, "kept") == values


def test_a_frozen_mongod_answers_nothing_until_it_is_resumed(own_engines: Engines):
    mongod = own_engines.processes["mongod"]
    mongod.pause()

    with (
        MongoClient(own_engines.mongo_url, serverSelectionTimeoutMS=500) as client,
        pytest.raises(PyMongoError),
    ):
        client.admin.command("ping")

    mongod.resume()
    with MongoClient(own_engines.mongo_url) as client:
        assert client.admin.command("ping")["ok"] == 1


def test_a_transaction_left_open_is_ended_by_the_server_after_ten_seconds(engines):
    with MongoClient(engines.mongo_url) as client:
        found = client.admin.command("getParameter", transactionLifetimeLimitSeconds=1)

    assert found["transactionLifetimeLimitSeconds"] == 10


PARENT = """
import sys, time
from pathlib import Path
from embedded.engines import embedded
with embedded(Path(sys.argv[1])) as running:
    print(*(process.pid for process in running.processes.values()), flush=True)
    time.sleep(600)
"""


def test_a_killed_program_leaves_no_engine_behind_and_its_data_opens_again(tmp_path):
    program = subprocess.Popen([sys.executable, "-c", PARENT, tmp_path], stdout=subprocess.PIPE)
    assert program.stdout
    with program.stdout:
        pids = [int(pid) for pid in program.stdout.readline().split()]
    assert len(pids) == 2
    remembered = json.loads((tmp_path / "ports.json").read_text())

    program.kill()
    program.wait()

    wait_until(lambda: not any(births.birth(pid) for pid in pids))
    with embedded(tmp_path, throwaway=True) as again:
        assert again.kafka_bootstrap.endswith(str(remembered["kafka"]))
        assert len(again.processes) == 2


def test_an_engine_that_an_earlier_run_left_is_ended_by_its_birth_and_not_by_its_number(tmp_path):
    orphan = subprocess.Popen(["sleep", "600"])
    stranger = subprocess.Popen(["sleep", "600"])
    (tmp_path / "mongo").mkdir()
    (tmp_path / "kafka").mkdir()
    born = births.birth(stranger.pid)
    assert born
    (tmp_path / "mongo/process").write_text(births.birth(orphan.pid) or "")
    (tmp_path / "kafka/process").write_text(born[:-1] + str(int(born[-1]) + 1))
    try:
        with embedded(tmp_path, throwaway=True):
            assert orphan.wait(5) == -signal.SIGKILL
            assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_two_programs_do_not_share_one_data_folder(tmp_path):
    with (
        embedded(tmp_path, throwaway=True),
        pytest.raises(Trouble, match=f"Process {os.getpid()} already runs engines on"),
        embedded(tmp_path),
    ):
        pass


def test_a_remembered_port_that_another_program_took_is_replaced_and_the_data_kept(tmp_path):
    with embedded(tmp_path) as first, MongoClient(first.mongo_url) as client:
        client["kept"]["things"].insert_one({"_id": "a"})
    ports = json.loads((tmp_path / "ports.json").read_text())
    with (
        another_program(ports["mongo"]),
        embedded(tmp_path, throwaway=True) as second,
        MongoClient(second.mongo_url) as client,
    ):
        assert second.mongo_url != first.mongo_url
        assert client["kept"]["things"].find_one() == {"_id": "a"}


@contextmanager
def another_program(port: int):
    """Something that listens and hangs up on everybody."""
    with socketserver.TCPServer(("127.0.0.1", port), socketserver.BaseRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield
        server.shutdown()
        thread.join()


def test_given_engines_are_used_as_they_are(tmp_path, given_urls):
    with engines(tmp_path) as found:
        assert (found.kind, found.processes) == ("given", {})
        assert (found.mongo_url, found.kafka_bootstrap) == given_urls


@pytest.fixture
def given_urls():
    os.environ |= {"NHIPCAU_MONGO_URL": "mongodb://db.example", "NHIPCAU_KAFKA": "kafka.example:9"}
    yield "mongodb://db.example", "kafka.example:9"
    del os.environ["NHIPCAU_MONGO_URL"], os.environ["NHIPCAU_KAFKA"]


def test_both_engines_are_ready_in_seconds_on_kept_data(tmp_path: Path):
    with embedded(tmp_path):
        pass

    began = time.monotonic()
    with embedded(tmp_path, throwaway=True):
        took = time.monotonic() - began

    assert took < 40, "2 to 3 s on an idle machine; this leaves room for a busy one"
