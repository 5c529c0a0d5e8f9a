"""The demo people of a development machine: fictional, on four sites, one for each regulation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

from rulebook.phrases import terms


@dataclass(frozen=True)
class Site:
    """A demo site; `name_vi` and `name_en` are its titles."""

    id: str
    name_vi: str
    name_en: str

    def title(self, language: Literal["vi", "en"]) -> str:
        return self.name_vi if language == "vi" else self.name_en


@dataclass(frozen=True)
class Person:
    """`scopes` end up in the token; what a person may do is decided by directory's facts, not here.

    id     the subject of the token; `person_id` is who that is in the directory
    duties what they are there for, in words: roles, delegations
    tries  what is interesting to do as them, in Vietnamese and English
    """

    id: str
    name: str
    scopes: tuple[str, ...] = ()
    person_id: str = ""
    home: Site | None = None
    duties: tuple[tuple[str, str], ...] = ()
    tries: tuple[str, str] = ("", "")
    is_system: bool = False

    @property
    def email(self) -> str:
        return f"{self.id}@example.org"

    @property
    def site(self) -> str:
        return self.home.id if self.home else ""

    def duty(self, language: Literal["vi", "en"]) -> str:
        said = "; ".join(vi if language == "vi" else en for vi, en in self.duties)
        return said[:1].upper() + said[1:]

    def to_try(self, language: Literal["vi", "en"]) -> str:
        return self.tries[language == "en"]


@cache
def written() -> Mapping[str, Any]:
    """The file of demo people as it stands: sites, people, boards, positions, delegations."""
    text = resources.files("embedded").joinpath("demo_data/people.json").read_text("utf-8")
    return MappingProxyType(json.loads(text))


def _people() -> tuple[Person, ...]:
    data = written()
    sites = {
        each["site"]: Site(each["site"], each["name_vi"], each["name_en"]) for each in data["sites"]
    }
    return tuple(
        Person(
            id=each["subject"],
            name=each["full_name"],
            scopes=tuple(each.get("scopes", ())),
            person_id=each["person_id"],
            home=sites.get(each["site"]) if each.get("listed", True) else None,
            duties=_duties(each),
            tries=(each.get("try_vi", ""), each.get("try_en", "")),
            is_system=each["kind"] == "system",
        )
        for each in data["people"]
    )  # fmt: skip


def _duties(person: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    own = (person["duty_vi"], person["duty_en"]) if "duty_vi" in person else None
    held = [
        terms().get(position["role"], (position["role"], position["role"]))
        for position in written()["positions"]
        if position["person_id"] == person["person_id"]
    ]
    return tuple(dict.fromkeys([*held, *([own] if own else [])]))


PEOPLE = _people()
