"""The form of a category at a site on a day: its fields, which are required there, and by what words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.categories import Categories, Category, CategoryField, Column
from rulebook.profiles.model import Profile, Rule
from rulebook.rules.params import RequiredFields
from rulebook.telling import law_told


@dataclass(frozen=True, slots=True)
class Place:
    """For whom a form is made."""

    profile: Profile
    kind_of_site: str
    on: date


def forms(categories: Categories, place: Place) -> Iterator[dict[str, Any]]:
    """Every category with whether the regulation obliges the site to keep it."""
    for category in categories.by_id.values():
        kept_by = _laws(category.kept_by, place, category.id)
        yield {**_head(category), "kept_by": kept_by, "known": _known(category, place)}


def form(categories: Categories, id: str, place: Place) -> dict[str, Any] | None:
    """One category's form; None for an unknown one."""
    category = categories.get(id)
    if category is None:
        return None
    shared = [
        _field(field, (*field.demanded_by, *category.common.get(field.name, ())), place, id)
        for field in categories.every.fields
    ]
    own = [_field(field, field.demanded_by, place, id) for field in category.fields]
    private = [
        _field(field, (), place, id) | {"private": True} for field in categories.every.contact
    ]
    return {
        **_head(category),
        "kept_by": _laws(category.kept_by, place, id),
        "profile": place.profile.key,
        "fields": [*({**each, "shared": True} for each in shared), *own],
        "contact": private,
    }


def _known(category: Category, place: Place) -> bool:
    """Whether the regulation speaks of the category: it is to be kept, asked for, owed or timed."""
    asked = [rule for field in category.fields for rule in field.demanded_by]
    shared = [rule for rules in category.common.values() for rule in rules]
    named = {*category.kept_by, *asked, *shared}
    return any(
        rule.id in named or category.id in rule.when.get("category", ())
        for rule in place.profile.in_force(place.on)
    )


def _head(category: Category) -> dict[str, Any]:
    return {
        "id": category.id,
        "group": category.group,
        "label": category.label.model_dump(),
        "hint": category.hint.model_dump(),
        "events": list(category.events),
    }


def _field(
    field: CategoryField, rules: Iterable[str], place: Place, category: str
) -> dict[str, Any]:
    laws = _laws(rules, place, category)
    shown: dict[str, Any] = {
        "name": field.name,
        "label": field.label.model_dump(),
        "hint": field.hint.model_dump() if field.hint else None,
        "widget": field.widget,
        "shape": field.shape,
        "required": field.always or bool(laws and not field.asked_with),
        "asked_with": field.asked_with,
        "max_length": field.max_length,
        "options": list(field.options),
        "open": field.open,
        "columns": [_column(each, place, category) for each in field.columns],
        "demanded_by": laws,
    }
    return {name: value for name, value in shown.items() if value not in (None, [])}


def _column(column: Column, place: Place, category: str) -> dict[str, Any]:
    laws = _laws(column.demanded_by, place, category)
    return {
        "name": column.name,
        "label": column.label.model_dump(),
        "widget": column.widget,
        "required": bool(laws),
        "demanded_by": laws,
    }


def _laws(rules: Iterable[str], place: Place, category: str) -> list[dict[str, str]]:
    """The rules of this profile that are in force there and ask a single item, with their words."""
    found = (place.profile.rules.get(id) for id in dict.fromkeys(rules))
    return [
        law_told(rule.basis) for rule in found if rule is not None and _asks(rule, place, category)
    ]


def _asks(rule: Rule[Any], place: Place, category: str) -> bool:
    facts = {"category": category, "site_kind": place.kind_of_site, "step": "enter"}
    whole = isinstance(rule.params, RequiredFields) and rule.params.per == "section"
    holds = rule.span.holds(place.profile.day_of_law(place.on))
    return holds and rule.concerns(facts) and not whole
