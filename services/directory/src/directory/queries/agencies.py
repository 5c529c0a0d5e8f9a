"""What can be asked about agencies."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from common.consumer.views import Views
from common.errors import NotFound
from common.log.log import CommitLog
from common.log.streams import Loaded
from common.mongo import Filter
from directory.domain.agencies import AGENCIES
from directory.domain.words import say
from directory.queries.history import history
from directory.queries.remembered import Listing
from rulebook.agency import Agency, of_stored
from rulebook.text import query_keys

LISTED = "agencies"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which agencies: of a site, existing on a day, of a kind, by words of a name, under another."""

    site: str | None = None
    on: date | None = None
    kind: str | None = None
    words: str | None = None
    parent: str | None = None


class Agencies:
    """Lists from the projection; one agency and its history from the log itself."""

    def __init__(self, log: CommitLog, views: Views) -> None:
        self._log = log
        self._listing = Listing(views, LISTED, of_stored)

    async def get(self, id: str) -> Loaded[Agency]:
        """Raises NotFound."""
        loaded = await self._log.load(AGENCIES, id)
        if not loaded.state.known:
            raise NotFound("agency-unknown", say("agency-unknown"))
        return loaded

    async def history(self, id: str) -> list[dict[str, Any]]:
        """Every decision about an agency: what, when, by whom, by what right. Raises NotFound."""
        loaded = await self.get(id)
        return await history(self._log, loaded.stream)

    async def listed(self, wanted: Wanted, after: str | None, fetch: int) -> list[Agency]:
        """The next `fetch` agencies by id that fit."""
        return await self._listing.listed(
            _where(wanted), lambda agency: _fits(agency, wanted), after, fetch
        )


def _where(wanted: Wanted) -> Filter:
    where: dict[str, Any] = {}
    if wanted.site is not None:
        where["site"] = wanted.site
    if wanted.parent is not None:
        where["parents"] = wanted.parent
    if wanted.words is not None:
        where["keys"] = {"$all": list(query_keys(wanted.words))}
    return where


def _fits(agency: Agency, wanted: Wanted) -> bool:
    """What the index cannot know: the day, and what is true on that day."""
    if wanted.on is not None and not agency.exists_on(wanted.on):
        return False
    asked = {"kind": wanted.kind, "parent": wanted.parent}
    named = {name: value for name, value in asked.items() if value is not None}
    if not named:
        return True
    attributes = agency.as_of(wanted.on) if wanted.on else agency.latest
    return named.items() <= (attributes or {}).items()
