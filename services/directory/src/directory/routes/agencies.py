"""HTTP: register, change, end and succeed agencies; see one as of a day, its history, a list."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from common.errors import NotFound
from common.http.idempotency import FromRequest
from common.http.pages import FromPage, Page
from common.http.positions import AfterPosition, AfterPositionOrStale
from common.http.preconditions import ExpectedVersion, etag, unchanged
from common.http.wiring import deps_of
from common.log.streams import Loaded
from contracts.events.directory import (
    AgencyChangedV1,
    AgencyEndedV1,
    AgencyRegisteredV1,
    AgencySucceededV1,
)
from directory.domain.agencies import AGENCIES
from directory.domain.words import say
from directory.queries.agencies import Agencies, Wanted
from directory.routes.acting import FromActor, FromApp, say_where
from directory.routes.shapes import DocumentBody, HistoryEntry, Id, Line, Shape, Site, fact_of
from directory.routes.written import Written
from directory.usecases import agencies as usecases
from rulebook.agency import Agency
from rulebook.dated import Attributes
from rulebook.text import query_keys

router = APIRouter(tags=["agencies"])

AgencyId = Annotated[Id, Path(examples=["hanam.snv"])]


class OptionalBody(Shape):
    """Attributes that an agency may lack; the contract says which values are allowed."""

    name_en: Line | None = None
    abbreviation: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    domain: Annotated[str, Field(max_length=253)] | None = None
    identifier_code: Annotated[str, Field(max_length=35)] | None = None
    identifier_code_old: Annotated[str, Field(max_length=13)] | None = None
    competence_keywords: Annotated[tuple[str, ...], Field(max_length=100)] | None = None
    supplies: Annotated[tuple[str, ...], Field(max_length=100)] | None = None
    parent: Id | None = None
    note: Annotated[str, Field(max_length=1000)] | None = None


class ChangesBody(OptionalBody):
    """Attributes with a new value."""

    name_vi: Line | None = None
    kind: Annotated[str, Field(max_length=40)] | None = None


class AgencyBody(OptionalBody):
    """A new agency (cơ quan); validity is half-open [valid_from, valid_to)."""

    agency_id: Id
    site: Site
    jurisdiction: Site
    name_vi: Line
    kind: Annotated[str, Field(max_length=40)]
    valid_from: date
    valid_to: date | None = None


class ChangeBody(Shape):
    """New values from a day on."""

    valid_from: date
    valid_to: date | None = None
    changes: ChangesBody = ChangesBody()
    cleared: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    document: DocumentBody | None = None
    reason: Annotated[str, Field(max_length=1000)] | None = None


class EndBody(Shape):
    """The first day on which it no longer exists."""

    ends_on: date
    document: DocumentBody | None = None
    reason: Annotated[str, Field(max_length=1000)] | None = None


class SuccessionBody(Shape):
    """Who takes over from whom, from which day on (sáp nhập, chia tách, đổi tên, giải thể)."""

    kind: Literal["merge", "split", "rename", "abolition"]
    predecessors: Annotated[tuple[Id, ...], Field(min_length=1, max_length=50)]
    successors: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    effective_on: date
    document: DocumentBody | None = None
    note: Annotated[str, Field(max_length=1000)] | None = None


class SuccessionView(BaseModel):
    kind: str
    effective_on: date
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]


class AgencyView(BaseModel):
    """An agency as of a day, or as last known."""

    agency_id: str
    site: str
    jurisdiction: str
    valid_from: date
    valid_to: date | None
    as_of: date | None = Field(description="The day asked for; null: as last known")
    attributes: dict[str, Any]
    successions: tuple[SuccessionView, ...]

    @classmethod
    def of(cls, agency: Agency, attributes: Attributes, day: date | None) -> "AgencyView":
        return cls(
            agency_id=agency.id,
            site=agency.site,
            jurisdiction=agency.jurisdiction,
            valid_from=agency.valid_from,
            valid_to=agency.valid_to,
            as_of=day,
            attributes=attributes,
            successions=tuple(
                SuccessionView(
                    kind=s.kind,
                    effective_on=s.effective_on,
                    predecessors=s.predecessors,
                    successors=s.successors,
                )
                for s in agency.successions
            ),
        )


async def _agencies(request: Request) -> Agencies:
    return deps_of(request).agencies


FromAgencies = Annotated[Agencies, Depends(_agencies)]


@router.post("/agencies", status_code=201)
async def register(
    body: AgencyBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    response: Response,
    _: AfterPosition,
) -> AgencyView:
    """Register an agency (đưa cơ quan vào danh bạ)."""
    by = await actor.may("register_agency", site=body.site)
    fact = fact_of(AgencyRegisteredV1, body)
    agency = await usecases.register(deps, usecases.Register(fact, by), cause)
    response.headers["Location"] = f"agencies/{agency.id}"
    return _answer(agency, response)


@router.post("/agencies/{agency_id}/changes")
async def change(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    agency_id: AgencyId,
    body: ChangeBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
) -> AgencyView:
    """Give attributes of an agency new values from a day on."""
    site = (await deps.log.load(AGENCIES, agency_id)).state.site or "unknown"
    by = await actor.may("change_agency", site=site)
    fact = fact_of(AgencyChangedV1, body, agency_id=agency_id, site=site)
    command = usecases.ChangeAgency(fact, by, expected)
    return _answer(await usecases.change(deps, command, cause), response)


@router.post("/agencies/{agency_id}/end")
async def end(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    agency_id: AgencyId,
    body: EndBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
) -> AgencyView:
    """End an agency (chấm dứt hoạt động)."""
    site = (await deps.log.load(AGENCIES, agency_id)).state.site or "unknown"
    by = await actor.may("end_agency", site=site)
    fact = fact_of(AgencyEndedV1, body, agency_id=agency_id, site=site)
    return _answer(await usecases.end(deps, usecases.End(fact, by, expected), cause), response)


@router.post("/successions", status_code=201)
async def succeed(
    body: SuccessionBody, deps: FromApp, actor: FromActor, cause: FromRequest, response: Response
) -> AgencyView:
    """Hand over the work of agencies: merge, split, rename or abolition; all streams at once."""
    first = await deps.log.load(AGENCIES, body.predecessors[0])
    site = first.state.site or "unknown"
    by = await actor.may("succeed_agencies", site=site)
    fact = fact_of(AgencySucceededV1, body, site=site)
    return _answer(await usecases.succeed(deps, usecases.Succeed(fact, by), cause), response)


@router.get("/agencies")
async def list_agencies(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    agencies: FromAgencies,
    asked: FromPage,
    _: AfterPositionOrStale,
    site: Annotated[Site | None, Query()] = None,
    on: Annotated[date | None, Query(description="Only agencies that exist on this day")] = None,
    kind: Annotated[str | None, Query(max_length=40)] = None,
    parent: Annotated[Id | None, Query(description="Only agencies that answer to this one")] = None,
    q: Annotated[
        str | None, Query(max_length=200, description="Words of a name, with or without diacritics")
    ] = None,
) -> Page[AgencyView]:
    """Agencies in the order of their ids."""
    words = q if q and query_keys(q) else None
    after = str(asked.after[0]) if asked.after else None
    found = await agencies.listed(Wanted(site, on, kind, words, parent), after, asked.fetch)
    return asked.written(  # pyright: ignore[reportReturnType] - FastAPI sends a response as it is
        found, lambda agency: _LISTED.of(agency.id, agency, on), lambda agency: (agency.id,)
    )


@router.get("/agencies/{agency_id}", responses={304: {"description": "Not modified"}})
async def see(
    agency_id: AgencyId,
    agencies: FromAgencies,
    request: Request,
    response: Response,
    on: Annotated[date | None, Query(description="As of this day")] = None,
) -> AgencyView:
    """One agency as of a day, or as last known."""
    loaded = await agencies.get(agency_id)
    if (same := unchanged(request, loaded.version)) is not None:
        return same  # pyright: ignore[reportReturnType] - FastAPI sends a response as it is
    response.headers["ETag"] = etag(loaded.version)
    return _view(loaded.state, on)


@router.get("/agencies/{agency_id}/history")
async def history(agency_id: AgencyId, agencies: FromAgencies) -> list[HistoryEntry]:
    """Every decision about an agency: who, when, by what right, what changed."""
    return [HistoryEntry.model_validate(entry) for entry in await agencies.history(agency_id)]


def _answer(agency: Loaded[Agency], response: Response) -> AgencyView:
    say_where(agency, response)
    return _view(agency.state, None)


def _view(agency: Agency, day: date | None) -> AgencyView:
    attributes = agency.latest if day is None else agency.as_of(day)
    if attributes is None:
        raise NotFound("agency-not-then", say("not-then", day=day))
    return AgencyView.of(agency, attributes, day)


_LISTED = Written(_view)
