"""What may be decided about people on duty: their entry, their sign-ins, their positions; pure."""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from common.errors import NotFound, Refused
from common.log.streams import StreamKind
from contracts.events.directory import (
    IdentityLinkedV1,
    IdentityUnlinkedV1,
    PersonChangedV1,
    PersonRegisteredV1,
    PositionChangedV1,
    PositionEndedV1,
    PositionGivenV1,
)
from directory.domain.checks import (
    bad_field,
    check_days,
    check_not_behind,
    check_overlap,
    check_text,
)
from rulebook.board import Board
from rulebook.dated import Spell
from rulebook.house import ADMINISTRATOR, INSTALLATION
from rulebook.person import NOBODY, Identity, Person, PersonFact, Post, evolve, new_values
from rulebook.site import Site

PEOPLE = StreamKind("directory/person", NOBODY, evolve, revision="1")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a position stands: its site (None = the installation) and its board, if it names one."""

    site: Site | None
    board: Board | None
    roles: frozenset[str]
    """Roles that some profile or the house knows."""


def register(person: Person, fact: PersonRegisteredV1) -> tuple[PersonFact, ...]:
    """A new entry; raises Refused when the id is in use."""
    if person.known:
        raise Refused("person-exists", "Somebody has this id already; ids are never used again.")
    check_days(fact.valid_from, fact.valid_to)
    check_text("/full_name", fact.full_name)
    check_text("/unit", fact.unit)
    return (fact,)


def change(person: Person, fact: PersonChangedV1) -> tuple[PersonFact, ...]:
    """New duty data from a day on; nothing when the entry says so already."""
    check_known(person)
    check_days(fact.valid_from, fact.valid_to)
    check_text("/changes/full_name", fact.changes.full_name)
    check_text("/changes/unit", fact.changes.unit)
    if not person.days.holds(fact.valid_from):
        raise Refused("outside-its-days", f"No entry holds on {fact.valid_from:%d/%m/%Y}.")
    values = new_values(fact)
    if not values and not fact.cleared:
        raise bad_field("/changes", "min-properties", "Name at least one attribute to change.")
    now = person.days.as_of(fact.valid_from) or {}
    later = any(spell.valid_from > fact.valid_from for spell in person.days.spells)
    same = all(now.get(name) == value for name, value in values.items())
    if same and not later and not any(name in now for name in fact.cleared):
        return ()
    spell = Spell(fact.valid_from, fact.valid_to, values, fact.cleared)
    check_overlap(person.days.spells, spell)
    return (fact,)


def link(person: Person, fact: IdentityLinkedV1) -> tuple[PersonFact, ...]:
    """A sign-in becomes theirs; nothing when it is already. That it is nobody else's is a claim."""
    check_known(person)
    return () if Identity(fact.issuer, fact.subject) in person.identities else (fact,)


def unlink(person: Person, fact: IdentityUnlinkedV1) -> tuple[PersonFact, ...]:
    """A sign-in is theirs no longer; nothing when it is not."""
    check_known(person)
    return (fact,) if Identity(fact.issuer, fact.subject) in person.identities else ()


def give_position(person: Person, fact: PositionGivenV1, place: Place) -> tuple[PersonFact, ...]:
    """A person takes a role at a site; raises Refused for overlapping validity."""
    check_known(person)
    check_days(fact.valid_from, fact.valid_to)
    if not person.days.covers(fact.valid_from, fact.valid_to):
        raise bad_field("/valid_from", "inside-its-owner", _lasts("The person's entry", person))
    if fact.position_id in person.posts:
        raise Refused("position-exists", "A position has this id already.")
    _check_role(fact.role, place.roles)
    _check_place(fact, place)
    for post in person.posts.values():
        _check_apart(post, fact)
    return (fact,)


def _check_role(role: str, roles: frozenset[str]) -> None:
    if role not in roles:
        near = get_close_matches(role, roles, 3, 0.5)
        asked = f"Did you mean {', '.join(near)}? " if near else ""
        detail = f"{asked}No regulation profile knows this role."
        raise bad_field("/role", "known-role", detail, roles=sorted(roles))


def _check_place(fact: PositionGivenV1, place: Place) -> None:
    if (fact.site == INSTALLATION) != (fact.role == ADMINISTRATOR):
        detail = f"The role {ADMINISTRATOR} is held at the site {INSTALLATION}, and no other is."
        raise bad_field("/site", "role-and-place", detail)
    if place.site is not None:
        if not place.site.exists_on(fact.valid_from):
            detail = f"No site {fact.site} exists on {fact.valid_from:%d/%m/%Y}; open it first."
            raise bad_field("/site", "exists", detail)
        if not place.site.days.covers(fact.valid_from, fact.valid_to):
            ends = place.site.days.valid_to
            detail = f"The site ends on {ends:%d/%m/%Y}; name a valid_to no later than that."
            raise bad_field("/valid_to", "inside-its-site", detail)
    if fact.board is not None:
        check_board(fact.board, place.board, fact)


