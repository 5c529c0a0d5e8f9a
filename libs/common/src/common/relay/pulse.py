"""The heartbeat: a fact that goes through the whole chain, so that silence is the alarm (D2)."""

from datetime import UTC, datetime

from common.cause import Cause
from common.log.log import CommitLog
from common.log.streams import Loaded, Standing, StreamKind
from common.world import World
from contracts.events.log import HeartbeatV1

EVERY_SECONDS = 60
BEATS_A_STREAM = 360


def _newest(state: HeartbeatV1 | None, fact: HeartbeatV1) -> HeartbeatV1:
    del state
    return fact


class Pulse:
    """Beats once a period, whichever process comes first."""

    def __init__(self, service: str, log: CommitLog, world: World, incarnation: int = 1) -> None:
        self._service = service
        self._log = log
        self._world = world
        self._incarnation = incarnation
        self._kind: StreamKind[HeartbeatV1 | None] = StreamKind(
            f"{service}/heartbeat", None, _newest, state=HeartbeatV1 | None
        )

    async def beat(self) -> None:
        """Commit this period's heartbeat, if nobody has yet."""
        now = self._world.now()
        number = beat_number(now)
        stream = f"{number // BEATS_A_STREAM:08d}"
        cause = Cause(f"clock:/{self._service}/heartbeat:{number}", now, f"service:{self._service}")

        async def decide() -> Loaded[HeartbeatV1 | None]:
            loaded = await self._log.load(self._kind, stream)
            if loaded.state is not None and loaded.state.number >= number:
                return loaded
            fact = HeartbeatV1(
                service=self._service,
                at=now,
                number=number,
                every_seconds=EVERY_SECONDS,
                incarnation=self._incarnation,
            )
            return await self._log.append(loaded, (fact,), cause, Standing(site="system"))

        await self._log.decide(cause, decide)


def beat_number(moment: datetime) -> int:
    """Whole periods since 1970."""
    return int(moment.astimezone(UTC).timestamp()) // EVERY_SECONDS
