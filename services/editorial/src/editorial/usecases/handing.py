"""What intake says becomes articles: opened, handed in again, dropped."""

from functools import cache
from typing import Any, get_args

from common.cause import Cause
from common.log.log import decided
from common.log.streams import Loaded, Standing
from contracts.events.editorial import ArticleOpenedV1
from contracts.events.intake import (
    SubmissionReceivedV1,
    SubmissionResubmittedV1,
    SubmissionWithdrawnV1,
)
from contracts.fact import Value
from editorial.domain import stepping
from editorial.domain.article import ARTICLES, Article
from editorial.domain.content import Content
from editorial.domain.stepping import Handed
from editorial.usecases.doing import Deps, profile_of

OUTSIDE = frozenset({"contributor", "outside_person", "supplier_agency"})
"""Senders who are not of the board (Khánh Hòa Điều 8 Bước 1)."""
FLAGS = {"sensitive": "sensitivity=sensitive", "important": "sensitivity=important"}


@decided
async def open_article(deps: Deps, fact: SubmissionReceivedV1, cause: Cause) -> Loaded[Article]:
    article = await deps.log.load(ARTICLES, fact.submission_id)
    profile = deps.profiles[fact.profile]
    facts = stepping.open_article(article.state, handed(fact), profile)
    return await deps.log.append(article, facts, cause, _reaction(fact.site))


@decided
async def hand_in_again(deps: Deps, fact: SubmissionResubmittedV1, cause: Cause) -> Loaded[Article]:
    article = await deps.log.load(ARTICLES, fact.submission_id)
    profile = profile_of(deps, article.state)
    facts = stepping.hand_in_again(article.state, handed(fact), profile)
    return await deps.log.append(article, facts, cause, _reaction(fact.site))


@decided
async def drop(deps: Deps, fact: SubmissionWithdrawnV1, cause: Cause) -> Loaded[Article]:
    article = await deps.log.load(ARTICLES, fact.submission_id)
    facts = stepping.drop(article.state, fact.withdrawn_by, fact.reason or "", cause.at)
    return await deps.log.append(article, facts, cause, _reaction(fact.site))


def handed(fact: SubmissionReceivedV1 | SubmissionResubmittedV1) -> Handed:
    """A submission as the domain takes it."""
    note = fact.note if isinstance(fact, SubmissionResubmittedV1) else None
    return Handed(
        article=fact.submission_id,
        site=fact.site,
        profile=fact.profile,
        content=_content(fact),
        sender=_part("sender", fact.submitted_by) or {},
        revision=fact.revision,
        at=fact.received_at,
        circumstances=_circumstances(fact),
        receipt=_part("receipt", fact.receipt),
        event=_part("event", fact.event),
        due=_part("due", fact.due),
        flags=fact.flags,
        note=note or "",
    )


def _content(fact: SubmissionReceivedV1 | SubmissionResubmittedV1) -> Content:
    said = fact.data()
    names = ("category", "section", "language", "title", "summary", "body", "author", "source")
    return {name: said[name] for name in (*names, "fields", "attachments") if said.get(name)}


def _circumstances(fact: SubmissionReceivedV1 | SubmissionResubmittedV1) -> tuple[str, ...]:
    sender = "sender=outside" if fact.submitted_by.role in OUTSIDE else "sender=board"
    return (sender, *(FLAGS[flag] for flag in fact.flags if flag in FLAGS))


def _reaction(site: str) -> Standing:
    return Standing(site=site, proof={"by": "reaction", "to": "intake"})


def _part(name: str, value: Value | None) -> dict[str, object] | None:
    """As the fact of an opened article tells it: what intake says beyond that is not for us, and stops nothing."""
    if value is None:
        return None
    said = value.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {key: each for key, each in said.items() if key in _known(name)}


@cache
def _known(name: str) -> frozenset[str]:
    """The names that our own contract has for a part of a submission."""
    declared: Any = ArticleOpenedV1.model_fields[name].annotation
    kinds: tuple[Any, ...] = (declared, *get_args(declared))
    model = next(each for each in kinds if hasattr(each, "model_fields"))
    return frozenset(field.alias or key for key, field in model.model_fields.items())
