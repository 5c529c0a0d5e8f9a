"""After a closing or a succession: each open item follows in a decision of its own, once.

There may be thousands, so this is no single commit but a process of causes: whatever is still to be
moved is found again and moved, until nothing is left, whoever dies in between.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from common.cause import Cause
from common.errors import DomainError, Unavailable
from common.log.log import decided
from common.log.streams import Change, Loaded
from contracts.events.directory import (
    AgencyChangedV1,
    BoardDissolvedV1,
    PersonChangedV1,
    PositionChangedV1,
    PositionEndedV1,
    SiteChangedV1,
)
from directory.domain import agencies, boards, delegations, people, sites
from directory.domain.following import (
    Handover,
    delegation_there,
    follow_position,
    revoke_with_site,
)
from directory.usecases.agencies import check_no_circle
from directory.usecases.delegations import parties_of
from directory.usecases.doing import By, Deps, law_day, standing
from rulebook.agency import Agency
from rulebook.board import Board
from rulebook.delegated import Entrusted
from rulebook.person import Person
from rulebook.site import Site


@dataclass(frozen=True, slots=True)
class Follow:
    """One thing that follows: its id (and the position's, for a person), and whom or what."""

    id: str
    handover: Handover
    position: str = ""


@dataclass(frozen=True, slots=True)
class Inherit:
    """One thing that now belongs to the heir of an agency, from a day on."""

    id: str
    agency: str
    heir: str
    on: date
    document: str
    position: str = ""


def _by(what: str, of: str, document: str) -> By:
    """The right to move what is open: the succession itself, decided under its document."""
    proof = {"by": "succession", "rule": f"house.{what}", "of": of, "document": document}
    return By("service:directory", proof)


@decided
async def position(deps: Deps, command: Follow, cause: Cause) -> Loaded[Person]:
    handover = command.handover
    person = await deps.log.load(people.PEOPLE, command.id)
    facts = follow_position(person.state, command.position, handover)
    by = _by("positions-follow-the-site", handover.site, handover.document)
    return await deps.log.append(person, facts, cause, standing(handover.site, by))


@decided
async def delegation(deps: Deps, command: Follow, cause: Cause) -> Loaded[Entrusted]:
    """Revoked here and given there in one commit; only revoked where its giver has no such power."""
    handover = command.handover
    old = await deps.log.load(delegations.DELEGATIONS, command.id)
    facts = revoke_with_site(old.state, handover)
    changes: list[Change[Any]] = [Change(old, facts)]
    heir = delegation_there(old.state, handover) if facts else None
    if heir is not None:
        new = await deps.log.load(delegations.DELEGATIONS, heir.delegation_id)
        parties = await parties_of(deps, heir)
        try:
            day = law_day(cause.at)
            changes.append(Change(new, delegations.give(new.state, heir, parties, day)))
        except Unavailable:
            raise
        except DomainError:
            pass  # it lapses with the site, which the revocation says
    by = _by("delegations-follow-the-site", handover.site, handover.document)
    return (await deps.log.append_all(changes, cause, standing(handover.site, by)))[0]


@decided
async def child(deps: Deps, command: Follow, cause: Cause) -> Loaded[Site]:
    """A site of a closed parent belongs to the parent's successor, or to nobody."""
    handover = command.handover
    loaded = await deps.log.load(sites.SITES, command.id)
    heir = handover.successor
    day = max(handover.on, loaded.state.days.valid_from)
    if (loaded.state.as_of(day) or {}).get("parent") != handover.site:
        return loaded
    fits = heir is not None and heir.level < loaded.state.level
    values = {
        "site": command.id,
        "valid_from": day,
        "changes": {"parent": heir.id} if fits and heir else {},
        "cleared": () if fits else ("parent",),
        "document": handover.cited,
    }
    fact = SiteChangedV1.model_validate(values)
    facts = sites.change(loaded.state, fact, heir if fits else None, law_day(cause.at))
    by = _by("sites-follow-their-parent", handover.site, handover.document)
    return await deps.log.append(loaded, facts, cause, standing(command.id, by))


@decided
async def board(deps: Deps, command: Follow, cause: Cause) -> Loaded[Board]:
    """A board ends with its site: the successor forms its own."""
    handover = command.handover
    loaded = await deps.log.load(boards.BOARDS, command.id)
    days = loaded.state.days
    if not loaded.state.known or (days.valid_to or date.max) <= handover.on:
        return loaded
    fact = BoardDissolvedV1.model_validate(
        {
            "board_id": command.id,
            "site": loaded.state.site,
            "dissolves_on": handover.on,
            "document": handover.cited,
        }
    )
    facts = boards.dissolve(loaded.state, fact, handover.on)
    by = _by("boards-end-with-their-site", handover.site, handover.document)
    return await deps.log.append(loaded, facts, cause, standing(loaded.state.site, by))


@decided
async def seat(deps: Deps, command: Inherit, cause: Cause) -> Loaded[Person]:
    """A seat ends with its board."""
    person = await deps.log.load(people.PEOPLE, command.id)
    post = person.state.posts.get(command.position)
    if post is None or (post.days.valid_to or date.max) <= command.on:
        return person
    if (post.days.as_of(command.on) or {}).get("board") != command.agency:
        return person
    fact = PositionEndedV1.model_validate(
        {
            "person_id": command.id,
            "site": post.site,
            "position_id": command.position,
            "ends_on": max(command.on, post.days.valid_from),
            "document": {"number": command.document},
        }
    )
    facts = people.end_position(person.state, fact, command.on)
    by = _by("seats-end-with-their-board", command.agency, command.document)
    return await deps.log.append(person, facts, cause, standing(post.site, by))


@decided
async def site_of_agency(deps: Deps, command: Inherit, cause: Cause) -> Loaded[Site]:
    loaded = await deps.log.load(sites.SITES, command.id)
    day = max(command.on, loaded.state.days.valid_from)
    if (loaded.state.as_of(day) or {}).get("agency") != command.agency:
        return loaded
    fact = SiteChangedV1.model_validate(
        {
            "site": command.id,
            "valid_from": day,
            "changes": {"agency": command.heir},
            "document": {"number": command.document},
        }
    )
    facts = sites.change(loaded.state, fact, None, law_day(cause.at))
    by = _by("sites-follow-their-agency", command.agency, command.document)
    return await deps.log.append(loaded, facts, cause, standing(command.id, by))


@decided
async def person_of_agency(deps: Deps, command: Inherit, cause: Cause) -> Loaded[Person]:
    """Their entry, and every position of theirs that belongs to the agency."""
    loaded = await deps.log.load(people.PEOPLE, command.id)
    person, facts = loaded.state, []
    day = max(command.on, person.days.valid_from)
    if (person.days.as_of(day) or {}).get("agency") == command.agency:
        fact = PersonChangedV1.model_validate(
            {
                "person_id": person.id,
                "site": person.site,
                "valid_from": day,
                "changes": {"agency": command.heir},
                "document": {"number": command.document},
            }
        )
        facts += people.change(person, fact)
    for post in person.posts.values():
        begins = max(command.on, post.days.valid_from)
        if (post.days.as_of(begins) or {}).get("agency") == command.agency:
            changed = PositionChangedV1.model_validate(
                {
                    "person_id": person.id,
                    "site": post.site,
                    "position_id": post.id,
                    "valid_from": begins,
                    "changes": {"agency": command.heir},
                    "document": {"number": command.document},
                }
            )
            facts += people.change_position(person, changed, None, law_day(cause.at))
    by = _by("people-follow-their-agency", command.agency, command.document)
    return await deps.log.append(loaded, facts, cause, standing(person.site or "unknown", by))


@decided
async def agency_below(deps: Deps, command: Inherit, cause: Cause) -> Loaded[Agency]:
    """An agency of a succeeded one belongs to its heir."""
    loaded = await deps.log.load(agencies.AGENCIES, command.id)
    agency = loaded.state
    day = max(command.on, agency.valid_from)
    if (agency.as_of(day) or {}).get("parent") != command.agency or command.id == command.heir:
        return loaded
    fact = AgencyChangedV1.model_validate(
        {
            "agency_id": command.id,
            "site": agency.site,
            "valid_from": day,
            "changes": {"parent": command.heir},
            "document": {"number": command.document} if command.document else None,
        }
    )
    facts = agencies.change(agency, fact)
    await check_no_circle(deps, fact)
    guard = await deps.log.load(agencies.HIERARCHY, "agencies")
    changes: list[Change[Any]] = [Change(loaded, facts), Change(guard, agencies.moved(fact))]
    by = _by("agencies-follow-their-parent", command.agency, command.document)
    return (await deps.log.append_all(changes, cause, standing(agency.site, by)))[0]
