"""A service that starts while an engine is away waits for it, and gives up in the end."""

from collections.abc import Sequence

import pytest

from common.kafka import LoginRefused, PublishFailed, TopicSpec
from common.mongo import Transient
from common.service import START_SECONDS, Doors, Parts, Service, assemble
from common.settings import ServiceSettings
from common.testing.kafka import MemoryBroker, MemoryCluster
from common.testing.loop import VirtualLoop, run_virtually
from common.testing.mongo import MemoryDatabase
from common.testing.troubles import Troubles

SETTINGS = ServiceSettings(service="directory")


class StartedAgain(MemoryBroker):
    """Kafka that answers from the third time on."""

    asked = 0

    async def migrate(self, topics: Sequence[TopicSpec]) -> None:
        self.asked += 1
        if self.asked <= 2:
            raise PublishFailed("connection refused")
        await super().migrate(topics)


def a_service(troubles: Troubles, broker: MemoryBroker | None = None) -> Service:
    async def close() -> None:
        """Memory has nothing to close."""

    database, broker = MemoryDatabase(faults=troubles), broker or MemoryBroker(MemoryCluster())
    doors = Doors(database, broker, close, lambda _: MemoryDatabase())
    return assemble(SETTINGS, Parts(), doors)


def test_it_waits_for_engines_that_are_started_again():
    async def story(_: VirtualLoop) -> list[str]:
        service = a_service(Troubles(fails=["migrate"] * 3), StartedAgain(MemoryCluster()))
        async with service.running():
            return await service.broker.missing(service.topics())

    assert run_virtually(story) == []


def test_it_gives_up_after_a_minute_and_says_why():
    async def story(loop: VirtualLoop) -> float:
        began = loop.time()
        with pytest.raises(Transient):
            async with a_service(Troubles(away={"migrate"})).running():
                pytest.fail("it runs without its database")
        return loop.time() - began

    assert START_SECONDS <= run_virtually(story) < START_SECONDS + 5


def test_it_does_not_wait_where_kafka_refuses_it():
    class Refusing(MemoryBroker):
        async def migrate(self, topics: Sequence[TopicSpec]) -> None:
            raise LoginRefused(f"no entry to {len(topics)} topics")

    async def story(loop: VirtualLoop) -> float:
        began = loop.time()
        with pytest.raises(LoginRefused):
            async with a_service(Troubles(), Refusing(MemoryCluster())).running():
                pytest.fail("it runs without Kafka")
        return loop.time() - began

    assert run_virtually(story) < 1
