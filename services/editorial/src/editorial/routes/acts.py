"""HTTP: what the board does to an article before the public reads it."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from common.errors import Unprocessable
from editorial.domain.article import ARTICLES, Purpose
from editorial.domain.cleaning import body_of, cleaned, composed
from editorial.domain.publishing import Publish
from editorial.domain.stepping import Revise, Take
from editorial.domain.words import say
from editorial.routes.shapes import (
    ActOnVersion,
    AnAct,
    ArticleView,
    Asked,
    Digest,
    Reason,
    Reasons,
    Said,
    Shape,
    Word,
    Words,
)
from editorial.usecases import publishing, working
from editorial.usecases.doing import Deps, Sent, article_of

router = APIRouter(prefix="/articles", tags=["acts"])


class StepBody(Shape):
    """A step on the text that was looked at; `rating` where the step rates."""

    step: Word
    digest: Digest
    remark: Annotated[str, Field(max_length=2000)] = ""
    rating: Annotated[int, Field(ge=1, le=5)] | None = None


class SourceBody(Shape):
    type: Annotated[str, Field(pattern="^(own|quoted|agreement)$")] = "own"
    name: Annotated[str, Field(min_length=1, max_length=300), Said]
    url: Annotated[str, Field(max_length=2000, pattern="^https?://[^\\s]+$")] | None = None


class FieldBody(Shape):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    value: Annotated[str, Field(min_length=1, max_length=16_384, description="JSON text")]


class AttachmentBody(Shape):
    """A file that intake has taken in; its bytes lie among the blobs."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=1, le=524_288_000)]
    media_type: Annotated[str, Field(pattern=r"^[a-z]+/[a-zA-Z0-9.+-]+$", max_length=100)]
    kind: Annotated[str, Field(pattern="^(document|image|audio|video)$")]
    alternative_text: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    caption: Annotated[str, Field(min_length=1, max_length=500)] | None = None


class TextBody(Shape):
    """New values of the text; what is left out stays as it is in the present revision."""

    title: Annotated[str, Field(min_length=1, max_length=500), Said] | None = None
    summary: Annotated[str, Field(min_length=1, max_length=2000), Said] | None = None
    html: Annotated[str, Field(max_length=1_000_000)] | None = None
    author: Annotated[str, Field(min_length=1, max_length=200), Said] | None = None
    source: SourceBody | None = None
    fields: Annotated[tuple[FieldBody, ...], Field(max_length=100)] | None = None
    attachments: Annotated[tuple[AttachmentBody, ...], Field(max_length=50)] | None = None
    without: Annotated[
        tuple[Literal["summary", "author", "source"], ...],
        Field(max_length=3, description="Take these out"),
    ] = ()
    from_revision: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None, description="Take this earlier revision as the text to start from"
    )


class RevisionBody(TextBody):
    reason: Reason


class ClassificationBody(Shape):
    """What the content is (Lạng Sơn Điều 12 khoản 2)."""

    sensitivity: Annotated[str, Field(pattern="^(important|sensitive|ordinary)$")]
    reason: Reason


class AssignmentBody(Shape):
    step: Word
    to: Annotated[str, Field(pattern=r"^[^\s]+$", max_length=255)]
    note: Annotated[str, Field(max_length=1000)] = ""


class ReopeningBody(Shape):
    """Back inside the board, by an outcome that the process knows."""

    outcome: Word
    reasons: Reasons


class ReturnBody(Shape):
    reasons: Reasons


class RefusalBody(Shape):
    ground: Word
    explanation: Words


@router.post("/{article_id}/steps")
async def take(body: StepBody, asked: AnAct) -> ArticleView:
    """Take a step of the process; the last one publishes."""
    sent = asked.sent
    if await _publishes(asked.deps, sent, body.step):
        publish = Publish(body.digest, body.remark)
        done = await publishing.publish(
            asked.deps, publishing.PublishNow(sent, publish), asked.cause
        )
    else:
        step = Take(body.step, body.digest, body.remark, body.rating)
        done = await working.take_step(asked.deps, working.TakeStep(sent, step), asked.cause)
    return asked.answer(done)


@router.post("/{article_id}/revisions", status_code=201)
async def revise(body: RevisionBody, asked: ActOnVersion) -> ArticleView:
    """Write a new revision; after approval it blocks publishing until supplementary approval."""
    command = await revising(asked, body, body.reason)
    return asked.answer(await working.revise(asked.deps, command, asked.cause))


@router.post("/{article_id}/classifications")
async def classify(body: ClassificationBody, asked: AnAct) -> ArticleView:
    """Find that content is important or sensitive; the process for it applies from here on."""
    circumstance = f"sensitivity={body.sensitivity}"
    command = working.Classify(asked.sent, circumstance, body.reason)
    return asked.answer(await working.classify(asked.deps, command, asked.cause))


@router.post("/{article_id}/assignments")
async def assign(body: AssignmentBody, asked: AnAct) -> ArticleView:
    """Give an open step to a person; the regulation's clock for it starts."""
    command = working.Assign(asked.sent, body.step, body.to, body.note)
    return asked.answer(await working.assign(asked.deps, command, asked.cause))


@router.post("/{article_id}/reopenings")
async def reopen(body: ReopeningBody, asked: AnAct) -> ArticleView:
    """Send it back inside the board: to an earlier step, with reasons."""
    command = working.Reopen(asked.sent, body.outcome, body.reasons)
    return asked.answer(await working.reopen(asked.deps, command, asked.cause))


@router.post("/{article_id}/returns")
async def give_back(body: ReturnBody, asked: AnAct) -> ArticleView:
    """Return it to its sender with reasons (trả lại để sửa)."""
    command = working.Return(asked.sent, body.reasons)
    return asked.answer(await working.give_back(asked.deps, command, asked.cause))


@router.post("/{article_id}/refusal")
async def refuse(body: RefusalBody, asked: AnAct) -> ArticleView:
    """Refuse it on a prohibited ground (từ chối đăng)."""
    command = working.Refuse(asked.sent, body.ground, body.explanation)
    return asked.answer(await working.refuse(asked.deps, command, asked.cause))


async def revising(
    asked: Asked, body: TextBody, reason: str, purpose: Purpose = "publication"
) -> working.ReviseText:
    """The command of a body: the present (or an earlier) text with its new values."""
    deps, sent = asked.deps, asked.sent
    loaded, _ = await article_of(deps, Sent(sent.article, sent.who), asked.cause.at)
    begun = loaded.state.current
    if body.from_revision is not None:
        earlier = loaded.state.revision(body.from_revision)
        if earlier is None:
            raise Unprocessable("revision-unknown", say("revision-unknown", last=begun.number))
        begun = earlier
    own = {"html", "reason", "from_revision", "without", "note", "level"}
    values: dict[str, Any] = body.model_dump(mode="json", exclude_none=True, exclude=own)
    values = composed(values)
    raw = None if body.html is None else cleaned(body.html)
    if raw is not None:
        values["body"] = body_of(raw)
    kept = {name: each for name, each in begun.content.items() if name not in body.without}
    content = {**kept, **values}
    return working.ReviseText(sent, Revise(content, reason, purpose), raw)


async def _publishes(deps: Deps, sent: Sent, step: str) -> bool:
    loaded = await deps.log.load(ARTICLES, sent.article)
    if not loaded.state.known:
        return False
    said = loaded.state
    return deps.profiles[said.said.profile].processes[said.process].published == step
