"""Commands about agencies: load, decide, append."""

from dataclasses import dataclass
from datetime import date

from common.cause import Cause
from common.errors import FieldProblem, PreconditionFailed, Unprocessable
from common.log.log import CommitLog, decided
from common.log.streams import Change, Loaded, Standing
from contracts.events.directory import (
    AgencyChangedV1,
    AgencyEndedV1,
    AgencyRegisteredV1,
    AgencySucceededV1,
)
from directory import domain
from directory.domain import AGENCIES
from rulebook.agency import Agency


@dataclass(frozen=True, slots=True)
class Deps:
    """What use cases work with."""

    log: CommitLog


@dataclass(frozen=True, slots=True)
class By:
    """Who acts with what right; the position and its delegation come with the authority facts."""

    subject: str
    scopes: frozenset[str]

    @property
    def proof(self) -> dict[str, object]:
        return {"subject": self.subject, "scope": "directory:write", "by": "token"}


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
    return await deps.log.append(agency, facts, cause, _standing(fact.site, command.by, claims))


@decided
async def change(deps: Deps, command: ChangeAgency, cause: Cause) -> Loaded[Agency]:
    fact = command.fact
    agency = await deps.log.load(AGENCIES, fact.agency_id)
    facts = domain.change(agency.state, fact)
    _check_version(agency, command.expected)
    await _check_parent(deps, fact.changes.parent, fact.valid_from)
    new = fact.changes.domain
    claims = await _claims(deps, new if new not in _domains(agency.state) else None)
    return await deps.log.append(
        agency, facts, cause, _standing(agency.state.site, command.by, claims)
    )


@decided
async def end(deps: Deps, command: End, cause: Cause) -> Loaded[Agency]:
    agency = await deps.log.load(AGENCIES, command.fact.agency_id)
    facts = domain.end(agency.state, command.fact)
    _check_version(agency, command.expected)
    return await deps.log.append(agency, facts, cause, _standing(agency.state.site, command.by))


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
    standing = _standing(before[0].site, command.by)
    return (await deps.log.append_all(changes, cause, standing))[0]


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


def _check_version(agency: Loaded[Agency], expected: int | None) -> None:
    if expected is not None and expected != agency.version:
        raise PreconditionFailed(
            "version-changed",
            "Somebody changed it meanwhile. Load it again, look at the change, and repeat.",
            extra={"expected": expected, "present": agency.version},
        )


def _standing(site: str, by: By, claims: tuple[str, ...] = ()) -> Standing:
    return Standing(site=site, proof=by.proof, claims=claims)
