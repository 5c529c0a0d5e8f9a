"""Which publication clocks to look at on a tick: reminders before the last day, and the first moment late."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from common.cause import Cause
from common.clocks import Clock, Due
from common.moments import from_wire
from common.mongo import Document
from intake.domain.submission import SUBMISSIONS
from intake.queries.submissions import Submissions, due_of
from intake.usecases.doing import Deps
from intake.usecases.warning import Warn, warn


@dataclass(slots=True)
class PublicationClock:
    """Announces each reminder once, whichever process looks first."""

    deps: Deps
    submissions: Submissions
    _alarms: dict[tuple[str, str], Document] = field(
        default_factory=dict[tuple[str, str], Document]
    )

    @property
    def clock(self) -> Clock:
        return Clock("publication", self.look, self.announce)

    async def look(self, now: datetime, most: int) -> Sequence[Due]:
        found = await self.submissions.alarms(now, most)
        self._alarms = {
            (SUBMISSIONS.stream(each["submission"]), each["stage"]): each for each in found
        }
        return [due_of(each, SUBMISSIONS.stream(each["submission"])) for each in found]

    async def announce(self, due: Due, cause: Cause) -> None:
        await warn(self.deps, _warning(due, self._alarms[due.stream, due.name]), cause)


def _warning(due: Due, alarm: Document) -> Warn:
    return Warn(
        id=due.stream.rpartition("/")[2],
        stage=due.name,
        due_at=from_wire(alarm["due_at"]),
        last_day=date.fromisoformat(alarm["last_day"]),
        rule=alarm["rule"],
    )
