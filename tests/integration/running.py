"""The house as `make run` serves it, in a process of its own on the suite's engines."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embedded.engines import Engines


@dataclass(frozen=True)
class Running:
    """Its address, what it said at its start, and the names of its databases and topics."""

    home: str
    folder: Path
    databases: str
    topics: str
    engines: Engines

    @property
    def said(self) -> str:
        return (self.folder / "run.log").read_text(encoding="utf-8")


@contextmanager
def run_house(engines: Engines, databases: str, topics: str, folder: Path) -> Generator[Running]:
    """Every service behind one door with the demo's people, and no articles yet."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        "PORT": str(port),
        "NHIPCAU_DEMO": "people",
        "MAKELEVEL": "1",  # ends with this process, whatever becomes of it
        "NHIPCAU_DATA": str(folder / "data"),
        "NHIPCAU_ENGINES": "given",
        "NHIPCAU_MONGO_URL": engines.mongo_url,
        "NHIPCAU_KAFKA_BOOTSTRAP": engines.kafka_bootstrap,
        "NHIPCAU_MONGO_PREFIX": databases.rstrip("-"),
        "NHIPCAU_TOPIC_PREFIX": topics,
        "NHIPCAU_RATE_LIMIT": "1000000/minute",
    }
    (folder / "data").mkdir()
    running = Running(f"http://127.0.0.1:{port}", folder, databases.rstrip("-"), topics, engines)
    with (folder / "run.log").open("w") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "embedded.run"],
            env=os.environ | environment,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_until_welcome(child, running)
            yield running
        finally:
            child.send_signal(signal.SIGINT)
            child.wait(120)


def _wait_until_welcome(child: "subprocess.Popen[bytes]", running: Running) -> None:
    deadline = time.monotonic() + 240
    while "Ctrl-C stops it" not in running.said:
        assert child.poll() is None, running.said
        assert time.monotonic() < deadline, running.said
        time.sleep(0.1)  # another process is waited for
