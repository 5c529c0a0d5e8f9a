"""Commands about agencies: load, decide, append."""

from dataclasses import dataclass
from datetime import date

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
from directory.domain.agencies import AGENCIES
from directory.usecases.doing import By, Deps, check_version, standing
from rulebook.agency import Agency


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
    claims = await _claims(deps, fact.domain)
    return await deps.log.append(agency, facts, cause, standing(fact.site, command.by, claims))


@decided
async def change(deps: Deps, command: ChangeAgency, cause: Cause) -> Loaded[Agency]:
    fact = command.fact
    agency = await deps.log.load(AGENCIES, fact.agency_id)
    facts = domain.change(agency.state, fact)
    check_version(agency, command.expected)
    await _check_parent(deps, fact.changes.parent, fact.valid_from)
    new = fact.changes.domain
    claims = await _claims(deps, new if new not in _domains(agency.state) else None)
    return await deps.log.append(
        agency, facts, cause, standing(agency.state.site, command.by, claims)
    )


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
    found = await deps.log.load(AGENCIES, parent)
    if not found.state.exists_on(day):
        detail = f"No agency {parent} exists on {day:%d/%m/%Y}; register it first."
        raise Unprocessable(
            "parent-unknown", detail, errors=[FieldProblem("/parent", "exists", detail)]
        )


async def _claims(deps: Deps, domain_name: str | None) -> tuple[str, ...]:
    """A domain name belongs to one agency; it stays with it on old documents and links."""
    if domain_name is None:
        return ()
    return (await deps.log.claim(f"domain:{domain_name}"),)


def _domains(agency: Agency) -> set[str]:
    named = [agency.registered, *(spell.changes for spell in agency.spells)]
    return {attributes["domain"] for attributes in named if "domain" in attributes}
