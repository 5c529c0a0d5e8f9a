"""HTTP for everybody: agencies as of a day, searched by name with and without diacritics."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from common.errors import FieldProblem, NotFound, Unprocessable
from common.http.pages import FromPage, Page
from common.http.positions import AfterPositionOrStale
from common.http.preconditions import etag, unchanged
from common.http.wiring import around_of, deps_of
from portal.domain.telling import say
from portal.queries.agencies import Agencies, Wanted
from rulebook.agency import Agency
from rulebook.dated import Attributes
from rulebook.text import query_keys

LAW_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
router = APIRouter(tags=["agencies"])
AgencyId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]*([.][a-z0-9-]+)*$", max_length=64)]
Site = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
On = Annotated[date | None, Query(description="As of this day; today in Vietnam when left out")]


class FollowedBy(BaseModel):
    """Who took its work over, from when on."""

    kind: str
    effective_on: date
    successors: tuple[str, ...]


class AgencyView(BaseModel):
    """An agency (cơ quan) as it was on a day."""

    agency_id: str
    site: str
    jurisdiction: str
    as_of: date
    name_vi: str
    name_en: str | None
    kind: str
    abbreviation: str | None
    domain: str | None
    competence_keywords: tuple[str, ...]
    parent: str | None
    valid_from: date
    valid_to: date | None = Field(description="First day on which it no longer exists")
    followed_by: FollowedBy | None

    @classmethod
    def of(cls, agency: Agency, attributes: Attributes, day: date) -> "AgencyView":
        handed = agency.followed
        return cls(
            agency_id=agency.id,
            site=agency.site,
            jurisdiction=agency.jurisdiction,
            as_of=day,
            name_vi=attributes["name_vi"],
            name_en=attributes.get("name_en"),
            kind=attributes["kind"],
            abbreviation=attributes.get("abbreviation"),
            domain=attributes.get("domain"),
            competence_keywords=tuple(attributes.get("competence_keywords", ())),
            parent=attributes.get("parent"),
            valid_from=agency.valid_from,
            valid_to=agency.valid_to,
            followed_by=FollowedBy(
                kind=handed.kind, effective_on=handed.effective_on, successors=handed.successors
            )
            if handed
            else None,
        )


async def _agencies(request: Request) -> Agencies:
    return deps_of(request).agencies


async def _day(request: Request, on: On = None) -> date:
    """The day asked for; else today where the law counts days."""
    return on or around_of(request).world.now().astimezone(LAW_ZONE).date()


FromApp = Annotated[Agencies, Depends(_agencies)]
Day = Annotated[date, Depends(_day)]


@router.get("/agencies")
async def list_agencies(
    agencies: FromApp,
    asked: FromPage,
    day: Day,
    _: AfterPositionOrStale,
    site: Annotated[Site | None, Query()] = None,
    q: Annotated[
        str | None,
        Query(max_length=200, description="Beginnings of words of the name, “so tai chinh”, “tài”"),
    ] = None,
) -> Page[AgencyView]:
    """Agencies that exist on a day, in the order of their ids."""
    after = str(asked.after[0]) if asked.after else None
    found = await agencies.listed(Wanted(site, day, _words(q)), after, asked.fetch)
    return asked.page(
        found, lambda shown: _view(shown.agency, day), lambda shown: (shown.agency.id,)
    )


@router.get("/agencies/{agency_id}", responses={304: {"description": "Not modified"}})
async def see(
    agency_id: AgencyId,
    agencies: FromApp,
    day: Day,
    _: AfterPositionOrStale,
    request: Request,
    response: Response,
) -> AgencyView:
    """One agency as it was on a day."""
    shown = await agencies.get(agency_id)
    if (same := unchanged(request, shown.version)) is not None:
        return same  # pyright: ignore[reportReturnType] - FastAPI sends a response as it is
    response.headers["ETag"] = etag(shown.version)
    return _view(shown.agency, day)


def _words(q: str | None) -> str | None:
    if not q:
        return None
    if not query_keys(q):
        detail = say("no-word")
        raise Unprocessable(
            "no-word", detail, errors=[FieldProblem("query:q", "has-a-word", detail)]
        )
    return q


def _view(agency: Agency, day: date) -> AgencyView:
    attributes = agency.as_of(day)
    if attributes is None:
        raise NotFound("agency-not-then", say("agency-not-then", day=f"{day:%d/%m/%Y}"))
    return AgencyView.of(agency, attributes, day)
