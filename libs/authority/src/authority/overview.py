"""Everything a person may do: each act of the rules in each circumstance that a rule names."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import product

from authority.asked import Asked, Decision
from authority.known import Known
from authority.local import LocalAuthority
from common.errors import Forbidden
from rulebook.explanation import LOCAL
from rulebook.house import HOUSE, INSTALLATION
from rulebook.profiles.loader import Library, load_profiles
from rulebook.profiles.model import Profile
from rulebook.profiles.params import PermissionAct


def sites_of(known: Known, person: str) -> tuple[str, ...]:
    """Where a person ever holds or receives a power; raises nothing for somebody unknown."""
    powers = known.powers_of([person])
    held = {position.site for position in powers.positions if position.person == person}
    given = [d.sites for d in powers.delegations if d.receiver == person]
    return tuple(sorted(held.union(*(sites or frozenset() for sites in given))))


def may_do(
    authority: LocalAuthority,
    person: str,
    site: str,
    at: datetime,
    profiles: Library | None = None,
) -> list[Decision]:
    """The acts a person may do on a site at a moment, one decision for each; raises Unavailable."""
    known = authority.followed.known
    found: dict[str, Decision] = {}
    for asked in _circumstances(known, person, site, at, profiles or load_profiles()):
        if asked.act in found:
            continue
        try:
            decision = authority.decide(person, asked, at)
        except Forbidden:
            return []  # the site is not open
        if decision.allowed:
            found[asked.act] = decision
    return [found[act] for act in sorted(found)]


def _circumstances(
    known: Known, person: str, site: str, at: datetime, profiles: Library
) -> Iterator[Asked]:
    powers = known.powers_of([person])
    sections = sorted({section for each in powers.positions for section in each.sections})
    for profile in _profiles(known, site, at, profiles):
        for rule in profile.in_force(at.astimezone(LOCAL).date()):
            params = rule.params
            if isinstance(params, PermissionAct):
                yield from _of_rule(rule.when, params, site, [None, *sections])


def _profiles(known: Known, site: str, at: datetime, profiles: Library) -> Iterator[Profile]:
    found = known.sites.get(site)
    if found is not None:
        yield profiles[found.profile_on(at.astimezone(LOCAL).date())]
    if found is not None or site == INSTALLATION:
        yield HOUSE


def _of_rule(
    when: Mapping[str, frozenset[str]],
    params: PermissionAct,
    site: str,
    sections: list[str | None],
) -> Iterator[Asked]:
    facts = {name: min(values) for name, values in when.items()}
    for act, category, section in product(params.acts, params.categories or (None,), sections):
        yield Asked(act, site, category, section, facts=facts)
