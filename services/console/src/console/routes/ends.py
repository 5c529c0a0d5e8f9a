"""What an end leaves behind: everything that still points at an agency, a site or a unit, and what it needs."""

from typing import Literal

from fastapi import APIRouter
from starlette.responses import Response

from console.queries import part
from console.routes.listing import Words, day
from console.routes.naming import Spoken, names_of
from console.routes.visiting import AVisitor

router = APIRouter(prefix="/leftovers", include_in_schema=False)
Kind = Literal["agency", "site", "administrative-unit"]


@router.get("/{kind}/{item_id}")
async def left(visitor: AVisitor, kind: Kind, item_id: str, on: Words = "") -> Response:
    """As of the day it ends, or as it would be if it ended on a day."""
    asked, api = day(on), visitor.desk.api
    path = f"directory/leftovers/{part(kind)}/{part(item_id)}"
    left = await api.get(visitor.asker, path, asked.asked)
    named = [item_id, *left["heirs"]]
    spoken = Spoken(
        agencies=named if kind == "agency" else (),
        units=named if kind == "administrative-unit" else (),
    )
    return visitor.show(
        "leftovers.html",
        called=await names_of(visitor, spoken),
        left=left,
        on=on,
        fault=asked.fault,
    )
