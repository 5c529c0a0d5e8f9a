"""Keeping the directory: each act has a page with its form; the directory decides, and says what is wrong where.

Acts are data (`routes.kept`): this shows their forms, sends what was typed, and shows what came of it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Path
from pydantic import BaseModel
from starlette.datastructures import FormData
from starlette.responses import Response

from common.errors import NotFound, Said
from console.queries import Refusal, part
from console.routes.kept import ACTS, Act, Field
from console.routes.listing import day, sites_of
from console.routes.naming import Spoken, names_of
from console.routes.visiting import AVisitor, Visitor
from contracts.events.directory import (
    AgencyRegisteredV1,
    AgencySucceededV1,
    CalendarNoticeGivenV1,
    CalendarNoticeGivenV1NoticeDay,
    SiteOpenedV1,
)
from rulebook.house import INSTALLATION
from rulebook.profiles.loader import load_profiles
from rulebook.roles import known_roles

router = APIRouter(prefix="/directory", include_in_schema=False)
Name = Annotated[str, Path(pattern="^[a-z-]+$", max_length=30)]
REFERENCES = ("of", "item")
"""What an act is about, out of its address: an agency, a person and their position, a closure."""
Pairs = list[tuple[str, str]]
"""Values to choose from with their words; "" where the page has them."""
CELLS = ("date", "kind", "name_vi")
"""The columns of a row of days, as the directory takes them."""
MOST_ROWS = 60
_PLACE = re.compile(r"/\d+")


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a form: faults by field, and what the directory said."""

    faults: Mapping[str, str] = field(default_factory=dict[str, str])
    problem: Mapping[str, Any] | None = None
    status: int = 200


@router.get("/{name}")
async def form(visitor: AVisitor, name: Name) -> Response:
    """The form of an act; what its address names is filled in already."""
    act, given = _known(name), visitor.request.query_params
    typed = {each.name: str(given.get(each.name, each.initial))[:200] for each in act.fields}
    return await _form(visitor, name, _about(given), typed, Answered())


@router.post("/{name}")
async def do(visitor: AVisitor, name: Name) -> Response:
    """Do it once; whatever is refused keeps what was typed."""
    act, sent = _known(name), await visitor.form()
    about, typed = _about(sent), {each.name: _text(sent, each) for each in act.fields}
    if sent.get("act") == "rows":
        return await _form(visitor, name, about, typed, Answered())
    faults = _faults(act, typed)
    if faults:
        return await _form(visitor, name, about, typed, Answered(faults, status=422))
    path = _address(act.path, about)
    key = str(sent.get("key", ""))[:128]
    try:
        await visitor.desk.api.post(visitor.asker, f"directory/{path}", _body(act, typed), key)
    except Refusal as refusal:
        answered = Answered(_told(act, refusal.problem), refusal.problem, refusal.status)
        return await _form(visitor, name, about, typed, answered)
    shows = _address(act.shows, about | typed)
    return visitor.go(f"{shows}{'&' if '?' in shows else '?'}done={name}")


async def _form(
    visitor: Visitor,
    name: str,
    about: Mapping[str, str],
    typed: Mapping[str, str],
    answered: Answered,
) -> Response:
    act = ACTS[name]
    return visitor.show(
        "keeping.html",
        answered.status,
        name=name,
        act=act,
        about=about,
        typed=typed,
        faults=answered.faults,
        problem=answered.problem,
        effect=await _effect(visitor, act, about),
        options=await _options(visitor, act),
        called=await names_of(visitor, _spoken(act, about)),
        key=visitor.new_key(),
    )


