"""HTTP: publish, schedule, correct, withdraw."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, Field

from common.http.idempotency import FromRequest
from common.http.positions import AfterPosition
from common.http.preconditions import DemandedVersion, ExpectedVersion
from common.http.signed_in import FromToken
from editorial.domain.publishing import Publish
from editorial.routes.acts import TextBody, revising
from editorial.routes.shapes import (
    ArticleId,
    ArticleView,
    Digest,
    FromApp,
    Reason,
    Shape,
    Word,
    Words,
    answer,
)
from editorial.usecases import publishing, working
from editorial.usecases.doing import Sent

router = APIRouter(prefix="/articles", tags=["publishing"])


class PublicationBody(Shape):
    digest: Digest
    remark: Annotated[str, Field(max_length=2000)] = ""


class ScheduleBody(Shape):
    """The moment with its zone, such as `2026-11-24T07:30:00+07:00`."""

    at: AwareDatetime
    digest: Digest


class CancelBody(Shape):
    reason: Reason


class CorrectionBody(TextBody):
    """`note` is what the public is told (nội dung đính chính)."""

    level: Annotated[str, Field(pattern="^(minor|major)$")]
    note: Reason


class WithdrawalBody(Shape):
    """`explanation` is what the public is told (giải thích công khai)."""

    explanation: Words
    ground: Word | None = None


@router.post("/{article_id}/publication")
async def publish(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    article_id: ArticleId,
    body: PublicationBody,
    deps: FromApp,
    who: FromToken,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
    _: AfterPosition,
) -> ArticleView:
    """Take the last step now; also when a schedule waits or an attempt failed."""
    sent, step = Sent(article_id, who, expected), Publish(body.digest, body.remark)
    done = await publishing.publish(deps, publishing.PublishNow(sent, step), cause)
    return answer(deps, done, response)


@router.post("/{article_id}/schedule")
async def schedule(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    article_id: ArticleId,
    body: ScheduleBody,
    deps: FromApp,
    who: FromToken,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
    _: AfterPosition,
) -> ArticleView:
    """Let it be published at a moment; text and authority are checked again then."""
    at: datetime = body.at
    command = publishing.Schedule(Sent(article_id, who, expected), at, body.digest)
    return answer(deps, await publishing.schedule(deps, command, cause), response)


@router.post("/{article_id}/schedule/cancellation")
async def cancel(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    article_id: ArticleId,
    body: CancelBody,
    deps: FromApp,
    who: FromToken,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
    _: AfterPosition,
) -> ArticleView:
    """Cancel what is scheduled, or no longer try what failed."""
    command = publishing.Cancel(Sent(article_id, who, expected), body.reason)
    return answer(deps, await publishing.cancel(deps, command, cause), response)


@router.post("/{article_id}/corrections", status_code=201)
async def correct(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    article_id: ArticleId,
    body: CorrectionBody,
    deps: FromApp,
    who: FromToken,
    cause: FromRequest,
    expected: DemandedVersion,
    response: Response,
    _: AfterPosition,
) -> ArticleView:
    """Begin a correction of what is published; the public reads it once it is approved and published."""
    purpose = "minor_correction" if body.level == "minor" else "major_correction"
    sent = Sent(article_id, who, expected)
    command = await revising(deps, sent, body, body.note, purpose)
    return answer(deps, await working.revise(deps, command, cause), response)


@router.post("/{article_id}/withdrawal")
async def withdraw(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    article_id: ArticleId,
    body: WithdrawalBody,
    deps: FromApp,
    who: FromToken,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
    _: AfterPosition,
) -> ArticleView:
    """Take it from the public, which reads the explanation instead (gỡ bỏ)."""
    sent = Sent(article_id, who, expected)
    command = publishing.Withdraw(sent, body.explanation, body.ground)
    return answer(deps, await publishing.withdraw(deps, command, cause), response)
