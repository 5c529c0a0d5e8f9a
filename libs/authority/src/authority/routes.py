"""HTTP: may I do this here now, and what may I do at all? The same in every service that decides."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, Field

from authority.asked import Asked, Decision
from authority.local import LocalAuthority
from authority.overview import may_do, sites_of
from authority.words import say
from common.errors import FieldProblem, Unprocessable
from common.http.positions import AfterPosition
from common.http.signed_in import FromToken
from common.http.wiring import around_of
from rulebook.telling import told_fully

router = APIRouter(prefix="/authority", tags=["authority"])

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Site = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
MOST_FACTS = 10


class ArticleView(BaseModel):
    vi: str
    en: str


class AllowedView(BaseModel):
    """An act that is allowed, and by what."""

    act: str
    site: str
    at: datetime
    rule: str
    article: ArticleView
    quote: str
    position: str
    delegations: tuple[str, ...]
    documents: tuple[str, ...]
    category: str | None
    section: str | None

    @classmethod
    def of(cls, decision: Decision) -> "AllowedView":
        proof, told = decision.authority.proof, told_fully(decision.explanation)
        inputs = decision.explanation.inputs
        assert proof is not None
        return cls(
            act=proof.act,
            site=proof.site,
            at=proof.at,
            rule=proof.rule,
            article=ArticleView(**told["article"]),
            quote=told["quote"],
            position=proof.position,
            delegations=proof.delegations,
            documents=proof.documents,
            category=_text(inputs["category"]),
            section=_text(inputs["section"]),
        )


class ProvenView(AllowedView):
    """The same with all its reasons."""

    sentences: dict[str, tuple[str, ...]]
    explanation: dict[str, Any]


class MineView(BaseModel):
    """Who I am in the directory, and what I may do now."""

    person: str | None
    may: tuple[AllowedView, ...]


async def _authority(request: Request) -> LocalAuthority:
    return request.app.state.authority


async def _now(request: Request) -> datetime:
    return around_of(request).world.now()


FromAuthority = Annotated[LocalAuthority, Depends(_authority)]
Now = Annotated[datetime, Depends(_now)]


@router.get("/mine")
async def mine(
    who: FromToken,
    authority: FromAuthority,
    now: Now,
    _: AfterPosition,
    site: Annotated[Site | None, Query(description="Only there")] = None,
) -> MineView:
    """What I may do now, in at least one circumstance of each rule."""
    person = authority.person_of(who)
    if person is None:
        return MineView(person=None, may=())
    sites = [site] if site else sites_of(authority.followed.known, person)
    found = [each for place in sites for each in may_do(authority, person, place, now)]
    return MineView(person=person, may=tuple(AllowedView.of(each) for each in found))


@router.get("/{site}/{act}")
async def may_i(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    site: Annotated[Site, Path()],
    act: Annotated[Word, Path(examples=["approve"])],
    who: FromToken,
    authority: FromAuthority,
    now: Now,
    _: AfterPosition,
    category: Annotated[Word | None, Query()] = None,
    section: Annotated[str | None, Query(max_length=80)] = None,
    fact: Annotated[
        tuple[str, ...],
        Query(max_length=MOST_FACTS, description="A circumstance, such as `sensitivity:sensitive`"),
    ] = (),
) -> ProvenView:
    """Whether I may do this here now, with the proof; 403 with the nearest way."""
    asked = Asked(act, site, category, section, facts=dict(map(_fact, fact)))
    decision = authority.demand(who, asked, now).decision
    told = told_fully(decision.explanation)
    view = AllowedView.of(decision).model_dump()
    return ProvenView(**view, sentences=told["sentences"], explanation=told["explanation"])


def _fact(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.isidentifier() or not value.isidentifier():
        detail = say("not-a-circumstance")
        raise Unprocessable(
            "content-invalid", detail, errors=[FieldProblem("query:fact", "name:value", detail)]
        )
    return name, value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
