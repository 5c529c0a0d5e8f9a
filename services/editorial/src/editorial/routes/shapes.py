"""The parts that bodies and answers share, and how a command is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from common.cause import Cause
from common.http import positions
from common.http.idempotency import FromRequest
from common.http.positions import AfterPosition
from common.http.preconditions import DemandedVersion, ExpectedVersion, etag
from common.http.signed_in import FromToken
from common.http.wiring import deps_of
from common.log.streams import Loaded
from editorial.domain.article import Article
from editorial.domain.course import Course
from editorial.queries.articles import Articles
from editorial.queries.powers import DirectoryAuthority
from editorial.queries.work import Work
from editorial.usecases.doing import Deps, Sent, the_course

UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
ArticleId = Annotated[
    str, Path(pattern=UUID, examples=["0198c0de-0000-7000-8000-000000000001"], max_length=36)
]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", min_length=1, max_length=80)]
Digest = Annotated[
    str, Field(pattern=r"^[0-9a-f]{64}$", description="Digest of the revision you looked at")
]


def _said(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "only blanks")
    return text


Said = AfterValidator(_said)
"""Something is said: blanks alone are nothing."""
Words = Annotated[str, Field(min_length=1, max_length=2000), Said]
Reason = Annotated[str, Field(min_length=1, max_length=1000), Said]
Reasons = Annotated[tuple[Words, ...], Field(min_length=1, max_length=20)]


@dataclass(frozen=True, slots=True)
class App:
    """What routes reach."""

    deps: Deps
    authority: DirectoryAuthority
    articles: Articles
    work: Work


async def _app(request: Request) -> App:
    return deps_of(request)


async def _deps(request: Request) -> Deps:
    return deps_of(request).deps


FromWholeApp = Annotated[App, Depends(_app)]
FromApp = Annotated[Deps, Depends(_deps)]


class Shape(BaseModel):
    """A request body: what it does not name is refused, so that no typing error is lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(BaseModel):
    """The same in Vietnamese and English."""

    vi: str
    en: str


class RevisionLine(BaseModel):
    """A revision without its text."""

    number: int
    digest: str
    parts: dict[str, str]
    by: str
    at: datetime
    reason: str
    purpose: str


class PendingView(BaseModel):
    """A publication that is to happen by itself, or that failed."""

    next_at: datetime | None = Field(
        description="When it happens, or is tried again; null: it waits"
    )
    revision: int
    by: str
    attempts: int
    why: str
    detail: str = Field(description="What happened and what to do, in Vietnamese")
    detail_en: str = Field(description="The same in English; empty for what failed long ago")


class PublishedView(BaseModel):
    """What the public reads."""

    revision: int
    digest: str
    first_at: datetime
    at: datetime


class ArticleView(BaseModel):
    """Where an article is in its life."""

    article_id: str
    site: str
    phase: str
    profile: str
    process: str
    process_name: Bilingual
    category: str
    language: str
    section: str | None
    title: str
    receipt: str | None
    sender: dict[str, Any]
    circumstances: dict[str, str]
    due: dict[str, Any] | None
    opened_at: datetime
    open_steps: tuple[str, ...]
    assigned: dict[str, Any]
    revision: int
    digest: str
    approved_digest: str | None
    revisions: tuple[RevisionLine, ...]
    pending: PendingView | None
    published: PublishedView | None
    version: int


def view(loaded: Loaded[Article], course: Course) -> ArticleView:
    article, said = loaded.state, loaded.state.said
    approval = course.approval
    return ArticleView(
        article_id=said.article_id,
        site=said.site,
        phase=article.phase,
        profile=said.profile,
        process=course.process.id,
        process_name=Bilingual(vi=course.process.name_vi, en=course.process.name_en),
        category=said.category,
        language=said.language,
        section=said.section,
        title=article.current.content["title"],
        receipt=said.receipt.text if said.receipt else None,
        sender=_json(said.sender) or {},
        circumstances=dict(article.circumstances),
        due=_json(said.due),
        opened_at=said.opened_at,
        open_steps=course.open,
        assigned={
            step: {"to": each.to, "at": each.at, "due": each.due}
            for step, each in article.assigned.items()
        },
        revision=article.current.number,
        digest=article.current.digest,
        approved_digest=approval.digest if approval else None,
        revisions=tuple(revision_line(each) for each in article.revisions),
        pending=_pending(article),
        published=_published(article),
        version=loaded.version,
    )


def revision_line(revision: Any) -> RevisionLine:
    return RevisionLine(
        number=revision.number,
        digest=revision.digest,
        parts=dict(revision.parts),
        by=revision.by,
        at=revision.at,
        reason=revision.reason,
        purpose=revision.purpose,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """An act as it came: on which article, by whom, on which version they saw, and its cause."""

    deps: Deps
    sent: Sent
    cause: Cause
    _response: Response

    def answer(self, loaded: Loaded[Article]) -> ArticleView:
        """The article as it is now, its version and place."""
        self._response.headers["ETag"] = etag(loaded.version)
        positions.answer_with(
            self._response,
            [positions.Position(p.topic, p.stream, p.sequence) for p in loaded.positions],
        )
        return view(loaded, the_course(self.deps, loaded.state, self.cause.at))


async def _asked(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    article_id: ArticleId,
    deps: FromApp,
    who: FromToken,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
    _: AfterPosition,
) -> Asked:
    return Asked(deps, Sent(article_id, who, expected), cause, response)


async def _asked_on(asked: Annotated[Asked, Depends(_asked)], _: DemandedVersion) -> Asked:
    return asked


AnAct = Annotated[Asked, Depends(_asked)]
"""An act that may name the version its sender saw."""

ActOnVersion = Annotated[Asked, Depends(_asked_on)]
"""An act that must name it: a text is written on a text."""


def _pending(article: Article) -> PendingView | None:
    pending = article.pending
    if pending is None:
        return None
    return PendingView(
        next_at=pending.next_at,
        revision=pending.revision,
        by=pending.by,
        attempts=pending.attempts,
        why=pending.why,
        detail=pending.detail,
        detail_en=pending.detail_en,
    )


def _published(article: Article) -> PublishedView | None:
    public = article.published
    if public is None:
        return None
    return PublishedView(
        revision=public.revision, digest=public.digest, first_at=public.first_at, at=public.at
    )


def _json(value: BaseModel | None) -> dict[str, Any] | None:
    if value is None:
        return None
    shown: Mapping[str, Any] = value.model_dump(mode="json", by_alias=True, exclude_none=True)
    return dict(shown)
