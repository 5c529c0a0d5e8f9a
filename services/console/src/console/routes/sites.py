"""Sites: the list, one site as of a day with its boards and who holds which position there."""

from fastapi import APIRouter
from starlette.responses import Response

from console.queries import part
from console.routes.listing import Cursor, Words, day, history_of, listed
from console.routes.naming import Spoken, deciders, names_of, parties
from console.routes.visiting import AVisitor

router = APIRouter(prefix="/sites", include_in_schema=False)
MOST = "100"


@router.get("")
async def all_sites(visitor: AVisitor, q: Words = "", cursor: Cursor = "") -> Response:
    sites, following = await listed(visitor, "directory/sites", "/sites", {"q": q}, cursor)
    return visitor.show("sites.html", sites=sites, q=q, following=following)


@router.get("/{site}")
async def one_site(visitor: AVisitor, site: str, on: Words = "", done: Words = "") -> Response:
    """The site, the sites under it, and everybody who may act there that day."""
    asked, api, asker = day(on), visitor.desk.api, visitor.asker
    path = f"directory/sites/{part(site)}"
    there = {"site": site, "limit": MOST, **asked.asked}
    under = {"parent": site, "limit": MOST, **asked.asked}
    shown = await api.get(asker, path, asked.asked)
    positions = (await api.get(asker, "directory/positions", there))["items"]
    delegations = (await api.get(asker, "directory/delegations", there))["items"]
    history = await history_of(visitor, path)
    people = [each["person_id"] for each in positions] + parties(delegations) + deciders(history)
    spoken = Spoken(site, people, agencies=[shown["attributes"].get("agency")])
    return visitor.show(
        "site.html",
        site=shown,
        below=(await api.get(asker, "directory/sites", under))["items"],
        boards=(await api.get(asker, "directory/boards", there))["items"],
        positions=positions,
        delegations=delegations,
        history=history,
        called=await names_of(visitor, spoken),
        done=done,
        on=on,
        fault=asked.fault,
    )
