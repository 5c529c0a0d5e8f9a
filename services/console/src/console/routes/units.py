"""Administrative units: the map as of a day, one unit with its parts and what became of it."""

from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from console.queries import part
from console.routes.listing import Cursor, Words, day, listed
from console.routes.naming import Spoken, names_of
from console.routes.visiting import AVisitor
from rulebook.explanation import LOCAL

router = APIRouter(prefix="/administrative-units", include_in_schema=False)
LEVELS = ("province", "district", "commune")


@router.get("")
async def all_units(
    visitor: AVisitor, q: Words = "", on: Words = "", level: Words = "", cursor: Cursor = ""
) -> Response:
    """Names with or without diacritics; `on` shows the map of that day."""
    asked, level = day(on), level if level in LEVELS else ""
    units, following = [], None
    if not asked.fault:
        query = {"q": q, "level": level, **asked.asked}
        path, page = "directory/administrative-units", "/administrative-units"
        units, following = await listed(visitor, path, page, query, cursor)
    return visitor.show(
        "units.html",
        fault=asked.fault,
        units=units,
        following=following,
        level=level,
        q=q,
        on=on,
    )


@router.get("/{unit_id}")
async def one_unit(
    visitor: AVisitor, unit_id: str, on: Words = "", cursor: Cursor = ""
) -> Response:
    """A unit, the units that belong to it that day, and who stands in its place today."""
    asked, api, asker = day(on), visitor.desk.api, visitor.asker
    path = f"directory/administrative-units/{part(unit_id)}"
    unit = await api.get(asker, path, asked.asked)
    became = None
    if unit["valid_to"]:
        today = datetime.fromtimestamp(visitor.desk.sign_in.now, LOCAL).date().isoformat()
        became = await api.get(asker, f"{path}/became", {"on": today})
    query = {"parent": unit_id, **asked.asked}
    page = f"/administrative-units/{part(unit_id)}"
    parts, following = await listed(visitor, "directory/administrative-units", page, query, cursor)
    others = [unit["attributes"].get("parent")]
    for each in unit["successions"]:
        others += [*each["predecessors"], *each["successors"]]
    return visitor.show(
        "unit.html",
        called=await names_of(visitor, Spoken(units=others)),
        unit=unit,
        became=became,
        parts=parts,
        following=following,
        on=on,
        fault=asked.fault,
    )
