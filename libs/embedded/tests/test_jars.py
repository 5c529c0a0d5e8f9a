"""Kafka's jars come whole or not at all: checked, fetched again, and every trouble said in one line."""

import errno
import hashlib
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from embedded.jars import MIRROR, Jar, kafka_jars, manifest
from embedded.ports import free_port
from embedded.trouble import Trouble

CONTENT = b"PK a small jar " * 100
JAR = Jar("org.example", "small", "1.0", hashlib.sha256(CONTENT).hexdigest())


class Registry:
    """A Maven repository of one jar on a real socket, which answers as `answers` says, one by one."""

    def __init__(self, answers: list[bytes]):
        self.asked = 0
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = b""
                if self.path == "/org/example/small/1.0/small-1.0.jar":
                    body = answers[min(registry.asked, len(answers) - 1)]
                    registry.asked += 1
                self.send_response(200 if body else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def registry():
    """Starts a registry with the given answers and makes it the mirror."""
    running = []

    def start(*answers: bytes) -> Registry:
        made = Registry(list(answers))
        thread = threading.Thread(target=made.server.serve_forever, args=(0.02,))
        thread.start()
        running.append((made.server, thread))
        os.environ[MIRROR] = made.url
        return made

    yield start
    os.environ.pop(MIRROR, None)
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_manifest_names_forty_five_jars_of_the_broker_each_with_its_sha256():
    jars = manifest()

    assert len(jars) == len({jar.file for jar in jars}) == 45
    assert {len(jar.sha256) for jar in jars} == {64}
    assert "kafka_2.13-4.4.0.jar" in {jar.file for jar in jars}


def test_a_jar_is_fetched_once_and_then_needs_no_network(registry, tmp_path):
    repository = registry(CONTENT)

    first = kafka_jars(tmp_path / "cache", [JAR])
    os.environ[MIRROR] = f"http://127.0.0.1:{free_port()}"
    second = kafka_jars(tmp_path / "cache", [JAR])

    assert first == second == [tmp_path / "cache/small-1.0.jar"]
    assert repository.asked == 1
    assert list((tmp_path / "cache").iterdir()) == first


def test_a_truncated_jar_in_the_cache_is_fetched_anew(registry, tmp_path):
    repository = registry(CONTENT)
    (tmp_path / "small-1.0.jar").write_bytes(CONTENT[:100])

    (jar,) = kafka_jars(tmp_path, [JAR])

    assert jar.read_bytes() == CONTENT
    assert repository.asked == 1


def test_a_damaged_download_is_fetched_again_once(registry, tmp_path):
    repository = registry(CONTENT[:-1], CONTENT)

    (jar,) = kafka_jars(tmp_path, [JAR])

    assert jar.read_bytes() == CONTENT
    assert repository.asked == 2


def test_a_download_damaged_twice_is_said_and_never_kept(registry, tmp_path):
    repository = registry(b"changed on the way")

    with pytest.raises(Trouble) as trouble:
        kafka_jars(tmp_path, [JAR])

    assert str(trouble.value).startswith("small-1.0.jar came damaged twice")
    assert repository.asked == 2
    assert list(tmp_path.iterdir()) == []


def test_a_registry_that_does_not_answer_is_said_after_three_tries(registry, tmp_path):
    registry(CONTENT)
    os.environ[MIRROR] = f"http://127.0.0.1:{free_port()}"

    with pytest.raises(Trouble) as trouble:
        kafka_jars(tmp_path, [JAR])

    said = str(trouble.value)
    assert said.startswith("small-1.0.jar could not be fetched in 3 tries (ConnectionError")
    assert f"check the network (or set {MIRROR} to a Maven mirror)" in said
    assert "\n" not in said


def test_a_full_disk_is_said_at_once(tmp_path):
    tries = []

    def fetch(jar, into):
        tries.append(into)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Trouble, match=r"The disk that holds .* is full — free some space"):
        kafka_jars(tmp_path, [JAR], fetch=fetch)

    assert len(tries) == 1


def test_a_cache_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(Trouble, match="cannot be used"):
        kafka_jars(tmp_path / "file/cache", [JAR])


def test_progress_is_said(registry, tmp_path):
    registry(CONTENT)
    said = []

    kafka_jars(tmp_path, [JAR], say=said.append)

    assert said == [
        f"Apache Kafka: fetching 1 jars into {tmp_path} …",
        "Apache Kafka: 1 of 1 jars",
    ]
