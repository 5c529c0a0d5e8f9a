"""What can be imported: for each kind its columns, the fact a row becomes, the use case it goes through."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from common.canonical import canonical
from common.cause import Cause
from common.log.streams import Loaded, StreamKind
from contracts.events.directory import (
    AdministrativeUnitEndedV1,
    AdministrativeUnitRegisteredV1,
    AdministrativeUnitSucceededV1,
    AgencyRegisteredV1,
    PersonRegisteredV1,
    PositionGivenV1,
    SiteOpenedV1,
)
from contracts.fact import Fact
from directory.domain.agencies import AGENCIES
from directory.domain.checks import problems_of
from directory.domain.columns import Column, Layout, values_of
from directory.domain.maps import Maps, Step, waves_of
from directory.domain.people import PEOPLE
from directory.domain.rights import law_of
from directory.domain.sites import SITES
from directory.domain.units import NATIONAL, UNITS
from directory.domain.uploads import Row, Table
from directory.domain.words import say
from directory.usecases import agencies, people, sites, units
from directory.usecases.doing import By, Deps, Wish
from directory.usecases.importing import BEGINNING, Plan, Problem, Run, Task, in_waves
from rulebook.house import INSTALLATION

Use = Callable[[Deps, Any, By, Cause], Awaitable[Loaded[Any]]]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One kind of rows.

    kind    of the streams the rows speak in, `stream` the attribute that names one
    fact    what a row becomes, `use` the use case it goes through
    id      the attribute that names a row
    right   the act it takes, at the site it names unless the recipe says another
    names   attributes that may name other rows of the file
    fixed   values that no row can give
    filled  attribute → its value when a row leaves it out
    """

    kind: StreamKind[Any]
    fact: type[Fact]
    use: Use
    id: str
    right: Callable[[Values], Wish]
    layout: Layout
    stream: str | None = None
    names: tuple[str, ...] = ()
    fixed: Values = field(default_factory=dict[str, Any])
    filled: Mapping[str, Callable[[Values], Any]] = field(
        default_factory=dict[str, Callable[[Values], Any]]
    )


async def _register_agency(deps: Deps, fact: Any, by: By, cause: Cause) -> Loaded[Any]:
    return await agencies.register(deps, agencies.Register(fact, by), cause)


async def _open_site(deps: Deps, fact: Any, by: By, cause: Cause) -> Loaded[Any]:
    return await sites.open_site(deps, sites.Open(fact, by), cause)


async def _register_person(deps: Deps, fact: Any, by: By, cause: Cause) -> Loaded[Any]:
    return await people.register(deps, people.Register(fact, by), cause)


async def _give_position(deps: Deps, fact: Any, by: By, cause: Cause) -> Loaded[Any]:
    return await people.give_position(deps, people.GivePosition(fact, by), cause)


async def _register_unit(deps: Deps, fact: Any, by: By, cause: Cause) -> Loaded[Any]:
    return await units.register(deps, units.RegisterUnit(fact, by), cause)


async def _end_unit(deps: Deps, fact: Any, by: By, cause: Cause) -> Loaded[Any]:
    return await units.end(deps, units.EndUnit(fact, by), cause)


async def _succeed_units(deps: Deps, fact: Any, by: By, cause: Cause) -> Loaded[Any]:
    return await units.succeed(deps, units.SucceedUnits(fact, by), cause)


def _at_its_site(act: str) -> Callable[[Values], Wish]:
    return lambda values: Wish((act,), values["site"], BEGINNING)


def _keeps_map(values: Values) -> Wish:
    del values
    return Wish(("keep_map",), INSTALLATION, BEGINNING)


def _gives_position(values: Values) -> Wish:
    """As over HTTP: nobody gives power to themselves, and a regulation may say who appoints."""
    law = law_of("give_position", values["role"])
    decided_by = values.get("decided_by")
    return Wish(("give_position",), values["site"], BEGINNING, decided_by, law, values["person_id"])


def _position_id(values: Values) -> str:
    """The same row makes the same position, however often it is sent."""
    parts = (values["person_id"], values["role"].replace("_", "-"), values["valid_from"])
    return ".".join(parts)


