"""The audit of an item: every decision on it, by whose right, what it changed, and whether the chain holds."""

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from console.queries import part
from console.routes.naming import Spoken, deciders, names_of
from console.routes.visiting import AVisitor

WHEN = ("before", "after")
NESTED = frozenset({"document", "number", "issued_on", "issuer", "title", "id", "person", "site", "role", "board", "agency",
                    "sections", "valid_from", "valid_to"})  # fmt: skip
"""What a position says, and what the document behind it says."""

SAME = {"calendar_id": "id"}
"""Fields that say what another field says."""

router = APIRouter(prefix="/audit", include_in_schema=False)


@router.get("/{kind}/{item_id}")
async def audit(visitor: AVisitor, kind: str, item_id: str) -> Response:
    path = f"directory/audit/{part(kind)}/{part(item_id)}"
    found = await visitor.desk.api.get(visitor.asker, path)
    people = deciders(found["decisions"])
    for each in found["decisions"]:
        each["changed"] = _told_once(each["changed"])
    changes = [change for each in found["decisions"] for change in each["changed"]]
    about = {kind: [item_id, *_said(changes, "parent"), *_successions(changes)]}
    spoken = Spoken(
        people=[*people, *about.get("person", ()), *_said(changes, "person")],
        agencies=[*about.get("agency", ()), *_said(changes, "agency")],
        boards=[*about.get("board", ()), *_said(changes, "board")],
        units=about.get("administrative-unit", ()),
    )
    called = await names_of(visitor, spoken)
    return visitor.show("audit.html", audit=found, called=called, kind=kind, id=item_id)


def _told_once(changed: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The changes under short names; what two of them say alike is said once."""
    told: list[dict[str, Any]] = []
    for each in ({**change, "field": _short(change["field"])} for change in changed):
        if each not in told:
            told.append(each)
    return told


def _short(field: str) -> str:
    """A field without what it stands in: posts.a.b.document.number is document.number, adopted.days is days."""
    parts = field.removeprefix("adopted.").split(".")
    if parts[0] != "posts":
        return SAME.get(parts[0], ".".join(parts))
    told = list(takewhile(lambda part: part in NESTED, reversed(parts)))
    return ".".join(reversed(told)) or field


def _said(changes: Iterable[Mapping[str, Any]], field: str) -> list[str]:
    """The ids that a field had before and after."""
    values = (each[when] for each in changes if each["field"] == field for when in WHEN)
    return [value for value in values if isinstance(value, str)]


def _successions(changes: Iterable[Mapping[str, Any]]) -> list[str]:
    """The agencies or units that a succession speaks of."""
    found = (
        each[when] or () for each in changes if each["field"] == "successions" for when in WHEN
    )
    return [
        id for each in found for one in each for id in (*one["predecessors"], *one["successors"])
    ]
