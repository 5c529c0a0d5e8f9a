"""HTTP for everybody: search in one site or in all."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Response

from common.http.pages import FromPage
from common.http.positions import AfterPositionOrStale
from portal.domain.asking import LONGEST
from portal.queries.index import Place
from portal.routes.reading import FromApp, FromFilters, Site
from portal.routes.views import HitsView, hit_written

router = APIRouter(tags=["search"])
Words = Annotated[
    str,
    Query(
        max_length=LONGEST,
        description="Words, “exact phrases”, document numbers. With diacritics the tones count.",
    ),
]


@router.get("/search", response_model=HitsView)
async def search(
    q: Words,
    reading: FromApp,
    asked: FromPage,
    wanted: FromFilters,
    _: AfterPositionOrStale,
    site: Site = None,
) -> Response:
    """A document's own number first, then titles, then texts; newest first."""
    after = Place(asked.after[0], int(asked.after[1])) if asked.after else None
    answer = await reading.search.find(q, replace(wanted, site=site), after, asked.fetch)
    return asked.written(
        answer.shown,
        hit_written,
        lambda each: (each.hit.place.rank, str(each.hit.place.row)),
        total=None if after else answer.total,
        more_than_total=not after and answer.more,
    )
