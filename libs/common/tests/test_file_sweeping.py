"""The daily removal of files as a running service does it: time is virtual, days pass at once."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import count
from random import Random

from common.beside import BLOBS
from common.blobs import FILES, KEPT_FOR
from common.errors import Unavailable
from common.mongo import ANY
from common.service import RESTART_SECONDS, Parts, Service
from common.settings import ServiceSettings
from common.sweeping import EVERY_SECONDS, FIRST_SECONDS, LEASE_SECONDS, Sweeper
from common.testing.kafka import MemoryCluster
from common.testing.loop import VirtualLoop, elapse, run_virtually
from common.testing.mongo import EPOCH
from common.testing.service import memory_service
from common.world import World

A_MINUTE = 60.0


class Files:
    """A service with files, whose facts name those in `named`; None: it is not known which."""

    def __init__(self, loop: VirtualLoop) -> None:
        ids = count()
        world = World(
            lambda: EPOCH + timedelta(seconds=loop.time()), lambda: f"{next(ids):08d}", Random(1)
        )
        settings = ServiceSettings(service="intake")
        parts = Parts(decides=False, beside=(BLOBS,))
        self.service: Service = memory_service(settings, parts, MemoryCluster(), world)
        self.named: set[str] | None = set()
        self.service.sweep = self.sweeper().run

    def sweeper(self) -> Sweeper:
        service = self.service
        return Sweeper("intake", service.database, service.blobs, service.world, self._named)

    async def _named(self, digests: Sequence[str]) -> set[str]:
        if self.named is None:
            raise Unavailable("not-known")
        return self.named & set(digests)

    async def upload(self, content: str, *, old: bool = True) -> str:
        """A file nobody refers to; `old`: for thirty days already."""

        async def pieces() -> AsyncIterator[bytes]:
            yield content.encode()

        digest = (await self.service.blobs.put(pieces(), limit=1_000)).digest
        if old:
            store = self.service.stores[BLOBS]
            (file,) = await store.find(FILES, {"filename": digest})
            file["unreferenced"] -= KEPT_FOR
            await store.delete(FILES, {"_id": file["_id"]})
            await store.insert(FILES, [file])
        return digest

    async def left(self) -> set[str]:
        return {each["filename"] for each in await self.service.stores[BLOBS].find(FILES, ANY)}


def story(work: Callable[[Files], Awaitable[None]]) -> None:
    run_virtually(lambda loop: work(Files(loop)))


def test_files_go_a_while_after_the_start_and_then_each_day():
    async def work(files: Files) -> None:
        await files.service.migrate()
        first = await files.upload("first")
        async with files.service.running():
            await elapse(FIRST_SECONDS - 1)
            assert await files.left() == {first}
            await elapse(A_MINUTE)
            assert await files.left() == set()

            second, young = await files.upload("second"), await files.upload("young", old=False)
            await elapse(EVERY_SECONDS - 2 * A_MINUTE)
            assert await files.left() == {second, young}
            await elapse(2 * A_MINUTE)
            assert await files.left() == {young}

            await elapse(KEPT_FOR.total_seconds() - EVERY_SECONDS)
            assert await files.left() == {young}
            await elapse(2 * EVERY_SECONDS)
            assert await files.left() == set()

    story(work)


def test_each_start_begins_it_again_so_that_no_restart_puts_it_off():
    async def work(files: Files) -> None:
        await files.service.migrate()
        for content in ("first", "second"):
            await files.upload(content)
            async with files.service.running():
                await elapse(FIRST_SECONDS + A_MINUTE)
            assert await files.left() == set()

    story(work)


def test_a_sweep_that_failed_is_begun_again_and_holds_no_lease():
    async def work(files: Files) -> None:
        await files.service.migrate()
        digest = await files.upload("content")
        files.named = None
        async with files.service.running():
            await elapse(FIRST_SECONDS + RESTART_SECONDS / 2)
            assert await files.left() == {digest}, (
                "nothing goes while it is not known what is named"
            )
            files.named = set()
            await elapse(RESTART_SECONDS + FIRST_SECONDS + 1)
            assert await files.left() == set()

    story(work)


def test_what_facts_name_stays_from_day_to_day():
    async def work(files: Files) -> None:
        await files.service.migrate()
        named = await files.upload("named")
        files.named = {named}
        async with files.service.running():
            await elapse(FIRST_SECONDS + A_MINUTE)
            files.named = set()
            await elapse(40 * EVERY_SECONDS)

            assert await files.left() == {named}, "its reference was made anew"

    story(work)


def test_of_two_processes_one_sweeps_until_its_lease_has_run_out():
    async def work(files: Files) -> None:
        await files.service.migrate()
        await files.upload("content")
        database, ids = files.service.database, files.service.world.new_id
        lease = await database.lease("sweep", ids(), LEASE_SECONDS)
        assert lease is not None

        assert await files.sweeper().sweep() is None
        await elapse(LEASE_SECONDS + 1)

        assert await files.sweeper().sweep() == 1
        assert await files.sweeper().sweep() == 0, "whoever is done hands it back"

    story(work)
