"""The first page: for strangers what this is and the way in, for others who they are and what they may do."""

from itertools import groupby
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from console.routes.visiting import AVisitor

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(visitor: AVisitor) -> Response:
    if visitor.session is None:
        return visitor.show("welcome.html")
    mine: dict[str, Any] = await visitor.desk.api.get(visitor.asker, "portal/authority/mine")
    by_site = sorted(mine["may"], key=lambda each: (each["site"], each["act"]))
    places = [(site, list(acts)) for site, acts in groupby(by_site, lambda each: each["site"])]
    return visitor.show("home.html", mine=mine, sites=places)
