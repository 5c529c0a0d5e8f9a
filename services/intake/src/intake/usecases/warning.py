"""Announcing that a publication clock comes near its end or has passed it."""

from dataclasses import dataclass
from datetime import date, datetime

from common.cause import Cause
from common.log.log import decided
from common.log.streams import Loaded, Standing
from common.moments import to_wire
from contracts.events.intake import PublicationWarnedV1
from intake.domain import submission as rules
from intake.domain.submission import SUBMISSIONS, Submission
from intake.usecases.doing import Deps


@dataclass(frozen=True, slots=True)
class Warn:
    """stage: "first", "second" or "overdue"."""

    id: str
    stage: str
    due_at: datetime
    last_day: date
    rule: str


@decided
async def warn(deps: Deps, command: Warn, cause: Cause) -> Loaded[Submission]:
    """One announcement for each stage of each revision; nothing for what is closed meanwhile."""
    submission = await deps.log.load(SUBMISSIONS, command.id)
    state = submission.state
    fact = PublicationWarnedV1.of(
        {
            "submission_id": command.id,
            "site": state.site or "unknown",
            "category": state.category or "unknown",
            "receipt": state.receipt or "-",
            "stage": command.stage,
            "last_day": command.last_day.isoformat(),
            "due_at": to_wire(command.due_at),
            "rule": command.rule,
            "person": state.person or "-",
        }
    )
    facts = rules.warn(state, fact)  # pyright: ignore[reportArgumentType] - `of` gives its own class
    standing = Standing(state.site or "unknown", {"by": "clock", "rule": command.rule})
    return await deps.log.append(submission, facts, cause, standing)
