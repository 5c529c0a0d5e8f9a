"""What was handed in: my list and my unit's, one with what the board did, handed in again, taken back."""

import csv
import io
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from console.queries import part
from console.routes import drafts, fields, submitting
from console.routes.listing import PER_PAGE, Cursor, Words
from console.routes.submitting import Desk, Looked
from console.routes.visiting import AVisitor, Visitor

router = APIRouter(prefix="/submissions", include_in_schema=False)
STATES = (
    "received", "in_progress", "returned", "resubmitted", "published", "refused", "withdrawn", "taken_down",
)  # fmt: skip
Whose = Literal["mine", "unit"]
Order = Literal["newest", "oldest"]
COLUMNS = ("receipt", "title", "site", "category", "state", "received_at", "last_day", "person")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@router.get("")
async def all_submissions(  # noqa: PLR0913, PLR0917 - the filters of the list
    visitor: AVisitor,
    of: Whose = "mine",
    site: Words = "",
    state: Words = "",
    order: Order = "newest",
    cursor: Cursor = "",
) -> Response:
    """Those that were returned stand first: they wait for their sender."""
    places = await _places(visitor)
    units = _units(places)
    asked = _asked(of, site, state, order, units)
    rows, following = await _listed(visitor, asked, cursor)
    waiting: list[Any] = []
    if not state and not cursor:
        waiting, _ = await _listed(visitor, asked | {"state": "returned"}, "")
        shown = {each["submission_id"] for each in waiting}
        rows = [each for each in rows if each["submission_id"] not in shown]
    query = {"of": of, "site": asked.get("site", ""), "state": state, "order": order}
    address = f"{visitor.desk.base}/submissions"
    return visitor.show(
        "submissions.html",
        waiting=waiting,
        rows=rows,
        query=query,
        units=units,
        states=STATES,
        names={each["site"]: name_of(each, visitor.language) for each in places},
        now=visitor.desk.sign_in.clock(),
        table=f"{address}/table.csv?{urlencode(query | {'cursor': cursor})}",
        following=f"{address}?{urlencode(query | {'cursor': following})}" if following else None,
    )


@router.get("/table.csv")
async def table(  # noqa: PLR0913, PLR0917 - the filters of the list
    visitor: AVisitor,
    of: Whose = "mine",
    site: Words = "",
    state: Words = "",
    order: Order = "newest",
    cursor: Cursor = "",
) -> Response:
    """Exactly what the page shows, for a spreadsheet: no cell begins as a formula."""
    asked = _asked(of, site, state, order, _units(await _places(visitor)))
    rows, _ = await _listed(visitor, asked, cursor)
    written = io.StringIO()
    out = csv.writer(written)
    out.writerow(COLUMNS)
    out.writerows([_cell(row.get(name)) for name in COLUMNS] for row in rows)
    return Response(
        "\ufeff" + written.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="bai-da-gui.csv"',
            "Cache-Control": "no-store",
        },
    )


@router.get("/{submission_id}")
async def one_submission(
    visitor: AVisitor, submission_id: str, done: Words = "", after: Cursor = ""
) -> Response:
    return await _one(visitor, submission_id, done, after)


@router.get("/{submission_id}/receipt")
async def receipt(visitor: AVisitor, submission_id: str) -> Response:
    """For print, at the same address for ever."""
    path = f"intake/submissions/{part(submission_id)}/receipt"
    return visitor.show(
        "submission_receipt.html", receipt=await visitor.desk.api.get(visitor.asker, path)
    )


@router.get("/{submission_id}/files/{digest}")
async def file(visitor: AVisitor, submission_id: str, digest: str) -> Response:
    """Always a download, whatever the file holds."""
    path = f"intake/submissions/{part(submission_id)}/files/{part(digest)}"
    answer = await visitor.desk.api.fetch(visitor.asker, path)
    return StreamingResponse(
        answer.aiter_bytes(),
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": answer.headers.get("Content-Disposition", "attachment"),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
        background=BackgroundTask(answer.aclose),
    )


@router.get("/{submission_id}/correction")
async def correct(visitor: AVisitor, submission_id: str) -> Response:
    """The form as it was handed in, to be corrected and handed in again."""
    desk = await _again(visitor, submission_id)
    assert desk.again
    draft = drafts.prefilled(desk.again["content"], desk.asked, visitor.new_key())
    return submitting.show(visitor, desk, draft, Looked())


