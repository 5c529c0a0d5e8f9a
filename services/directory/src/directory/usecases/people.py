"""Commands about people, their sign-ins and their positions: load, decide, append."""

from dataclasses import dataclass

from common.cause import Cause
from common.log.log import decided
from common.log.streams import Loaded
from contracts.events.directory import (
    IdentityLinkedV1,
    IdentityUnlinkedV1,
    PersonChangedV1,
    PersonRegisteredV1,
    PositionChangedV1,
    PositionEndedV1,
    PositionGivenV1,
)
from directory.domain import people as domain
from directory.domain.agencies import AGENCIES
from directory.domain.boards import BOARDS
from directory.domain.checks import bad_field
from directory.domain.people import PEOPLE, Place
from directory.domain.sites import SITES
from directory.domain.words import say
from directory.usecases.doing import By, Deps, check_version, claim, law_day, standing
from rulebook.board import Board
from rulebook.house import INSTALLATION
from rulebook.person import Person
from rulebook.roles import known_roles


@dataclass(frozen=True, slots=True)
class Register:
    fact: PersonRegisteredV1
    by: By


@dataclass(frozen=True, slots=True)
class ChangePerson:
    fact: PersonChangedV1
    by: By
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    fact: IdentityLinkedV1
    by: By


@dataclass(frozen=True, slots=True)
class Unlink:
    fact: IdentityUnlinkedV1
    by: By


@dataclass(frozen=True, slots=True)
class GivePosition:
    fact: PositionGivenV1
    by: By
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class ChangePosition:
    fact: PositionChangedV1
    by: By
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class EndPosition:
    fact: PositionEndedV1
    by: By
    expected: int | None = None


@decided
async def register(deps: Deps, command: Register, cause: Cause) -> Loaded[Person]:
    fact = command.fact
    person = await deps.log.load(PEOPLE, fact.person_id)
    facts = domain.register(person.state, fact)
    if fact.agency is not None:
        agency = (await deps.log.fresh(AGENCIES, fact.agency)).state
        if not agency.known:
            raise bad_field("/agency", "exists", say("agency-not-registered", agency=fact.agency))
    return await deps.log.append(person, facts, cause, standing(fact.site, command.by))


@decided
async def change(deps: Deps, command: ChangePerson, cause: Cause) -> Loaded[Person]:
    person = await deps.log.load(PEOPLE, command.fact.person_id)
    facts = domain.change(person.state, command.fact)
    check_version(person, command.expected)
    return await deps.log.append(person, facts, cause, standing(person.state.site, command.by))


@decided
async def link(deps: Deps, command: Link, cause: Cause) -> Loaded[Person]:
    """One sign-in belongs to one person at a time: a claim, free again when it is unlinked."""
    fact = command.fact
    person = await deps.log.load(PEOPLE, fact.person_id)
    facts = domain.link(person.state, fact)
    claims: tuple[str, ...] = ()
    if facts:
        detail = say("sign-in-taken")
        claims = (await claim(deps.log, _key(fact), "/subject", detail),)
    return await deps.log.append(person, facts, cause, standing(fact.site, command.by, claims))


@decided
async def unlink(deps: Deps, command: Unlink, cause: Cause) -> Loaded[Person]:
    fact = command.fact
    person = await deps.log.load(PEOPLE, fact.person_id)
    facts = domain.unlink(person.state, fact)
    claims = (await deps.log.release(_key(fact)),) if facts else ()
    return await deps.log.append(person, facts, cause, standing(fact.site, command.by, claims))


def _key(fact: IdentityLinkedV1 | IdentityUnlinkedV1) -> str:
    return f"identity:{fact.issuer}|{fact.subject}"


@decided
async def give_position(deps: Deps, command: GivePosition, cause: Cause) -> Loaded[Person]:
    fact = command.fact
    person = await deps.log.load(PEOPLE, fact.person_id)
    at_home = fact.site == INSTALLATION
    site = None if at_home else (await deps.log.fresh(SITES, fact.site)).state
    place = Place(site, await _board(deps, fact.board), known_roles(deps.profiles))
    facts = domain.give_position(person.state, fact, place)
    check_version(person, command.expected)
    detail = say("position-id-taken")
    taken = await claim(deps.log, f"position:{fact.position_id}", "/position_id", detail)
    return await deps.log.append(person, facts, cause, standing(fact.site, command.by, (taken,)))


@decided
async def change_position(deps: Deps, command: ChangePosition, cause: Cause) -> Loaded[Person]:
    fact = command.fact
    person = await deps.log.load(PEOPLE, fact.person_id)
    board = await _board(deps, fact.changes.board)
    facts = domain.change_position(person.state, fact, board, law_day(cause.at))
    check_version(person, command.expected)
    return await deps.log.append(person, facts, cause, standing(fact.site, command.by))


@decided
async def end_position(deps: Deps, command: EndPosition, cause: Cause) -> Loaded[Person]:
    fact = command.fact
    person = await deps.log.load(PEOPLE, fact.person_id)
    facts = domain.end_position(person.state, fact, law_day(cause.at))
    check_version(person, command.expected)
    return await deps.log.append(person, facts, cause, standing(fact.site, command.by))


async def _board(deps: Deps, id: str | None) -> Board | None:
    return None if id is None else (await deps.log.fresh(BOARDS, id)).state