_NAMES = (
    Column("name_vi", ("tên", "tên tiếng Việt"), required=True),
    Column("name_en", ("tên tiếng Anh",)),
)
_DAYS = (
    Column("valid_from", ("từ ngày", "ngày hiệu lực"), "date", required=True),
    Column("valid_to", ("đến ngày", "ngày hết hiệu lực"), "date"),
)
_NOTE = Column("note", ("ghi chú",))

_DOCUMENT = (
    Column("document.number", ("số văn bản", "số quyết định"), required=True),
    Column("document.issued_on", ("ngày văn bản", "ngày quyết định"), "date"),
    Column("document.issuer", ("cơ quan ban hành",)),
)
_SITE = Column("site", ("cổng", "trang"), required=True)
_PERSON = Column("person_id", ("mã người",), required=True)

_AGENCIES = Layout(
    (
        Column("agency_id", ("mã cơ quan",), required=True),
        _SITE,
        Column("jurisdiction", ("địa bàn",)),
        *_NAMES,
        Column("kind", ("loại",), required=True),
        Column("abbreviation", ("chữ viết tắt", "viết tắt")),
        Column("domain", ("tên miền",)),
        Column("identifier_code", ("mã định danh",)),
        Column("identifier_code_old", ("mã định danh cũ",)),
        Column("competence_keywords", ("lĩnh vực",), "list"),
        Column("supplies", ("cung cấp",), "list"),
        Column("parent", ("cơ quan chủ quản", "cấp trên")),
        *_DAYS,
        _NOTE,
    )
)
_SITES = Layout(
    (
        _SITE,
        Column("agency", ("cơ quan",), required=True),
        Column("kind", ("loại",), required=True),
        Column("profile", ("quy chế",), required=True),
        *_NAMES,
        Column("domain", ("tên miền",)),
        Column("parent", ("thuộc", "trang cấp trên")),
        Column("languages", ("ngôn ngữ",), "list"),
        *_DAYS,
        *_DOCUMENT,
    )
)
_PEOPLE = Layout(
    (
        _PERSON,
        _SITE,
        Column("full_name", ("họ tên", "họ và tên", "name"), required=True),
        Column("kind", ("loại",)),
        Column("email", ("thư công vụ",)),
        Column("phone", ("điện thoại công vụ",)),
        Column("agency", ("cơ quan",)),
        Column("unit", ("bộ phận", "phòng")),
        *_DAYS,
    )
)
_POSITIONS = Layout(
    (
        Column("position_id", ("mã vị trí",)),
        _PERSON,
        _SITE,
        Column("role", ("vai trò",), required=True),
        Column("board", ("ban biên tập",)),
        Column("agency", ("cơ quan",)),
        Column("sections", ("chuyên mục",), "list"),
        Column("decided_by", ("người quyết định",)),
        Column("reason", ("lý do",)),
        *_DAYS,
        *_DOCUMENT,
    )
)
_UNITS = Layout(
    (
        Column("unit_id", ("mã đơn vị",), required=True),
        Column("level", ("cấp",), required=True),
        Column("kind", ("loại",), required=True),
        Column("code", ("mã",), required=True),
        *_NAMES,
        Column("parent", ("thuộc", "đơn vị cấp trên")),
        *_DAYS,
        Column("document.number", ("số văn bản",)),
        Column("document.issued_on", ("ngày văn bản",), "date"),
        _NOTE,
    )
)

RECIPES: Mapping[str, Recipe] = {
    "agencies": Recipe(
        AGENCIES,
        AgencyRegisteredV1,
        _register_agency,
        "agency_id",
        _at_its_site("register_agency"),
        _AGENCIES,
        names=("parent",),
        filled={"jurisdiction": lambda values: values["site"]},
    ),
    "sites": Recipe(
        SITES,
        SiteOpenedV1,
        _open_site,
        "site",
        _at_its_site("open_site"),
        _SITES,
        names=("parent",),
        filled={"languages": lambda _: ["vi"]},
    ),
    "people": Recipe(
        PEOPLE,
        PersonRegisteredV1,
        _register_person,
        "person_id",
        _at_its_site("register_person"),
        _PEOPLE,
        filled={"kind": lambda _: "person"},
    ),
    "positions": Recipe(
        PEOPLE,
        PositionGivenV1,
        _give_position,
        "position_id",
        _gives_position,
        _POSITIONS,
        stream="person_id",
        filled={"position_id": _position_id},
    ),
    "administrative-units": Recipe(
        UNITS,
        AdministrativeUnitRegisteredV1,
        _register_unit,
        "unit_id",
        _keeps_map,
        _UNITS,
        names=("parent",),
        fixed={"site": NATIONAL},
    ),
}


