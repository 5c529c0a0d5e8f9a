"""A log restored while somebody works on it: the process decides nothing from memory, the operator hears of it.

Time is virtual here, over the working fakes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass

import pytest

from common.cause import Cause
from common.errors import Refused, Unavailable, spoken
from common.log.committer import COLLECTION as COMMITS
from common.log.streams import Loaded, Standing, StreamKind
from common.mongo import Lease, Transient
from common.relay.relay import LEASE_SECONDS, incarnation, raise_incarnation
from common.relay.restoring import (
    LOOK_SECONDS,
    NOTICED_SECONDS,
    SURE_SECONDS,
    Life,
    must_be_at_rest,
)
from common.service import Doors, Parts, Service, assemble
from common.settings import ServiceSettings
from common.testing.kafka import MemoryBroker, MemoryCluster
from common.testing.loop import VirtualLoop, elapse, run_virtually
from common.testing.mongo import MemoryDatabase, MemoryServer
from common.testing.troubles import Troubles
from contracts.events.log import HeartbeatV1

BEATS: StreamKind[int] = StreamKind("intake/test", 0, lambda n, _: n + 1)


class Scene:
    """A service with a log, whose database somebody brings back to an earlier point."""

    def __init__(self) -> None:
        self.server, self.troubles = MemoryServer(), Troubles()
        self.operator = MemoryDatabase(self.server)
        self.made = 0

    def process(self) -> Service:
        async def close() -> None:
            """Memory has nothing to close."""

        database = MemoryDatabase(self.server, self.troubles)
        doors = Doors(database, MemoryBroker(MemoryCluster()), close, lambda _: MemoryDatabase())
        service = assemble(ServiceSettings(service="intake"), Parts(), doors)
        service.health._fresh_for = 0
        return service

    async def decide(self, service: Service) -> int:
        """One more commit on a stream that the process remembers; answers its version."""
        self.made += 1
        now = service.world.now()
        cause = Cause(f"cause-{self.made}", now, "somebody")

        async def use_case() -> Loaded[int]:
            loaded = await service.log.load(BEATS, "x")
            fact = HeartbeatV1(
                service="intake", at=now, number=self.made, every_seconds=60, incarnation=1
            )
            return await service.log.append(loaded, (fact,), cause, Standing(site="system"))

        return (await service.log.decide(cause, use_case)).version

    async def find_nothing_to_do(self, service: Service) -> int:
        """A decision that writes nothing, from a state that the process remembers."""
        cause = Cause("nothing", service.world.now(), "somebody")

        async def use_case() -> Loaded[int]:
            return await service.log.load(BEATS, "x")

        return (await service.log.decide(cause, use_case)).version

    def back_up(self) -> dict[str, dict[object, dict[str, object]]]:
        return deepcopy(self.server.collections)

    async def restore(self, backup: dict[str, dict[object, dict[str, object]]]) -> None:
        for name in list(self.server.collections):
            kept = backup.get(name, {})
            for key in list(self.server.collections[name]):
                if key not in kept:
                    await self.operator.delete(name, {"_id": key})
            self.server.collections[name].update(deepcopy(kept))

    def versions(self) -> list[int]:
        """The versions of the stream that stand in the log."""
        parts = [p for c in self.server.collections[COMMITS].values() for p in c["parts"]]
        return sorted(part["version"] for part in parts if part["stream"] == BEATS.stream("x"))


def story(work: Callable[[Scene], Awaitable[None]]) -> None:
    async def run(_: VirtualLoop) -> None:
        async with asyncio.timeout(1_000):
            await work(Scene())

    run_virtually(run)


async def check(service: Service) -> tuple[bool, str]:
    report = await service.health.report()
    (found,) = [each for each in report.checks if each.name == "log"]
    return report.ready, found.detail


def test_a_process_whose_log_moved_back_decides_nothing_from_what_it_remembers():
    async def work(scene: Scene) -> None:
        service = scene.process()
        async with service.running():
            await scene.decide(service)
            backup = scene.back_up()
            assert await scene.decide(service) == 2
            await elapse(LOOK_SECONDS + 1)
            await scene.restore(backup)
            await elapse(LOOK_SECONDS + 1)

            with pytest.raises(Unavailable, match="log-restored"):
                await scene.decide(service)
            with pytest.raises(Unavailable, match="log-restored"):
                await scene.find_nothing_to_do(service)
            ready, why = await check(service)

        assert scene.versions() == [1]
        assert not ready
        assert "nhipcau relay restored -s intake" in why
        assert "khôi phục" in spoken(why, "vi")

    story(work)


def test_a_process_whose_log_moved_back_publishes_no_more_and_leaves_the_lease():
    async def work(scene: Scene) -> None:
        service = scene.process()
        async with service.running():
            await scene.decide(service)
            backup = scene.back_up()
            await scene.decide(service)
            await elapse(LOOK_SECONDS + 1)
            await scene.restore(backup)
            await elapse(LOOK_SECONDS + 1)

            await must_be_at_rest("intake", scene.operator)
            assert not service.health.given_up.is_set()
            await raise_incarnation(scene.operator)
            await elapse(LOOK_SECONDS + 1)

            assert service.health.given_up.is_set()

    story(work)


def test_a_process_of_a_former_life_turns_unready_and_gives_up():
    async def work(scene: Scene) -> None:
        service = scene.process()
        async with service.running():
            await scene.decide(service)
            assert (await check(service))[0]
            await raise_incarnation(scene.operator)
            await elapse(LOOK_SECONDS + 1)

            with pytest.raises(Unavailable, match="Life 2 of the log of intake began"):
                await scene.decide(service)
            assert service.health.given_up.is_set()
            assert not (await check(service))[0]

        anew = scene.process()
        async with anew.running():
            assert await scene.decide(anew) == 2
            assert (await check(anew))[0]

    story(work)


def test_what_was_on_its_way_while_the_database_was_away_for_its_restore_never_lands():
    async def work(scene: Scene) -> None:
        service = scene.process()
        async with service.running():
            await scene.decide(service)
            backup = scene.back_up()
            assert await scene.decide(service) == 2
            await elapse(LOOK_SECONDS + 1)
            scene.troubles.away |= {"insert", "find", "write", "lease", "next", "watch"}
            waiting = asyncio.create_task(scene.decide(service))
            await elapse(SURE_SECONDS + 1)
            await scene.restore(backup)
            scene.troubles.away.clear()

            with pytest.raises(Unavailable, match="log-restored"):
                await waiting

        assert scene.versions() == [1]

    story(work)


def test_nobody_is_stopped_by_a_database_that_was_only_away():
    async def work(scene: Scene) -> None:
        service = scene.process()
        async with service.running():
            await scene.decide(service)
            scene.troubles.away |= {"insert", "find", "write", "lease", "next", "watch"}
            waiting = asyncio.create_task(scene.decide(service))
            await elapse(60)
            scene.troubles.away.clear()

            assert await waiting == 2
            await elapse(60)
            assert (await check(service))[0]

    story(work)


def test_being_sure_asks_nobody_while_somebody_looks_regularly():
    async def work(scene: Scene) -> None:
        life = Life("intake", MemoryDatabase(scene.server, scene.troubles))
        await life.look()
        asked = scene.troubles.asked["find"]
        await life.sure()
        assert scene.troubles.asked["find"] == asked
        await elapse(SURE_SECONDS)
        await asyncio.gather(*(life.sure() for _ in range(50)))

        assert asked < scene.troubles.asked["find"] <= asked + 3

    story(work)


@dataclass
class OneFindFails(Troubles):
    """The find so many finds from now fails."""

    in_finds: int = 0

    async def before(self, operation: str) -> None:
        await super().before(operation)
        self.in_finds -= operation == "find"
        if operation == "find" and self.in_finds == 0:
            raise Transient("find: failed")


def test_a_look_that_was_cut_short_still_misses_what_it_was_about_to_look_for():
    async def work(scene: Scene) -> None:
        troubles = OneFindFails()
        life = Life("intake", MemoryDatabase(scene.server, troubles))
        await scene.operator.insert(COMMITS, [{"_id": "0001"}])
        await life.look()
        await scene.operator.delete(COMMITS, {"_id": "0001"})
        await scene.operator.insert(COMMITS, [{"_id": "0002"}])
        troubles.in_finds = 3

        with pytest.raises(Transient):
            await life.look()
        await life.look()

        assert life.trouble is not None

    story(work)


# -- the operator's side ----------------------------------------------------------------------


def test_a_new_life_is_refused_while_a_process_works_and_it_is_named():
    async def work(scene: Scene) -> None:
        async with scene.process().running():
            await elapse(30)
            with pytest.raises(Refused) as refusal:
                await must_be_at_rest("intake", scene.operator)

        holder = scene.server.leases["relay"]
        assert holder.holder == "", "a stop hands the lease back"
        assert "Stop every process of intake" in refusal.value.detail
        assert "Dừng mọi tiến trình" in spoken(refusal.value.detail, "vi")
        assert await incarnation(scene.operator) == 1

    story(work)


@pytest.mark.parametrize("left", [LEASE_SECONDS, 1.0], ids=["just-renewed", "nearly-out"])
def test_a_lease_that_only_came_back_with_the_backup_keeps_nobody_waiting_for_ever(left: float):
    async def work(scene: Scene) -> None:
        await scene.operator.lease("relay", "host:1:former", left)
        began = asyncio.get_running_loop().time()
        await must_be_at_rest("intake", scene.operator)

        waited = asyncio.get_running_loop().time() - began
        assert left <= waited < left + NOTICED_SECONDS + 1

    story(work)


def test_a_process_that_cannot_lead_yet_is_seen_when_the_restored_lease_runs_out():
    async def work(scene: Scene) -> None:
        await scene.operator.lease("relay", "host:1:former", LEASE_SECONDS)
        async with scene.process().running():
            with pytest.raises(Refused):
                await must_be_at_rest("intake", scene.operator)

    story(work)


def test_a_process_that_just_waits_after_an_error_is_seen():
    async def work(scene: Scene) -> None:
        service = scene.process()
        async with service.running():
            scene.troubles.away |= {"lease", "next", "watch"}
            await elapse(60)
            scene.troubles.away.clear()
            with pytest.raises(Refused):
                await must_be_at_rest("intake", scene.operator)

    story(work)


def test_a_service_that_was_stopped_or_never_ran_is_at_rest():
    async def work(scene: Scene) -> None:
        await must_be_at_rest("intake", scene.operator)
        async with scene.process().running():
            await elapse(5)
        await must_be_at_rest("intake", scene.operator)

    story(work)


def test_who_holds_a_lease_is_named_by_machine_and_process():
    async def work(scene: Scene) -> None:
        await scene.operator.lease("relay", "host:12:0198", LEASE_SECONDS)
        asking = asyncio.create_task(must_be_at_rest("intake", scene.operator))
        await elapse(1)
        held = scene.server.leases["relay"]
        scene.server.leases["relay"] = Lease("relay", held.holder, held.epoch + 1, held.until)
        with pytest.raises(Refused, match="The process host:12 of intake is running"):
            await asking

    story(work)
