"""People: the list with its search, one person with positions and delegations."""

from fastapi import APIRouter
from starlette.responses import Response

from console.queries import part
from console.routes.listing import Cursor, Words, day, listed
from console.routes.visiting import AVisitor

router = APIRouter(prefix="/people", include_in_schema=False)
MOST = "100"


@router.get("")
async def all_people(visitor: AVisitor, q: Words = "", cursor: Cursor = "") -> Response:
    people, following = await listed(visitor, "directory/people", "/people", {"q": q}, cursor)
    return visitor.show("people.html", people=people, q=q, following=following)


@router.get("/{person_id}")
async def one_person(visitor: AVisitor, person_id: str, on: Words = "") -> Response:
    """Duty data only: name, office contacts, positions, and the delegations given and received."""
    asked, api, asker = day(on), visitor.desk.api, visitor.asker
    path = f"directory/people/{part(person_id)}"
    given = await api.get(asker, "directory/delegations", {"giver": person_id, "limit": MOST})
    received = await api.get(asker, "directory/delegations", {"receiver": person_id, "limit": MOST})
    return visitor.show(
        "person.html",
        person=await api.get(asker, path, asked.asked),
        given=given["items"],
        received=received["items"],
        history=await api.get(asker, f"{path}/history"),
        on=on,
        fault=asked.fault,
    )
