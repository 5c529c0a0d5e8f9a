"""The daily removal of files that nobody refers to, by the service that owns the files (D12).

It begins a while after each start and comes round each day, so that no restart puts it off for ever.
A lease spares other processes the same work; were two at it, each file would still go once.
"""

import asyncio

from common.blobs import Blobs, Named
from common.logs import logger
from common.mongo import Database
from common.world import World

FIRST_SECONDS = 300.0
EVERY_SECONDS = 86_400.0
LEASE_SECONDS = 3_600.0


class Sweeper:
    """`named` says which files facts name: those stay, whatever the references say."""

    def __init__(
        self, service: str, database: Database, blobs: Blobs, world: World, named: Named
    ) -> None:
        self._service = service
        self._database = database
        self._blobs = blobs
        self._world = world
        self._named = named

    async def run(self) -> None:
        """Until cancelled; raises Transient or Unavailable, and is begun again."""
        await asyncio.sleep(FIRST_SECONDS)
        while True:
            await self.sweep()
            await asyncio.sleep(EVERY_SECONDS)

    async def sweep(self) -> int | None:
        """Once; answers how many files went, None while another process is at it."""
        lease = await self._database.lease("sweep", self._world.new_id(), LEASE_SECONDS)
        if lease is None:
            return None
        try:
            swept = await self._blobs.sweep(self._world.now(), self._named)
        finally:
            await self._database.release(lease)
        logger(self._service).info("files-swept", files=swept)
        return swept
