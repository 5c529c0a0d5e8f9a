"""HTTP: my work, an article with its steps, what I may do, its history, what changed."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from common.errors import Forbidden
from common.http.pages import FromPage, Page
from common.http.positions import AfterPositionOrStale
from common.http.preconditions import etag, unchanged
from common.http.signed_in import FromToken
from common.http.wiring import around_of
from editorial.domain.acts import Chance
from editorial.domain.differing import Compared
from editorial.queries.articles import Seen, StepSeen
from editorial.queries.work import Item, Wanted, Which
from editorial.routes.shapes import (
    App,
    ArticleId,
    ArticleView,
    Bilingual,
    FromWholeApp,
    RevisionLine,
    revision_line,
    view,
)
from rulebook.telling import told_fully

router = APIRouter(tags=["articles"])
Site = Annotated[str, Query(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Number = Annotated[int, Path(ge=1, le=1000)]


class OpenStep(BaseModel):
    """A step that may be taken; `mine`: by me."""

    step: str
    name: Bilingual
    mine: bool


class WorkView(BaseModel):
    """A line of a list of work."""

    article_id: str
    site: str
    title: str
    category: str
    language: str
    phase: str
    receipt: str | None
    revision: int
    open_steps: tuple[OpenStep, ...]
    assigned_to: str | None
    due_day: str | None = Field(description="Last day on which publishing is in time")
    due_at: str | None
    step_due_at: str | None
    near: bool
    overdue: bool
    pending_at: str | None
    reasons: tuple[str, ...] = Field(description="Why it was returned")
    failed: dict[str, str] | None
    published_at: str | None
    opened_at: str
    changed_at: str


class StepView(BaseModel):
    """A step of the process: its article of law, who may take it, who took it."""

    step: str
    name: Bilingual
    required: bool
    state: str = Field(description="done, open, waiting, or again: done for another text")
    roles: tuple[str, ...]
    checks: tuple[str, ...]
    rule: str
    article: Bilingual
    quotation: str
    by: str | None
    at: datetime | None
    revision: int | None


class DigestCheck(BaseModel):
    """Whether the text equals the approved one, part by part."""

    same: bool
    explanation: dict[str, Any]


class WholeArticleView(ArticleView):
    """With its text, its steps and the digest check (null while nothing is approved)."""

    content: dict[str, Any]
    steps: tuple[StepView, ...]
    check: DigestCheck | None


class ActView(BaseModel):
    """An act, whether I may do it now, and why not."""

    act: str
    step: str | None
    allowed: bool
    choices: tuple[str, ...] = Field(description="Outcomes, levels or grounds to choose from")
    code: str
    detail: str
    why_not: dict[str, Any]


class HistoryEntry(BaseModel):
    """One decision: its facts, who took it, by what right."""

    version: int
    at: datetime
    actor: str
    proof: dict[str, Any]
    hash: str
    facts: list[dict[str, Any]]


class RevisionView(RevisionLine):
    """A revision with its text."""

    content: dict[str, Any]


class PieceView(BaseModel):
    kind: str = Field(description="same, added or removed")
    text: str


class PartView(BaseModel):
    part: str
    changed: bool
    pieces: tuple[PieceView, ...]


class DifferenceView(BaseModel):
    """What changed between two revisions, word by word."""

    before: RevisionLine
    after: RevisionLine
    parts: tuple[PartView, ...]


@router.get("/work")
async def my_work(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    app: FromWholeApp,
    who: FromToken,
    asked: FromPage,
    request: Request,
    _: AfterPositionOrStale,
    which: Annotated[Which, Query(alias="list", description="Which list")] = "mine",
    site: Annotated[Site | None, Query()] = None,
) -> Page[WorkView]:
    """Lists of work: mine, my boards', near its time, overdue; what is due first stands first."""
    at = around_of(request).world.now()
    person = app.authority.found(who)
    wanted = Wanted(which, (site,) if site else ())
    after = str(asked.after[0]) if asked.after else None
    found = await app.work.listed(person, wanted, at, after, asked.fetch) if person else []
    return asked.page(found, _line, lambda item: (item.order,))


@router.get("/articles")
async def list_articles(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    app: FromWholeApp,
    who: FromToken,
    asked: FromPage,
    request: Request,
    _: AfterPositionOrStale,
    site: Annotated[Site | None, Query()] = None,
    phase: Annotated[str | None, Query(pattern="^[a-z_]+$", max_length=20)] = None,
) -> Page[WorkView]:
    """Articles of my sites in a phase (all that are on their way when left out)."""
    at = around_of(request).world.now()
    person = app.authority.found(who)
    wanted = Wanted("unit", (site,) if site else (), (phase,) if phase else ())
    after = str(asked.after[0]) if asked.after else None
    found = await app.work.listed(person, wanted, at, after, asked.fetch) if person else []
    return asked.page(found, _line, lambda item: (item.order,))


@router.get("/articles/{article_id}", responses={304: {"description": "Not modified"}})
async def see(
    article_id: ArticleId,
    app: FromWholeApp,
    who: FromToken,
    request: Request,
    response: Response,
    _: AfterPositionOrStale,
) -> WholeArticleView:
    """One article with its text, its steps and their articles of law, and the digest check."""
    seen = await _seen(app, article_id, who, request)
    if (same := unchanged(request, seen.loaded.version)) is not None:
        return same  # pyright: ignore[reportReturnType] - FastAPI sends a response as it is
    response.headers["ETag"] = etag(seen.loaded.version)
    return _whole(seen)


