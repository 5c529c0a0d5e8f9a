"""What follows when a site is closed or an agency succeeded: decided item by item; pure.

Nothing is taken back and nothing is widened: a position goes on at the successor with the same role and
the same end, unless its role ends with the site; a delegation goes on only as far as its giver's own
power does there. Old facts keep the old names.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

from contracts.events.directory import (
    DelegationGivenV1,
    DelegationRevokedV1,
    PositionEndedV1,
    PositionGivenV1,
)
from rulebook.dated import Spell
from rulebook.delegated import DelegationFact, Entrusted
from rulebook.explanation import LOCAL
from rulebook.person import Person, PersonFact, Post
from rulebook.site import Site

LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class Handover:
    """A site's closing as what follows it sees it; `successor` None: nobody takes over."""

    site: str
    on: date
    successor: Site | None
    ending_roles: tuple[str, ...]
    document: str

    @property
    def cited(self) -> dict[str, str]:
        return {"number": self.document}


def follow_position(person: Person, id: str, handover: Handover) -> tuple[PersonFact, ...]:
    """A position ends with its site, and goes on at the successor; nothing when it does already."""
    post = person.posts.get(id)
    if post is None or post.site != handover.site or not _outlives(post, handover.on):
        return ()
    day = max(handover.on, post.days.valid_from)
    ended = PositionEndedV1.model_validate(
        {
            "person_id": person.id,
            "site": post.site,
            "position_id": id,
            "ends_on": day,
            "document": handover.cited,
            "reason": "Kết thúc cùng trang; xem vị trí kế thừa.",
        }
    )
    given = _given_there(person, post, day, handover)
    return (ended,) if given is None else (ended, given)


def _outlives(post: Post, day: date) -> bool:
    """Whether it is held on a day from `day` on."""
    ends = post.days.valid_to or date.max
    return ends > day and ends > post.days.valid_from


def _given_there(
    person: Person, post: Post, day: date, handover: Handover
) -> PositionGivenV1 | None:
    there = handover.successor
    if there is None or post.role in handover.ending_roles or not there.exists_on(day):
        return None
    ends = _earliest(post.days.valid_to, there.days.valid_to)
    if _holds_there(person, post.role, there.id, Spell(day, ends, {})):
        return None
    values: dict[str, Any] = {
        "person_id": person.id,
        "site": there.id,
        "position_id": heir_id(post.id, there.id),
        "role": post.role,
        "sections": (post.days.as_of(day) or {}).get("sections", ()),
        "follows": post.id,
        "valid_from": day,
        "valid_to": ends,
        "document": handover.cited,
    }
    return PositionGivenV1.model_validate(values)


def _holds_there(person: Person, role: str, site: str, spell: Spell) -> bool:
    """Whether they hold the role there on one of these days already."""
    return any(
        (post.role, post.site) == (role, site)
        and Spell(post.days.valid_from, post.days.valid_to, {}).meets(spell)
        for post in person.posts.values()
    )


def revoke_with_site(entrusted: Entrusted, handover: Handover) -> tuple[DelegationFact, ...]:
    """A delegation for a closed site ends at the first moment of that day."""
    given, at = entrusted.given, first_moment(handover.on)
    if given is None or handover.site not in given.sites or given.valid_to <= handover.on:
        return ()
    if entrusted.revoked is not None and entrusted.revoked <= at:
        return ()
    revoked = DelegationRevokedV1.model_validate(
        {
            "delegation_id": given.delegation_id,
            "site": given.site,
            "revoked_at": at,
            "document": handover.cited,
            "reason": "Trang đã đóng; xem uỷ quyền kế thừa.",
        }
    )
    return (revoked,)


def delegation_there(entrusted: Entrusted, handover: Handover) -> DelegationGivenV1 | None:
    """The delegation that goes on at the successor, still to be checked against its giver's power."""
    given, there = entrusted.given, handover.successor
    if given is None or there is None:
        return None
    day = max(handover.on, given.valid_from)
    ends = _earliest(given.valid_to, there.days.valid_to) or given.valid_to
    sites = tuple(
        dict.fromkeys(there.id if site == handover.site else site for site in given.sites)
    )
    if ends <= day:
        return None
    values = given.data() | {
        "delegation_id": heir_id(given.delegation_id, there.id),
        "site": sites[0],
        "sites": sites,
        "follows": given.delegation_id,
        "valid_from": day,
        "valid_to": ends,
        "document": handover.cited,
    }
    return DelegationGivenV1.model_validate(values)


def first_moment(day: date) -> datetime:
    """Midnight at which a day of the law begins."""
    return datetime.combine(day, time(), LOCAL)


def heir_id(id: str, successor: str) -> str:
    """The id of what goes on at a successor: the same whoever computes it."""
    name = f"{id}.{successor}"
    if len(name) <= LONGEST_ID:
        return name
    return f"{id[:40]}.{sha256(name.encode()).hexdigest()[:32]}"


def _earliest(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)
