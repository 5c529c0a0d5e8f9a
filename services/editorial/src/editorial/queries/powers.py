"""The authority as this service asks it: from its own projection of the directory's facts."""

from datetime import datetime

from authority import Asked, LocalAuthority, Proven, check_token
from authority.refusing import not_ready
from common.errors import Unavailable
from common.identity import Principal
from editorial.domain.asking import Question
from editorial.domain.by import By
from editorial.domain.words import say
from rulebook.explanation import LOCAL


class DirectoryAuthority:
    """Answers the use cases' questions by `LocalAuthority`."""

    def __init__(self, authority: LocalAuthority) -> None:
        self._authority = authority

    def person_of(self, who: Principal, site: str, at: datetime) -> str:
        """The person who signed in; raises Forbidden for nobody, Unavailable when it may be news."""
        check_token(who, site)
        person = self._authority.person_of(who)
        if person is not None:
            return person
        self._authority.demand(who, Asked("submit_content", site), at)
        raise Unavailable("person-unknown-yet", say("person-unknown-yet"))

    def found(self, who: Principal) -> str | None:
        """The person who signed in, None for nobody; raises Unavailable before the directory is known."""
        if not self._authority.followed.loaded:
            raise not_ready()
        return self._authority.person_of(who)

    def answer(self, person: str, question: Question, at: datetime) -> By:
        asked = Asked(
            question.act,
            question.site,
            question.category,
            question.section,
            facts=question.facts,
            profile=question.profile,
            roles=question.roles,
        )
        decision = self._authority.decide(person, asked, at)
        document = Proven(decision).document if decision.allowed else {}
        return By(person, decision.authority, document)

    def kind_of(self, site: str) -> str:
        found = self._authority.followed.known.sites.get(site)
        return found.kind if found is not None else ""

    def sites_of(self, person: str, at: datetime) -> tuple[str, ...]:
        """The open sites at which a person holds a position or a delegation on that day."""
        day = at.astimezone(LOCAL).date()
        known = self._authority.followed.known
        powers = known.powers_of([person])
        here = {p.site for p in powers.positions if p.person == person and p.span.holds(day)}
        for given in powers.delegations:
            over = given.revoked is not None and given.revoked <= at
            if given.receiver == person and given.span.holds(day) and not over:
                here |= given.sites or frozenset()
        return tuple(
            sorted(id for id in here if id in known.sites and known.sites[id].exists_on(day))
        )
