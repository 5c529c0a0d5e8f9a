"""A board (Ban Biên tập) over all its days, folded from its facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from contracts.events import model_of
from contracts.events.directory import BoardChangedV1, BoardDissolvedV1, BoardFormedV1
from rulebook.dated import Attributes, Dated, Spell

BoardFact = BoardFormedV1 | BoardChangedV1 | BoardDissolvedV1
_IDENTITY = {"board_id", "site", "kind", "valid_from", "valid_to"}


@dataclass(frozen=True, slots=True)
class Board:
    """Not `known` before it is formed."""

    id: str = ""
    site: str = ""
    kind: str = ""
    days: Dated = field(default_factory=Dated)

    @property
    def known(self) -> bool:
        return bool(self.id)

    def exists_on(self, day: date) -> bool:
        return self.known and self.days.holds(day)


NO_BOARD = Board()


def evolve(board: Board, fact: BoardFact) -> Board:
    """The board after a fact of its stream."""
    match fact:
        case BoardFormedV1():
            first = {k: v for k, v in fact.data().items() if k not in _IDENTITY}
            days = Dated(fact.valid_from, fact.valid_to, first)
            return Board(fact.board_id, fact.site, fact.kind, days)
        case BoardChangedV1():
            spell = Spell(fact.valid_from, None, new_values(fact))
            return replace(board, days=board.days.changed(spell))
        case BoardDissolvedV1():
            return replace(board, days=board.days.ended(fact.dissolves_on))


def new_values(fact: BoardChangedV1) -> Attributes:
    """The new values of a change, as JSON values."""
    return fact.changes.model_dump(mode="json", exclude_none=True)


def of_stored(facts: Iterable[Mapping[str, Any]]) -> Board:
    """The board that kept facts of one stream tell of (`rulebook.agency.as_stored`)."""
    board = NO_BOARD
    for fact in facts:
        board = evolve(board, model_of(fact["type"]).of(fact["data"]))  # pyright: ignore[reportArgumentType] - a stream of boards holds nothing else
    return board
