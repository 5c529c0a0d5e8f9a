"""Pytest fixtures: engines shared by the session, private ones to kill, and names no other test uses."""

import asyncio
import secrets
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from pymongo import MongoClient

from embedded.engines import Engines, engines
from embedded.seaweed import SeaweedFS, program, seaweed
from embedded.versions import KAFKA_IMAGE, MONGO_IMAGE

USED = pytest.StashKey[list[Engines]]()
FOR_WORKERS = pytest.StashKey[tuple[ExitStack, Engines]]()


@pytest.fixture(scope="session", name="engines")
def shared_engines(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Engines]:
    """MongoDB and Kafka for the whole session. Do not kill these: `own_engines` are for that."""
    used = request.config.stash.setdefault(USED, [])
    if from_controller := getattr(request.config, "workerinput", None):
        mongo_url, kafka_bootstrap, kind = from_controller["engines"]
        yield Engines(mongo_url, kafka_bootstrap, kind, {})
        return
    with engines(tmp_path_factory.mktemp("engines"), throwaway=True) as running:
        used.append(running)
        yield running


@pytest.fixture(scope="module")
def own_engines(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Engines]:
    """A mongod and a Kafka of this module's own, with processes to kill, freeze and restart."""
    folder = tmp_path_factory.mktemp("own-engines")
    with engines(folder, kinds=("docker", "embedded"), throwaway=True) as running:
        request.config.stash.setdefault(USED, []).append(running)
        yield running


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Generator[SeaweedFS]:
    """A real S3 server for the session; skipped, visibly, where its wheel does not run."""
    weed = program()
    if weed is None:
        pytest.skip("there is no SeaweedFS for this machine")
    server = seaweed(tmp_path_factory.mktemp("s3"), weed)
    server.process.start()
    yield server
    server.process.stop()


@pytest.fixture
def database_prefix(engines: Engines) -> Generator[str]:
    """A beginning for database names that no other test has; what starts with it is dropped."""
    prefix = _fresh_name()
    yield prefix
    with MongoClient[dict[str, Any]](engines.mongo_url) as client:
        for name in client.list_database_names():
            if name.startswith(prefix.rstrip("-")):
                client.drop_database(name)


@pytest.fixture
def topic_prefix(engines: Engines) -> Generator[str]:
    """A beginning for topic and group names that no other test has; such topics are deleted."""
    prefix = _fresh_name()
    yield prefix
    with ThreadPoolExecutor(1) as thread:  # the test's own event loop may still be set here
        thread.submit(asyncio.run, _delete_topics(engines.kafka_bootstrap, prefix)).result()


def _fresh_name() -> str:
    return f"t{secrets.token_hex(5)}-"


async def _delete_topics(bootstrap: str, prefix: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        mine = [topic for topic in await admin.list_topics() if topic.startswith(prefix)]
        if mine:
            await admin.delete_topics(mine)
    finally:
        await admin.close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Under xdist one pair of engines serves all workers, unless the run wants none."""
    config: pytest.Config = node.config
    if "not engine" in config.option.markexpr:
        return
    if FOR_WORKERS not in config.stash:
        stack = ExitStack()
        folder = Path(config._tmp_path_factory.mktemp("engines"))  # type: ignore[attr-defined] # noqa: SLF001 - no public way before the session's fixtures
        config.stash[FOR_WORKERS] = (
            stack,
            stack.enter_context(engines(folder, throwaway=True)),
        )
        config.stash.setdefault(USED, []).append(config.stash[FOR_WORKERS][1])
    running = config.stash[FOR_WORKERS][1]
    node.workerinput["engines"] = (running.mongo_url, running.kafka_bootstrap, running.kind)


def pytest_unconfigure(config: pytest.Config) -> None:
    if FOR_WORKERS in config.stash:
        config.stash[FOR_WORKERS][0].close()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for used in {describe(running) for running in config.stash.get(USED, [])}:
        terminalreporter.write_line(f"engines: {used}")


def describe(used: Engines) -> str:
    """Which engines these are, in a few words."""
    return {
        "given": f"given ({used.kafka_bootstrap})",
        "docker": f"containers ({MONGO_IMAGE}, {KAFKA_IMAGE})",
        "embedded": "embedded (mongod and Apache Kafka on this machine)",
    }[used.kind]
