"""HTTP: check a draft, hand it in, hand it in again, take it back; see one, its receipt, a list."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel

from authority import check_token, site_asked
from common.errors import Forbidden, NotFound
from common.http.idempotency import FromRequest
from common.http.pages import FromPage, Page
from common.http.positions import AfterPosition, AfterPositionOrStale
from common.http.signed_in import FromToken
from common.identity import Principal
from common.log.streams import Loaded
from common.mongo import Document
from intake.domain.submission import SUBMISSIONS, Submission
from intake.domain.words import say
from intake.queries.submissions import Order, Row, Wanted
from intake.routes.acting import App, FromApp, Strict, now_of, say_where
from intake.routes.shapes import (
    CheckBody,
    LookBody,
    ResubmissionBody,
    SiteId,
    SubmissionBody,
    SubmissionId,
    WithdrawalBody,
)
from intake.routes.views import (
    CheckView,
    OutcomeView,
    ReceiptView,
    RegisteredView,
    RowView,
    SubmissionView,
    WithdrawnView,
)
from intake.usecases import preparing, submitting
from intake.usecases.submitting import PURPOSE, Resubmit, Submit, Withdraw
from rulebook.explanation import LOCAL

router = APIRouter(tags=["submissions"])
Id = Annotated[SubmissionId, Path(examples=["019aaf3e-8c11-7a53-9d0b-3f8f5a1c2b7e"])]
State = Literal[
    "received", "in_progress", "returned", "resubmitted", "refused", "published", "taken_down", "withdrawn",
]  # fmt: skip


@router.post("/checks")
async def check(
    body: CheckBody, app: FromApp, who: FromToken, request: Request, _: AfterPosition
) -> CheckView:
    """What the site's regulation finds in a draft; nothing is kept (kiểm tra trước khi gửi)."""
    now = now_of(request)
    app.senders.person(who, now)
    return CheckView.of(await preparing.check_only(app.deps, body.draft(body.site), now))


@router.post("/submissions", status_code=201)
async def submit(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    body: SubmissionBody,
    app: FromApp,
    who: FromToken,
    cause: FromRequest,
    strict: Strict,
    response: Response,
    _: AfterPosition,
) -> RegisteredView:
    """Hand in for publication (gửi tin, bài, văn bản); registered with a receipt number."""
    draft = body.draft(body.site, body.contact_values())
    done = await submitting.submit(app.deps, Submit(draft, who, strict), cause)
    response.headers["Location"] = f"submissions/{done.id}"
    return _registered(done, response)


@router.post("/submissions/{submission_id}/resubmissions", status_code=201)
async def resubmit(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    submission_id: Id,
    body: ResubmissionBody,
    app: FromApp,
    who: FromToken,
    cause: FromRequest,
    strict: Strict,
    response: Response,
    _: AfterPosition,
) -> RegisteredView:
    """Hand in again, corrected, after the board returned it (LS Đ7 k4)."""
    draft = body.draft("", body.contact_values())
    command = Resubmit(submission_id, draft, who, body.note, strict)
    return _registered(await submitting.resubmit(app.deps, command, cause), response)


@router.post("/submissions/{submission_id}/withdrawal")
async def withdraw(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    submission_id: Id,
    body: WithdrawalBody,
    app: FromApp,
    who: FromToken,
    cause: FromRequest,
    response: Response,
    _: AfterPosition,
) -> WithdrawnView:
    """Take it back before it is published (rút lại)."""
    done = await submitting.withdraw(app.deps, Withdraw(submission_id, who, body.reason), cause)
    say_where(done, response)
    return WithdrawnView(submission_id=done.id, receipt=done.state.receipt)


@router.get("/submissions")
async def listed(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    app: FromApp,
    who: FromToken,
    asked: FromPage,
    request: Request,
    _: AfterPositionOrStale,
    site: Annotated[
        SiteId | None, Query(description="What this site received; for its staff")
    ] = None,
    category: Annotated[str | None, Query(max_length=60)] = None,
    state: Annotated[State | None, Query()] = None,
    mine: Annotated[
        Literal["true", "false"], Query(description="Only what the signed-in person handed in")
    ] = "false",
    agency: Annotated[
        str | None, Query(max_length=120, description="Only what people of this agency handed in")
    ] = None,
    order: Annotated[Order, Query()] = "newest",
) -> Page[RowView]:
    """Mine, or what a site received, newest first unless asked otherwise."""
    now, site = now_of(request), site_asked(who, site)
    if site is None or mine == "true":
        person = app.senders.person(who, now).id
    else:
        app.senders.staff(who, site, now)
        person = None
    after = str(asked.after[0]) if asked.after else None
    wanted = Wanted(site, person, category, state, agency)
    found = await app.submissions.listed(wanted, after, asked.fetch, order)
    return asked.page(found, RowView.of, lambda row: (row.id,))