@router.get("/articles/{article_id}/acts")
async def acts(
    article_id: ArticleId,
    app: FromWholeApp,
    who: FromToken,
    request: Request,
    _: AfterPositionOrStale,
) -> list[ActView]:
    """What I may do to it now, and why not the rest: rule, article, words and the nearest way."""
    seen = await _seen(app, article_id, who, request)
    at = around_of(request).world.now()
    person = app.authority.person_of(who, seen.course.article.said.site, at)
    return [_act(each) for each in app.articles.acts(seen.course, person, at)]


@router.get("/articles/{article_id}/history")
async def history(
    article_id: ArticleId,
    app: FromWholeApp,
    who: FromToken,
    request: Request,
    _: AfterPositionOrStale,
) -> list[HistoryEntry]:
    """Every decision about it: who, when, by what right, what it said."""
    await _seen(app, article_id, who, request)
    entries = await app.articles.history(article_id)
    return [HistoryEntry.model_validate(each) for each in entries]


@router.get("/articles/{article_id}/revisions/{number}")
async def see_revision(
    article_id: ArticleId,
    number: Number,
    app: FromWholeApp,
    who: FromToken,
    request: Request,
    _: AfterPositionOrStale,
) -> RevisionView:
    """A revision as it was written; it never changes."""
    seen = await _seen(app, article_id, who, request)
    revision = app.articles.revision(seen.course.article, number)
    line = revision_line(revision).model_dump()
    return RevisionView(**line, content=dict(revision.content))


@router.get("/articles/{article_id}/revisions/{number}/difference")
async def difference(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    article_id: ArticleId,
    number: Number,
    app: FromWholeApp,
    who: FromToken,
    request: Request,
    _: AfterPositionOrStale,
    since: Annotated[
        int | None, Query(ge=1, le=1000, description="From this revision; else the one before")
    ] = None,
) -> DifferenceView:
    """What changed up to a revision, word by word."""
    seen = await _seen(app, article_id, who, request)
    start = since or max(1, number - 1)
    (before, after), parts = app.articles.difference(seen.course.article, start, number)
    return DifferenceView(
        before=revision_line(before),
        after=revision_line(after),
        parts=tuple(_part(each) for each in parts),
    )


async def _seen(app: App, article_id: str, who: Any, request: Request) -> Seen:
    """The article, if this caller may read it."""
    at = around_of(request).world.now()
    seen = await app.articles.get(article_id, at)
    site = seen.course.article.said.site
    if who.site is not None and who.site != site:
        raise Forbidden("other-site", f"This token is for the site {who.site} only.")
    app.articles.check_reader(seen.course.article, app.authority.found(who), at)
    return seen


def _whole(seen: Seen) -> WholeArticleView:
    base = view(seen.loaded, seen.course)
    check = None
    if seen.same is not None:
        verdict = seen.same.outcome.verdict == "allowed"
        check = DigestCheck(same=verdict, explanation=dict(told_fully(seen.same)))
    return WholeArticleView(
        **base.model_dump(),
        content=dict(seen.course.article.current.content),
        steps=tuple(_step(each) for each in seen.steps),
        check=check,
    )


def _step(seen: StepSeen) -> StepView:
    step, result = seen.step, seen.result
    return StepView(
        step=step.id,
        name=Bilingual(vi=step.name_vi, en=step.name_en),
        required=seen.required,
        state=seen.state,
        roles=step.roles,
        checks=step.checks,
        rule=seen.rule,
        article=Bilingual(**seen.article),
        quotation=seen.quotation,
        by=result.by if result else None,
        at=result.at if result else None,
        revision=result.revision if result else None,
    )


def _line(item: Item) -> WorkView:
    document = item.document
    optional = {
        name: document.get(name)
        for name in ("receipt", "due_day", "due_at", "step_due_at", "pending_at", "published_at")
    }
    steps = tuple(
        OpenStep(
            step=each.id,
            name=Bilingual(vi=each.name_vi, en=each.name_en),
            mine=each.id in item.mine,
        )
        for each in item.steps
    )
    return WorkView(
        article_id=item.id,
        site=document["site"],
        title=document["title"],
        category=document["category"],
        language=document["language"],
        phase=_phase(document),
        revision=document["revision"],
        open_steps=steps,
        assigned_to=document.get("to"),
        near=item.near,
        overdue=item.overdue,
        reasons=tuple(document.get("reasons", ())) if document["phase"] == "returned" else (),
        failed=document.get("failed"),
        opened_at=document["opened_at"],
        changed_at=document["changed_at"],
        **optional,
    )


def _phase(document: dict[str, Any]) -> str:
    """A correction on its way is told apart by what the public reads already."""
    again = document["phase"] == "in_process" and document.get("published_at")
    return "correcting" if again else document["phase"]


def _act(chance: Chance) -> ActView:
    return ActView(
        act=chance.act,
        step=chance.step,
        allowed=chance.allowed,
        choices=chance.choices,
        code=chance.code,
        detail=chance.detail,
        why_not=dict(chance.extra),
    )


def _part(compared: Compared) -> PartView:
    pieces = tuple(PieceView(kind=each.kind, text=each.text) for each in compared.pieces)
    return PartView(part=compared.part, changed=compared.changed, pieces=pieces)