async def _effect(visitor: Visitor, act: Act, about: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The days that the act would change."""
    if not act.effect or not set(REFERENCES) <= about.keys():
        return []
    path = f"directory/{_address(act.effect, about)}"
    return await visitor.desk.api.get(visitor.asker, path)


def _address(template: str, values: Mapping[str, str]) -> str:
    return template.format(**{key: part(value) for key, value in values.items()})


async def _options(visitor: Visitor, act: Act) -> dict[str, Pairs]:
    """What may be chosen, by the name of the list; only what the act's form shows is asked for."""
    wanted = {each.options for each in act.fields if each.options}
    sites = list((await sites_of(visitor)).items()) if wanted & OF_SITES else []
    made = {"sites": sites, "places": [*sites, (INSTALLATION, "")]}
    return {name: made[name] if name in OF_SITES else LISTS[name]() for name in wanted}


def _profiles() -> Pairs:
    return [(key, profile.title) for key, profile in load_profiles().items()]


def _roles() -> Pairs:
    return [(role, "") for role in sorted(known_roles(load_profiles()))]


def _duty_data() -> Pairs:
    return [(name, "") for name in ("agency", "unit", "email", "phone")]


def _languages() -> Pairs:
    return [(tongue, "") for tongue in ("vi", "en", "zh")]


def _spoken(act: Act, about: Mapping[str, str]) -> Spoken:
    """Whom the act is about: the first part of its path says of what kind."""
    kind, of = act.path.partition("/")[0], about.get("of")
    return Spoken(
        people=[of] if kind == "people" else (),
        agencies=[of] if kind in {"agencies", "successions"} else (),
        boards=[of] if kind == "boards" else (),
        sites=kind in {"sites", "closures"} and of is not None,
    )


def _of_contract(fact: type[BaseModel], name: str) -> list[tuple[str, str]]:
    return [(str(value), "") for value in get_args(fact.model_fields[name].annotation)]


LISTS: Mapping[str, Callable[[], Pairs]] = {
    "profiles": _profiles,
    "roles": _roles,
    "agency_kinds": lambda: _of_contract(AgencyRegisteredV1, "kind"),
    "site_kinds": lambda: _of_contract(SiteOpenedV1, "kind"),
    "succession_kinds": lambda: _of_contract(AgencySucceededV1, "kind"),
    "duty_data": _duty_data,
    "day_kinds": lambda: _of_contract(CalendarNoticeGivenV1NoticeDay, "kind"),
    "notice_statuses": lambda: _of_contract(CalendarNoticeGivenV1, "status"),
    "languages": _languages,
}
"""Lists that need nobody's answer."""
OF_SITES = frozenset({"sites", "places"})


def _known(name: str) -> Act:
    if name not in ACTS:
        raise NotFound(
            "act-unknown",
            Said(
                "Không có thao tác này. Quay lại trang trước.",
                "There is no such act. Go back to the page before.",
            ),
        )
    return ACTS[name]


def _about(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(given.get(name, ""))[:200] for name in REFERENCES if given.get(name)}


def _text(form: FormData, each: Field) -> str:
    """What was typed; several choices and lines are one text of lines."""
    values = [value for value in form.getlist(each.name) if isinstance(value, str)]
    if each.kind == "days":
        return "\n".join("\t".join(row) for row in _rows(form, each.name))
    return "\n".join(value.strip() for value in values)


def _rows(form: FormData, name: str) -> list[tuple[str, ...]]:
    """Rows in which a day or a name stands; what a day is stands in every one."""
    columns = [[str(value) for value in form.getlist(f"{name}.{cell}")] for cell in CELLS]
    rows = list(zip(*columns, strict=False))[:MOST_ROWS]
    found = [tuple(" ".join(cell.split()) for cell in row) for row in rows]
    return [row for row in found if row[0] or row[2]]


def _faults(act: Act, typed: Mapping[str, str]) -> dict[str, str]:
    """What a person can see to be wrong before anything is asked; codes of texts."""
    found = {each.name: "empty" for each in act.fields if each.needed and not typed[each.name]}
    for each in act.fields:
        if each.kind == "day" and typed[each.name] and day(typed[each.name]).fault:
            found[each.name] = "no-day"
    return found


def _body(act: Act, typed: Mapping[str, str]) -> dict[str, Any]:
    """The JSON of an act: empty fields are left out, an agency's region is its site."""
    body: dict[str, Any] = {}
    for each in act.fields:
        if not typed[each.name]:
            continue
        place, *way = reversed(each.into.split("."))
        inside = body
        for step in reversed(way):
            inside = inside.setdefault(step, {})
        inside[place] = _value(each, typed[each.name])
    many = {name: [body[name]] for name in act.lists if name in body}
    return body | many | {name: typed[source] for name, source in act.copies.items()}


def _value(each: Field, text: str) -> Any:
    if each.kind in {"lines", "several"}:
        return [line.strip() for line in text.splitlines() if line.strip()]
    if each.kind == "numbers":
        return [int(line) if line.isdecimal() else line for line in text.split()]
    if each.kind == "days":
        rows = [zip(CELLS, line.split("\t"), strict=True) for line in text.split("\n")]
        return [{name: value for name, value in row if value} for row in rows]
    return text


def _told(act: Act, problem: Mapping[str, Any]) -> dict[str, str]:
    """What the directory said, at the field it said it of."""
    errors: list[Mapping[str, Any]] = list(problem.get("errors") or ())
    pointers = {"/" + each.into.replace(".", "/"): each.name for each in act.fields}
    return {
        name: str(error.get("detail", ""))
        for error in errors
        for pointer, name in pointers.items()
        if f"{_PLACE.sub('', str(error.get('pointer', '')))}/".startswith(f"{pointer}/")
    }
