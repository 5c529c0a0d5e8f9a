"""Names behind the ids of the directory, in the reader's language: people read names, never ids."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from common.errors import Unavailable
from console.queries import Refusal, part
from console.routes.listing import MOST as MOST_LISTED
from console.routes.listing import name_in, people_of, sites_of
from console.routes.visiting import Names, Visitor
from pages.language import Language
from rulebook.phrases import terms

MOST = 60
"""So many single items are asked for; a page that speaks of more shows the ids of the rest."""
UNTOLD = frozenset({403, 404})
_ID = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a page speaks of: ids, perhaps several times, perhaps none (None).

    site   whose people come all at once
    sites  whether it names sites
    """

    site: str = ""
    people: Iterable[str | None] = ()
    agencies: Iterable[str | None] = ()
    units: Iterable[str | None] = ()
    boards: Iterable[str | None] = ()
    sites: bool = True


def named(said: tuple[str, Mapping[str, str]], _: Language) -> str:
    """A sentence of a service with names where it has ids; a whole id only, never a part of another."""
    sentence, names = said
    return _ID.sub(lambda found: names.get(found[0], found[0]), sentence)


async def names_in(visitor: Visitor, sentences: Iterable[str]) -> Mapping[str, str]:
    """Names for the sites and people of whom a refusal speaks; none where nobody may ask, or the directory is away."""
    ids = [id for said in sentences for id in _ID.findall(said) if "." in id]
    if visitor.session is None or not ids:
        return {}
    try:
        sites = await sites_of(visitor)
        people = await _each(visitor, "people", [id for id in ids if id.partition(".")[0] in sites])
    except (Refusal, Unavailable):
        return {}
    return {**sites, **people}


async def names_of(visitor: Visitor, spoken: Spoken) -> Names:
    """The people of a site come at once; everybody and everything else one by one, all together."""
    at_site = await people_of(visitor, spoken.site) if spoken.site else {}
    others = [id for id in spoken.people if id not in at_site]
    people, agencies, units, boards, sites = await asyncio.gather(
        _each(visitor, "people", others),
        _each(visitor, "agencies", spoken.agencies),
        _each(visitor, "administrative-units", spoken.units),
        _each(visitor, "boards", spoken.boards),
        _sites(visitor, asked=spoken.sites),
    )
    return Names({**at_site, **people}, sites, agencies, units, boards)


async def offices_of(visitor: Visitor, site: str, positions: Iterable[str]) -> dict[str, str]:
    """What positions of a site are called, by their ids: the role, and the board or agency it is held in."""
    wanted = set(positions)
    asked = {"site": site, "limit": MOST_LISTED}
    try:
        found = await visitor.desk.api.get(visitor.asker, "directory/positions", asked)
    except Refusal as refusal:
        if refusal.status not in UNTOLD:
            raise
        return {}
    held = [each for each in found["items"] if each["position_id"] in wanted]
    boards = [each["attributes"].get("board") for each in held]
    agencies = [each["attributes"].get("agency") for each in held]
    called = await names_of(visitor, Spoken(boards=boards, agencies=agencies, sites=False))
    return {each["position_id"]: _office(each, called, visitor.language) for each in held}


def _office(position: Mapping[str, Any], called: Names, language: Language) -> str:
    of = position["attributes"]
    role = terms().get(position["role"], (position["role"],) * 2)[language == "en"]
    where = called.boards.get(of.get("board", "")) or called.agencies.get(of.get("agency", ""))
    return f"{role}, {where}" if where else role


def parties(delegations: Iterable[Mapping[str, Any]]) -> list[str]:
    """Who gave and who received."""
    return [each[party] for each in delegations for party in ("giver", "receiver")]


def deciders(history: Iterable[Mapping[str, Any]]) -> list[str | None]:
    """Who decided what a history or an audit tells."""
    return [_decider(entry) for entry in history]


def _decider(entry: Mapping[str, Any]) -> str | None:
    right: Mapping[str, Any] = entry.get("right") or entry
    return (right.get("proof") or {}).get("person")


async def _sites(visitor: Visitor, *, asked: bool) -> Mapping[str, str]:
    return await sites_of(visitor) if asked else {}


async def _each(visitor: Visitor, kind: str, ids: Iterable[str | None]) -> dict[str, str]:
    wanted = list(dict.fromkeys(id for id in ids if id))[:MOST]
    found = await asyncio.gather(*(_name(visitor, kind, id) for id in wanted))
    return {id: name for id, name in zip(wanted, found, strict=True) if name}


async def _name(visitor: Visitor, kind: str, id: str) -> str:
    """Empty for what is not there, or not for this person to see."""
    try:
        found = await visitor.desk.api.get(visitor.asker, f"directory/{kind}/{part(id)}")
    except Refusal as refusal:
        if refusal.status in UNTOLD:
            return ""
        raise
    return name_in(found["attributes"], visitor.language)
