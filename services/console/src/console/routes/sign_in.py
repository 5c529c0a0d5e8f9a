"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import RedirectResponse, Response

from console import domain, usecases
from console.domain import ATTEMPT_SECONDS, Attempt
from console.routes.visiting import ATTEMPT, SEE_OTHER, AVisitor, set_cookie

router = APIRouter(include_in_schema=False)
Word = Annotated[str, Query(max_length=2000)]


@router.get("/sign-in")
async def begin(visitor: AVisitor, then: Word = "/") -> Response:
    """To the issuer, with an attempt kept here."""
    tried, address = await usecases.begin(visitor.desk.sign_in, then, visitor.language)
    answer = RedirectResponse(address, SEE_OTHER)
    set_cookie(answer, visitor.desk, ATTEMPT, tried, int(ATTEMPT_SECONDS))
    return answer


@router.get("/callback")
async def finish(
    visitor: AVisitor, state: Word = "", code: Word = "", iss: Word = "", error: Word = ""
) -> Response:
    """Back from the issuer: signed in, or told why not."""
    desk = visitor.desk
    tried = domain.opened(Attempt, visitor.request.cookies.get(ATTEMPT, ""), desk.key)
    if error:
        answer = visitor.show("signed_out.html", 403, refused=True)
        set_cookie(answer, desk, ATTEMPT, None, 0)
        return answer
    visitor.keep(await usecases.finish(desk.sign_in, tried, state, code, iss))
    answer = visitor.go(tried.next if tried else "/")
    set_cookie(answer, desk, ATTEMPT, None, 0)
    return answer


@router.post("/sign-out")
async def end(visitor: AVisitor) -> Response:
    """The session ends here; the page says so."""
    if visitor.session is not None:
        await visitor.form()
    visitor.keep(None)
    return visitor.show("signed_out.html", refused=False)
