"""The audit of an item: every decision on it, by whose right, what it changed, and whether the chain holds."""

from fastapi import APIRouter
from starlette.responses import Response

from console.queries import part
from console.routes.naming import Spoken, deciders, names_of
from console.routes.visiting import AVisitor

router = APIRouter(prefix="/audit", include_in_schema=False)


@router.get("/{kind}/{item_id}")
async def audit(visitor: AVisitor, kind: str, item_id: str) -> Response:
    path = f"directory/audit/{part(kind)}/{part(item_id)}"
    found = await visitor.desk.api.get(visitor.asker, path)
    people = deciders(found["decisions"])
    about = {kind: [item_id]}
    spoken = Spoken(
        people=[*people, *about.get("person", ())],
        agencies=about.get("agency", ()),
        units=about.get("administrative-unit", ()),
    )
    called = await names_of(visitor, spoken)
    return visitor.show("audit.html", audit=found, called=called, kind=kind, id=item_id)
