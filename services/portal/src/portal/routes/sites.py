"""HTTP for everybody: sites as of a day, and what stands on their shelves."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from common.http.positions import AfterPositionOrStale
from common.http.preconditions import etag, unchanged
from portal.routes.reading import FRESH, FromApp, FromPlaces, SiteId, today
from portal.routes.views import ShelvesView, SiteView, shelves_view

router = APIRouter(prefix="/sites", tags=["sites"])
On = Annotated[date | None, Query(description="As of this day; today in Vietnam when left out")]


@router.get("")
async def list_sites(
    places: FromPlaces, request: Request, _: AfterPositionOrStale, on: On = None
) -> list[SiteView]:
    """The sites that are open that day: provinces first, then by name."""
    return [SiteView.of(each) for each in places.listed(on or today(request))]


@router.get("/{site}", responses={304: {"description": "Not modified"}})
async def see_site(
    _: AfterPositionOrStale,
    site: SiteId,
    places: FromPlaces,
    request: Request,
    response: Response,
    on: On = None,
) -> SiteView:
    """One site as it was on a day."""
    view = SiteView.of(places.site(site, on or today(request)))
    version = f"{places.version:x}"
    if (same := unchanged(request, version)) is not None:
        return same  # pyright: ignore[reportReturnType] - FastAPI sends a response as it is
    response.headers["ETag"], response.headers["Cache-Control"] = etag(version), FRESH
    return view


@router.get("/{site}/shelves")
async def see_shelves(
    _: AfterPositionOrStale, site: SiteId, reading: FromApp, places: FromPlaces, request: Request
) -> ShelvesView:
    """The categories and sections of a site, with how many articles stand in each."""
    places.site(site, today(request))
    return shelves_view(site, reading.indexing.shelves)
