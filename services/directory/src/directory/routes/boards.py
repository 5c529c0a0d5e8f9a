"""HTTP: form, change and dissolve boards; see one with its seats and what it lacks, a list by site."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from common.errors import NotFound
from common.http.idempotency import FromRequest
from common.http.pages import FromPage, Page
from common.http.positions import AfterPosition, AfterPositionOrStale
from common.http.preconditions import ExpectedVersion, etag
from common.http.wiring import around_of, deps_of
from common.log.streams import Loaded
from contracts.events.directory import BoardChangedV1, BoardDissolvedV1, BoardFormedV1
from directory.domain.words import say
from directory.queries.boards import Composition, Compositions
from directory.queries.reading import Reading
from directory.routes.acting import Asked, FromActor, FromApp, say_where
from directory.routes.shapes import DocumentBody, HistoryEntry, Id, Line, Shape, Site, fact_of
from directory.usecases import boards as usecases
from directory.usecases.doing import law_day
from rulebook.board import Board

router = APIRouter(tags=["boards"])
BoardId = Annotated[Id, Path(examples=["hanam.ban-bien-tap"])]
Reason = Annotated[str, Field(max_length=1000)]


class BoardBody(Shape):
    """A new board (Ban Biên tập); `decided_by` names whose decision is entered, if not one's own."""

    board_id: Id
    site: Site
    kind: Annotated[str, Field(max_length=40)] = "editorial_board"
    name_vi: Line
    name_en: Line | None = None
    valid_from: date
    valid_to: date | None = None
    document: DocumentBody
    decided_by: Id | None = None


class BoardChangesBody(Shape):
    """Attributes with a new value."""

    name_vi: Line | None = None
    name_en: Line | None = None


class BoardChangeBody(Shape):
    """New names from a day on."""

    valid_from: date
    changes: BoardChangesBody
    document: DocumentBody
    reason: Reason | None = None


class DissolutionBody(Shape):
    """The first day on which it no longer exists."""

    dissolves_on: date
    document: DocumentBody
    reason: Reason | None = None
    decided_by: Id | None = None


class SeatView(BaseModel):
    """Who sits on it: duty data, as public as the decision that formed the board."""

    position_id: str
    person_id: str
    name: str
    role: str
    sections: tuple[str, ...]


class BoardView(BaseModel):
    """A board as of a day, or as last known."""

    board_id: str
    site: str
    kind: str
    valid_from: date
    valid_to: date | None
    as_of: date | None = Field(description="The day asked for; null: as last known")
    attributes: dict[str, Any]


class WholeBoardView(BoardView):
    """With its seats on a day, and what the regulation finds missing then."""

    seats: tuple[SeatView, ...]
    seats_on: date
    missing: tuple[str, ...]
    explanation: dict[str, Any] | None = Field(
        description="Why something is missing; null when the regulation asks nothing"
    )


async def _boards(request: Request) -> Reading[Board]:
    return deps_of(request).boards


async def _compositions(request: Request) -> Compositions:
    return deps_of(request).compositions


FromBoards = Annotated[Reading[Board], Depends(_boards)]
Day = Annotated[date | None, Query(description="As of this day")]


@router.post("/boards", status_code=201)
async def form(
    body: BoardBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    response: Response,
    _: AfterPosition,
) -> BoardView:
    """Form a board (thành lập Ban Biên tập): whoever the regulation names decides it."""
    asked = Asked(decided_by=body.decided_by)
    by = await actor.may("establish_board", site=body.site, asked=asked)
    fact = fact_of(BoardFormedV1, body, {"decided_by"})
    board = await usecases.form(deps, usecases.Form(fact, by), cause)
    response.headers["Location"] = f"boards/{board.id}"
    return _answer(board, response)


