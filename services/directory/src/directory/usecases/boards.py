"""Commands about boards: load, decide, append."""

from dataclasses import dataclass

from common.cause import Cause
from common.log.log import decided
from common.log.streams import Loaded
from contracts.events.directory import BoardChangedV1, BoardDissolvedV1, BoardFormedV1
from directory.domain import boards as domain
from directory.domain.boards import BOARDS
from directory.domain.sites import SITES
from directory.usecases.doing import By, Deps, check_version, law_day, standing
from rulebook.board import Board


@dataclass(frozen=True, slots=True)
class Form:
    fact: BoardFormedV1
    by: By


@dataclass(frozen=True, slots=True)
class ChangeBoard:
    fact: BoardChangedV1
    by: By
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Dissolve:
    fact: BoardDissolvedV1
    by: By
    expected: int | None = None


@decided
async def form(deps: Deps, command: Form, cause: Cause) -> Loaded[Board]:
    fact = command.fact
    board = await deps.log.load(BOARDS, fact.board_id)
    site = (await deps.log.fresh(SITES, fact.site)).state
    facts = domain.form(board.state, fact, site)
    return await deps.log.append(board, facts, cause, standing(fact.site, command.by))


@decided
async def change(deps: Deps, command: ChangeBoard, cause: Cause) -> Loaded[Board]:
    board = await deps.log.load(BOARDS, command.fact.board_id)
    facts = domain.change(board.state, command.fact)
    check_version(board, command.expected)
    return await deps.log.append(board, facts, cause, standing(board.state.site, command.by))


@decided
async def dissolve(deps: Deps, command: Dissolve, cause: Cause) -> Loaded[Board]:
    board = await deps.log.load(BOARDS, command.fact.board_id)
    facts = domain.dissolve(board.state, command.fact, law_day(cause.at))
    check_version(board, command.expected)
    return await deps.log.append(board, facts, cause, standing(board.state.site, command.by))
