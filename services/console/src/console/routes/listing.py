"""What every list and every "as of" page shares: a day read from a form, and the way to the next page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query

from console.queries import Refusal
from console.routes.visiting import Visitor
from pages.language import Language

Words = Annotated[str, Query(max_length=200)]
Cursor = Annotated[str, Query(max_length=1000)]
PER_PAGE = "25"
MOST = "100"
FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Day:
    """What a form names as 2026-11-23: `fault` when that is no day."""

    typed: str
    fault: bool = False

    @property
    def asked(self) -> dict[str, str]:
        return {"on": self.typed} if self.typed and not self.fault else {}


def day(text: str) -> Day:
    """The day that was typed; one that does not exist is told, never guessed."""
    try:
        return Day(date.fromisoformat(text).isoformat() if text else "")
    except ValueError:
        return Day(text, fault=True)


async def listed(
    visitor: Visitor, path: str, page: str, asked: Mapping[str, str], cursor: str
) -> tuple[list[Any], str | None]:
    """One page of a service's list, and the address of the next page."""
    params = {key: value for key, value in asked.items() if value}
    more = {"cursor": cursor} if cursor else {}
    found = await visitor.desk.api.get(visitor.asker, path, {**params, **more, "limit": PER_PAGE})
    following = found.get("next")
    address = f"{visitor.desk.base}{page}?{urlencode({**params, 'cursor': following})}"
    return found["items"], address if following else None


@dataclass(frozen=True, slots=True)
class Scope:
    """The site a list is about, and those to choose from: pairs (id, name)."""

    site: str
    sites: list[tuple[str, str]]


async def sites_of(visitor: Visitor) -> dict[str, str]:
    """The names of all sites by their ids, in the reader's language; asked for once in a request."""
    if visitor.sites is None:
        asked = {"limit": MOST}
        found = await visitor.desk.api.get(visitor.asker, "directory/sites", asked)
        visitor.sites = {
            str(each["site"]): name_in(each["attributes"], visitor.language)
            for each in found["items"]
        }
    return visitor.sites


def name_in(attributes: Mapping[str, Any], language: Language) -> str:
    """A person's name, or that of an agency, a site, a unit in the language where there is one."""
    own = attributes.get("full_name") or attributes.get("name_vi") or ""
    return str((attributes.get("name_en") or own) if language == "en" else own)


async def people_of(visitor: Visitor, site: str) -> dict[str, str]:
    """The names of a site's people by their ids; of nobody for those who may not see them."""
    asked = {"site": site, "limit": MOST}
    try:
        found = await visitor.desk.api.get(visitor.asker, "directory/people", asked)
    except Refusal as refusal:
        if refusal.status == FORBIDDEN:
            return {}
        raise
    return {str(each["person_id"]): str(each["attributes"]["full_name"]) for each in found["items"]}


async def scope_of(visitor: Visitor, wanted: str) -> Scope:
    """The site asked for, else the first one where the person may act, else the first of all."""
    api, asker = visitor.desk.api, visitor.asker
    sites = list((await sites_of(visitor)).items())
    if not wanted:
        mine = await api.get(asker, "portal/authority/mine")
        own = [str(each["site"]) for each in mine["may"]] + [id for id, _ in sites]
        wanted = own[0] if own else ""
    return Scope(wanted, sites)


async def history_of(visitor: Visitor, path: str) -> list[Any]:
    """Every decision about an item; none for those who may not see who decided what."""
    try:
        return await visitor.desk.api.get(visitor.asker, f"{path}/history")
    except Refusal as refusal:
        if refusal.status == FORBIDDEN:
            return []
        raise
