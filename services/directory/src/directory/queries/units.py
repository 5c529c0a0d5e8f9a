"""What can be asked about administrative units: lists, names, codes on a day, what became of one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from common.consumer.views import Views
from common.errors import NotFound
from common.log.log import CommitLog
from common.log.streams import Loaded
from common.mongo import Filter
from directory.domain.units import CODES, UNITS, code_id
from directory.domain.words import LEVELS, say, word
from directory.queries.history import history
from directory.queries.remembered import Listing
from rulebook.administrative_units import Became, Unit, became, next_of, unit_of_stored
from rulebook.text import query_keys

LISTED = "units"


@dataclass(frozen=True, slots=True)
class UnitsWanted:
    """Which units: existing on a day, of a level, inside a unit, with a code, by words of a name."""

    on: date | None = None
    level: str | None = None
    parent: str | None = None
    code: str | None = None
    words: str | None = None


class Units:
    """Lists from the projection; one unit and what became of it from the log itself."""

    def __init__(self, log: CommitLog, views: Views) -> None:
        self._log = log
        self._listing = Listing(views, LISTED, unit_of_stored)

    async def get(self, id: str) -> Loaded[Unit]:
        """Raises NotFound."""
        loaded = await self._log.load(UNITS, id)
        if not loaded.state.known:
            raise NotFound("unit-unknown", say("unit-unknown"))
        return loaded

    async def history(self, id: str) -> list[dict[str, Any]]:
        """Every decision about a unit. Raises NotFound."""
        return await history(self._log, (await self.get(id)).stream)

    async def holder(self, level: str, code: str, on: date) -> Loaded[Unit]:
        """Who holds a code on a day. Raises NotFound."""
        held = await self._log.load(CODES, code_id(level, code))
        unit = held.state.holder(on)
        if unit is None:
            raise NotFound("code-free", say("code-free", level=word(LEVELS, level), day=on))
        return await self.get(unit)

    async def became(self, id: str, on: date) -> tuple[Became, dict[str, Unit]]:
        """What stands in a unit's place on a day, and every unit on the way. Raises NotFound."""
        units: dict[str, Unit] = {id: (await self.get(id)).state}
        waiting = [id]
        while waiting:
            following = [each for each in next_of(units[waiting.pop()], on) if each not in units]
            for loaded in await self._log.load_many(UNITS, following):
                units[loaded.id] = loaded.state
            waiting += following
        return became(units, id, on), units

    async def listed(self, wanted: UnitsWanted, after: str | None, fetch: int) -> list[Unit]:
        """The next `fetch` units by id that fit."""
        return await self._listing.listed(
            _where(wanted), lambda unit: _fits(unit, wanted), after, fetch
        )


def _where(wanted: UnitsWanted) -> Filter:
    where: dict[str, Any] = {}
    if wanted.on is not None:
        where["begins"] = {"$lte": wanted.on.isoformat()}
        where["ends"] = {"$gt": wanted.on.isoformat()}
    if wanted.level is not None:
        where["level"] = wanted.level
    if wanted.parent is not None:
        where["parents"] = wanted.parent
    if wanted.code is not None:
        where["codes"] = wanted.code
    if wanted.words is not None:
        where["keys"] = {"$all": list(query_keys(wanted.words))}
    return where


def _fits(unit: Unit, wanted: UnitsWanted) -> bool:
    """What the index cannot know: the day, and what is true on that day."""
    if wanted.on is not None and not unit.exists_on(wanted.on):
        return False
    if wanted.parent is None and wanted.code is None:
        return True
    attributes = unit.latest if wanted.on is None else unit.as_of(wanted.on) or {}
    if wanted.parent is not None and attributes.get("parent") != wanted.parent:
        return False
    return wanted.code is None or attributes.get("code") == wanted.code
