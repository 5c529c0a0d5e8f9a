"""What a running service does by itself, by the hour: time is virtual, a day passes at once."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from itertools import count
from random import Random

from common.canonical import canonical, digest
from common.cause import Cause
from common.clocks import LOOK_SECONDS, Clock, Due
from common.consumer.hears import Seen, consumer
from common.health import Result
from common.kafka import Record
from common.log.committer import COLLECTION as COMMITS
from common.moments import to_wire
from common.mongo import ANY, Index, Put, Write
from common.service import GAP_SECONDS, SEAL_SECONDS, Parts, Service
from common.settings import ServiceSettings
from common.testing.kafka import MemoryCluster
from common.testing.loop import VirtualLoop, elapse, run_virtually
from common.testing.mongo import EPOCH
from common.testing.service import memory_service
from common.world import World
from contracts import wire
from contracts.events.directory import AgencyEndedV1
from contracts.events.log import HeartbeatV1, SealedV1

STREAM = "/directory/agency/hanam.snv"
HALF_PAST = timedelta(minutes=30)


def note(fact: AgencyEndedV1, seen: Seen) -> Iterable[Write]:
    yield Put("ended", seen.stream, {"on": str(fact.ends_on)})


HEARS = consumer("endings", {AgencyEndedV1: note}, indexes=(Index("ended", (("on", 1),)),))


class Scene:
    """A service begun at half past an hour."""

    def __init__(self, loop: VirtualLoop) -> None:
        ids = count()
        self.now: Callable[[], datetime] = lambda: (
            EPOCH + HALF_PAST + timedelta(seconds=loop.time())
        )
        world = World(self.now, lambda: f"{next(ids):08d}", Random(1))
        self.cluster = MemoryCluster()
        settings = ServiceSettings(service="intake")
        self.service: Service = memory_service(settings, Parts(hears=(HEARS,)), self.cluster, world)
        self.service.health._fresh_for = 0

    async def told(self, kind: type[HeartbeatV1 | SealedV1]) -> list[datetime]:
        """When facts of this kind were decided."""
        found = await self.service.database.find(COMMITS, ANY, sort=(("at", 1),))
        return [
            datetime.fromisoformat(each["at"])
            for each in found
            if each["parts"][0]["facts"][0]["type"] == str(kind.name())
        ]

    async def check(self, name: str) -> Result:
        report = await self.service.health.report()
        return next(each for each in report.checks if each.name == name)

    def publish(self, sequence: int) -> None:
        """A fact of the directory arrives, whether or not those before it have."""
        fact = AgencyEndedV1.model_validate(
            {"agency_id": "hanam.snv", "site": "hanam", "ends_on": "2026-01-01"}
        )
        hash_ = digest(b"")
        headers, body = wire.encode(
            wire.Envelope(
                id=f"directory{STREAM}/{sequence}.0",
                type=str(AgencyEndedV1.name()),
                source=STREAM,
                time=to_wire(self.now()),
                sequence=sequence,
                traceparent=None,
                incarnation=1,
                site="hanam",
                chain=wire.Chain(sequence, 0, hash_, hash_, hash_, [hash_]),
                data=canonical(fact.data()),
            )
        )
        self.cluster.append(Record("directory.agency", STREAM, body, headers))


def story(work: Callable[[Scene], Awaitable[None]]) -> None:
    run_virtually(lambda loop: work(Scene(loop)))


def test_a_service_attests_its_log_at_every_full_hour():
    async def work(scene: Scene) -> None:
        async with scene.service.running():
            await elapse(3 * SEAL_SECONDS)

        sealed = await scene.told(SealedV1)
        hours = [EPOCH + timedelta(hours=n) for n in (1, 2, 3)]
        assert [moment.replace(second=0, microsecond=0) for moment in sealed] == hours

    story(work)


def test_its_heart_beats_once_a_minute():
    async def work(scene: Scene) -> None:
        async with scene.service.running():
            await elapse(600)

        beats = await scene.told(HeartbeatV1)
        assert len({moment.replace(second=0, microsecond=0) for moment in beats}) == len(beats)
        assert 10 <= len(beats) <= 11

    story(work)


def test_its_clocks_are_looked_at_again_and_again():
    async def work(scene: Scene) -> None:
        announced: list[str] = []
        due = scene.now() + timedelta(seconds=100)

        async def look(now: datetime, most: int) -> list[Due]:
            del most
            return [Due("x", "warning", due)] if due <= now and not announced else []

        async def announce(due: Due, cause: Cause) -> None:
            announced.append(f"{due.name} {cause.at - due.at < timedelta(seconds=LOOK_SECONDS)}")

        scene.service.clocks = (Clock("warnings", look, announce),)
        async with scene.service.running():
            await elapse(95)
            assert announced == []
            await elapse(10 + LOOK_SECONDS)
            assert announced == ["warning True"]

    story(work)


def test_a_gap_that_stays_open_degrades_the_health_report_and_names_the_stream():
    async def work(scene: Scene) -> None:
        async with scene.service.running():
            await elapse(5)
            assert (await scene.check("gaps endings")).ok
            scene.publish(2)
            await elapse(GAP_SECONDS - 5)
            assert (await scene.check("gaps endings")).ok, "it may still be on its way"
            await elapse(10)

            gap = await scene.check("gaps endings")
            assert not gap.ok
            assert f"nhipcau relay resend -s directory {STREAM}" in gap.detail
            assert (await scene.service.health.report()).status == "degraded"

            scene.publish(1)
            await elapse(2)
            assert (await scene.check("gaps endings")).ok

    story(work)
