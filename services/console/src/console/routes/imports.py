"""Imports of tables: what can be imported, a file handed in or rehearsed, what became of each row."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.datastructures import UploadFile
from starlette.responses import Response

from console.queries import Refusal, part
from console.routes.listing import Cursor, listed
from console.routes.visiting import AVisitor, Visitor

router = APIRouter(prefix="/imports", include_in_schema=False)
Outcome = Annotated[str, Query(pattern="^(created|unchanged|refused|)$")]
MAPS = "administrative-maps"


@router.get("")
async def overview(visitor: AVisitor, cursor: Cursor = "") -> Response:
    return await _overview(visitor, "", {}, None, 200, cursor)


@router.post("")
async def start(visitor: AVisitor) -> Response:
    """Hand a file in; each row is decided by the right of whoever signs in."""
    form = await visitor.form()
    kind, file = str(form.get("kind", "")), form.get("file")
    faults = {} if kind else {"kind": "empty"}
    if not isinstance(file, UploadFile) or not file.filename:
        return await _overview(visitor, kind, faults | {"file": "empty"}, None, 422)
    if faults:
        return await _overview(visitor, kind, faults, None, 422)
    about = {"kind": kind, "dry_run": "true" if form.get("dry_run") else "false"}
    sent = (file.filename, file.file, file.content_type or "application/octet-stream")
    try:
        job = await visitor.desk.api.send(visitor.asker, "directory/imports", sent, about)
    except Refusal as refusal:
        return await _overview(visitor, kind, {}, refusal.problem, refusal.status)
    return visitor.go(f"/imports/{part(job['import_id'])}")


@router.get("/{import_id}")
async def one(
    visitor: AVisitor, import_id: str, outcome: Outcome = "", cursor: Cursor = ""
) -> Response:
    """How far it is, and each row with what is wrong in it."""
    path, page = f"directory/imports/{part(import_id)}", f"/imports/{part(import_id)}"
    job = await visitor.desk.api.get(visitor.asker, path)
    rows, following = await listed(visitor, f"{path}/rows", page, {"outcome": outcome}, cursor)
    return visitor.show("import.html", job=job, rows=rows, outcome=outcome, following=following)


async def _overview(  # noqa: PLR0913, PLR0917 - what was typed, what is wrong with it, what the directory said
    visitor: Visitor,
    kind: str,
    faults: dict[str, str],
    problem: Any,
    status: int = 200,
    cursor: str = "",
) -> Response:
    kinds = await visitor.desk.api.get(visitor.asker, "directory/imports/kinds")
    mine, following = await listed(visitor, "directory/imports", "/imports", {}, cursor)
    return visitor.show(
        "imports.html",
        status,
        kinds={**kinds, MAPS: []},
        mine=mine,
        following=following,
        kind=kind,
        faults=faults,
        problem=problem,
    )
