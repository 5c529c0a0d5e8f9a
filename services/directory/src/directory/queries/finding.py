"""What commands look up beside the streams they name: hints from the projection, never proofs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from common.consumer.views import Views
from directory.projections.delegations import DELEGATIONS
from directory.projections.people import IDENTITIES, POSITIONS, identity_key
from directory.projections.sites import NEVER, SITES
from rulebook.house import ADMINISTRATOR, INSTALLATION
from rulebook.site import of_stored

MOST = 500


@dataclass(frozen=True, slots=True)
class Found:
    """The port `Finder` over the projection."""

    views: Views

    async def delegations_to(self, person: str) -> Sequence[str]:
        """Ids of the delegations that a person ever received."""
        found = await self.views.find(DELEGATIONS, {"receiver": person}, limit=MOST)
        return [document["_id"] for document in found]

    async def open_children(self, site: str, day: date) -> Sequence[str]:
        """Sites that belong to a site on a day or later."""
        found = await self.views.find(SITES, {"parents": site, "ends": {"$gt": day.isoformat()}})
        children = [of_stored(document["facts"]) for document in found]
        return [
            child.id
            for child in children
            if any(
                attributes.get("parent") == site and (end is None or end > day)
                for _, end, attributes in child.days.spans()
            )
        ]

    async def last_use(self, site: str) -> date | None:
        """The last day on which a position at the site is held; None when there is none."""
        held = await self.views.find(POSITIONS, {"site": site}, sort=(("ends", -1),), limit=1)
        if not held:
            return None
        return date.max if held[0]["ends"] == NEVER else _before(held[0]["ends"])

    async def people_of(self, issuer: str, subject: str) -> Sequence[str]:
        """Who may have this sign-in; the person's own stream says whether they do."""
        where = {"identity": identity_key(issuer, subject)}
        return [d["person"] for d in await self.views.find(IDENTITIES, where, limit=MOST)]

    async def administered(self, day: date, issuer: str) -> bool:
        """Whether somebody administers the installation on a day and can sign in at the issuer."""
        where = {
            "role": ADMINISTRATOR,
            "site": INSTALLATION,
            "begins": {"$lte": day.isoformat()},
            "ends": {"$gt": day.isoformat()},
        }
        people = [d["person"] for d in await self.views.find(POSITIONS, where, limit=MOST)]
        linked = await self.views.find(IDENTITIES, {"person": {"$in": people}}) if people else []
        return any(document["identity"].startswith(f"{issuer}|") for document in linked)

    async def holders_at(self, site: str, day: date) -> Sequence[str]:
        """People who hold a position at a site on a day."""
        where = {"site": site, "ends": {"$gt": day.isoformat()}}
        found = await self.views.find(POSITIONS, where, limit=MOST)
        return sorted({document["person"] for document in found})


def _before(day: str) -> date:
    return date.fromisoformat(day) - timedelta(days=1)
