"""Who may hand in where, and what a site is: from the directory's facts as this service knows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from authority import Asked, LocalAuthority, check_token
from authority.asked import Proven
from authority.refusing import not_ready, refusal, unknown_person
from common.errors import FieldProblem, Forbidden, Unprocessable
from common.identity import Principal
from intake.domain.words import say
from intake.usecases.doing import By, Site
from rulebook.explanation import LOCAL
from rulebook.house import INSTALLATION
from rulebook.person import Person, Post

ACT = "submit_content"
HOUSE_RULE = "intake.position-at-the-site"
"""Where a regulation gives the act to nobody, whoever holds a position at the site hands in there."""


@dataclass(frozen=True, slots=True)
class Door:
    """A site as somebody stands before it: open to them, or not with the reason as a problem tells it."""

    site: Site
    agency: str | None
    position: str | None
    refused: Mapping[str, Any] | None


class DirectorySenders:
    """The port `Senders` over the authority that every service keeps."""

    def __init__(self, authority: LocalAuthority) -> None:
        self._authority = authority

    def site(self, id: str, on: date) -> Site:
        followed = self._authority.followed
        if not followed.loaded:
            raise not_ready()
        site = followed.known.sites.get(id)
        attributes = site.as_of(on) if site is not None else None
        if site is None or attributes is None:
            raise _no_site(site is not None)
        return Site(
            id=id,
            kind=site.kind,
            profile=attributes["profile"],
            languages=tuple(attributes["languages"]),
            name_vi=attributes["name_vi"],
            name_en=attributes.get("name_en"),
        )

    def admit(self, who: Principal, site: str, category: str | None, at: datetime) -> By:
        """By the regulation where it gives the act; else by a position at the site, or as a system."""
        check_token(who, site)
        person = self.person(who, at)
        decision = self._authority.decide(person.id, Asked(ACT, site, category=category), at)
        here = self._posts(person, site, at)
        is_system = person.kind == "system"
        if decision.allowed:
            proven = Proven(decision)
            proof = proven.document
            post = next((each for each in here if each.id == proof["position"]), None)
            agency, role = (_agency(post, at), post.role) if post else (None, None)
            return By(person.id, proof, proof["position"], agency, is_system, role)
        if here:
            post = here[0]
            proof = self._proof(person, site, post)
            return By(person.id, proof, post.id, _agency(post, at), is_system, post.role)
        if is_system and person.site in {site, INSTALLATION}:
            return By(person.id, self._proof(person, site, None), None, None, is_system)
        raise refusal(decision)

    def doors(self, who: Principal, at: datetime) -> list[Door]:
        """Every site that is open that day, those where the person may hand in first."""
        person = self.person(who, at)
        found = [
            self._door(who, site, at)
            for id in sorted(self._authority.followed.known.sites)
            if (site := self._open(id, at)) is not None
        ]
        is_own = {post.site for post in person.posts_on(_day(at))}
        return sorted(found, key=lambda d: (d.refused is not None, d.site.id not in is_own))

    def _door(self, who: Principal, site: Site, at: datetime) -> Door:
        try:
            by = self.admit(who, site.id, None, at)
        except Forbidden as error:
            return Door(site, None, None, error.extra)
        return Door(site, by.agency, by.position, None)

    def _open(self, id: str, at: datetime) -> Site | None:
        try:
            return self.site(id, _day(at))
        except Unprocessable:
            return None

    def person(self, who: Principal, at: datetime) -> Person:
        """The person or system of the directory; raises Forbidden for one it does not know that day."""
        followed = self._authority.followed
        if not followed.loaded:
            raise not_ready()
        id = self._authority.person_of(who)
        person = followed.known.people.get(id) if id is not None else None
        if person is None or not person.days.holds(_day(at)):
            asked = Asked(ACT, INSTALLATION)
            raise unknown_person(self._authority.decide("", asked, at))
        return person

    def staff(self, who: Principal, site: str, at: datetime) -> Person:
        """Somebody with a position at the site; raises Forbidden."""
        check_token(who, site)
        person = self.person(who, at)
        if not self._posts(person, site, at) and person.kind != "system":
            raise Forbidden("not-of-the-site", say("not-of-the-site"))
        return person

    def holders(self, site: str, at: datetime) -> dict[str, frozenset[str]]:
        """Role → the people who hold it at the site that day."""
        known, found = self._authority.followed.known, dict[str, set[str]]()
        for id in known.people_at(site):
            for post in self._posts(known.people[id], site, at):
                found.setdefault(post.role, set()).add(id)
        return {role: frozenset(people) for role, people in found.items()}

    def standing_of(self, person: Person, site: str, at: datetime) -> tuple[set[str], set[str]]:
        """The agencies and the roles for which a person acts at a site."""
        posts = self._posts(person, site, at)
        agencies = {agency for post in posts if (agency := _agency(post, at))}
        return agencies, {post.role for post in posts}

    def _posts(self, person: Person, site: str, at: datetime) -> list[Post]:
        return [post for post in person.posts_on(_day(at)) if post.site == site]

    def _proof(self, person: Person, site: str, post: Post | None) -> dict[str, Any]:
        stream = f"/directory/person/{person.id}"
        reached = self._authority.followed.known.reached.get(("directory.person", stream), 0)
        return {
            "by": "position" if post else "system",
            "rule": HOUSE_RULE,
            "act": ACT,
            "person": person.id,
            "site": site,
            "position": post.id if post else None,
            "role": post.role if post else None,
            "directory": [["directory.person", stream, reached]],
        }


def _agency(post: Post, at: datetime) -> str | None:
    return (post.days.as_of(_day(at)) or {}).get("agency")


def _day(at: datetime) -> date:
    return at.astimezone(LOCAL).date()


def _no_site(closed: bool) -> Unprocessable:  # noqa: FBT001 - one of two sentences
    said = say("site-closed" if closed else "site-unknown")
    return Unprocessable("site-unknown", said, errors=[FieldProblem("/site", "exists", said)])
