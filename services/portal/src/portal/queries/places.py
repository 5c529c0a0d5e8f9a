"""Sites and the agencies that run them, as of a day: few, kept in memory, looked at once a second."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from common.consumer.views import Views
from common.errors import NotFound
from portal.domain.telling import say
from portal.projections.agencies import AGENCIES
from portal.projections.sites import SITES
from rulebook.agency import Agency
from rulebook.agency import of_stored as agency_of
from rulebook.site import Site
from rulebook.site import of_stored as site_of

FRESH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class SiteThen:
    """A site as it was on a day (its nearest day outside of its days), with its agency of that day."""

    id: str
    name_vi: str
    name_en: str
    kind: str
    domain: str
    profile: str
    parent: str
    languages: tuple[str, ...]
    agency: str
    agency_vi: str
    agency_en: str
    open: bool

    def name(self, language: str) -> str:
        return (self.name_en or self.name_vi) if language == "en" else self.name_vi

    def agency_name(self, language: str) -> str:
        return (self.agency_en or self.agency_vi) if language == "en" else self.agency_vi


@dataclass(frozen=True, slots=True)
class Places:
    """All sites and agencies over all their days; `version` is the same wherever the same is known."""

    sites: Mapping[str, Site] = field(default_factory=dict[str, Site])
    agencies: Mapping[str, Agency] = field(default_factory=dict[str, Agency])
    version: int = 0

    def site(self, id: str, day: date) -> SiteThen:
        """Raises NotFound for a site nobody opened."""
        site = self.sites.get(id)
        if site is None:
            raise NotFound("site-unknown", say("site-unknown"))
        named = site.as_of(day) or _nearest(site, day)
        agency = self.agencies.get(named.get("agency", ""))
        called = (agency.as_of(day) or agency.latest) if agency else {}
        return SiteThen(
            id,
            named["name_vi"],
            named.get("name_en") or "",
            site.kind,
            named.get("domain") or "",
            named["profile"],
            named.get("parent") or "",
            tuple(named.get("languages") or ("vi",)),
            named.get("agency", ""),
            called.get("name_vi") or "",
            called.get("name_en") or "",
            site.exists_on(day),
        )

    def known(self, id: str, day: date) -> SiteThen:
        """The same; a site whose facts have not arrived is called by its id."""
        if id in self.sites:
            return self.site(id, day)
        return SiteThen(id, id, "", "", "", "", "", ("vi",), "", "", "", open=True)

    def listed(self, day: date) -> list[SiteThen]:
        """The sites that are open that day: provinces first, then by name."""
        there = [self.site(id, day) for id, site in self.sites.items() if site.exists_on(day)]
        return sorted(there, key=lambda each: (bool(each.parent), each.name_vi))

    def under(self, id: str, day: date) -> list[SiteThen]:
        """The sites directly under one."""
        return [each for each in self.listed(day) if each.parent == id]


class KnownPlaces:
    """Looks at the versions of all sites once a second, and reads anew only what changed."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._places = Places()
        self._seen: tuple[tuple[str, int], ...] = ()
        self._looked_at = float("-inf")

    async def now(self, *, fresh: bool = False) -> Places:
        clock = asyncio.get_running_loop().time
        if fresh or clock() - self._looked_at > FRESH_SECONDS:
            await self._look()
            self._looked_at = clock()
        return self._places

    async def _look(self) -> None:
        sites = await self._views.find(SITES, {}, without=("facts",))
        agencies = await self._views.find(AGENCIES, {}, without=("facts", "keys"))
        seen = tuple(sorted((each["_id"], each["version"]) for each in (*sites, *agencies)))
        if seen == self._seen:
            return
        told = await self._views.find(SITES, {})
        known = await self._views.find(AGENCIES, {}, without=("keys",))
        self._places = Places(
            {each["_id"]: site_of(each["facts"]) for each in told},
            {each["_id"]: agency_of(each["facts"]) for each in known},
            int.from_bytes(hashlib.sha256(repr(seen).encode()).digest()[:6]),
        )
        self._seen = seen


def _nearest(site: Site, day: date) -> Mapping[str, str]:
    return site.days.latest if day >= site.days.valid_from else site.days.first
