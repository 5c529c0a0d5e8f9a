"""What is still to follow a closing, a succession or a dissolution: found again until nothing is left."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from common.consumer.views import Views
from common.log.log import CommitLog
from directory.domain.following import Handover
from directory.domain.sites import SITES as SITE_STREAMS
from directory.projections.agencies import HEIRS
from directory.projections.boards import DISSOLVED
from directory.projections.sites import CLOSINGS
from directory.queries.pointing import Pointers, Pointing
from directory.usecases.following import Follow, Inherit

CLEAN_LOOKS = 3
SELDOM = 100
"""After three looks that found nothing, a succession is looked at once in a hundred turns only."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """One thing that has not followed yet: what kind, in which stream, from which day on."""

    kind: str
    stream: str
    name: str
    on: date
    command: Follow | Inherit


Items = Callable[[Mapping[str, Any]], AsyncIterator[Leftover]]


@dataclass(slots=True)
class Leftovers:
    """Looks through the projection; everything found is decided on the log again."""

    log: CommitLog
    views: Views
    pointers: Pointers
    _clean: dict[str, int] = field(default_factory=dict[str, int])
    _turn: int = 0

    async def look(self, most: int) -> list[Leftover]:
        """The next things to move; positions before the delegations that rest on them."""
        self._turn += 1
        found: list[Leftover] = []
        for collection, items in (
            (CLOSINGS, self._of_closing),
            (HEIRS, self._of_heir),
            (DISSOLVED, self._of_board),
        ):
            for document in await self.views.find(collection, {}, sort=(("on", 1),)):
                found += await self._open(collection, document, items, most - len(found))
                if len(found) >= most:
                    return found
        return found

    async def _open(
        self, collection: str, document: Mapping[str, Any], items: Items, most: int
    ) -> list[Leftover]:
        name = f"{collection}/{document['_id']}"
        if self._clean.get(name, 0) >= CLEAN_LOOKS and self._turn % SELDOM:
            return []
        found: list[Leftover] = []
        async for each in items(document):
            found.append(each)
            if len(found) >= most:
                break
        self._clean[name] = 0 if found else self._clean.get(name, 0) + 1
        return found

    async def _of_closing(self, closing: Mapping[str, Any]) -> AsyncIterator[Leftover]:
        handover = await self._handover(closing)
        moving = False
        async for each in self.pointers.at_site(handover.site, handover.on):
            moving = moving or each.kind == "position"
            if not (moving and each.kind == "delegation"):
                yield _follows(each, handover)

    async def _handover(self, closing: Mapping[str, Any]) -> Handover:
        successor = closing["successor"]
        there = (await self.log.fresh(SITE_STREAMS, successor)).state if successor else None
        on, roles = date.fromisoformat(closing["on"]), tuple(closing["ending_roles"])
        return Handover(closing["_id"], on, there, roles, closing["document"])

    async def _of_board(self, gone: Mapping[str, Any]) -> AsyncIterator[Leftover]:
        on = date.fromisoformat(gone["on"])
        async for each in self.pointers.at_board(gone["_id"], on):
            holder = str(each.holder)
            command = Inherit(holder, gone["_id"], "", on, gone["document"], each.id)
            name = f"seat-{each.id}-{gone['_id']}"
            yield Leftover("seat", f"/directory/person/{holder}", name, on, command)

    async def _of_heir(self, heir: Mapping[str, Any]) -> AsyncIterator[Leftover]:
        """A person is moved with all their positions: once."""
        on, moved = date.fromisoformat(heir["on"]), set[str]()
        async for each in self.pointers.at_agency(heir["_id"], on):
            kind, id = ("person", each.holder) if each.holder else (each.kind, each.id)
            stream = f"/directory/{kind}/{id}"
            if stream not in moved:
                moved.add(stream)
                command = Inherit(id, heir["_id"], heir["heir"], on, heir["document"])
                yield Leftover(kind, stream, f"belongs-{heir['_id']}", on, command)


def _follows(each: Pointing, handover: Handover) -> Leftover:
    kind = "child" if each.kind == "site" else each.kind
    if each.holder:
        stream, command = f"/directory/person/{each.holder}", Follow(each.holder, handover, each.id)
    else:
        stream, command = f"/directory/{each.kind}/{each.id}", Follow(each.id, handover)
    return Leftover(kind, stream, f"{kind}-{each.id}-{handover.site}", handover.on, command)
