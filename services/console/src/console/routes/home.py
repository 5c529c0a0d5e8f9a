"""The first page: for strangers what this is and the way in, for others their work, overdue first."""

from itertools import groupby
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from console.routes.listing import Cursor, Words, listed, sites_of
from console.routes.visiting import AVisitor

router = APIRouter(include_in_schema=False)
Which = Annotated[Literal["mine", "unit", "near", "overdue"], Query(alias="list")]


@router.get("/")
async def home(
    visitor: AVisitor, which: Which = "mine", site: Words = "", cursor: Cursor = ""
) -> Response:
    """What waits for me, what my boards have, what is near its time or over it, with counts."""
    if visitor.session is None:
        return visitor.show("welcome.html")
    api, asker = visitor.desk.api, visitor.asker
    mine: dict[str, Any] = await api.get(asker, "editorial/authority/mine")
    there = {"site": site} if site else {}
    query = {"list": which, **there}
    rows, following = await listed(visitor, "editorial/work", "/", query, cursor)
    by_site = sorted(mine["may"], key=lambda each: (each["site"], each["act"]))
    return visitor.show(
        "work.html",
        mine=mine,
        rights=[(id, list(acts)) for id, acts in groupby(by_site, lambda each: each["site"])],
        counts=await api.get(asker, "editorial/work-counts", there),
        which=which,
        site=site,
        names=await sites_of(visitor),
        rows=rows,
        following=following,
        now=visitor.now,
    )
