"""HTTP: administrative units as of a day, by name, by code, and what became of one."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from common.errors import NotFound
from common.http.idempotency import FromRequest
from common.http.pages import FromPage, Page
from common.http.positions import AfterPosition, AfterPositionOrStale
from common.http.preconditions import ExpectedVersion, etag, unchanged
from common.http.signed_in import FromToken
from common.http.wiring import deps_of
from common.log.streams import Loaded
from contracts.events.directory import (
    AdministrativeUnitChangedV1,
    AdministrativeUnitEndedV1,
    AdministrativeUnitRegisteredV1,
    AdministrativeUnitSucceededV1,
)
from directory.domain.units import NATIONAL
from directory.domain.words import say
from directory.queries.units import Units, UnitsWanted
from directory.routes.acting import Actor, FromActor, FromApp, say_where
from directory.routes.shapes import DocumentBody, HistoryEntry, Id, Shape, fact_of
from directory.routes.written import Written
from directory.usecases import units as usecases
from directory.usecases.doing import By
from rulebook.administrative_units import Attributes, Unit, UnitSuccession
from rulebook.house import INSTALLATION
from rulebook.text import query_keys

router = APIRouter(prefix="/administrative-units", tags=["administrative units"])

UnitId = Annotated[Id, Path(examples=["commune.13285.2025"])]
Level = Literal["province", "district", "commune"]
Code = Annotated[str, Field(pattern=r"^[0-9]{2,5}$")]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Note = Annotated[str, Field(min_length=1, max_length=1000)]


class UnitBody(Shape):
    """A new administrative unit (đơn vị hành chính); validity is half-open [valid_from, valid_to)."""

    unit_id: Id
    level: Level
    kind: Annotated[str, Field(max_length=20)]
    code: Code
    name_vi: Name
    name_en: Name | None = None
    parent: Id | None = None
    note: Note | None = None
    valid_from: date
    valid_to: date | None = None
    document: DocumentBody | None = None


class UnitChangesBody(Shape):
    """Attributes with a new value."""

    code: Code | None = None
    kind: Annotated[str, Field(max_length=20)] | None = None
    name_vi: Name | None = None
    name_en: Name | None = None
    parent: Id | None = None
    note: Note | None = None


class UnitChangeBody(Shape):
    """New values from a day on, until the next change."""

    valid_from: date
    changes: UnitChangesBody
    document: DocumentBody | None = None
    reason: Note | None = None


class UnitEndBody(Shape):
    """The first day on which it no longer exists."""

    ends_on: date
    document: DocumentBody | None = None
    reason: Note | None = None


class UnitSuccessionBody(Shape):
    """What became of units that end on a day; an abolished level has no successors."""

    kind: Literal["merge", "split", "rename", "abolition"]
    predecessors: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100)]
    successors: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    effective_on: date
    document: DocumentBody | None = None
    note: Note | None = None


class UnitSuccessionView(BaseModel):
    kind: str
    effective_on: date
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    document: str | None
    note: str | None

    @classmethod
    def of(cls, succession: UnitSuccession) -> "UnitSuccessionView":
        return cls(
            kind=succession.kind,
            effective_on=succession.effective_on,
            predecessors=succession.predecessors,
            successors=succession.successors,
            document=succession.document,
            note=succession.note,
        )


class UnitView(BaseModel):
    """A unit as of a day, or as last known."""

    unit_id: str
    level: str
    valid_from: date
    valid_to: date | None
    as_of: date | None = Field(description="The day asked for; null: as last known")
    attributes: dict[str, Any]
    successions: tuple[UnitSuccessionView, ...]

    @classmethod
    def of(cls, unit: Unit, attributes: Attributes, day: date | None) -> "UnitView":
        return cls(
            unit_id=unit.id,
            level=unit.level,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
            as_of=day,
            attributes=attributes,
            successions=tuple(UnitSuccessionView.of(each) for each in unit.successions),
        )


class BecameView(BaseModel):
    """What stands in a unit's place on a day."""

    unit_id: str
    on: date
    now: tuple[UnitView, ...] = Field(
        description="Units that stand in its place; itself if it lasts"
    )
    path: tuple[UnitSuccessionView, ...] = Field(description="The successions on the way")
    lost: tuple[str, ...] = Field(description="Units at whose end no successor is recorded")


async def _units(request: Request) -> Units:
    return deps_of(request).units


FromUnits = Annotated[Units, Depends(_units)]


@router.post("", status_code=201)
async def register(
    body: UnitBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    response: Response,
    _: AfterPosition,
) -> UnitView:
    """Put a unit on the map (đưa đơn vị hành chính vào danh mục)."""
    by = await _keeper(actor)
    fact = fact_of(AdministrativeUnitRegisteredV1, body, site=NATIONAL)
    unit = await usecases.register(deps, usecases.RegisterUnit(fact, by), cause)
    response.headers["Location"] = f"administrative-units/{unit.id}"
    return _answer(unit, response)


