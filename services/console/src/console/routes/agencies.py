"""Agencies: the list with its search, one agency as of a day with its history."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from console.queries import part
from console.routes.visiting import AVisitor

router = APIRouter(prefix="/agencies", include_in_schema=False)
Words = Annotated[str, Query(max_length=200)]
Cursor = Annotated[str, Query(max_length=1000)]


@router.get("")
async def listed(visitor: AVisitor, q: Words = "", on: str = "", cursor: Cursor = "") -> Response:
    """Names with or without diacritics; `on` shows those that existed that day."""
    day, fault = _day(on)
    asked = {"q": q, "on": day.isoformat() if day else "", "cursor": cursor, "limit": "25"}
    params = {key: value for key, value in asked.items() if value}
    found: dict[str, Any] = {"items": [], "next": None}
    if not fault:
        found = await visitor.desk.api.get(visitor.asker, "directory/agencies", params)
    following = found.get("next")
    more = {key: value for key, value in {**asked, "cursor": following}.items() if value and key != "limit"}  # fmt: skip
    following_page = f"{visitor.desk.base}/agencies?{urlencode(more)}" if following else None
    return visitor.show(
        "agencies.html",
        agencies=found["items"],
        q=q,
        on=on,
        fault=fault,
        following=following_page,
    )


@router.get("/{agency_id}")
async def seen(visitor: AVisitor, agency_id: str, on: str = "") -> Response:
    """One agency as of a day, or as last known, and every decision about it."""
    day, fault = _day(on)
    api, asker = visitor.desk.api, visitor.asker
    path = f"directory/agencies/{part(agency_id)}"
    agency = await api.get(asker, path, {"on": day.isoformat()} if day else None)
    history = await api.get(asker, f"{path}/history")
    return visitor.show("agency.html", agency=agency, history=history, on=on, fault=fault)


def _day(text: str) -> tuple[date | None, bool]:
    """The day a form names as 2026-11-23; the second value says that it names none."""
    if not text:
        return None, False
    try:
        return date.fromisoformat(text), False
    except ValueError:
        return None, True
