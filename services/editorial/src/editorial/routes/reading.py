"""HTTP: my work, an article with its steps, what I may do, its history, what changed."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from authority import check_token, site_asked
from common.errors import spoken
from common.http.asgi import language
from common.http.days import Day
from common.http.pages import Asked, FromPage, Page
from common.http.positions import AfterPositionOrStale
from common.http.preconditions import etag, unchanged
from common.http.signed_in import FromToken
from common.http.wiring import around_of
from common.http.words import Language
from common.identity import Principal
from common.moments import to_wire
from editorial.domain.acts import Chance
from editorial.domain.differing import Compared
from editorial.domain.faults import Found
from editorial.queries.articles import Seen, StepSeen
from editorial.queries.work import EVERY, LISTS, Item, Sort, Wanted, Which
from editorial.routes.shapes import (
    App,
    ArticleId,
    ArticleView,
    Bilingual,
    FromWholeApp,
    RevisionLine,
    Word,
    revision_line,
    view,
)
from rulebook.explanation import LOCAL
from rulebook.profiles.model import Rule
from rulebook.sentences import citation_text
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
    sender: str
    revision: int
    open_steps: tuple[OpenStep, ...]
    assigned_to: str | None
    due_day: str | None = Field(description="Last day on which publishing is in time")
    due_at: str | None
    due: dict[str, Any] | None = Field(description="The publication clock with its reasons")
    step_due_at: str | None
    step_due: dict[str, Any] | None = Field(description="The clock of the step that was given")
    near: bool
    overdue: bool
    pending_at: str | None
    reasons: tuple[str, ...] = Field(description="Why it was returned")
    failed: dict[str, str] | None
    published_at: str | None
    opened_at: str
    changed_at: str


class CountView(BaseModel):
    count: int
    more: bool = Field(description="At least so many: the rest was not counted")


class SummaryView(BaseModel):
    """How many are on each list of work; `person`: who I am in the directory."""

    person: str | None
    mine: CountView
    unit: CountView
    near: CountView
    overdue: CountView


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


class PartDigests(BaseModel):
    """The digest of a part: as it stands, as approved, as the public reads it."""

    part: str
    current: str
    approved: str | None
    published: str | None


class FindingView(BaseModel):
    """What the regulation finds in the present text: its rule, article and words, and what would mend it.

    `blocks`: nothing is approved or published while it stands; whatever else is found a person decides.
    """

    code: str
    severity: str = Field(description="error, or warning")
    blocks: bool
    needs_human: bool = Field(
        description="Suspected by a machine; a person confirms or dismisses it"
    )
    rule: str
    article: Bilingual
    quotation: str
    sentence: Bilingual
    way: Bilingual | None = Field(description="What would mend it")
    field: str | None = Field(description="Part or field of the text it is about")


class WholeArticleView(ArticleView):
    """With its text, its steps, what is found in it, and the digest check (null while nothing is approved)."""

    content: dict[str, Any]
    steps: tuple[StepView, ...]
    parts: tuple[PartDigests, ...]
    check: DigestCheck | None
    findings: tuple[FindingView, ...] = Field(description="What blocks an approval stands first")
    flags: tuple[str, ...] = Field(description="What its sender declares")


class GroundView(BaseModel):
    """A ground to choose from, with its article of law."""

    ground: str
    rule: str
    article: Bilingual
    quotation: str


class RightView(BaseModel):
    """By what right an act may be done."""

    rule: str
    article: str
    role: str | None
    documents: tuple[str, ...] = Field(description="Numbers of the delegations it rests on")


class ActView(BaseModel):
    """An act, whether I may do it now, and why not."""

    act: str
    step: str | None
    allowed: bool
    choices: tuple[str, ...] = Field(description="Outcomes, levels or grounds to choose from")
    grounds: tuple[GroundView, ...]
    right: RightView | None
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
    """Lists of work: mine, my boards', near its time, overdue; what is due first stands first, the published last."""
    at = around_of(request).world.now()
    person = app.authority.found(who)
    wanted = Wanted(which, _sites(who, site))
    return await _listed(app, person, wanted, asked, at)


@router.get("/work-counts")
async def summary(
    app: FromWholeApp,
    who: FromToken,
    request: Request,
    _: AfterPositionOrStale,
    site: Annotated[Site | None, Query()] = None,
) -> SummaryView:
    """How many are on each of my lists."""
    at = around_of(request).world.now()
    person = app.authority.found(who)
    counts = await app.work.counted(person, _sites(who, site), at) if person else {}
    nothing = CountView(count=0, more=False)
    views = {which: CountView(count=each.count, more=each.more) for which, each in counts.items()}
    return SummaryView(person=person, **{which: views.get(which, nothing) for which in LISTS})


def _sites(who: Principal, site: str | None) -> tuple[str, ...]:
    """The sites a list is of: the one that is named, else the one a token was given for, else all."""
    one = site_asked(who, site)
    return () if one is None else (one,)


class Filters(BaseModel):
    """What a list of articles may be narrowed down by; whatever is left out is not asked."""

    model_config = ConfigDict(extra="ignore")

    site: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)] | None = None
    phase: Annotated[str, Field(pattern="^[a-z_]+$", max_length=20)] | None = Field(
        default=None, description="`any`: in whichever; all that are on their way when left out"
    )
    step: Word | None = Field(default=None, description="Open now")
    category: Word | None = None
    language: Annotated[str, Field(pattern="^[a-z]{2,3}$")] | None = None
    assigned_to: Annotated[str, Field(max_length=255)] | None = None
    first: Day | None = Field(
        default=None, alias="from", description="Came in on this day or later"
    )
    last: Day | None = Field(default=None, alias="to", description="Came in on this day or earlier")
    sort: Sort = Field(default="due", description="due: most urgent first; changed: newest first")

    @property
    def wanted(self) -> Wanted:
        named = {"opens": self.step, "category": self.category, "language": self.language}
        equal = {**named, "to": self.assigned_to}
        end = self.last + timedelta(days=1) if self.last else None
        return Wanted(
            "unit",
            (self.site,) if self.site else (),
            EVERY if self.phase == "any" else (self.phase,) if self.phase else (),
            {name: value for name, value in equal.items() if value},
            (_begins(self.first), _begins(end)),
            self.sort,
        )


