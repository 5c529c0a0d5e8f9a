"""The one way to ask: may this person do this here now? From memory, with proof or with the nearest way."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from authority import refusing
from authority.asked import Asked, Decision, Proven, Used
from authority.following import Followed, Follower
from authority.known import DELEGATION, PERSON, SITE, Known
from common.identity import Principal
from common.service import Service
from rulebook.authority import Act, Authority, Powers, prove
from rulebook.explanation import LOCAL
from rulebook.house import HOUSE, INSTALLATION, speaks
from rulebook.profiles.loader import Library, load_profiles
from rulebook.profiles.model import Profile

LATE_BEATS = 2
"""Heartbeats' time after which a no is no longer said: the yes may be on its way."""
BLIND_BEATS = 5
"""Heartbeats' time after which a yes is no longer said either: it may have been taken back."""
MOST_KEPT = 5_000
"""Answers kept, a few kilobytes each."""
NOBODY = ""

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer and the moments [start, end) of one day at which it is the same."""

    version: int
    start: datetime
    end: datetime
    found: Authority
    used: tuple[Used, ...]


class LocalAuthority:
    """Decides from what this service has heard; `now` and clock readings are arguments."""

    def __init__(self, service: Service, profiles: Library | None = None) -> None:
        self._follower = Follower(service.name, service.database)
        self._profiles = profiles or load_profiles()
        self._kept: dict[Key, _Kept] = {}
        service.health.add("authority", self._follower.check)

    def following(self) -> AbstractAsyncContextManager[None]:
        """Keeps what is known up to date inside this block; goes into the service's lifespan."""
        return self._follower.following()

    async def position(self, topic: str, stream: str, wanted: int = 0) -> int | None:
        """How far decisions know a stream: a `PositionReader` beside those of the projections."""
        del wanted
        return await self._follower.position(topic, stream)

    async def news(self, seconds: float) -> None:
        """What is known here lies in memory: looking again costs nothing."""
        await asyncio.sleep(seconds)

    @property
    def followed(self) -> Followed:
        """What is known at this moment, and how well."""
        return self._follower.now

    def person_of(self, who: Principal) -> str | None:
        """The person or system of the directory whose sign-in this is."""
        return self.followed.known.person_of(who.issuer, who.subject)

    def demand(self, who: Principal, asked: Asked, at: datetime) -> Proven:
        """The proof for the commit; raises Forbidden with the nearest way, or Unavailable.

        Unavailable: not loaded yet; a no while the directory is late; anything while it has been
        silent for long, or while facts about those concerned wait.
        """
        check_token(who, asked.site)
        followed = self.followed
        if not followed.loaded:
            raise refusing.not_ready()
        known = followed.known
        person = known.person_of(who.issuer, who.subject)
        self._check_site(followed, asked.site, at)
        decision = self._decide(known, person or NOBODY, asked, at)
        self._check_news(followed, decision, at)
        if decision.allowed:
            return Proven(decision)
        if person is None or not known.people[person].days.holds(_day(at)):
            raise refusing.unknown_person(decision)
        raise refusing.refusal(decision)

    def decide(self, person: str, asked: Asked, at: datetime) -> Decision:
        """The same for a person of the directory, as an answer; raises only Unavailable, Forbidden."""
        followed = self.followed
        if not followed.loaded:
            raise refusing.not_ready()
        self._check_site(followed, asked.site, at)
        decision = self._decide(followed.known, person, asked, at)
        self._check_news(followed, decision, at)
        return decision

    # -- how fresh ----------------------------------------------------------------------------

    def _check_news(self, followed: Followed, decision: Decision, at: datetime) -> None:
        beats = followed.silent_beats(at)
        if decision.allowed:
            waits = any(each.stream in followed.stuck for each in decision.used)
            old = waits or beats >= BLIND_BEATS
        else:
            old = beats >= LATE_BEATS or bool(followed.stuck)
        if old:
            raise refusing.behind()

    def _check_site(self, followed: Followed, id: str, at: datetime) -> None:
        """Raises Forbidden for a site that is not open, Unavailable when that may be old news."""
        site = followed.known.sites.get(id)
        if id == INSTALLATION or (site is not None and site.exists_on(_day(at))):
            return
        if _late(followed, at) or followed.stuck:
            raise refusing.behind()
        raise refusing.site_not_open(id, site and site.closing and site.closing.successor)

    # -- deciding -----------------------------------------------------------------------------

    def _decide(self, known: Known, person: str, asked: Asked, at: datetime) -> Decision:
        facts = tuple(sorted(asked.facts.items())) if asked.facts else ()
        key = (
            *(person, asked.act, asked.site, asked.category, asked.section, asked.absent, facts),
            *(asked.profile, asked.roles),
        )
        kept = self._kept.get(key)
        if kept is None or kept.version != known.version or not kept.start <= at < kept.end:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = self._kept[key] = self._answer(known, person, asked, at)
        return Decision(kept.found, at, kept.used)

    def _answer(self, known: Known, person: str, asked: Asked, at: datetime) -> _Kept:
        entry = known.people.get(person)
        here = person if entry is not None and entry.days.holds(_day(at)) else NOBODY
        powers = narrow = _counting(known.powers_of([here]), asked)
        found = self._prove(known, here, asked, at, powers)
        if found.proof is None:  # who may instead is a question about everybody there
            everybody = known.powers_of([here, *known.people_at(asked.site)])
            powers = _counting(everybody, asked)
            found = self._prove(known, here, asked, at, powers)
        start, end = _same_answer(powers, at)
        used = _used(known, here, asked.site, narrow)
        return _Kept(known.version, start, end, found, used)

    def _prove(
        self, known: Known, person: str, asked: Asked, at: datetime, powers: Powers
    ) -> Authority:
        """By the rules that speak of it; what the house allows everywhere is allowed here too."""
        act = asked.act_of(person, at, {**asked.facts, **_kind(known, asked.site)})
        profile = self._speaking(known, act, asked.profile)
        found = prove(profile, act, powers)
        if found.proof is None and profile is HOUSE and act.site != INSTALLATION:
            everywhere = prove(HOUSE, replace(act, site=INSTALLATION), powers)
            return everywhere if everywhere.proof is not None else found
        return found

    def _speaking(self, known: Known, act: Act, kept: str | None) -> Profile:
        """The regulation where it gives the act to anybody, else the house, which never overrules it."""
        site = known.sites.get(act.site)
        if site is None:
            return HOUSE
        regulation = self._profiles[kept or site.profile_on(_day(act.at))]
        return HOUSE if speaks(HOUSE, act) and not speaks(regulation, act) else regulation


