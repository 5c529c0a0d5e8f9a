"""People: the list with its search, one person with positions and delegations."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from console.queries import Refusal, part
from console.routes.listing import Cursor, Words, day, history_of, listed, scope_of
from console.routes.naming import Spoken, deciders, names_of, parties
from console.routes.visiting import AVisitor, Visitor

router = APIRouter(prefix="/people", include_in_schema=False)
MOST = "100"
MAY_NOT = 403


@router.get("")
async def all_people(
    visitor: AVisitor, q: Words = "", site: Words = "", cursor: Cursor = ""
) -> Response:
    """Those of one site; names with or without diacritics."""
    scope = await scope_of(visitor, site)
    people, following = [], None
    if scope.site:
        query = {"site": scope.site, "q": q}
        people, following = await listed(visitor, "directory/people", "/people", query, cursor)
    called = await names_of(visitor, Spoken())
    return visitor.show(
        "people.html", people=people, called=called, q=q, scope=scope, following=following
    )


@router.get("/{person_id}")
async def one_person(
    visitor: AVisitor, person_id: str, on: Words = "", done: Words = ""
) -> Response:
    """Duty data only: name, office contacts, positions, and the delegations given and received."""
    asked, api, asker = day(on), visitor.desk.api, visitor.asker
    path = f"directory/people/{part(person_id)}"
    person = await api.get(asker, path, asked.asked)
    there = {"site": person["site"], "limit": MOST}
    given = await api.get(asker, "directory/delegations", there | {"giver": person_id})
    received = await api.get(asker, "directory/delegations", there | {"receiver": person_id})
    history = await history_of(visitor, path)
    others = [*parties(given["items"]), *parties(received["items"]), *deciders(history)]
    spoken = Spoken("", [person_id, *others], agencies=[person["attributes"].get("agency")])
    return visitor.show(
        "person.html",
        called=await names_of(visitor, spoken),
        person=person,
        given=given["items"],
        received=received["items"],
        sign_ins=await _sign_ins(visitor, path),
        issuer=visitor.desk.sign_in.provider.url,
        history=history,
        done=done,
        on=on,
        fault=asked.fault,
    )


async def _sign_ins(visitor: Visitor, path: str) -> list[Any] | None:
    """The sign-ins of a person; None for whoever may not link them."""
    try:
        return await visitor.desk.api.get(visitor.asker, f"{path}/identities")
    except Refusal as refusal:
        if refusal.status != MAY_NOT:
            raise
        return None
