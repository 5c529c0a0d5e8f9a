"""What is owed to a site: open publication clocks and standing duties, the most pressing first, each with its article."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from fastapi import APIRouter
from starlette.responses import Response

from console.routes.listing import Cursor, Words, listed
from console.routes.naming import Spoken, names_of
from console.routes.visiting import AVisitor, Visitor
from pages.language import Language

router = APIRouter(prefix="/deadlines", include_in_schema=False)
Stage = Literal["overdue", "near", "all"]
Whose = Literal["mine", "all"]
PRESSING = frozenset({"late", "never", "open"})


@router.get("")
async def owed(
    visitor: AVisitor, site: Words = "", stage: Stage = "all", cursor: Cursor = ""
) -> Response:
    """Of one site where the person acts."""
    chosen, sites = await _chosen(visitor, site)
    clocks, following = [], None
    if chosen:
        asked = {"site": chosen, "stage": stage}
        clocks, following = await listed(visitor, "intake/deadlines", "/deadlines", asked, cursor)
    senders = Spoken(chosen, [each["person"] for each in clocks], sites=False)
    return visitor.show(
        "deadlines.html",
        sites=sites,
        site=chosen,
        stage=stage,
        clocks=clocks,
        following=following,
        names=(await names_of(visitor, senders)).people,
        now=visitor.desk.sign_in.clock(),
    )


@router.get("/duties")
async def duties(visitor: AVisitor, site: Words = "", of: Whose = "all") -> Response:
    """What each agency owes without being asked: all of them for the board, one's own for an officer."""
    chosen, sites = await _chosen(visitor, site)
    found: list[Any] = []
    if chosen:
        found = await visitor.desk.api.get(visitor.asker, "intake/duties", {"site": chosen})
    shown = [each for each in found if of == "all" or each["mine"]]
    return visitor.show(
        "duties.html",
        sites=sites,
        site=chosen,
        of=of,
        owed=_by_whom(each for each in shown if each["state"] in PRESSING),
        met=_by_whom(each for each in shown if each["state"] in {"handed_in", "counted"}),
        elsewhere=_by_whom(each for each in shown if each["state"] == "elsewhere"),
    )


def _by_whom(duties: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Each agency, or role, with what it owes; who owes the most pressing comes first, as the duties do."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in duties:
        found.setdefault(each["agency"] or each["role"], []).append(each)
    return list(found.items())


async def _chosen(visitor: Visitor, site: str) -> tuple[str, list[tuple[str, str]]]:
    """The site asked for where the person acts there, else the first of theirs; and all of theirs."""
    places = await visitor.desk.api.get(visitor.asker, "intake/places")
    mine = [(each["site"], _name(each, visitor.language)) for each in places if each["may"]]
    known = [id for id, _ in mine]
    return (site if site in known else next(iter(known), "")), mine


def _name(place: Mapping[str, Any], language: Language) -> str:
    return place["name_vi"] if language == "vi" else place["name_en"] or place["name_vi"]
