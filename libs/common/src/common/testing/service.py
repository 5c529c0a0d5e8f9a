"""A whole service over the working fakes: for tests of routes and journeys inside one process."""

from common.service import Doors, Parts, Service, assemble
from common.settings import ServiceSettings
from common.testing.kafka import MemoryBroker, MemoryCluster
from common.testing.mongo import MemoryDatabase
from common.world import World


def memory_service(
    settings: ServiceSettings, parts: Parts, cluster: MemoryCluster, world: World | None = None
) -> Service:
    """Its own database in memory, on a cluster that other services share."""
    return assemble(settings, parts, memory_doors(cluster), world)


def memory_doors(cluster: MemoryCluster) -> Doors:
    async def close() -> None:
        """Memory has nothing to close."""

    def beside(name: str) -> MemoryDatabase:
        return cluster.databases.setdefault(name, MemoryDatabase())

    return Doors(MemoryDatabase(), MemoryBroker(cluster), close, beside)
