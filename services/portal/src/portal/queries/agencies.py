"""What the public may ask about agencies."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from common.consumer.views import Views
from common.errors import NotFound
from common.mongo import Document, Filter
from portal.domain.telling import say
from rulebook.agency import Agency, of_stored
from rulebook.text import prefix_keys, query_keys

AGENCIES = "agencies"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Agencies of a site that exist on a day and whose name on that day has these words."""

    site: str | None
    on: date
    words: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """An agency and the version of what is shown of it."""

    agency: Agency
    version: int


class Agencies:
    """Reads the projection of the generation that serves."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def get(self, id: str) -> Shown:
        """Raises NotFound."""
        document = await self._views.one(AGENCIES, id)
        if document is None:
            raise NotFound("agency-unknown", say("agency-unknown"))
        return Shown(_agency(document), document["version"])

    async def listed(self, wanted: Wanted, after: str | None, fetch: int) -> list[Shown]:
        """The next `fetch` agencies by id that fit."""
        found: list[Shown] = []
        while len(found) < fetch:
            page = await self._views.find(
                AGENCIES, _where(wanted, after), sort=(("_id", 1),), limit=fetch
            )
            if not page:
                return found
            shown = [Shown(_agency(document), document["version"]) for document in page]
            found += [each for each in shown if _fits(each.agency, wanted)]
            after = page[-1]["_id"]
        return found[:fetch]


def _where(wanted: Wanted, after: str | None) -> Filter:
    where: dict[str, Any] = {}
    if wanted.site is not None:
        where["site"] = wanted.site
    if wanted.words is not None:
        where["keys"] = {"$all": list(query_keys(wanted.words))}
    if after is not None:
        where["_id"] = {"$gt": after}
    return where


def _agency(document: Document) -> Agency:
    return of_stored(document["facts"])


def _fits(agency: Agency, wanted: Wanted) -> bool:
    """The index knows every name an agency ever had; the day decides which one counts."""
    attributes = agency.as_of(wanted.on)
    if attributes is None:
        return False
    if wanted.words is None:
        return True
    return set(query_keys(wanted.words)) <= set(prefix_keys(attributes["name_vi"]))
