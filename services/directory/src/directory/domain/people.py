"""What may be decided about people on duty: their entry, their sign-ins, their positions; pure."""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from common.errors import NotFound, Refused, Said
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
from directory.domain.words import joined, say, term, with_code
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
        raise Refused("person-exists", say("person-exists"))
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
        raise Refused("outside-its-days", say("outside-its-days", day=fact.valid_from))
    values = new_values(fact)
    if not values and not fact.cleared:
        raise bad_field("/changes", "min-properties", say("nothing-to-change"))
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
        raise bad_field("/valid_from", "inside-its-owner", _lasts(person))
    if fact.position_id in person.posts:
        raise Refused("position-exists", say("position-exists"))
    _check_role(fact.role, place.roles)
    _check_place(fact, place)
    for post in person.posts.values():
        _check_apart(post, fact)
    return (fact,)


def _check_role(role: str, roles: frozenset[str]) -> None:
    if role not in roles:
        near = get_close_matches(role, roles, 3, 0.5)
        named = joined(with_code(term(each), each) for each in near)
        detail = say("role-unknown-near", near=named) if near else say("role-unknown")
        raise bad_field("/role", "known-role", detail, roles=sorted(roles))


def _check_place(fact: PositionGivenV1, place: Place) -> None:
    if (fact.site == INSTALLATION) != (fact.role == ADMINISTRATOR):
        detail = say("role-and-place", role=term(ADMINISTRATOR), place=INSTALLATION)
        raise bad_field("/site", "role-and-place", detail)
    if place.site is not None:
        if not place.site.exists_on(fact.valid_from):
            detail = say("site-not-there", site=fact.site, day=fact.valid_from)
            raise bad_field("/site", "exists", detail)
        if not place.site.days.covers(fact.valid_from, fact.valid_to):
            ends = place.site.days.valid_to
            detail = say("site-ends", site=fact.site, day=ends)
            raise bad_field("/valid_to", "inside-its-site", detail)
    if fact.board is not None:
        check_board(fact.board, place.board, fact)


def check_board(id: str, board: Board | None, fact: PositionGivenV1) -> None:
    """A seat is on a board of the same site that exists that day; raises Unprocessable."""
    if board is None or not board.exists_on(fact.valid_from):
        detail = say("board-not-there", board=id, day=fact.valid_from)
        raise bad_field("/board", "exists", detail)
    if board.site != fact.site:
        raise bad_field("/board", "same-site", say("board-elsewhere", site=board.site))
    if not board.days.covers(fact.valid_from, fact.valid_to):
        detail = say("board-ends", day=board.days.valid_to)
        raise bad_field("/valid_to", "inside-its-board", detail)


def _check_apart(post: Post, fact: PositionGivenV1) -> None:
    """The same role at the same place must not be held twice on one day."""
    board = post.days.latest.get("board")
    if (post.role, post.site, board) != (fact.role, fact.site, fact.board):
        return
    held = Spell(post.days.valid_from, post.days.valid_to, {})
    if held.valid_from != held.valid_to and held.meets(Spell(fact.valid_from, fact.valid_to, {})):
        held_already = (
            say("held-already", position=post.id, start=held.valid_from, end=held.valid_to)
            if held.valid_to
            else say("held-on", position=post.id, start=held.valid_from)
        )
        raise Refused("overlapping-validity", held_already, extra={"position": post.id})


def change_position(
    person: Person, fact: PositionChangedV1, board: Board | None, today: date
) -> tuple[PersonFact, ...]:
    """Other sections, agency or board from a day on, which is not behind us."""
    post = position_of(person, fact.position_id)
    values = new_values(fact)
    if not values:
        raise bad_field("/changes", "min-properties", say("nothing-to-change"))
    if "sections" in values or "board" in values:
        check_not_behind(fact.valid_from, today, "/valid_from", "position")
    now = post.days.as_of(fact.valid_from)
    if now is None:
        raise Refused("outside-its-days", say("position-not-held", day=fact.valid_from))
    if fact.changes.board is not None:
        _check_seat(fact.changes.board, board, post, fact.valid_from)
    later = any(spell.valid_from > fact.valid_from for spell in post.days.spells)
    return () if not later and values.items() <= now.items() else (fact,)


def _check_seat(id: str, board: Board | None, post: Post, day: date) -> None:
    if board is None or not board.exists_on(day) or board.site != post.site:
        detail = say("board-not-here", site=post.site, board=id, day=day)
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
        detail = say("not-longer", day=ends)
        raise bad_field("/ends_on", "not-longer", detail)
    if fact.ends_on < begins or (fact.ends_on == begins and begins < today):
        raise bad_field("/ends_on", "after-begin", say("ends-before-it-begins"))
    check_not_behind(fact.ends_on, today, "/ends_on", "position")
    return (fact,)


def position_of(person: Person, id: str) -> Post:
    """Raises NotFound."""
    check_known(person)
    post = person.posts.get(id)
    if post is None:
        raise NotFound("position-unknown", say("position-unknown"))
    return post


def check_known(person: Person) -> None:
    """Raises NotFound."""
    if not person.known:
        raise NotFound("person-unknown", say("person-unknown"))


def _lasts(person: Person) -> Said:
    start, end = person.days.valid_from, person.days.valid_to
    return say("entry-ends", start=start, end=end) if end else say("entry-begins", start=start)
