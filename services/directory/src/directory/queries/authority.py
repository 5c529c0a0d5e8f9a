"""May this person do this to the directory now? A proof for the commit, or the nearest way.

Where the regulation of the site speaks of an act, it alone decides; else the house rules do. Somebody
with the act `record_decision` may enter what a competent person decided: then that person's own
authority is proved, and the recorder's beside it. What is found in the projection is only a hint: each
person and delegation is loaded from the log before it counts, so that a power taken away is gone at once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from common.errors import Forbidden, Said
from common.gathered import Gathered
from common.identity import Principal
from common.log.log import CommitLog
from directory.domain.delegations import DELEGATIONS
from directory.domain.people import PEOPLE
from directory.domain.sites import SITES
from directory.domain.words import say
from directory.queries.finding import Found
from directory.usecases.doing import By, Wish, law_day
from rulebook.authority import Act, Authority, Delegation, Position, Powers, prove
from rulebook.explanation import plain
from rulebook.house import HOUSE, INSTALLATION, speaks
from rulebook.person import Identity
from rulebook.profiles.loader import Library
from rulebook.sentences import sentences

SCOPE = "directory:write"
"""Who begins an installation: counts only while nobody who can sign in administers it. So it counts
again after a move to another issuer, until an administrator's sign-in there is linked."""

LONGEST_CHAIN = 4
FRESH_SECONDS = 0.5


