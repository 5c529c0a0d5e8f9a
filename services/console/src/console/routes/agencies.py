"""Agencies: the list with its search, one agency as of a day with its history."""

from fastapi import APIRouter
from starlette.responses import Response

from console.queries import part
from console.routes.listing import MOST, Cursor, Words, day, history_of, listed
from console.routes.naming import Spoken, deciders, names_of
from console.routes.visiting import AVisitor

router = APIRouter(prefix="/agencies", include_in_schema=False)


@router.get("")
async def all_agencies(
    visitor: AVisitor, q: Words = "", on: Words = "", cursor: Cursor = ""
) -> Response:
    """Names with or without diacritics; `on` shows those that existed that day."""
    asked = day(on)
    agencies, following = [], None
    if not asked.fault:
        path, query = "directory/agencies", {"q": q, **asked.asked}
        agencies, following = await listed(visitor, path, "/agencies", query, cursor)
    called = await names_of(visitor, Spoken())
    return visitor.show(
        "agencies.html",
        agencies=agencies,
        called=called,
        q=q,
        on=on,
        fault=asked.fault,
        following=following,
    )


@router.get("/{agency_id}")
async def one_agency(
    visitor: AVisitor, agency_id: str, on: Words = "", done: Words = ""
) -> Response:
    """One agency as of a day, or as last known, whom it answers to and who answers to it."""
    asked, api, asker = day(on), visitor.desk.api, visitor.asker
    path = f"directory/agencies/{part(agency_id)}"
    below = {"parent": agency_id, "limit": MOST, **asked.asked}
    agency = await api.get(asker, path, asked.asked)
    history = await history_of(visitor, path)
    others = [agency["attributes"].get("parent")]
    for each in agency["successions"]:
        others += [*each["predecessors"], *each["successors"]]
    return visitor.show(
        "agency.html",
        agency=agency,
        parts=(await api.get(asker, "directory/agencies", below))["items"],
        history=history,
        called=await names_of(visitor, Spoken(people=deciders(history), agencies=others)),
        done=done,
        on=on,
        fault=asked.fault,
    )
