"""What is still to follow a closing, a succession or a dissolution: found again until nothing is left."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from common.consumer.views import Views
from common.log.log import CommitLog
from directory.domain.following import Handover, first_moment
from directory.domain.sites import SITES as SITE_STREAMS
from directory.projections.agencies import AGENCIES, HEIRS
from directory.projections.boards import BOARDS, DISSOLVED
from directory.projections.delegations import DELEGATIONS
from directory.projections.people import PEOPLE, POSITIONS
from directory.projections.sites import CLOSINGS, SITES
from directory.usecases.following import Follow, Inherit
from rulebook import agency as agencies
from rulebook import delegated, person, site

MOST = 200
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


@dataclass(slots=True)
class Leftovers:
    """Looks through the projection; everything found is decided on the log again."""

    log: CommitLog
    views: Views
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
                found += await self._open(collection, document, items)
                if len(found) >= most:
                    return found[:most]
        return found

    async def _open(self, collection: str, document: Mapping[str, Any], items: Any) -> list[Leftover]:  # fmt: skip
        name = f"{collection}/{document['_id']}"
        if self._clean.get(name, 0) >= CLEAN_LOOKS and self._turn % SELDOM:
            return []
        found = [each async for each in items(document)]
        self._clean[name] = 0 if found else self._clean.get(name, 0) + 1
        return found

    # -- a closed site ------------------------------------------------------------------------------

    async def _of_closing(self, closing: Mapping[str, Any]) -> AsyncIterator[Leftover]:
        handover = await self._handover(closing)
        moving = False
        async for each in self._positions(handover):
            moving = True
            yield each
        if not moving:
            async for each in self._delegations(handover):
                yield each
        async for each in self._children(handover):
            yield each
        async for each in self._boards(handover):
            yield each

    async def _handover(self, closing: Mapping[str, Any]) -> Handover:
        successor = closing["successor"]
        there = (await self.log.fresh(SITE_STREAMS, successor)).state if successor else None
        on, roles = date.fromisoformat(closing["on"]), tuple(closing["ending_roles"])
        return Handover(closing["_id"], on, there, roles, closing["document"])

    async def _positions(self, handover: Handover) -> AsyncIterator[Leftover]:
        where = {"site": handover.site, "ends": {"$gt": handover.on.isoformat()}}
        for held in await self.views.find(POSITIONS, where, limit=MOST):
            if held["begins"] < held["ends"]:
                command = Follow(held["person"], handover, held["_id"])
                stream = f"/directory/person/{held['person']}"
                yield _leftover("position", stream, held["_id"], handover, command)

    async def _delegations(self, handover: Handover) -> AsyncIterator[Leftover]:
        where = {"sites": handover.site, "ends": {"$gt": handover.on.isoformat()}}
        for document in await self.views.find(DELEGATIONS, where, limit=MOST):
            entrusted = delegated.of_stored(document["facts"])
            if entrusted.revoked is None or entrusted.revoked > first_moment(handover.on):
                command = Follow(document["_id"], handover)
                stream = f"/directory/delegation/{document['_id']}"
                yield _leftover("delegation", stream, document["_id"], handover, command)

    async def _children(self, handover: Handover) -> AsyncIterator[Leftover]:
        where = {"parents": handover.site, "ends": {"$gt": handover.on.isoformat()}}
        for document in await self.views.find(SITES, where, limit=MOST):
            child = site.of_stored(document["facts"])
            day = max(handover.on, child.days.valid_from)
            if (child.as_of(day) or {}).get("parent") == handover.site:
                command = Follow(child.id, handover)
                yield _leftover("child", f"/directory/site/{child.id}", child.id, handover, command)

    async def _boards(self, handover: Handover) -> AsyncIterator[Leftover]:
        where = {"site": handover.site, "ends": {"$gt": handover.on.isoformat()}}
        for document in await self.views.find(BOARDS, where, limit=MOST):
            command = Follow(document["_id"], handover)
            stream = f"/directory/board/{document['_id']}"
            yield _leftover("board", stream, document["_id"], handover, command)

    # -- a dissolved board --------------------------------------------------------------------------

    async def _of_board(self, gone: Mapping[str, Any]) -> AsyncIterator[Leftover]:
        on = date.fromisoformat(gone["on"])
        where = {"boards": gone["_id"], "ends": {"$gt": gone["on"]}}
        for held in await self.views.find(POSITIONS, where, limit=MOST):
            holder = await self._person(held["person"])
            post = holder.posts[held["_id"]]
            begins = max(on, post.days.valid_from)
            if (post.days.as_of(begins) or {}).get("board") == gone["_id"]:
                command = Inherit(held["person"], gone["_id"], "", on, gone["document"], post.id)
                stream = f"/directory/person/{held['person']}"
                yield Leftover("seat", stream, f"seat-{post.id}-{gone['_id']}", on, command)

    # -- a succeeded agency -------------------------------------------------------------------------

    async def _of_heir(self, heir: Mapping[str, Any]) -> AsyncIterator[Leftover]:
        on = date.fromisoformat(heir["on"])
        async for kind, id in self._belonging(heir["_id"], on):
            command = Inherit(id, heir["_id"], heir["heir"], on, heir["document"])
            stream = f"/directory/{kind}/{id}"
            yield Leftover(kind, stream, f"belongs-{heir['_id']}", on, command)

    async def _belonging(self, agency: str, on: date) -> AsyncIterator[tuple[str, str]]:
        for document in await self.views.find(SITES, {"agencies": agency}, limit=MOST):
            owned = site.of_stored(document["facts"])
            if (owned.as_of(max(on, owned.days.valid_from)) or {}).get("agency") == agency:
                yield "site", owned.id
        holders = await self.views.find(POSITIONS, {"agencies": agency}, limit=MOST)
        staff = await self.views.find(PEOPLE, {"agencies": agency}, limit=MOST)
        for id in sorted({d["person"] for d in holders} | {d["_id"] for d in staff}):
            if _serves(await self._person(id), agency, on):
                yield "person", id
        for document in await self.views.find(AGENCIES, {"parents": agency}, limit=MOST):
            below = agencies.of_stored(document["facts"])
            if (below.as_of(max(on, below.valid_from)) or {}).get("parent") == agency:
                yield "agency", below.id

    async def _person(self, id: str) -> person.Person:
        document = await self.views.one(PEOPLE, id)
        return person.of_stored(document["facts"]) if document else person.NOBODY


def _serves(someone: person.Person, agency: str, on: date) -> bool:
    """Whether their entry or a position of theirs still names the agency from that day on."""
    dated = [someone.days, *(post.days for post in someone.posts.values())]
    return any((d.as_of(max(on, d.valid_from)) or {}).get("agency") == agency for d in dated)


def _leftover(kind: str, stream: str, id: str, handover: Handover, command: Follow) -> Leftover:
    return Leftover(kind, stream, f"{kind}-{id}-{handover.site}", handover.on, command)
