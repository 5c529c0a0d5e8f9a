"""HTTP: the open publication clocks of a site, overdue and near, for its officers."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from common.http.pages import FromPage, Page
from common.http.positions import AfterPositionOrStale
from common.http.signed_in import FromToken
from common.mongo import Document
from intake.queries.submissions import Row, horizon
from intake.routes.acting import FromApp, now_of
from intake.routes.shapes import SiteId
from intake.routes.views import DeadlineView

router = APIRouter(tags=["deadlines"])


@router.get("/deadlines")
async def listed(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    app: FromApp,
    who: FromToken,
    asked: FromPage,
    request: Request,
    _: AfterPositionOrStale,
    site: Annotated[SiteId, Query()],
    stage: Annotated[Literal["overdue", "near", "all"], Query()] = "all",
    days: Annotated[int, Query(ge=1, le=366, description="How far ahead `near` looks")] = 3,
) -> Page[DeadlineView]:
    """What must be published, the soonest first (thời hạn đăng): overdue, near, or both and the rest."""
    now: datetime = now_of(request)
    app.senders.staff(who, site, now)
    until = {"overdue": now, "near": horizon(now, days), "all": horizon(now, 3_660)}[stage]
    after = (str(asked.after[0]), str(asked.after[1])) if asked.after else None
    found = await app.submissions.deadlines(site, until, after, asked.fetch)
    return asked.page(
        found,
        lambda pair: _view(*pair, now),
        lambda pair: (pair[0]["at"], pair[0]["_id"]),
    )


def _view(clock: Document, row: Row, now: datetime) -> DeadlineView:
    document = row.document
    due_at = datetime.fromisoformat(clock["due_at"])
    return DeadlineView(
        submission_id=row.id,
        receipt=document["receipt"],
        title=document["title"],
        category=document["category"],
        person=document["person"],
        state=row.state,
        last_day=clock["last_day"],
        due_at=due_at,
        overdue=due_at <= now,
        seconds_left=int((due_at - now).total_seconds()),
        rule=clock["rule"],
        warned=tuple(each["stage"] for each in document.get("warned", ())),
        due=document.get("due"),
    )
