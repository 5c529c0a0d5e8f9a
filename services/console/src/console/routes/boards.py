"""A board (Ban Biên tập): who sits on it on a day, and what its regulation finds missing."""

from fastapi import APIRouter
from starlette.responses import Response

from console.queries import part
from console.routes.listing import Words, day, history_of
from console.routes.naming import Spoken, deciders, names_of
from console.routes.visiting import AVisitor

router = APIRouter(prefix="/boards", include_in_schema=False)


@router.get("/{board_id}")
async def one_board(visitor: AVisitor, board_id: str, on: Words = "", done: Words = "") -> Response:
    asked, path = day(on), f"directory/boards/{part(board_id)}"
    history = await history_of(visitor, path)
    return visitor.show(
        "board.html",
        board=await visitor.desk.api.get(visitor.asker, path, asked.asked),
        history=history,
        called=await names_of(visitor, Spoken(people=deciders(history))),
        on=on,
        fault=asked.fault,
        done=done,
    )