@dataclass(slots=True)
class Proving:
    """The port `Authority` over the directory's own log."""

    log: CommitLog
    find: Found
    profiles: Library
    issuer: str
    _begun: bool = False
    _looked_at: float = float("-inf")
    _looks: Gathered[date, bool] = field(init=False)

    def __post_init__(self) -> None:
        self._looks = Gathered(self._look_together)

    async def may(self, who: Principal, wish: Wish) -> By:
        """Raises Forbidden with the rule, its words and who could do it instead."""
        person = await self._actor(who, wish)
        if person is None:
            return _beginning(who, wish)
        if person == wish.about:
            raise Forbidden(
                "not-for-oneself",
                say("not-for-oneself"),
            )
        if wish.decided_by in (None, person):
            return By(who.subject, await self._proof(person, wish))
        recorded = await self._proof(person, replace(wish, acts=("record_decision",)))
        assert wish.decided_by is not None
        decided = await self._proof(wish.decided_by, wish)
        return By(who.subject, {**decided, "recorded_by": recorded})

    async def speaks_for(self, who: Principal, person: str, wish: Wish) -> By:
        """A person's own act: done by themselves, or by somebody whom the house lets enter it."""
        actor = await self._actor(who, wish)
        if actor is None:
            return _beginning(who, wish)
        own = {"by": "oneself", "person": person, "acts": list(wish.acts), "site": wish.site}
        if actor == person:
            return By(who.subject, own)
        return By(who.subject, {**own, "recorded_by": await self._proof(actor, wish)})

    async def _actor(self, who: Principal, wish: Wish) -> str | None:
        """The person who signed in; None for whoever may begin the installation."""
        if who.site is not None and wish.site != who.site:
            raise Forbidden("other-site", say("other-site", site=who.site))
        if SCOPE in who.scopes and not await self._administered(wish):
            return None
        person = await self._person(who)
        if person is None:
            raise Forbidden("nobody-of-the-directory", _advice(who))
        return person

    async def _administered(self, wish: Wish) -> bool:
        """Whether somebody administers the installation; a yes is believed for half a second."""
        now = asyncio.get_running_loop().time()
        if not self._begun or now - self._looked_at > FRESH_SECONDS:
            self._begun = await self._looks.ask(law_day(wish.at))
            self._looked_at = now
        return self._begun

    async def _look_together(self, days: Sequence[date]) -> Sequence[bool]:
        """One look for all who ask at once; it begins after they asked."""
        found = {day: await self.find.administered(day, self.issuer) for day in set(days)}
        return [found[day] for day in days]

    async def person_of(self, who: Principal) -> str | None:
        """The directory's id of whoever signed in."""
        return await self._person(who)

    async def _person(self, who: Principal) -> str | None:
        identity = Identity(self.issuer, who.subject)
        for id in await self.find.people_of(self.issuer, who.subject):
            person = (await self.log.fresh(PEOPLE, id)).state
            if identity in person.identities:
                return person.id
        return None

    async def _proof(self, person: str, wish: Wish) -> dict[str, Any]:
        """The proofs of all acts of a wish as JSON values; raises Forbidden for the first refused."""
        powers = await self._powers(person)
        proofs: list[dict[str, Any]] = []
        for act in wish.acts:
            answer = await self._answer(person, act, wish, powers)
            if answer.proof is None:
                raise await self._refused(person, act, wish, answer)
            proofs.append(
                {"by": "position", **_json(answer.proof), "explanation": plain(answer.explanation)}
            )
        first, *others = proofs
        return {**first, "also": others} if others else first

    async def _answer(self, person: str, act: str, wish: Wish, powers: Powers) -> Authority:
        site = (await self.log.fresh(SITES, wish.site)).state
        if site.known:
            named, facts = wish.law.get(act, act), {"site_kind": site.kind}
            asked = Act(person, named, wish.site, wish.at, facts=facts)
            profile = self.profiles[site.profile_on(law_day(wish.at))]
            if speaks(profile, asked):
                return prove(profile, asked, powers)
        places = (wish.site, INSTALLATION)
        answers = [prove(HOUSE, Act(person, act, each, wish.at), powers) for each in places]
        return next((answer for answer in answers if answer.allowed), answers[-1])

    async def _powers(self, person: str) -> Powers:
        """Their own positions, what was delegated to them, and the positions of those who did."""
        positions: list[Position] = []
        delegations: list[Delegation] = []
        seen: set[str] = set()
        wanted = {person}
        for _ in range(LONGEST_CHAIN):
            seen |= wanted
            received = [each for id in sorted(wanted) for each in await self._look(id, positions)]
            delegations += received
            wanted = {each.giver for each in received} - seen
        return Powers(tuple(positions), tuple(delegations))

    async def _look(self, person: str, positions: list[Position]) -> list[Delegation]:
        positions += (await self.log.fresh(PEOPLE, person)).state.positions
        found = [
            (await self.log.fresh(DELEGATIONS, id)).state
            for id in await self.find.delegations_to(person)
        ]
        return [each.power for each in found if each.known]

    async def _refused(self, person: str, act: str, wish: Wish, answer: Authority) -> Forbidden:
        """The refusal, told again with everybody there in view: so it can name who to ask."""
        answer = await self._with_holders(person, act, wish) or answer
        words = {lang: list(sentences(answer.explanation, lang)) for lang in ("vi", "en")}
        return Forbidden(
            "may-not-act",
            Said(" ".join(words["vi"][:2]), " ".join(words["en"][:2])),
            extra={"act": act, "sentences": words, "explanation": plain(answer.explanation)},
        )

    async def _with_holders(self, person: str, act: str, wish: Wish) -> Authority | None:
        day = law_day(wish.at)
        own = await self._powers(person)
        places = {wish.site, INSTALLATION}
        ids = {id for place in places for id in await self.find.holders_at(place, day)}
        others = [(await self.log.fresh(PEOPLE, id)).state for id in sorted(ids - {person})]
        positions = tuple(position for other in others for position in other.positions)
        powers = Powers((*own.positions, *positions), own.delegations)
        answer = await self._answer(person, act, wish, powers)
        return None if answer.allowed else answer


def _beginning(who: Principal, wish: Wish) -> By:
    """The first acts of an installation: by the scope of the token, until somebody administers it."""
    proof = {
        "by": "token",
        "issuer": who.issuer,
        "subject": who.subject,
        "scope": SCOPE,
        "rule": "house.beginning",
    }
    return By(who.subject, {**proof, "acts": list(wish.acts), "site": wish.site})


def _advice(who: Principal) -> Said:
    if SCOPE in who.scopes:
        return say("nobody-of-the-directory")
    return say("nobody-yet", scope=SCOPE)


def _json(proof: Any) -> Mapping[str, Any]:
    found = plain(proof)
    assert isinstance(found, dict)
    return found