@router.post("/{submission_id}/correction")
async def corrected(visitor: AVisitor, submission_id: str) -> Response:
    return await submitting.answered(visitor, await _again(visitor, submission_id))


@router.post("/{submission_id}/withdrawal")
async def withdraw(visitor: AVisitor, submission_id: str) -> Response:
    form = await visitor.form()
    reason = str(form.get("reason", "")).strip()[:1_000]
    path = f"intake/submissions/{part(submission_id)}/withdrawal"
    body = {"reason": reason} if reason else {}
    key = str(form.get("key", ""))[:128]
    done = await visitor.desk.api.act(visitor.asker, path, body, key)
    query = urlencode({"done": "withdrawn", "after": done.position})
    return visitor.go(f"/submissions/{part(submission_id)}?{query}")


@router.post("/{submission_id}/contact")
async def look(visitor: AVisitor, submission_id: str) -> Response:
    """The sender's private contact, shown once; who looked and why is kept."""
    why = str((await visitor.form()).get("why", "")).strip()
    if len(why) < 3:  # noqa: PLR2004 - as intake asks
        return await _one(visitor, submission_id, "", "", why_missing=True)
    path = f"intake/submissions/{part(submission_id)}/looks"
    seen = await visitor.desk.api.post(visitor.asker, path, {"why": why}, "")
    return await _one(visitor, submission_id, "", "", seen["contact"])


async def _one(  # noqa: PLR0913 - which, after what act, what was looked at
    visitor: Visitor,
    submission_id: str,
    done: str,
    after: str,
    contact: Mapping[str, str] | None = None,
    *,
    why_missing: bool = False,
) -> Response:
    api, asker = visitor.desk.api, visitor.asker
    path = f"intake/submissions/{part(submission_id)}"
    seen = await _whole(visitor, await api.get(asker, path, after=after))
    mine = await api.get(asker, "portal/authority/mine")
    asked = await fields.form_of(visitor, seen["site"], seen["category"])
    return visitor.show(
        "submission.html",
        seen=seen,
        asked=asked,
        answers=drafts.prefilled(seen["content"], asked, ""),
        is_sender=seen["person"] == mine["person"],
        receipt=await api.get(asker, f"{path}/receipt"),
        done=done,
        key=visitor.new_key(),
        now=visitor.desk.sign_in.clock(),
        contact=contact,
        why_missing=why_missing,
    )


async def _again(visitor: Visitor, submission_id: str) -> Desk:
    path = f"intake/submissions/{part(submission_id)}"
    seen = await _whole(visitor, await visitor.desk.api.get(visitor.asker, path))
    place = await submitting.place_of(visitor, seen["site"])
    asked = await fields.form_of(visitor, seen["site"], seen["category"])
    return Desk(place, asked, f"/submissions/{part(submission_id)}/correction", seen)


async def _whole(visitor: Visitor, seen: Mapping[str, Any]) -> Mapping[str, Any]:
    """With its body, also where that is too long for a fact: a form without it would hand in nothing."""
    body = seen["content"]["body"]
    owner = f"intake/submissions/{part(seen['submission_id'])}"
    html = await visitor.desk.api.html(visitor.asker, owner, body)
    return {**seen, "content": {**seen["content"], "body": {**body, "html": html}}}


async def _places(visitor: Visitor) -> list[Mapping[str, Any]]:
    """All sites as they stand before the person."""
    return await visitor.desk.api.get(visitor.asker, "intake/places")


def name_of(place: Mapping[str, Any], language: str) -> str:
    return place["name_vi"] if language == "vi" or not place["name_en"] else place["name_en"]


def _units(places: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The sites where the person acts for an agency."""
    return [each for each in places if each["agency"]]


def _asked(
    of: Whose, site: str, state: str, order: Order, units: list[Mapping[str, Any]]
) -> dict[str, str]:
    asked = {"order": order} | ({"state": state} if state in STATES else {})
    if of == "mine" or not units:
        return asked | {"mine": "true"} | ({"site": site} if site else {})
    unit = next((each for each in units if each["site"] == site), units[0])
    return asked | {"site": unit["site"], "agency": unit["agency"]}


async def _listed(
    visitor: Visitor, asked: Mapping[str, str], cursor: str
) -> tuple[list[Any], str | None]:
    more = {"cursor": cursor} if cursor else {}
    page = await visitor.desk.api.get(
        visitor.asker, "intake/submissions", {**asked, **more, "limit": PER_PAGE}
    )
    return page["items"], page.get("next")


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