@router.post("/boards/{board_id}/changes")
async def change(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    board_id: BoardId,
    body: BoardChangeBody,
    deps: FromApp,
    boards: FromBoards,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
    _: AfterPosition,
) -> BoardView:
    """Give a board other names from a day on."""
    site = (await boards.get(board_id)).state.site
    by = await actor.may("change_board", site=site)
    fact = fact_of(BoardChangedV1, body, board_id=board_id, site=site)
    command = usecases.ChangeBoard(fact, by, expected)
    return _answer(await usecases.change(deps, command, cause), response)


@router.post("/boards/{board_id}/dissolution")
async def dissolve(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    board_id: BoardId,
    body: DissolutionBody,
    deps: FromApp,
    boards: FromBoards,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
    _: AfterPosition,
) -> BoardView:
    """Dissolve a board (giải thể): who may form it may dissolve it; its seats end that day."""
    site = (await boards.get(board_id)).state.site
    asked = Asked(body.decided_by, {"dissolve_board": "establish_board"})
    by = await actor.may("dissolve_board", site=site, asked=asked)
    fact = fact_of(BoardDissolvedV1, body, {"decided_by"}, board_id=board_id, site=site)
    command = usecases.Dissolve(fact, by, expected)
    return _answer(await usecases.dissolve(deps, command, cause), response)


@router.get("/boards")
async def list_boards(
    boards: FromBoards,
    asked: FromPage,
    _: AfterPositionOrStale,
    site: Annotated[Site, Query(description="Site the boards work for")],
    on: Annotated[date | None, Query(description="Only boards that exist on this day")] = None,
) -> Page[BoardView]:
    """Boards of a site in the order of their ids (public facts: no token asked)."""
    after = str(asked.after[0]) if asked.after else None
    found = await boards.listed(
        {"site": site}, lambda board: on is None or board.days.holds(on), after, asked.fetch
    )
    return asked.page(found, lambda board: _view(board, on), lambda board: (board.id,))


@router.get("/boards/{board_id}")
async def see(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    board_id: BoardId,
    boards: FromBoards,
    compositions: Annotated[Compositions, Depends(_compositions)],
    request: Request,
    _: AfterPositionOrStale,
    response: Response,
    on: Day = None,
) -> WholeBoardView:
    """One board with its seats, and what the regulation finds missing (HN Đ11, BD Đ18, Đ20, LS Đ10, KH Đ2)."""
    loaded = await boards.get(board_id)
    shown = _view(loaded.state, on)
    day = on or law_day(around_of(request).world.now())
    composed = await compositions.of(loaded.state, day)
    response.headers["ETag"] = etag(loaded.version)
    return _whole(shown, composed, day)


@router.get("/boards/{board_id}/history")
async def history(board_id: BoardId, boards: FromBoards) -> list[HistoryEntry]:
    """Every decision about a board: who, when, by what right, what changed."""
    return [HistoryEntry.model_validate(entry) for entry in await boards.history(board_id)]


def _answer(board: Loaded[Board], response: Response) -> BoardView:
    say_where(board, response)
    return _view(board.state, None)


def _view(board: Board, day: date | None) -> BoardView:
    attributes = board.days.latest if day is None else board.days.as_of(day)
    if attributes is None:
        raise NotFound("board-not-then", say("not-then", day=day))
    return BoardView(
        board_id=board.id,
        site=board.site,
        kind=board.kind,
        valid_from=board.days.valid_from,
        valid_to=board.days.valid_to,
        as_of=day,
        attributes=attributes,
    )


def _whole(shown: BoardView, composed: Composition, day: date) -> WholeBoardView:
    return WholeBoardView(
        **shown.model_dump(),
        seats=tuple(
            SeatView(
                position_id=seat.post.id,
                person_id=seat.post.person,
                name=seat.name,
                role=seat.post.role,
                sections=tuple((seat.post.days.as_of(day) or {}).get("sections", ())),
            )
            for seat in composed.seats
        ),
        seats_on=day,
        missing=composed.missing,
        explanation=composed.explanation,
    )