def check_token(who: Principal, site: str) -> None:
    """A token that was given for one site does nothing and reads nothing elsewhere; raises Forbidden."""
    if who.site is not None and who.site != site:
        raise refusing.other_site(who.site)


def site_asked(who: Principal, site: str | None) -> str | None:
    """The site that a list is of: the one that is named, else the token's own; None for all.

    Raises Forbidden for one that the token was not given for.
    """
    one = site or who.site
    if one is not None:
        check_token(who, one)
    return one


def _counting(powers: Powers, asked: Asked) -> Powers:
    """The powers of those roles only that the question admits; delegations count through them."""
    if not asked.roles:
        return powers
    held = tuple(each for each in powers.positions if each.role in asked.roles)
    return Powers(held, powers.delegations)


def _late(followed: Followed, at: datetime) -> bool:
    return followed.silent_beats(at) >= LATE_BEATS


def _kind(known: Known, site: str) -> Mapping[str, str]:
    found = known.sites.get(site)
    return {"site_kind": found.kind} if found is not None else {}


def _day(at: datetime) -> date:
    return at.astimezone(LOCAL).date()


def _same_answer(powers: Powers, at: datetime) -> tuple[datetime, datetime]:
    """The stretch around a moment in which no day turns and no revocation begins to count."""
    local = at.astimezone(LOCAL)
    start = datetime.combine(local.date(), time(), LOCAL)
    end = start + timedelta(days=1)
    for delegation in powers.delegations:
        revoked = delegation.revoked
        if revoked is not None and revoked <= at:
            start = max(start, revoked)
        elif revoked is not None:
            end = min(end, revoked)
    return start, end


def _used(known: Known, person: str, site: str, powers: Powers) -> tuple[Used, ...]:
    """Every stream that could have changed the answer for this person: theirs, their givers', the site's."""
    people = {
        person,
        *(d.giver for d in powers.delegations),
        *(d.receiver for d in powers.delegations),
    }
    streams = [(PERSON, f"/directory/person/{id}") for id in people]
    streams += [(DELEGATION, f"/directory/delegation/{d.id}") for d in powers.delegations]
    streams.append((SITE, f"/directory/site/{site}"))
    return tuple(
        Used(topic, stream, known.reached[topic, stream])
        for topic, stream in sorted(streams)
        if (topic, stream) in known.reached
    )
