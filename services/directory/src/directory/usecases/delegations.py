"""Commands about delegations: load, decide, append."""

from dataclasses import dataclass

from common.cause import Cause
from common.log.log import decided
from common.log.streams import Loaded
from contracts.events.directory import DelegationGivenV1, DelegationRevokedV1
from directory.domain import delegations as domain
from directory.domain.delegations import DELEGATIONS, Parties
from directory.domain.people import PEOPLE
from directory.domain.sites import SITES
from directory.usecases.doing import By, Deps, law_day, standing
from rulebook.delegated import Entrusted


@dataclass(frozen=True, slots=True)
class Give:
    fact: DelegationGivenV1
    by: By


@dataclass(frozen=True, slots=True)
class Revoke:
    fact: DelegationRevokedV1
    by: By


@decided
async def give(deps: Deps, command: Give, cause: Cause) -> Loaded[Entrusted]:
    fact = command.fact
    delegation = await deps.log.load(DELEGATIONS, fact.delegation_id)
    facts = domain.give(delegation.state, fact, await parties_of(deps, fact), law_day(cause.at))
    return await deps.log.append(delegation, facts, cause, standing(fact.site, command.by))


@decided
async def revoke(deps: Deps, command: Revoke, cause: Cause) -> Loaded[Entrusted]:
    fact = command.fact
    delegation = await deps.log.load(DELEGATIONS, fact.delegation_id)
    facts = domain.revoke(delegation.state, fact, cause.at)
    return await deps.log.append(delegation, facts, cause, standing(fact.site, command.by))


async def parties_of(deps: Deps, fact: DelegationGivenV1) -> Parties:
    """Who and what a delegation speaks of, as the log has them."""
    giver = (await deps.log.fresh(PEOPLE, fact.giver)).state
    receiver = (await deps.log.fresh(PEOPLE, fact.receiver)).state
    ids = await deps.find.delegations_to(fact.giver)
    received = [(await deps.log.fresh(DELEGATIONS, id)).state for id in ids]
    powers = tuple(each.power for each in received if each.known)
    givers = sorted({power.giver for power in powers})
    return Parties(
        giver=giver,
        receiver=receiver,
        sites={id: (await deps.log.fresh(SITES, id)).state for id in fact.sites},
        profiles=deps.profiles,
        received=powers,
        givers=tuple([(await deps.log.fresh(PEOPLE, id)).state for id in givers]),
    )
