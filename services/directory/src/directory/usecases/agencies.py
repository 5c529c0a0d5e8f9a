"""Commands about agencies: load, decide, append."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.cause import Cause
from common.errors import FieldProblem, Unprocessable
from common.log.log import decided
from common.log.streams import Change, Loaded
from contracts.events.directory import (
    AgencyChangedV1,
    AgencyEndedV1,
    AgencyRegisteredV1,
    AgencySucceededV1,
)
from directory.domain import agencies as domain
from directory.domain.agencies import AGENCIES, HIERARCHY
from directory.domain.checks import bad_field
from directory.domain.words import say
from directory.usecases.doing import By, Deps, check_version, claim, standing
from rulebook.agency import Agency, changed_values


@dataclass(frozen=True, slots=True)
class Register:
    fact: AgencyRegisteredV1
    by: By


@dataclass(frozen=True, slots=True)
class ChangeAgency:
    fact: AgencyChangedV1
    by: By
    expected: int | None


@dataclass(frozen=True, slots=True)
class End:
    fact: AgencyEndedV1
    by: By
    expected: int | None


@dataclass(frozen=True, slots=True)
class Succeed:
    fact: AgencySucceededV1
    by: By


@decided
async def register(deps: Deps, command: Register, cause: Cause) -> Loaded[Agency]:
    fact = command.fact
    agency = await deps.log.load(AGENCIES, fact.agency_id)
    facts = domain.register(agency.state, fact)
    await _check_parent(deps, fact.parent, fact.valid_from)
    claims = await _claims(deps, _unique(fact.data()), "")
    return await deps.log.append(agency, facts, cause, standing(fact.site, command.by, claims))


@decided
async def change(deps: Deps, command: ChangeAgency, cause: Cause) -> Loaded[Agency]:
    fact = command.fact
    agency = await deps.log.load(AGENCIES, fact.agency_id)
    facts = domain.change(agency.state, fact)
    check_version(agency, command.expected)
    await _check_parent(deps, fact.changes.parent, fact.valid_from)
    changes: list[Change[Any]] = [Change(agency, facts)]
    if facts and fact.changes.parent is not None:
        changes.append(Change(await deps.log.load(HIERARCHY, "agencies"), domain.moved(fact)))
        await check_no_circle(deps, fact)
    new = _unique(changed_values(fact)) - _held(agency.state)
    claims = await _claims(deps, new, "/changes")
    right = standing(agency.state.site, command.by, claims)
    return (await deps.log.append_all(changes, cause, right))[0]


@decided
async def end(deps: Deps, command: End, cause: Cause) -> Loaded[Agency]:
    agency = await deps.log.load(AGENCIES, command.fact.agency_id)
    facts = domain.end(agency.state, command.fact)
    check_version(agency, command.expected)
    return await deps.log.append(agency, facts, cause, standing(agency.state.site, command.by))


@decided
async def succeed(deps: Deps, command: Succeed, cause: Cause) -> Loaded[Agency]:
    """One commit over all streams: the whole succession holds, or none of it."""
    fact = command.fact
    ids = dict.fromkeys((*fact.predecessors, *fact.successors))
    loaded = await deps.log.load_many(AGENCIES, tuple(ids))
    by_id = {agency.id: agency for agency in loaded}
    before = [by_id[id].state for id in fact.predecessors]
    after = [by_id[id].state for id in fact.successors]
    said = domain.succeed(fact, before, after)
    streams = [by_id[id] for id in (*fact.predecessors, *fact.successors)]
    changes = [Change(agency, facts) for agency, facts in zip(streams, said, strict=True)]
    right = standing(before[0].site, command.by)
    return (await deps.log.append_all(changes, cause, right))[0]


async def _check_parent(deps: Deps, parent: str | None, day: date) -> None:
    if parent is None:
        return
    found = await deps.log.fresh(AGENCIES, parent)
    if not found.state.exists_on(day):
        detail = say("agency-not-there", agency=parent, day=day)
        raise Unprocessable(
            "parent-unknown", detail, errors=[FieldProblem("/parent", "exists", detail)]
        )


async def check_no_circle(deps: Deps, fact: AgencyChangedV1) -> None:
    """On no day may the way up from the new parent come back; raises Unprocessable."""
    assert fact.changes.parent is not None
    waiting = [(fact.changes.parent, fact.valid_from, fact.valid_to or date.max)]
    seen = set(waiting)
    while waiting:
        above, first, end = waiting.pop()
        if above == fact.agency_id:
            detail = say("agency-circle", parent=fact.changes.parent, day=first)
            raise bad_field("/changes/parent", "no-circle", detail)
        agency = (await deps.log.fresh(AGENCIES, above)).state
        links = set(domain.parents_between(agency, first, end)) - seen
        seen |= links
        waiting += links


_CLAIMED = {"domain": "domain", "identifier_code": "code", "identifier_code_old": "old-code"}


def _unique(values: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The attributes that one agency alone may have, with their values."""
    return {(name, values[name]) for name in _CLAIMED if name in values}


async def _claims(deps: Deps, taken: AbstractSet[tuple[str, str]], pointer: str) -> tuple[str, ...]:
    """A domain name or code belongs to one agency; it stays with it on old documents and links."""
    detail = say("agency-attribute-taken")
    return tuple(
        [
            await claim(deps.log, f"{_CLAIMED[name]}:{value}", f"{pointer}/{name}", detail)
            for name, value in sorted(taken)
        ]
    )


def _held(agency: Agency) -> set[tuple[str, str]]:
    named = [agency.registered, *(spell.changes for spell in agency.spells)]
    return {each for attributes in named for each in _unique(attributes)}
