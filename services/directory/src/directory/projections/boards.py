"""The boards as lists need them: one document each, its facts in order."""

from collections.abc import Iterable

from common.consumer import Seen
from common.mongo import Index, Patch, Put, Write
from contracts.events.directory import BoardChangedV1, BoardDissolvedV1, BoardFormedV1
from directory.projections.sites import NEVER
from rulebook.agency import as_stored

BOARDS = "boards"
DISSOLVED = "dissolved"
INDEXES = (Index(BOARDS, (("site", 1), ("_id", 1))), Index(DISSOLVED, (("on", 1),)))


def when_board_formed_list_it(fact: BoardFormedV1, seen: Seen) -> Iterable[Write]:
    document = {
        "site": fact.site,
        "facts": [as_stored(fact)],
        "ends": fact.valid_to.isoformat() if fact.valid_to else NEVER,
        "sequence": seen.sequence,
    }
    yield Put(BOARDS, fact.board_id, document)


def when_board_changed_add_to_it(fact: BoardChangedV1, seen: Seen) -> Iterable[Write]:
    values = {"sequence": seen.sequence}
    yield Patch(BOARDS, fact.board_id, values=values, push={"facts": as_stored(fact)})


def when_board_dissolved_end_it(fact: BoardDissolvedV1, seen: Seen) -> Iterable[Write]:
    ends = fact.dissolves_on.isoformat()
    values = {"sequence": seen.sequence, "ends": ends}
    yield Patch(BOARDS, fact.board_id, values=values, push={"facts": as_stored(fact)})
    yield Put(DISSOLVED, fact.board_id, {"on": ends, "document": fact.document.number})


HANDLERS = {
    BoardFormedV1: when_board_formed_list_it,
    BoardChangedV1: when_board_changed_add_to_it,
    BoardDissolvedV1: when_board_dissolved_end_it,
}