@router.post("/successions", status_code=201)
async def succeed(
    body: UnitSuccessionBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    response: Response,
) -> UnitView:
    """Record what became of units: merge, split, rename or abolition; all streams at once."""
    by = await _keeper(actor)
    fact = fact_of(AdministrativeUnitSucceededV1, body, site=NATIONAL)
    return _answer(await usecases.succeed(deps, usecases.SucceedUnits(fact, by), cause), response)


@router.post("/{unit_id}/changes")
async def change(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    unit_id: UnitId,
    body: UnitChangeBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
) -> UnitView:
    """Give a unit a new name, kind, code or parent from a day on."""
    by = await _keeper(actor)
    fact = fact_of(AdministrativeUnitChangedV1, body, unit_id=unit_id, site=NATIONAL)
    command = usecases.ChangeUnit(fact, by, expected)
    return _answer(await usecases.change(deps, command, cause), response)


@router.post("/{unit_id}/end")
async def end(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    unit_id: UnitId,
    body: UnitEndBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
    _: AfterPosition,
) -> UnitView:
    """End a unit (chấm dứt đơn vị hành chính); refused while parts of it outlive it."""
    by = await _keeper(actor)
    fact = fact_of(AdministrativeUnitEndedV1, body, unit_id=unit_id, site=NATIONAL)
    command = usecases.EndUnit(fact, by, expected)
    return _answer(await usecases.end(deps, command, cause), response)


@router.get("")
async def list_units(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    units: FromUnits,
    asked: FromPage,
    _: AfterPositionOrStale,
    on: Annotated[date | None, Query(description="Only units that exist on this day")] = None,
    level: Annotated[Level | None, Query()] = None,
    parent: Annotated[Id | None, Query(description="Only units that belong to this one")] = None,
    code: Annotated[Code | None, Query(description="Only units that hold this code")] = None,
    q: Annotated[
        str | None, Query(max_length=200, description="Words of a name, with or without diacritics")
    ] = None,
) -> Page[UnitView]:
    """Units in the order of their ids."""
    words = q if q and query_keys(q) else None
    after = str(asked.after[0]) if asked.after else None
    wanted = UnitsWanted(on, level, parent, code, words)
    found = await units.listed(wanted, after, asked.fetch)
    return asked.written(  # pyright: ignore[reportReturnType] - FastAPI sends a response as it is
        found, lambda unit: _LISTED.of(unit.id, unit, on), lambda unit: (unit.id,)
    )


@router.get("/by-code/{level}/{code}")
async def by_code(
    level: Level,
    code: Annotated[Code, Path(examples=["13285"])],
    units: FromUnits,
    on: Annotated[date, Query(description="The day: a code passes from unit to unit")],
) -> UnitView:
    """Who holds a code on a day (mã này là của đơn vị nào vào ngày đó)."""
    return _view((await units.holder(level, code, on)).state, on)


@router.get("/{unit_id}", responses={304: {"description": "Not modified"}})
async def see(
    unit_id: UnitId,
    units: FromUnits,
    request: Request,
    response: Response,
    on: Annotated[date | None, Query(description="As of this day")] = None,
) -> UnitView:
    """One unit as of a day, or as last known."""
    loaded = await units.get(unit_id)
    if (same := unchanged(request, loaded.version)) is not None:
        return same  # pyright: ignore[reportReturnType] - FastAPI sends a response as it is
    response.headers["ETag"] = etag(loaded.version)
    return _view(loaded.state, on)


@router.get("/{unit_id}/became")
async def became(
    unit_id: UnitId,
    units: FromUnits,
    on: Annotated[date, Query(description="By this day")],
) -> BecameView:
    """What became of a unit by a day (nay thuộc đơn vị nào), with every succession on the way."""
    found, known = await units.became(unit_id, on)
    return BecameView(
        unit_id=unit_id,
        on=on,
        now=tuple(_view(known[each], on) for each in found.now),
        path=tuple(UnitSuccessionView.of(each) for each in found.path),
        lost=found.lost,
    )


@router.get("/{unit_id}/history")
async def history(unit_id: UnitId, units: FromUnits, _: FromToken) -> list[HistoryEntry]:
    """Every decision about a unit: who, when, by what right, what changed."""
    return [HistoryEntry.model_validate(entry) for entry in await units.history(unit_id)]


async def _keeper(actor: Actor) -> By:
    return await actor.may("keep_map", site=INSTALLATION)


def _answer(unit: Loaded[Unit], response: Response) -> UnitView:
    say_where(unit, response)
    return _view(unit.state, None)


def _view(unit: Unit, day: date | None) -> UnitView:
    attributes = unit.latest if day is None else unit.as_of(day)
    if attributes is None:
        raise NotFound("unit-not-then", say("not-then", day=day))
    return UnitView.of(unit, attributes, day)


_LISTED = Written(_view)
