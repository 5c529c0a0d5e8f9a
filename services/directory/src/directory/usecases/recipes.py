"""What can be imported: for each kind its columns, the fact a row becomes, the use case it goes through."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from common.canonical import canonical
from common.cause import Cause
from common.errors import FieldProblem
from common.log.streams import Loaded, StreamKind
from contracts.events.directory import (
    AdministrativeUnitEndedV1,
    AdministrativeUnitRegisteredV1,
    AdministrativeUnitSucceededV1,
    AgencyRegisteredV1,
)
from contracts.fact import Fact
from directory.domain.agencies import AGENCIES
from directory.domain.columns import Column, Layout, values_of
from directory.domain.maps import Maps, Step, waves_of
from directory.domain.units import NATIONAL, UNITS
from directory.domain.uploads import Row, Table
from directory.usecases import agencies, units
from directory.usecases.doing import By, Deps
from directory.usecases.importing import Plan, Problem, Run, Task, in_waves

Use = Callable[[Deps, Any, By, Cause], Awaitable[Loaded[Any]]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One kind of rows.

    id      the attribute that names the stream a row begins
    names   attributes that may name other rows of the file
    fixed   values that no row can give
    filled  attributes that take another's value when a row leaves them out
    """

    kind: StreamKind[Any]
    fact: type[Fact]
    use: Use
    id: str
    layout: Layout
    names: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict[str, Any])
    filled: Mapping[str, str] = field(default_factory=dict[str, str])


async def _register_agency(deps: Deps, fact: Any, by: By, cause: Cause) -> Loaded[Any]:
    return await agencies.register(deps, agencies.Register(fact, by), cause)


async def _register_unit(deps: Deps, fact: Any, by: By, cause: Cause) -> Loaded[Any]:
    return await units.register(deps, units.RegisterUnit(fact, by), cause)


async def _end_unit(deps: Deps, fact: Any, by: By, cause: Cause) -> Loaded[Any]:
    return await units.end(deps, units.EndUnit(fact, by), cause)


async def _succeed_units(deps: Deps, fact: Any, by: By, cause: Cause) -> Loaded[Any]:
    return await units.succeed(deps, units.SucceedUnits(fact, by), cause)


_NAMES = (
    Column("name_vi", ("tên", "tên tiếng Việt"), required=True),
    Column("name_en", ("tên tiếng Anh",)),
)
_DAYS = (
    Column("valid_from", ("từ ngày", "ngày hiệu lực"), "date", required=True),
    Column("valid_to", ("đến ngày", "ngày hết hiệu lực"), "date"),
)
_NOTE = Column("note", ("ghi chú",))

RECIPES: Mapping[str, Recipe] = {
    "agencies": Recipe(
        AGENCIES,
        AgencyRegisteredV1,
        _register_agency,
        "agency_id",
        Layout(
            (
                Column("agency_id", ("mã cơ quan",), required=True),
                Column("site", ("cổng", "trang"), required=True),
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
        ),
        names=("parent",),
        filled={"jurisdiction": "site"},
    ),
    "administrative-units": Recipe(
        UNITS,
        AdministrativeUnitRegisteredV1,
        _register_unit,
        "unit_id",
        Layout(
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
        ),
        names=("parent",),
        fixed={"site": NATIONAL},
    ),
}


def plan_of(table: Table, recipe: Recipe, digest: str, by: By) -> Plan:
    """A table as rows to decide; raises Unprocessable for a header that does not fit."""
    placed = recipe.layout.placed(table.header)
    first: dict[str, int] = {}
    tasks = [_task(row, placed, recipe, by, first) for row in table.rows]
    named = {task.key: task.first[2] for task in tasks if task.first is not None}

    def needs(task: Task) -> Iterable[str]:
        fact = named.get(task.key)
        values = [getattr(fact, name, None) for name in recipe.names] if fact else []
        return [value for value in values if isinstance(value, str)]

    return Plan(digest, in_waves(tasks, needs))


def _task(
    row: Row,
    placed: Sequence[Column | None],
    recipe: Recipe,
    by: By,
    first: dict[str, int],
) -> Task:
    values, problems = values_of(row, placed)
    key = str(values.get(recipe.id, ""))[:64]
    if not problems:
        return _checked(row.number, values, recipe, by, first)
    detail = "Some cells do not fit; the others were not looked at further."
    return Task(row.number, key, problem=Problem("row-invalid", detail, tuple(problems)))


def _checked(
    number: int, values: dict[str, Any], recipe: Recipe, by: By, first: dict[str, int]
) -> Task:
    key = str(values[recipe.id])
    for name, other in recipe.filled.items():
        values.setdefault(name, values.get(other))
    try:
        fact = recipe.fact.of(values | dict(recipe.fixed))
    except ValidationError as error:
        detail = "A value is not one the contract allows."
        return Task(number, key[:64], problem=Problem("row-invalid", detail, _fields(error)))
    if key in first:
        detail = f"Row {first[key]} has this id already; keep one of them."
        return Task(number, key[:64], problem=Problem("row-twice", detail))
    first[key] = number
    near = next((v for name in recipe.names if (v := values.get(name))), key)
    return Task(number, key, near, _use(recipe.use, fact, by), first=(recipe.kind, key, fact))


def _use(use: Use, fact: Fact, by: By) -> Run:
    async def run(deps: Deps, cause: Cause) -> Loaded[Any]:
        return await use(deps, fact, by, cause)

    return run


def _fields(error: ValidationError) -> tuple[FieldProblem, ...]:
    return tuple(
        FieldProblem("/" + "/".join(map(str, each["loc"])), each["type"], each["msg"])
        for each in error.errors(include_url=False, include_input=False)
    )


# -- maps ------------------------------------------------------------------------------------------

_ACTS: Mapping[str, tuple[type[Fact], Use]] = {
    "register": (AdministrativeUnitRegisteredV1, _register_unit),
    "end": (AdministrativeUnitEndedV1, _end_unit),
    "succeed": (AdministrativeUnitSucceededV1, _succeed_units),
}


def plan_of_maps(maps: Maps, digest: str, by: By) -> Plan:
    """Two administrative maps as decisions; raises Unprocessable for loose ends."""
    number, waves = 0, list[list[Task]]()
    for wave in waves_of(maps):
        waves.append([_step(number + i, step, by) for i, step in enumerate(wave, 1)])
        number += len(wave)
    return Plan(digest, waves)


def _step(number: int, step: Step, by: By) -> Task:
    kind, use = _ACTS[step.act]
    fact = kind.of(step.data)
    first = (UNITS, step.key, fact) if step.act == "register" else None
    return Task(number, step.key, step.near, _use(use, fact, by), first=first)


def digest_of(kind: str, content: bytes) -> str:
    """Names an import: the same file under the same kind is the same import."""
    inside = hashlib.sha256(content).hexdigest()
    return hashlib.sha256(canonical([kind, inside])).hexdigest()
