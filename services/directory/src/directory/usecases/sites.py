"""Commands about sites: load, decide, append."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.cause import Cause
from common.errors import FieldProblem, Refused
from common.log.log import decided
from common.log.streams import Change, Loaded
from contracts.events.directory import SiteChangedV1, SiteClosedV1, SiteOpenedV1
from directory.domain import sites as domain
from directory.domain.agencies import AGENCIES
from directory.domain.checks import bad_field
from directory.domain.sites import SITES, Host
from directory.domain.words import say
from directory.usecases.doing import By, Deps, check_version, claim, law_day, standing
from rulebook.agency import Agency
from rulebook.profiles.model import Profile
from rulebook.site import Site


@dataclass(frozen=True, slots=True)
class Open:
    fact: SiteOpenedV1
    by: By


@dataclass(frozen=True, slots=True)
class ChangeSite:
    fact: SiteChangedV1
    by: By
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Close:
    fact: SiteClosedV1
    by: By
    expected: int | None = None


@decided
async def open_site(deps: Deps, command: Open, cause: Cause) -> Loaded[Site]:
    fact = command.fact
    site, parent = await _with(deps, fact.site, fact.parent)
    facts = domain.open_site(site.state, fact, parent)
    agency = await _agency(deps, fact.agency, fact.valid_from, "/agency")
    profile = _profile(deps, fact.profile, "/profile")
    claims: tuple[str, ...] = ()
    if fact.domain is not None:
        host = Host(fact.domain, fact.kind, _name(agency, fact.valid_from), fact.valid_from)
        domain.check_domain(profile, host, "/domain")
        claims = (await _claim_domain(deps, fact.domain, "/domain"),)
    return await deps.log.append(site, facts, cause, standing(fact.site, command.by, claims))


@decided
async def change(deps: Deps, command: ChangeSite, cause: Cause) -> Loaded[Site]:
    fact = command.fact
    site, parent = await _with(deps, fact.site, fact.changes.parent)
    facts = domain.change(site.state, fact, parent, law_day(cause.at))
    check_version(site, command.expected)
    claims = await _check_values(deps, site.state, fact) if facts else ()
    return await deps.log.append(site, facts, cause, standing(fact.site, command.by, claims))


@decided
async def close(deps: Deps, command: Close, cause: Cause) -> Loaded[Site]:
    """One commit over the site's stream and its successor's: both hold, or neither."""
    fact = command.fact
    ids = tuple(dict.fromkeys((fact.site, *((fact.successor,) if fact.successor else ()))))
    loaded = await deps.log.load_many(SITES, ids)
    successor = loaded[-1].state if fact.successor else None
    used = await deps.find.last_use(fact.site)
    own, its = domain.close(loaded[0].state, fact, successor, used, law_day(cause.at))
    check_version(loaded[0], command.expected)
    if own and successor is None:
        await _check_childless(deps, fact)
    changes = [Change(each, facts) for each, facts in zip(loaded, (own, its), strict=False)]
    return (await deps.log.append_all(changes, cause, standing(fact.site, command.by)))[0]


async def _with(deps: Deps, site: str, parent: str | None) -> tuple[Loaded[Site], Site | None]:
    """A site and the parent it names; a site that names itself is refused by its level."""
    loaded = await deps.log.load(SITES, site)
    above = None if parent is None else (await deps.log.fresh(SITES, parent)).state
    return loaded, above


async def _check_values(deps: Deps, site: Site, fact: SiteChangedV1) -> tuple[str, ...]:
    """What a change names must exist on its first day; answers the claims it takes."""
    day = fact.valid_from
    values: Mapping[str, Any] = (site.as_of(day) or {}) | fact.changes.model_dump(exclude_none=True)
    profile = _profile(deps, values["profile"], "/changes/profile")
    if fact.changes.agency is not None:
        await _agency(deps, fact.changes.agency, day, "/changes/agency")
    new = fact.changes.domain
    if new is None:
        return ()
    agency = await _agency(deps, values["agency"], day, "/changes/agency")
    host = Host(new, site.kind, _name(agency, day), day)
    domain.check_domain(profile, host, "/changes/domain")
    if new in site.days.values_of("domain"):
        return ()
    return (await _claim_domain(deps, new, "/changes/domain"),)


async def _agency(deps: Deps, id: str, day: date, pointer: str) -> Agency:
    agency = (await deps.log.fresh(AGENCIES, id)).state
    if not agency.exists_on(day):
        detail = say("agency-not-there", agency=id, day=day)
        raise bad_field(pointer, "exists", detail)
    return agency


def _name(agency: Agency, day: date) -> str:
    return (agency.as_of(day) or {})["name_vi"]


def _profile(deps: Deps, key: str, pointer: str) -> Profile:
    if key not in set(deps.profiles):
        known = sorted(deps.profiles)
        raise bad_field(pointer, "known-profile", say("profile-unknown", known=", ".join(known)))
    return deps.profiles[key]


async def _claim_domain(deps: Deps, host: str, pointer: str) -> str:
    """A domain name belongs to one site for ever, so that old links keep their meaning."""
    detail = say("domain-taken")
    return await claim(deps.log, f"site-domain:{host}", pointer, detail)


async def _check_childless(deps: Deps, fact: SiteClosedV1) -> None:
    children = await deps.find.open_children(fact.site, fact.closes_on)
    if children:
        detail = say("children-open", sites=", ".join(children[:5]))
        problem = FieldProblem("/successor", "children-need-a-parent", detail)
        raise Refused("children-open", detail, errors=[problem], extra={"sites": list(children)})
