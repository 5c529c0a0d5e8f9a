"""What is owed to a site: open publication clocks, the soonest first, each with its article."""

from typing import Literal

from fastapi import APIRouter
from starlette.responses import Response

from console.routes.listing import Cursor, Words, listed, people_of
from console.routes.visiting import AVisitor

router = APIRouter(prefix="/deadlines", include_in_schema=False)
Stage = Literal["overdue", "near", "all"]


@router.get("")
async def owed(
    visitor: AVisitor, site: Words = "", stage: Stage = "all", cursor: Cursor = ""
) -> Response:
    """Of one site where the person acts."""
    places = await visitor.desk.api.get(visitor.asker, "intake/places")
    open_to_me = [each for each in places if each["may"]]
    chosen = next((each for each in open_to_me if each["site"] == site), None)
    chosen = chosen or next(iter(open_to_me), None)
    clocks, following = [], None
    if chosen:
        asked = {"site": chosen["site"], "stage": stage}
        clocks, following = await listed(visitor, "intake/deadlines", "/deadlines", asked, cursor)
    return visitor.show(
        "deadlines.html",
        sites=[(each["site"], each["name_vi"]) for each in open_to_me],
        site=chosen["site"] if chosen else "",
        stage=stage,
        clocks=clocks,
        following=following,
        names=await people_of(visitor, chosen["site"]) if chosen else {},
        now=visitor.desk.sign_in.clock(),
    )
