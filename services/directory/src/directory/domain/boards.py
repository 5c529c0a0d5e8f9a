"""What may be decided about boards: forming, changing and dissolving them; pure."""

from datetime import date

from common.errors import NotFound, Refused
from common.log.streams import StreamKind
from contracts.events.directory import BoardChangedV1, BoardDissolvedV1, BoardFormedV1
from directory.domain.checks import bad_field, check_days, check_not_behind, check_text
from directory.domain.words import say
from rulebook.board import NO_BOARD, Board, BoardFact, evolve, new_values
from rulebook.site import Site

BOARDS = StreamKind("directory/board", NO_BOARD, evolve, revision="1")


def form(board: Board, fact: BoardFormedV1, site: Site) -> tuple[BoardFact, ...]:
    """A new board; raises Refused for an id in use, Unprocessable when its site is not there."""
    if board.known:
        raise Refused("board-exists", say("board-exists"))
    check_days(fact.valid_from, fact.valid_to)
    check_text("/name_vi", fact.name_vi)
    check_text("/name_en", fact.name_en)
    if not site.exists_on(fact.valid_from):
        detail = say("site-not-there", site=fact.site, day=fact.valid_from)
        raise bad_field("/site", "exists", detail)
    if not site.days.covers(fact.valid_from, fact.valid_to):
        detail = say("site-ends", site=fact.site, day=site.days.valid_to)
        raise bad_field("/valid_to", "inside-its-site", detail)
    return (fact,)


def change(board: Board, fact: BoardChangedV1) -> tuple[BoardFact, ...]:
    """Other names from a day on; nothing when it is called so already."""
    check_known(board)
    check_text("/changes/name_vi", fact.changes.name_vi)
    check_text("/changes/name_en", fact.changes.name_en)
    values = new_values(fact)
    if not values:
        raise bad_field("/changes", "min-properties", say("nothing-to-change"))
    now = board.days.as_of(fact.valid_from)
    if now is None:
        raise Refused("outside-its-days", say("outside-its-days", day=fact.valid_from))
    later = any(spell.valid_from > fact.valid_from for spell in board.days.spells)
    return () if not later and values.items() <= now.items() else (fact,)


def dissolve(board: Board, fact: BoardDissolvedV1, today: date) -> tuple[BoardFact, ...]:
    """It exists no more from a day on, which is not behind us; nothing when it ends then already."""
    check_known(board)
    ends = board.days.valid_to
    if ends == fact.dissolves_on:
        return ()
    if ends is not None and fact.dissolves_on > ends:
        detail = say("not-longer", day=ends)
        raise bad_field("/dissolves_on", "not-longer", detail)
    if fact.dissolves_on <= board.days.valid_from:
        raise bad_field("/dissolves_on", "after-begin", say("ends-before-it-begins"))
    check_not_behind(fact.dissolves_on, today, "/dissolves_on", "board")
    return (fact,)


def check_known(board: Board) -> None:
    """Raises NotFound."""
    if not board.known:
        raise NotFound("board-unknown", say("board-unknown"))