def check_board(id: str, board: Board | None, fact: PositionGivenV1) -> None:
    """A seat is on a board of the same site that exists that day; raises Unprocessable."""
    if board is None or not board.exists_on(fact.valid_from):
        detail = f"No board {id} exists on {fact.valid_from:%d/%m/%Y}; form it first."
        raise bad_field("/board", "exists", detail)
    if board.site != fact.site:
        raise bad_field("/board", "same-site", f"That board works for the site {board.site}.")
    if not board.days.covers(fact.valid_from, fact.valid_to):
        detail = f"The board ends on {board.days.valid_to:%d/%m/%Y}; name a valid_to by then."
        raise bad_field("/valid_to", "inside-its-board", detail)


def _check_apart(post: Post, fact: PositionGivenV1) -> None:
    """The same role at the same place must not be held twice on one day."""
    board = post.days.latest.get("board")
    if (post.role, post.site, board) != (fact.role, fact.site, fact.board):
        return
    held = Spell(post.days.valid_from, post.days.valid_to, {})
    if held.valid_from != held.valid_to and held.meets(Spell(fact.valid_from, fact.valid_to, {})):
        until = f"to {held.valid_to:%d/%m/%Y}" if held.valid_to else "with no end named"
        raise Refused(
            "overlapping-validity",
            f"{post.id} is this role at this place already, from {held.valid_from:%d/%m/%Y} {until}. "
            "End it, or let the new one begin when it ends.",
            extra={"position": post.id},
        )


def change_position(
    person: Person, fact: PositionChangedV1, board: Board | None, today: date
) -> tuple[PersonFact, ...]:
    """Other sections, agency or board from a day on, which is not behind us."""
    post = position_of(person, fact.position_id)
    values = new_values(fact)
    if not values:
        raise bad_field("/changes", "min-properties", "Name at least one attribute to change.")
    if "sections" in values or "board" in values:
        check_not_behind(fact.valid_from, today, "/valid_from", "A position")
    now = post.days.as_of(fact.valid_from)
    if now is None:
        raise Refused("outside-its-days", f"It is not held on {fact.valid_from:%d/%m/%Y}.")
    if fact.changes.board is not None:
        _check_seat(fact.changes.board, board, post, fact.valid_from)
    later = any(spell.valid_from > fact.valid_from for spell in post.days.spells)
    return () if not later and values.items() <= now.items() else (fact,)


def _check_seat(id: str, board: Board | None, post: Post, day: date) -> None:
    if board is None or not board.exists_on(day) or board.site != post.site:
        detail = f"The site {post.site} has no board {id} on {day:%d/%m/%Y}; form it first."
        raise bad_field("/changes/board", "exists", detail)


def end_position(person: Person, fact: PositionEndedV1, today: date) -> tuple[PersonFact, ...]:
    """It is held no more from a day on, which is not behind us; nothing when it ends then already.

    A position that has not begun may end on its first day: it was never held.
    """
    post = position_of(person, fact.position_id)
    begins, ends = post.days.valid_from, post.days.valid_to
    if ends == fact.ends_on:
        return ()
    if ends is not None and fact.ends_on > ends:
        detail = f"It ends on {ends:%d/%m/%Y}; give a new position for the time after."
        raise bad_field("/ends_on", "not-longer", detail)
    if fact.ends_on < begins or (fact.ends_on == begins and begins < today):
        raise bad_field("/ends_on", "after-begin", "The end must come after the beginning.")
    check_not_behind(fact.ends_on, today, "/ends_on", "A position")
    return (fact,)


def position_of(person: Person, id: str) -> Post:
    """Raises NotFound."""
    check_known(person)
    post = person.posts.get(id)
    if post is None:
        raise NotFound("position-unknown", "This person has no position with this id.")
    return post


def check_known(person: Person) -> None:
    """Raises NotFound."""
    if not person.known:
        raise NotFound("person-unknown", "Nobody has this id.")


def _lasts(what: str, person: Person) -> str:
    ends = f" to {person.days.valid_to:%d/%m/%Y}" if person.days.valid_to else " on"
    return f"{what} holds from {person.days.valid_from:%d/%m/%Y}{ends}; stay inside of that."
