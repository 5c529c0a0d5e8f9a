"""HTTP: working calendars, official notices on days off, local closures."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from common.http.idempotency import FromRequest
from common.http.pages import FromPage, Page
from common.http.positions import AfterPosition, AfterPositionOrStale
from common.http.preconditions import ExpectedVersion
from common.http.signed_in import FromToken
from common.http.wiring import deps_of
from common.mongo import Document
from contracts.events.directory import (
    CalendarAdoptedV1,
    CalendarNoticeGivenV1,
    CalendarNoticeTakenIntoForceV1,
    CalendarNoticeWithdrawnV1,
    ClosureCancelledV1,
    ClosureDeclaredV1,
)
from directory.domain import calendars as domain
from directory.domain.checks import bad_field
from directory.domain.units import NATIONAL
from directory.domain.words import say
from directory.queries.calendars import Calendars, ClosuresWanted
from directory.routes.acting import Actor, FromActor, FromApp, say_where
from directory.routes.shapes import DocumentBody, HistoryEntry, Id, Shape, fact_of
from directory.usecases import calendars as usecases
from directory.usecases.doing import By, law_day
from rulebook.calendar import Calendar
from rulebook.calendar_facts import LocalClosure, WorkingCalendar
from rulebook.house import INSTALLATION

router = APIRouter(tags=["calendars"])

LONGEST = 1_100
CalendarId = Annotated[Id, Path(examples=["vn"])]
Kind = Literal["holiday", "compensatory_off", "swapped_off", "working_saturday"]
Text = Annotated[str, Field(min_length=1, max_length=500)]
Reason = Annotated[str, Field(min_length=1, max_length=1000)]
Year = Annotated[int, Field(ge=1990, le=2100)]


class NoticeDayBody(Shape):
    date: date
    kind: Kind
    name_vi: Text


class DayBody(NoticeDayBody):
    status: Literal["confirmed", "derived", "predicted", "unconfirmed"]
    source: Text


class SpanBody(Shape):
    """Days [start, end)."""

    start: date
    end: date


class CalendarBody(Shape):
    """A calendar (lịch làm việc) of complete years; the days that differ from Monday to Friday."""

    calendar_id: Id
    years: Annotated[tuple[Year, ...], Field(min_length=1, max_length=60)]
    days: Annotated[tuple[DayBody, ...], Field(max_length=1500)]
    office_hours: (
        Annotated[
            tuple[Annotated[str, Field(pattern=r"^[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d$")], ...],
            Field(min_length=1, max_length=6),
        ]
        | None
    ) = None


class NoticeBody(Shape):
    """An official notice (thông báo lịch nghỉ); contracts/calendars/README.md says how it reads."""

    notice_id: Id
    number: Annotated[str, Field(min_length=1, max_length=200)]
    issued_on: date
    source: Text
    status: Literal["draft", "in_force"]
    certainty: Literal["confirmed", "derived"] = "confirmed"
    years: Annotated[tuple[Year, ...], Field(max_length=60)] = ()
    settles: Annotated[tuple[SpanBody, ...], Field(min_length=1, max_length=40)]
    days: Annotated[tuple[NoticeDayBody, ...], Field(max_length=400)]


class InForceBody(Shape):
    """A draft becomes official, perhaps under its final number."""

    number: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class WithdrawalBody(Shape):
    reason: Reason
    document: DocumentBody | None = None


class ClosureBody(Shape):
    """Local days off [start, end) of a site and the sites under it (nghỉ do bão, lũ, dịch bệnh)."""

    place: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
    closure_id: Id
    calendar_id: Id = "vn"
    start: date
    end: date
    reason: Text
    source: Text
    document: DocumentBody | None = None


class CancellationBody(Shape):
    """Work goes on from this day after all."""

    works_from: date
    reason: Text
    document: DocumentBody | None = None


class NoticeView(BaseModel):
    notice_id: str
    number: str
    issued_on: date
    status: str
    source: str
    years: tuple[int, ...]
    days: list[dict[str, Any]]


class CalendarView(BaseModel):
    """A calendar and its notices, in the order in which they came into force."""

    calendar_id: str
    years: tuple[int, ...]
    label: str = Field(description="Names the content: explanations say it")
    notices: tuple[NoticeView, ...]

    @classmethod
    def of(cls, calendar: WorkingCalendar) -> "CalendarView":
        now = calendar.national()
        notices = tuple(
            NoticeView(
                notice_id=each.id,
                number=each.number,
                issued_on=each.issued_on,
                status=each.status,
                source=each.data["source"],
                years=tuple(each.data.get("years", ())),
                days=list(each.data["days"]),
            )
            for each in calendar.notices
        )
        return cls(calendar_id=calendar.id, years=now.years, label=now.label, notices=notices)


class ChangedDayView(BaseModel):
    date: date
    works: bool


class DaysView(BaseModel):
    """The days [start, end) of a calendar at a place: which work, and why the others do not."""

    calendar_id: str
    place: str | None
    label: str
    start: date
    end: date
    known: bool = Field(description="false: some day lies outside the calendar's years")
    working_days: int
    office_hours: list[str]
    days_off: list[dict[str, Any]]
    working_saturdays: list[date]


class ClosureView(BaseModel):
    """A local closure; cancelled whole when no day is left."""

    place: str
    closure_id: str
    calendar_id: str
    start: date
    end: date
    reason: str
    source: str
    cancelled: str | None = None

    @classmethod
    def of(cls, document: Document) -> "ClosureView":
        return cls.model_validate({k: v for k, v in document.items() if k in cls.model_fields})

    @classmethod
    def stated(cls, place: str, closure: LocalClosure) -> "ClosureView":
        return cls(
            place=place,
            closure_id=closure.id,
            calendar_id=closure.calendar_id,
            start=closure.start,
            end=closure.end,
            reason=closure.reason,
            source=closure.source,
        )


async def _calendars(request: Request) -> Calendars:
    return deps_of(request).calendars


FromCalendars = Annotated[Calendars, Depends(_calendars)]


@router.post("/calendars", status_code=201)
async def adopt(
    body: CalendarBody, deps: FromApp, actor: FromActor, cause: FromRequest, response: Response
) -> CalendarView:
    """Adopt a calendar; from then on official notices change it."""
    by = await _keeper(actor, INSTALLATION)
    fact = fact_of(CalendarAdoptedV1, body, site=NATIONAL)
    loaded = await usecases.adopt(deps, usecases.Adopt(fact, by), cause)
    response.headers["Location"] = f"calendars/{loaded.id}"
    say_where(loaded, response)
    return CalendarView.of(loaded.state)


@router.get("/calendars/{calendar_id}")
async def see(
    calendar_id: CalendarId, calendars: FromCalendars, response: Response
) -> CalendarView:
    """A calendar and its notices."""
    loaded = await calendars.get(calendar_id)
    say_where(loaded, response)
    return CalendarView.of(loaded.state)


@router.get("/calendars/{calendar_id}/days")
async def days(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    calendar_id: CalendarId,
    calendars: FromCalendars,
    start: date,
    end: Annotated[date, Query(description=f"The day after the last, at most {LONGEST} later")],
    place: Annotated[Id | None, Query(description="A site: its closures and those above")] = None,
    known_on: Annotated[
        date | None, Query(description="As it was known: only notices issued by this day")
    ] = None,
) -> DaysView:
    """Which days work, and by whose announcement the others do not."""
    if not start < end <= start + timedelta(days=LONGEST):
        raise bad_field("query:end", "after-begin", say("span-of-days", most=LONGEST))
    calendar = await calendars.at(calendar_id, place, known_on)
    return _days(calendar_id, place, calendar, start, end)


@router.get("/calendars/{calendar_id}/history")
async def history(
    calendar_id: CalendarId, calendars: FromCalendars, _: FromToken
) -> list[HistoryEntry]:
    """Every decision about a calendar: who, when, by what right, which days changed."""
    return [HistoryEntry.model_validate(each) for each in await calendars.history(calendar_id)]


@router.post("/calendars/{calendar_id}/notices", status_code=201)
async def give_notice(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    calendar_id: CalendarId,
    body: NoticeBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
) -> CalendarView:
    """Give the next official notice, as a draft or in force."""
    by = await _keeper(actor, INSTALLATION)
    fact = fact_of(CalendarNoticeGivenV1, body, calendar_id=calendar_id, site=NATIONAL)
    command = usecases.GiveNotice(fact, by, expected)
    loaded = await usecases.give_notice(deps, command, cause)
    say_where(loaded, response)
    return CalendarView.of(loaded.state)


@router.get("/calendars/{calendar_id}/notices/{notice_id}/effect")
async def effect(
    calendar_id: CalendarId, notice_id: Id, calendars: FromCalendars
) -> list[ChangedDayView]:
    """The days that taking this notice into force would change now."""
    changed = domain.effect((await calendars.get(calendar_id)).state, notice_id)
    return [ChangedDayView.model_validate(each) for each in changed]


@router.post("/calendars/{calendar_id}/notices/{notice_id}/in-force")
async def take_into_force(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    calendar_id: CalendarId,
    notice_id: Id,
    body: InForceBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
) -> CalendarView:
    """A draft becomes the official notice."""
    ids = {"calendar_id": calendar_id, "notice_id": notice_id, "site": NATIONAL}
    by = await _keeper(actor, INSTALLATION)
    fact = fact_of(CalendarNoticeTakenIntoForceV1, body, frozenset(), **ids)
    command = usecases.TakeIntoForce(fact, by, expected)
    loaded = await usecases.take_into_force(deps, command, cause)
    say_where(loaded, response)
    return CalendarView.of(loaded.state)


@router.post("/calendars/{calendar_id}/notices/{notice_id}/withdrawal")
async def withdraw(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    calendar_id: CalendarId,
    notice_id: Id,
    body: WithdrawalBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
) -> CalendarView:
    """Withdraw a notice: what stood before it holds again."""
    ids = {"calendar_id": calendar_id, "notice_id": notice_id, "site": NATIONAL}
    by = await _keeper(actor, INSTALLATION)
    fact = fact_of(CalendarNoticeWithdrawnV1, body, frozenset(), **ids)
    loaded = await usecases.withdraw(deps, usecases.Withdraw(fact, by, expected), cause)
    say_where(loaded, response)
    return CalendarView.of(loaded.state)


@router.post("/closures", status_code=201)
async def declare(
    body: ClosureBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    response: Response,
    _: AfterPosition,
) -> ClosureView:
    """Declare local days off of a site and the sites under it."""
    by = await _keeper(actor, body.place)
    fact = fact_of(ClosureDeclaredV1, body, site=body.place)
    loaded = await usecases.declare(deps, usecases.Declare(fact, by), cause)
    say_where(loaded, response)
    return ClosureView.stated(body.place, domain.standing(loaded.state, body.closure_id))


@router.post("/closures/{place}/{closure_id}/cancellation")
async def cancel(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    place: Id,
    closure_id: Id,
    body: CancellationBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    response: Response,
) -> ClosureView:
    """Let work go on earlier, or cancel the closure whole."""
    by = await _keeper(actor, place)
    fact = fact_of(ClosureCancelledV1, body, place=place, closure_id=closure_id, site=place)
    command = usecases.Cancel(fact, by, law_day(cause.at))
    loaded = await usecases.cancel(deps, command, cause)
    say_where(loaded, response)
    closure = loaded.state.closure(closure_id)
    assert closure is not None
    return ClosureView.stated(place, closure)


@router.get("/closures")
async def list_closures(
    calendars: FromCalendars,
    asked: FromPage,
    _: AfterPositionOrStale,
    place: Annotated[Id | None, Query()] = None,
    since: Annotated[date | None, Query(description="Only those not over by this day")] = None,
) -> Page[ClosureView]:
    """Local closures by place and id."""
    after = str(asked.after[0]) if asked.after else None
    found = await calendars.closures(ClosuresWanted(place, since), after, asked.fetch)
    return asked.page(found, ClosureView.of, lambda document: (document["_id"],))


@router.get("/closures/{place}/history")
async def closure_history(place: Id, calendars: FromCalendars, _: FromToken) -> list[HistoryEntry]:
    """Every decision about the closures of a place."""
    return [HistoryEntry.model_validate(each) for each in await calendars.closure_history(place)]


async def _keeper(actor: Actor, place: str) -> By:
    return await actor.may("keep_calendar", site=place)


def _days(
    calendar_id: str, place: str | None, calendar: Calendar, start: date, end: date
) -> DaysView:
    first, last = start.toordinal(), end.toordinal()
    special = calendar.special_days(first, last)
    return DaysView(
        calendar_id=calendar_id,
        place=place,
        label=calendar.label,
        start=start,
        end=end,
        known=calendar.knows(first) and calendar.knows(last - 1),
        working_days=calendar.rank(last) - calendar.rank(first),
        office_hours=[_clock(span) for span in calendar.office_hours.spans],
        days_off=[dict(row) for row in calendar.days_off(first, last)],
        working_saturdays=[day.date for day in special if day.works],
    )


def _clock(span: tuple[int, int]) -> str:
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span)
