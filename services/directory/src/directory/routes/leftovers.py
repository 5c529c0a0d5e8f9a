"""HTTP: what still points at an agency, a site or a unit that ends, and what each thing needs."""

from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from common.http.positions import AfterPosition
from common.http.signed_in import FromToken
from common.http.wiring import around_of, deps_of
from directory.domain.leaving import needed
from directory.queries.pointing import Pointing
from directory.routes.acting import check_reader
from directory.routes.shapes import Id
from directory.usecases.doing import law_day

router = APIRouter(prefix="/leftovers", tags=["succession"])
Kind = Literal["agency", "site", "administrative-unit"]
MOST = 500


class NeedView(BaseModel):
    """What a thing needs: in words, and the acts of this API that settle it."""

    vi: str
    en: str
    acts: tuple[str, ...] = Field(description="Method and path, the simplest first")


class LeftoverView(BaseModel):
    """One thing that points there."""

    kind: str
    id: str
    name: str
    site: str
    by: str = Field(description="Which of its values points there: agency, parent or site")
    since: date = Field(description="The first day from which what it names is not there")
    holder: str | None = Field(description="Whose position it is")
    need: NeedView

    @classmethod
    def of(cls, each: Pointing) -> "LeftoverView":
        need = needed(each.kind, each.by, each.id, each.holder)
        return cls(**asdict(each), need=NeedView(**asdict(need)))


class LeftoversView(BaseModel):
    """What an end leaves behind."""

    kind: Kind
    id: str
    on: date = Field(description="The first day on which it is not there")
    ended: bool = Field(description="false: no end is recorded; this is what one would leave")
    heirs: tuple[str, ...]
    follows: bool = Field(description="It has one heir, to whom what is listed moves by itself")
    items: tuple[LeftoverView, ...]
    complete: bool = Field(description="false: there is more than is listed here")


@dataclass(frozen=True, slots=True)
class _Ending:
    """An item, whose it is, its end, who comes after it, and what points at it from a day on."""

    site: str
    valid_to: date | None
    heirs: tuple[str, ...]
    pointing: Callable[[str, date], AsyncIterator[Pointing]]
    moves: bool = True


@router.get("/{kind}/{item_id}")
async def leftovers(
    kind: Kind,
    item_id: Annotated[Id, Path(examples=["hanam.duytien"])],
    request: Request,
    who: FromToken,
    _: AfterPosition,
    on: Annotated[date | None, Query(description="Empty: its end, else today")] = None,
) -> LeftoversView:
    """What an end leaves behind (việc còn lại sau khi giải thể, đóng trang), and what each needs.

    Before an end is decided it shows what the end would leave.
    """
    ending = await _ending(deps_of(request), kind, item_id)
    check_reader(who, ending.site)
    day = on or ending.valid_to or law_day(around_of(request).world.now())
    found = await _first(ending.pointing(item_id, day), MOST + 1)
    return LeftoversView(
        kind=kind,
        id=item_id,
        on=day,
        ended=ending.valid_to is not None and ending.valid_to <= day,
        heirs=ending.heirs,
        follows=ending.moves and len(ending.heirs) == 1,
        items=tuple(map(LeftoverView.of, found[:MOST])),
        complete=len(found) <= MOST,
    )


async def _ending(app: Any, kind: Kind, id: str) -> _Ending:
    """Raises NotFound."""
    if kind == "agency":
        agency = (await app.agencies.get(id)).state
        heirs = agency.followed.successors if agency.followed else ()
        return _Ending(agency.site, agency.valid_to, heirs, app.pointers.at_agency)
    if kind == "site":
        site = (await app.sites.get(id)).state
        named = site.closing.successor if site.closing else None
        heirs = (named,) if named else ()
        return _Ending(id, site.days.valid_to, heirs, app.pointers.at_site)
    unit = (await app.units.get(id)).state
    heirs = unit.followed.successors if unit.followed else ()
    return _Ending(unit.site, unit.valid_to, heirs, app.pointers.at_unit, moves=False)


async def _first(items: AsyncIterator[Pointing], most: int) -> list[Pointing]:
    found: list[Pointing] = []
    async for each in items:
        found.append(each)
        if len(found) == most:
            break
    return found
