"""Commands about calendars, notices and closures: load, decide, append."""

from dataclasses import dataclass
from datetime import date

from common.cause import Cause
from common.log.log import decided
from common.log.streams import Loaded
from contracts.events.directory import (
    CalendarAdoptedV1,
    CalendarNoticeGivenV1,
    CalendarNoticeTakenIntoForceV1,
    CalendarNoticeWithdrawnV1,
    ClosureCancelledV1,
    ClosureDeclaredV1,
)
from contracts.fact import Fact
from directory.domain import calendars as domain
from directory.domain.calendars import CALENDARS, CLOSURES
from directory.usecases.doing import By, Deps, check_version, standing
from rulebook.calendar_facts import Closures, WorkingCalendar


@dataclass(frozen=True, slots=True)
class Adopt:
    fact: CalendarAdoptedV1
    by: By


@dataclass(frozen=True, slots=True)
class GiveNotice:
    fact: CalendarNoticeGivenV1
    by: By
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class TakeIntoForce:
    fact: CalendarNoticeTakenIntoForceV1
    by: By
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Withdraw:
    fact: CalendarNoticeWithdrawnV1
    by: By
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Declare:
    fact: ClosureDeclaredV1
    by: By


@dataclass(frozen=True, slots=True)
class Cancel:
    """`today` is the law's day of the act."""

    fact: ClosureCancelledV1
    by: By
    today: date


@decided
async def adopt(deps: Deps, command: Adopt, cause: Cause) -> Loaded[WorkingCalendar]:
    calendar = await deps.log.load(CALENDARS, command.fact.calendar_id)
    facts = domain.adopt(calendar.state, command.fact)
    return await deps.log.append(calendar, facts, cause, standing(command.fact.site, command.by))


@decided
async def give_notice(deps: Deps, command: GiveNotice, cause: Cause) -> Loaded[WorkingCalendar]:
    calendar = await deps.log.load(CALENDARS, command.fact.calendar_id)
    facts = domain.give_notice(calendar.state, command.fact)
    return await _said(deps, calendar, facts, command, cause)


@decided
async def take_into_force(
    deps: Deps, command: TakeIntoForce, cause: Cause
) -> Loaded[WorkingCalendar]:
    calendar = await deps.log.load(CALENDARS, command.fact.calendar_id)
    facts = domain.take_into_force(calendar.state, command.fact)
    return await _said(deps, calendar, facts, command, cause)


@decided
async def withdraw(deps: Deps, command: Withdraw, cause: Cause) -> Loaded[WorkingCalendar]:
    calendar = await deps.log.load(CALENDARS, command.fact.calendar_id)
    facts = domain.withdraw(calendar.state, command.fact)
    return await _said(deps, calendar, facts, command, cause)


@decided
async def declare(deps: Deps, command: Declare, cause: Cause) -> Loaded[Closures]:
    fact = command.fact
    calendar = await deps.log.load(CALENDARS, fact.calendar_id)
    closures = await deps.log.load(CLOSURES, fact.place)
    facts = domain.declare(closures.state, calendar.state, fact)
    return await deps.log.append(closures, facts, cause, standing(fact.site, command.by))


@decided
async def cancel(deps: Deps, command: Cancel, cause: Cause) -> Loaded[Closures]:
    fact = command.fact
    before = (await deps.log.load(CLOSURES, fact.place)).state
    closure = domain.standing(before, fact.closure_id)
    calendar = await deps.log.load(CALENDARS, closure.calendar_id)
    closures = await deps.log.load(CLOSURES, fact.place)
    facts = domain.cancel(closures.state, calendar.state, fact, command.today)
    return await deps.log.append(closures, facts, cause, standing(fact.site, command.by))


async def _said(
    deps: Deps,
    calendar: Loaded[WorkingCalendar],
    facts: tuple[Fact, ...],
    command: GiveNotice | TakeIntoForce | Withdraw,
    cause: Cause,
) -> Loaded[WorkingCalendar]:
    check_version(calendar, command.expected)
    return await deps.log.append(calendar, facts, cause, standing(calendar.state.site, command.by))
