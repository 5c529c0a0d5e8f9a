"""What a process pays that meets a long stream for the first time: read whole, and from its last closing.

The stream is the directory's of changed parents: the one that every such change of a whole
installation goes through.
"""

import asyncio
import time
from collections.abc import Sequence
from statistics import median

from bench.visits import Numbers
from common.catalogue import Contracts
from common.cause import Cause
from common.log.closing import EVERY
from common.log.log import INDEXES, CommitLog
from common.log.streams import Standing
from common.mongo.engine import MongoDatabase, connect, disconnect
from common.world import real_world
from contracts.events.directory import HierarchyMovedV1
from directory.domain.agencies import HIERARCHY

NEVER = 10**9
HEAD = ("commits", "read whole, ms", "from the last closing, ms", "÷ whole")


def measure(url: str, prefix: str, lengths: Sequence[int], looks: int) -> dict[str, Numbers]:
    """Milliseconds of a first load at each length, the median of looks in turns."""
    return asyncio.run(_measure(url, prefix, lengths, looks))


async def _measure(url: str, prefix: str, lengths: Sequence[int], looks: int) -> dict[str, Numbers]:
    client = connect(url)
    try:
        return {
            str(length): await _of(MongoDatabase(client, f"{prefix}_{length}"), length, looks)
            for length in lengths
        }
    finally:
        await disconnect(client)


async def _of(database: MongoDatabase, length: int, looks: int) -> Numbers:
    await database.migrate(INDEXES)
    await _fill(_log(database, EVERY), length)
    took: dict[int, list[float]] = {NEVER: [], EVERY: []}
    for _ in range(looks):
        for every, seen in took.items():
            began = time.perf_counter()
            loaded = await _log(database, every).load(HIERARCHY, "agencies")
            seen.append((time.perf_counter() - began) * 1000)
            if loaded.version != length or loaded.state != length:
                raise RuntimeError(f"{length} commits were read as {loaded.state}")
    return {"whole_ms": median(took[NEVER]), "closed_ms": median(took[EVERY])}


def _log(database: MongoDatabase, every: int) -> CommitLog:
    return CommitLog(database, Contracts("directory"), real_world(), closes_every=every)


async def _fill(log: CommitLog, length: int) -> None:
    fact = HierarchyMovedV1.of(
        {
            "hierarchy": "agencies",
            "child": "hanam.snv",
            "parent": "hanam.ubnd",
            "valid_from": "2026-01-01",
        }
    )
    world = real_world()
    loaded = await log.load(HIERARCHY, "agencies")
    for number in range(length):
        cause = Cause(f"bench:{number}", world.now(), "bench")
        loaded = await log.append(loaded, (fact,), cause, Standing("bench"))


def table_rows(measured: dict[str, Numbers]) -> list[tuple[str, ...]]:
    """A row for each length."""
    return [
        (
            f"{int(length):,}",
            f"{numbers['whole_ms']:.1f}",
            f"{numbers['closed_ms']:.1f}",
            f"{numbers['closed_ms'] / numbers['whole_ms']:.2f}",
        )
        for length, numbers in measured.items()
    ]
