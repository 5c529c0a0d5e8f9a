"""A projection made from zero out of the topics alone, under any cut into batches."""

from random import Random
from typing import Any

from common.canonical import canonical
from common.consumer.hears import Hears
from common.consumer.positions import INDEXES
from common.consumer.reader import Reader, ReaderNames
from common.kafka import Arrived, Partition
from common.testing.kafka import MemoryCluster
from common.testing.mongo import MemoryDatabase, MemoryServer
from common.testing.simulation.service import Words
from common.world import World


async def built_from_zero(
    cluster: MemoryCluster, hears: Hears, world: World, random: Random
) -> bytes:
    """Canonical bytes of what a reader projects that takes batches of random sizes and mixtures."""
    server = MemoryServer()
    database = MemoryDatabase(server)
    await database.migrate((*INDEXES, *hears.indexes))
    reader = Reader(database, hears, ReaderNames("anew", Words("anew")), world)
    left: dict[Partition, int] = dict.fromkeys(cluster.of_topics(hears.topics), 0)
    while left:
        batch: list[Arrived] = []
        for partition in random.sample(sorted(left), random.randint(1, len(left))):
            size = random.randint(1, 7)
            records = cluster.logs[partition][left[partition] : left[partition] + size]
            batch += [
                Arrived(partition, left[partition] + n, r.key.encode(), r.value, r.headers)
                for n, r in enumerate(records)
            ]
            left[partition] += len(records)
            if not records:
                del left[partition]
        if batch:
            await reader.take(batch)
    return canonical({name: _content(server, name) for name in hears.collections})


def _content(server: MemoryServer, collection: str) -> dict[str, Any]:
    documents = server.collections.get(collection, {})
    return {str(key): documents[key] for key in sorted(documents)}
