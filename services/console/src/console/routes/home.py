"""The first page: for strangers what this is and the way in, for others what waits for them."""

from fastapi import APIRouter
from starlette.responses import Response

from console.routes.visiting import AVisitor

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(visitor: AVisitor) -> Response:
    if visitor.session is None:
        return visitor.show("welcome.html")
    return visitor.show("home.html")
