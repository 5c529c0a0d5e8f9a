"""A directory told fact by fact, for tests of whoever decides on authority."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from authority.known import Fact, Known
from authority.local import LocalAuthority
from authority.projections import hears
from common.identity import Principal
from common.service import Parts, Service
from common.settings import ServiceSettings
from common.testing.kafka import MemoryCluster
from common.testing.service import memory_service
from common.world import real_world
from contracts.events import directory as say

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
ISSUER = "https://id.example"
DOCUMENT = {"number": "12/QĐ-UBND"}
SINCE = "2019-08-15"


Values = dict[str, Any]


class Told:
    """Facts of the directory in the order they were said, each with its place in its stream."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self._sequences: Counter[str] = Counter()

    def say(self, what: type[Any], id: str, values: Values, at: datetime = NOON) -> Fact:
        """One fact of the stream that `id` names, in the contract's own words."""
        stream = f"/{what.TOPIC.replace('.', '/')}/{id}"
        self._sequences[stream] += 1
        fact = Fact(what.TOPIC, stream, self._sequences[stream], at, what.of(values))
        self.facts.append(fact)
        return fact

    def site(self, id: str = "hanam", **changes: Any) -> Fact:
        usual: Values = {
            "site": id,
            "agency": f"{id}.vpubnd",
            "kind": "province",
            "profile": "hanam@1",
            "name_vi": id,
            "languages": ["vi"],
            "valid_from": SINCE,
            "document": DOCUMENT,
        }
        return self.say(say.SiteOpenedV1, id, usual | changes)

    def closed(self, site: str, on: str, successor: str | None = None) -> Fact:
        values: Values = {
            "site": site,
            "closes_on": on,
            "successor": successor,
            "document": DOCUMENT,
        }
        return self.say(say.SiteClosedV1, site, values)

    def person(self, id: str, **changes: Any) -> None:
        """Registered, with a sign-in of the same name at ISSUER."""
        usual: Values = {
            "person_id": id,
            "site": "hanam",
            "kind": "person",
            "full_name": id,
            "valid_from": SINCE,
        }
        self.say(say.PersonRegisteredV1, id, usual | changes)
        self.link(id, id)

    def link(self, id: str, subject: str, at: datetime = NOON, issuer: str = ISSUER) -> Fact:
        values: Values = {"person_id": id, "site": "hanam", "issuer": issuer, "subject": subject}
        return self.say(say.IdentityLinkedV1, id, values, at)

    def unlink(self, id: str, subject: str) -> Fact:
        values: Values = {"person_id": id, "site": "hanam", "issuer": ISSUER, "subject": subject}
        return self.say(say.IdentityUnlinkedV1, id, values)

    def position(self, id: str, role: str, **changes: Any) -> Fact:
        usual: Values = {
            "person_id": id,
            "site": "hanam",
            "role": role,
            "position_id": position_id(id, role),
            "valid_from": SINCE,
            "document": DOCUMENT,
        }
        return self.say(say.PositionGivenV1, id, usual | changes)

    def ended(self, id: str, role: str, on: str) -> Fact:
        values: Values = {"person_id": id, "site": "hanam", "ends_on": on, "document": DOCUMENT}
        values["position_id"] = position_id(id, role)
        return self.say(say.PositionEndedV1, id, values)

    def delegation(
        self, id: str, giver: str, receiver: str, acts: list[str], **changes: Any
    ) -> Fact:
        usual: Values = {
            "delegation_id": id,
            "site": "hanam",
            "giver": giver,
            "receiver": receiver,
            "acts": acts,
            "sites": ["hanam"],
            "valid_from": "2026-01-01",
            "valid_to": "2027-01-01",
            "document": DOCUMENT,
        }
        return self.say(say.DelegationGivenV1, id, usual | changes)

    def revoked(self, id: str, at: datetime) -> Fact:
        values: Values = {"delegation_id": id, "site": "hanam", "revoked_at": at}
        return self.say(say.DelegationRevokedV1, id, values)

    def known(self) -> Known:
        known = Known()
        for fact in self.facts:
            known.take(fact)
        return known


def position_id(person: str, role: str) -> str:
    return f"{person}.{role}".replace("_", "-")


def a_service(name: str = "portal") -> Service:
    """A service on the working fakes whose clock stands at NOON."""
    world = replace(real_world(), now=lambda: NOON)
    parts = Parts(hears=(hears(name),), decides=False)
    return memory_service(ServiceSettings(service=name), parts, MemoryCluster(), world)


def an_authority(told: Told | None = None) -> LocalAuthority:
    """One that knows what was told and has just heard the directory; without it, one that knows nothing."""
    authority = LocalAuthority(a_service())
    if told is not None:
        followed = authority.followed
        followed.known, followed.loaded, followed.heard = told.known(), True, NOON
    return authority


def signed_in(subject: str, issuer: str = ISSUER) -> Principal:
    return Principal(subject, subject, "person", issuer=issuer)
