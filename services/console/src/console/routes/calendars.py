"""Working calendars: the days off of a year at a place, official notices, local closures."""

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from console.queries import Refusal, part
from console.routes.listing import MOST, Words, scope_of
from console.routes.naming import Spoken, deciders, names_of
from console.routes.visiting import AVisitor, Visitor
from rulebook.explanation import LOCAL

router = APIRouter(prefix="/calendars", include_in_schema=False)
NATIONAL = "vn"
FIRST_YEAR, LAST_YEAR = 1990, 2100
MISSING = 404


@router.get("")
async def year(
    visitor: AVisitor, place: Words = "", year: Words = "", done: Words = ""
) -> Response:
    """Why a day does not count as a working day: the law, a notice, or a closure of the place."""
    scope = await scope_of(visitor, place)
    today = datetime.fromtimestamp(visitor.desk.sign_in.now, LOCAL).date()
    shown = _year(year, today)
    api, asker = visitor.desk.api, visitor.asker
    span = {"start": f"{shown}-01-01", "end": f"{shown + 1}-01-01"}
    there = {"place": scope.site} if scope.site else {}
    path = f"directory/calendars/{NATIONAL}"
    try:
        calendar = await api.get(asker, path)
        days = await api.get(asker, f"{path}/days", span | there)
    except Refusal as refusal:
        if refusal.status != MISSING:
            raise
        calendar, days = None, None
    closures = await api.get(asker, "directory/closures", {"limit": MOST, **there})
    history = await _history(visitor, scope.site)
    return visitor.show(
        "calendars.html",
        called=await names_of(visitor, Spoken(people=deciders(history))),
        scope=scope,
        year=shown,
        today=today.isoformat(),
        calendar=calendar,
        days=days,
        closures=closures["items"],
        history=history,
        done=done,
    )


def _year(text: str, today: date) -> int:
    asked = int(text) if text.isdecimal() and len(text) == len("2026") else today.year
    return min(max(asked, FIRST_YEAR), LAST_YEAR)


async def _history(visitor: Visitor, place: str) -> list[Any]:
    """Who declared and cancelled closures there; empty where nobody ever did."""
    try:
        path = f"directory/closures/{part(place)}/history"
        return await visitor.desk.api.get(visitor.asker, path) if place else []
    except Refusal as refusal:
        if refusal.status != MISSING:
            raise
        return []
