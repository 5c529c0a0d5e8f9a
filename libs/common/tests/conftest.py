"""Both sides of the two doors: the fakes, and the real engines by each driver."""

from collections.abc import AsyncGenerator

import pytest

from common.kafka import Broker
from common.kafka.engine import KafkaCluster
from common.mongo import Database
from common.mongo.engine import Driver, MongoDatabase, connect, disconnect
from common.testing.kafka import MemoryBroker
from common.testing.mongo import MemoryDatabase


@pytest.fixture(
    params=[
        pytest.param(None, id="memory"),
        pytest.param("pymongo", id="pymongo", marks=pytest.mark.engine),
        pytest.param("motor", id="motor", marks=pytest.mark.engine),
    ]
)
async def database(request: pytest.FixtureRequest) -> AsyncGenerator[Database]:
    driver: Driver | None = request.param
    if driver is None:
        yield MemoryDatabase()
        return
    prefix = request.getfixturevalue("database_prefix")
    client = connect(request.getfixturevalue("engines").mongo_url, driver)
    yield MongoDatabase(client, f"{prefix}door")
    await disconnect(client)


@pytest.fixture(
    params=[
        pytest.param("memory", id="memory"),
        pytest.param("kafka", id="kafka", marks=pytest.mark.engine),
    ]
)
async def broker(request: pytest.FixtureRequest) -> Broker:
    if request.param == "memory":
        return MemoryBroker()
    return KafkaCluster(request.getfixturevalue("engines").kafka_bootstrap, "door-suite")