def plan_of(table: Table, recipe: Recipe, digest: str) -> Plan:
    """A table as rows to decide; raises Unprocessable for a header that does not fit."""
    placed = recipe.layout.placed(table.header)
    first: dict[str, int] = {}
    tasks = [_task(row, placed, recipe, first) for row in table.rows]

    def needs(task: Task) -> Iterable[str]:
        fact = task.says[1] if task.says else None
        values = [getattr(fact, name, None) for name in recipe.names]
        return [value for value in values if isinstance(value, str)]

    return Plan(digest, in_waves(tasks, needs))


def _task(row: Row, placed: Sequence[Column | None], recipe: Recipe, first: dict[str, int]) -> Task:
    values, problems = values_of(row, placed)
    key = str(values.get(recipe.id, ""))[:80]
    if not problems:
        return _checked(row.number, values, recipe, first)
    problem = Problem("row-invalid", say("row-cells"), tuple(problems))
    return Task(row.number, key, problem=problem)


def _checked(number: int, values: dict[str, Any], recipe: Recipe, first: dict[str, int]) -> Task:
    for name, fill in recipe.filled.items():
        values.setdefault(name, fill(values))
    key = str(values[recipe.id])
    said = {name: value for name, value in values.items() if name != "decided_by"}
    try:
        fact = recipe.fact.of(said | dict(recipe.fixed))
    except ValidationError as error:
        problem = Problem("row-invalid", say("row-invalid"), tuple(problems_of(error)))
        return Task(number, key[:80], problem=problem)
    if key in first:
        twice = Problem("row-twice", say("row-twice", row=first[key]))
        return Task(number, key[:80], problem=twice)
    first[key] = number
    stream = recipe.kind.stream(str(values[recipe.stream or recipe.id]))
    shared = (*recipe.names, recipe.stream or recipe.id)
    near = next(str(value) for name in shared if (value := values.get(name)))
    asks = recipe.right(values)
    return Task(number, key, near, _use(recipe.use, fact), says=(stream, fact), asks=asks)


def _use(use: Use, fact: Fact) -> Run:
    async def run(deps: Deps, by: By, cause: Cause) -> Loaded[Any]:
        return await use(deps, fact, by, cause)

    return run


# -- maps ------------------------------------------------------------------------------------------

_ACTS: Mapping[str, tuple[type[Fact], Use]] = {
    "register": (AdministrativeUnitRegisteredV1, _register_unit),
    "end": (AdministrativeUnitEndedV1, _end_unit),
    "succeed": (AdministrativeUnitSucceededV1, _succeed_units),
}


def plan_of_maps(maps: Maps, digest: str) -> Plan:
    """Two administrative maps as decisions; raises Unprocessable for loose ends."""
    number, waves = 0, list[list[Task]]()
    for wave in waves_of(maps):
        waves.append([_step(number + i, step) for i, step in enumerate(wave, 1)])
        number += len(wave)
    return Plan(digest, waves)


def _step(number: int, step: Step) -> Task:
    kind, use = _ACTS[step.act]
    fact = kind.of(step.data)
    says = (UNITS.stream(step.key), fact) if step.act == "register" else None
    asks = _keeps_map(step.data)
    return Task(number, step.key, step.near, _use(use, fact), says=says, asks=asks)


def digest_of(kind: str, content: bytes) -> str:
    """Names an import: the same file under the same kind is the same import."""
    inside = hashlib.sha256(content).hexdigest()
    return hashlib.sha256(canonical([kind, inside])).hexdigest()