def _begins(day: date | None) -> str | None:
    """The first moment of a day of the law."""
    return to_wire(datetime.combine(day, time.min, LOCAL)) if day else None


@router.get("/articles")
async def list_articles(
    app: FromWholeApp,
    who: FromToken,
    asked: FromPage,
    request: Request,
    filters: Annotated[Filters, Query()],
    _: AfterPositionOrStale,
) -> Page[WorkView]:
    """Articles of my sites by phase, open step, category, language, assignee and day of arrival."""
    at = around_of(request).world.now()
    wanted = replace(filters.wanted, sites=_sites(who, filters.site))
    return await _listed(app, app.authority.found(who), wanted, asked, at)


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
    if not seen.late and (same := unchanged(request, seen.loaded.version)) is not None:
        return same  # pyright: ignore[reportReturnType] - FastAPI sends a response as it is
    response.headers["ETag"] = etag(seen.loaded.version)
    return _whole(seen)


@router.get("/articles/{article_id}/acts")
async def acts(
    article_id: ArticleId,
    app: FromWholeApp,
    who: FromToken,
    request: Request,
    response: Response,
    _: AfterPositionOrStale,
) -> list[ActView]:
    """What I may do to it now, and why not the rest: rule, article, words and the nearest way."""
    seen = await _seen(app, article_id, who, request)
    at = around_of(request).world.now()
    person = app.authority.person_of(who, seen.course.article.said.site, at)
    told_in = language(request.scope)
    response.headers.update({"Content-Language": told_in, "Vary": "Accept-Language"})
    return [_act(each, told_in) for each in app.articles.acts(seen.course, person, at)]


@router.get(
    "/articles/{article_id}/files/{digest}",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file"}},
)
async def file(
    article_id: ArticleId,
    digest: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")],
    app: FromWholeApp,
    who: FromToken,
    request: Request,
    _: AfterPositionOrStale,
) -> StreamingResponse:
    """A file of one of its revisions, as a download, for those who may read the article."""
    seen = await _seen(app, article_id, who, request)
    name, media_type, stream = app.articles.file(seen.course.article, digest)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Media-Type": media_type,
    }
    return StreamingResponse(stream, media_type="application/octet-stream", headers=headers)


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


async def _listed(
    app: App, person: str | None, wanted: Wanted, asked: Asked, at: datetime
) -> Page[WorkView]:
    """A page of a list; nothing for somebody whom the directory does not know."""
    after = str(asked.after[0]) if asked.after else None
    found = await app.work.listed(person, wanted, at, after, asked.fetch) if person else []
    return asked.page(found, _line, lambda item: (item.key(wanted.sort),))


async def _seen(app: App, article_id: str, who: Any, request: Request) -> Seen:
    """The article, if this caller may read it."""
    at = around_of(request).world.now()
    seen = await app.articles.get(article_id, at)
    check_token(who, seen.course.article.said.site)
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
        parts=tuple(PartDigests(**asdict(each)) for each in seen.parts),
        check=check,
        findings=tuple(_finding(each) for each in seen.findings()),
        flags=tuple(seen.course.article.said.flags),
    )


def _finding(found: Found) -> FindingView:
    told = found.told
    return FindingView(
        **{name: told[name] for name in ("code", "severity", "needs_human", "rule", "quotation")},
        blocks=found.blocks,
        article=Bilingual(vi=told["article"], en=told["article_en"]),
        sentence=Bilingual(vi=told["sentence"], en=told["sentence_en"]),
        way=Bilingual(vi=told["way"], en=told["way_en"]) if "way" in told else None,
        field=told.get("field"),
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
        for name in (
            *("receipt", "due_day", "due_at", "due", "step_due_at", "step_due"),
            *("pending_at", "published_at"),
        )
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
        phase=item.phase,
        sender=document["sender"],
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


def _act(chance: Chance, told_in: Language) -> ActView:
    return ActView(
        act=chance.act,
        step=chance.step,
        allowed=chance.allowed,
        choices=chance.choices,
        grounds=tuple(_ground(name, rule) for name, rule in chance.grounds.items()),
        right=_right(chance.proof) if chance.proof else None,
        code=chance.code,
        detail=spoken(chance.detail, told_in),
        why_not=dict(chance.extra),
    )


def _ground(name: str, rule: Rule[Any]) -> GroundView:
    citation = rule.basis.citation
    article = Bilingual(vi=citation_text(citation), en=citation_text(citation, "en"))
    return GroundView(ground=name, rule=rule.id, article=article, quotation=rule.basis.quote)


def _right(proof: Mapping[str, Any]) -> RightView:
    return RightView(
        rule=proof["rule"],
        article=proof["article"],
        role=proof["role"] or None,
        documents=tuple(proof["documents"]),
    )


def _part(compared: Compared) -> PartView:
    pieces = tuple(PieceView(kind=each.kind, text=each.text) for each in compared.pieces)
    return PartView(part=compared.part, changed=compared.changed, pieces=pieces)
