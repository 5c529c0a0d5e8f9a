"""HTTP: publish, schedule, correct, withdraw."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from common.http.days import Moment
from editorial.domain.publishing import Publish
from editorial.routes.acts import TextBody, revising
from editorial.routes.shapes import (
    ActOnVersion,
    AnAct,
    ArticleView,
    Digest,
    Reason,
    Shape,
    Word,
    Words,
)
from editorial.usecases import publishing, working

router = APIRouter(prefix="/articles", tags=["publishing"])


class PublicationBody(Shape):
    digest: Digest
    remark: Annotated[str, Field(max_length=2000)] = ""


class ScheduleBody(Shape):
    """The moment with its zone, such as `2026-11-24T07:30:00+07:00`."""

    at: Moment
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
async def publish(body: PublicationBody, asked: AnAct) -> ArticleView:
    """Take the last step now; also when a schedule waits or an attempt failed."""
    command = publishing.PublishNow(asked.sent, Publish(body.digest, body.remark))
    return asked.answer(await publishing.publish(asked.deps, command, asked.cause))


@router.post("/{article_id}/schedule")
async def schedule(body: ScheduleBody, asked: AnAct) -> ArticleView:
    """Let it be published at a moment; text and authority are checked again then."""
    command = publishing.Schedule(asked.sent, body.at, body.digest)
    return asked.answer(await publishing.schedule(asked.deps, command, asked.cause))


@router.post("/{article_id}/schedule/cancellation")
async def cancel(body: CancelBody, asked: AnAct) -> ArticleView:
    """Cancel what is scheduled, or no longer try what failed."""
    command = publishing.Cancel(asked.sent, body.reason)
    return asked.answer(await publishing.cancel(asked.deps, command, asked.cause))


@router.post("/{article_id}/corrections", status_code=201)
async def correct(body: CorrectionBody, asked: ActOnVersion) -> ArticleView:
    """Begin a correction of what is published; the public reads it once it is approved and published."""
    purpose = "minor_correction" if body.level == "minor" else "major_correction"
    command = await revising(asked, body, body.note, purpose)
    return asked.answer(await working.revise(asked.deps, command, asked.cause))


@router.post("/{article_id}/withdrawal")
async def withdraw(body: WithdrawalBody, asked: AnAct) -> ArticleView:
    """Take it from the public, which reads the explanation instead (gỡ bỏ)."""
    command = publishing.Withdraw(asked.sent, body.explanation, body.ground)
    return asked.answer(await publishing.withdraw(asked.deps, command, asked.cause))
