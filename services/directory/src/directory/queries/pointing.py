"""What points at an agency, a site or an administrative unit from a day on: found in the projection, page by page."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.consumer.views import Views
from common.mongo import Document
from directory.domain.following import first_moment
from directory.projections.agencies import AGENCIES
from directory.projections.boards import BOARDS
from directory.projections.delegations import DELEGATIONS
from directory.projections.people import PEOPLE, POSITIONS
from directory.projections.sites import SITES
from directory.projections.units import UNITS
from rulebook import agency as agencies
from rulebook import board, delegated, person, site
from rulebook.administrative_units import unit_of_stored

PAGE = 200


@dataclass(frozen=True, slots=True)
class Pointing:
    """One thing and the place of it that names what ends.

    kind   agency, site, person, position, board, delegation or administrative-unit
    holder the person, for a position
    by     which of its values points: agency, board, parent or site
    site   whose it is
    since  the first day, from the one asked for, on which it does
    """

    kind: str
    id: str
    name: str
    by: str
    site: str
    since: date
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Pointers:
    """Nothing is left out because there is much of it; documents that once pointed are passed over."""

    views: Views
    page: int = PAGE

    async def at_agency(self, id: str, on: date) -> AsyncIterator[Pointing]:
        async for document in self._all(SITES, {"agencies": id}):
            owned = site.of_stored(document["facts"])
            since = max(on, owned.days.valid_from)
            if (owned.as_of(since) or {}).get("agency") == id:
                yield Pointing(
                    "site", owned.id, _name(owned.days.latest), "agency", owned.id, since
                )
        async for someone in self._people(id):
            for each in _serving(someone, id, on):
                yield each
        async for document in self._all(AGENCIES, {"parents": id}):
            below = agencies.of_stored(document["facts"])
            since = max(on, below.valid_from)
            if (below.as_of(since) or {}).get("parent") == id:
                yield Pointing("agency", below.id, _name(below.latest), "parent", below.site, since)

    async def at_site(self, id: str, on: date) -> AsyncIterator[Pointing]:
        later = {"ends": {"$gt": on.isoformat()}}
        async for held in self._all(POSITIONS, {"site": id, **later}):
            if held["begins"] < held["ends"]:
                someone = await self._person(held["person"])
                post = someone.posts[held["_id"]]
                yield _position(post, someone, "site", max(on, post.days.valid_from))
        async for document in self._all(DELEGATIONS, {"sites": id, **later}):
            entrusted = delegated.of_stored(document["facts"])
            given = entrusted.given
            if given is not None and _counts_from(entrusted, on):
                number, since = given.document.number, max(on, given.valid_from)
                yield Pointing("delegation", given.delegation_id, number, "site", given.site, since)
        async for document in self._all(SITES, {"parents": id, **later}):
            child = site.of_stored(document["facts"])
            since = max(on, child.days.valid_from)
            if (child.as_of(since) or {}).get("parent") == id:
                yield Pointing(
                    "site", child.id, _name(child.days.latest), "parent", child.id, since
                )
        async for document in self._all(BOARDS, {"site": id, **later}):
            formed = board.of_stored(document["facts"])
            since = max(on, formed.days.valid_from)
            yield Pointing("board", formed.id, _name(formed.days.latest), "site", id, since)

    async def at_board(self, id: str, on: date) -> AsyncIterator[Pointing]:
        async for held in self._all(POSITIONS, {"boards": id, "ends": {"$gt": on.isoformat()}}):
            someone = await self._person(held["person"])
            post = someone.posts[held["_id"]]
            since = max(on, post.days.valid_from)
            if (post.days.as_of(since) or {}).get("board") == id:
                yield _position(post, someone, "board", since)

    async def at_unit(self, id: str, on: date) -> AsyncIterator[Pointing]:
        async for document in self._all(UNITS, {"parents": id, "ends": {"$gt": on.isoformat()}}):
            part = unit_of_stored(document["facts"])
            since = max(on, part.valid_from)
            if (part.as_of(since) or {}).get("parent") == id:
                name = _name(part.latest)
                yield Pointing("administrative-unit", part.id, name, "parent", part.site, since)

    async def _people(self, agency: str) -> AsyncIterator[person.Person]:
        """Everybody whose entry or one of whose positions ever named the agency, each once."""
        ids = {d["_id"] async for d in self._all(PEOPLE, {"agencies": agency})}
        ids |= {d["person"] async for d in self._all(POSITIONS, {"agencies": agency})}
        for id in sorted(ids):
            yield await self._person(id)

    async def _person(self, id: str) -> person.Person:
        document = await self.views.one(PEOPLE, id)
        return person.of_stored(document["facts"]) if document else person.NOBODY

    async def _all(self, collection: str, where: Mapping[str, Any]) -> AsyncIterator[Document]:
        after: str | None = None
        while True:
            behind = {**where, "_id": {"$gt": after}} if after is not None else where
            found = await self.views.find(
                collection, behind, sort=(("_id", 1),), limit=self.page, without=("keys",)
            )
            for document in found:
                yield document
            if len(found) < self.page:
                return
            after = found[-1]["_id"]


def _serving(someone: person.Person, agency: str, on: date) -> Iterator[Pointing]:
    """Their entry and every position of theirs that names the agency from that day on."""
    since = max(on, someone.days.valid_from)
    if (someone.days.as_of(since) or {}).get("agency") == agency:
        name = _name(someone.days.latest)
        yield Pointing("person", someone.id, name, "agency", someone.site, since)
    for post in someone.posts.values():
        since = max(on, post.days.valid_from)
        if (post.days.as_of(since) or {}).get("agency") == agency:
            yield _position(post, someone, "agency", since)


def _counts_from(entrusted: delegated.Entrusted, on: date) -> bool:
    return entrusted.revoked is None or entrusted.revoked > first_moment(on)


def _position(post: person.Post, someone: person.Person, by: str, since: date) -> Pointing:
    name = _name(someone.days.latest)
    return Pointing("position", post.id, name, by, post.site, since, someone.id)


def _name(attributes: Mapping[str, Any]) -> str:
    return str(attributes.get("name_vi") or attributes.get("full_name") or "")