@router.get("/submissions/{submission_id}")
async def see(
    submission_id: Id,
    app: FromApp,
    who: FromToken,
    request: Request,
    _: AfterPositionOrStale,
    revision: Annotated[int | None, Query(ge=1, le=1000)] = None,
) -> SubmissionView:
    """One submission with its findings and what the board did; for its sender and the site's staff."""
    whole = await app.submissions.whole(submission_id, revision)
    check_reader(app, who, whole.row.document, now_of(request))
    return SubmissionView.whole(whole)


@router.get("/submissions/{submission_id}/receipt")
async def receipt(
    submission_id: Id, app: FromApp, who: FromToken, request: Request, _: AfterPositionOrStale
) -> ReceiptView:
    """What its receipt page shows."""
    row = await app.submissions.row(submission_id)
    check_reader(app, who, row.document, now_of(request))
    return _receipt(app, row)


class ContactView(BaseModel):
    """The sender's private contact; this look is recorded and its subject can read it."""

    contact: dict[str, str]


@router.get("/submissions/{submission_id}/contact")
async def contact(
    submission_id: Id,
    app: FromApp,
    who: FromToken,
    request: Request,
    why: Annotated[str, Query(min_length=3, max_length=300, description="Why you look")],
) -> ContactView:
    """The private contact, from the vault; says who looked and why."""
    return await _looked_at(app, who, submission_id, why, now_of(request))


@router.post("/submissions/{submission_id}/looks")
async def look(
    submission_id: Id, body: LookBody, app: FromApp, who: FromToken, request: Request
) -> ContactView:
    """The same for people, whose reason stands in no address."""
    return await _looked_at(app, who, submission_id, body.why, now_of(request))


async def _looked_at(
    app: App, who: Principal, submission_id: str, why: str, now: datetime
) -> ContactView:
    state = (await app.deps.log.load(SUBMISSIONS, submission_id)).state
    if not state.known:
        raise NotFound("submission-unknown", say("submission-unknown"))
    document = {"person": state.person, "site": state.site}
    reader = check_reader(app, who, document, now)
    if state.contact is None:
        raise NotFound("contact-not-given", say("contact-not-given"))
    kept = await app.deps.stores.vault.get(state.contact, PURPOSE, by=reader, why=why)
    return ContactView(contact=kept)


def check_reader(app: App, who: Principal, document: Document, now: datetime) -> str:
    """The person of its sender or of somebody of the site; raises Forbidden for others."""
    check_token(who, document["site"])
    person = app.senders.person(who, now)
    if person.id == document["person"]:
        return person.id
    try:
        return app.senders.staff(who, document["site"], now).id
    except Forbidden as error:
        raise Forbidden("not-yours", say("not-yours")) from error


def _receipt(app: App, row: Row) -> ReceiptView:
    document = row.document
    received = datetime.fromisoformat(document["received_at"])
    site = app.senders.site(document["site"], received.astimezone(LOCAL).date())
    category = app.deps.categories.get(document["category"])
    due: dict[str, Any] = document.get("due") or {}
    return ReceiptView(
        receipt=document["receipt"],
        submission_id=row.id,
        site=site.id,
        site_name_vi=site.name_vi,
        site_name_en=site.name_en,
        category=document["category"],
        category_vi=category.label.vi if category else document["category"],
        category_en=category.label.en if category else document["category"],
        title=document["title"],
        revision=document["revision"],
        received_at=received,
        state=row.state,
        last_day=due.get("last_day"),
        due_at=due.get("at"),
        due_sentence=due.get("sentence"),
        due_sentence_en=due.get("sentence_en"),
        errors=len(document["errors"]),
        warnings=len(document["warnings"]),
        outcome=OutcomeView.of(row.outcome),
    )


def _registered(done: Loaded[Submission], response: Response) -> RegisteredView:
    """From the state alone: the answer to a repeat is the same."""
    say_where(done, response)
    state = done.state
    found = state.found
    return RegisteredView.model_validate(
        {
            "submission_id": done.id,
            "receipt": state.receipt,
            "revision": state.revision,
            "received_at": state.received_at,
            "profile": state.profile,
            "valid": not found.errors,
            "errors": found.errors,
            "warnings": found.warnings,
            "due_date": (found.due or {}).get("last_day"),
            "route_to": (found.route or {}).get("agency"),
            "findings": found.findings,
            "due": found.due,
            "route": found.route,
        }
    )
