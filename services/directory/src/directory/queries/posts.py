"""Who holds what: positions by site, role and board."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.consumer.views import Views
from common.mongo import Document
from directory.projections.people import PEOPLE, POSITIONS
from rulebook.person import Person, Post, of_stored


@dataclass(frozen=True, slots=True)
class Posts:
    """Lists positions from the projection."""

    views: Views

    async def listed(
        self, where: Mapping[str, Any], on: date | None, after: str | None, fetch: int
    ) -> list[Post]:
        """The next `fetch` by id that are held on a day."""
        found: list[Post] = []
        while len(found) < fetch:
            behind = {**where, **_held(on), **({"_id": {"$gt": after}} if after else {})}
            page = await self.views.find(POSITIONS, behind, sort=(("_id", 1),), limit=fetch)
            if not page:
                return found
            found += await self._posts(page)
            after = page[-1]["_id"]
        return found[:fetch]

    async def _posts(self, page: list[Document]) -> list[Post]:
        ids = sorted({document["person"] for document in page})
        documents = await self.views.find(PEOPLE, {"_id": {"$in": ids}})
        people: dict[str, Person] = {d["_id"]: of_stored(d["facts"]) for d in documents}
        return [people[document["person"]].posts[document["_id"]] for document in page]


def _held(on: date | None) -> Mapping[str, Any]:
    if on is None:
        return {}
    return {"begins": {"$lte": on.isoformat()}, "ends": {"$gt": on.isoformat()}}
