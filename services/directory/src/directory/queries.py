"""What can be asked about agencies."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from common.consumer.views import Views
from common.errors import NotFound
from common.log.log import CommitLog, part_of
from common.log.model import Commit
from common.log.streams import Loaded
from common.mongo import Document, Filter
from contracts.events import model_of
from directory.domain import AGENCIES
from rulebook.agency import Agency, of_stored
from rulebook.text import query_keys

LISTED = "agencies"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which agencies: of a site, existing on a day, of a kind, by words of a name."""

    site: str | None = None
    on: date | None = None
    kind: str | None = None
    words: str | None = None


class Agencies:
    """Lists from the projection; one agency and its history from the log itself."""

    def __init__(self, log: CommitLog, views: Views) -> None:
        self._log = log
        self._views = views

    async def get(self, id: str) -> Loaded[Agency]:
        """Raises NotFound."""
        loaded = await self._log.load(AGENCIES, id)
        if not loaded.state.known:
            raise NotFound("agency-unknown", "No agency has this id.")
        return loaded

    async def history(self, id: str) -> list[dict[str, Any]]:
        """Every decision about an agency: what, when, by whom, by what right. Raises NotFound."""
        loaded = await self.get(id)
        return [_entry(commit, loaded.stream) for commit in await self._log.commits(loaded.stream)]

    async def listed(self, wanted: Wanted, after: str | None, fetch: int) -> list[Agency]:
        """The next `fetch` agencies by id that fit."""
        found: list[Agency] = []
        while len(found) < fetch:
            page = await self._views.find(
                LISTED, _where(wanted, after), sort=(("_id", 1),), limit=fetch
            )
            if not page:
                return found
            found += [agency for agency in map(_agency, page) if _fits(agency, wanted)]
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
    """What the index cannot know: the day, and what is true on that day."""
    if wanted.on is not None and not agency.exists_on(wanted.on):
        return False
    attributes = agency.as_of(wanted.on) if wanted.on else agency.latest
    return wanted.kind is None or (attributes or {}).get("kind") == wanted.kind


def _entry(commit: Commit, stream: str) -> dict[str, Any]:
    part = part_of(commit, stream)
    return {
        "version": part.version,
        "at": commit.at,
        "actor": commit.actor,
        "proof": commit.proof,
        "hash": part.hash,
        "facts": [
            {"type": fact.type, "data": model_of(fact.type).model_validate_json(fact.data)}
            for fact in part.facts
        ],
    }
