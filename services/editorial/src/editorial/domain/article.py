"""An article (tin, bài, văn bản) as its facts tell it: revisions, what was done, what the public reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from common.log.streams import StreamKind
from contracts.events.editorial import (
    ArticleAssignedV1,
    ArticleClassifiedV1,
    ArticleCorrectedV1,
    ArticleDroppedV1,
    ArticleOpenedV1,
    ArticlePublishedV1,
    ArticleRefusedV1,
    ArticleRemindedV1,
    ArticleReturnedV1,
    ArticleScheduledV1,
    ArticleWithdrawnV1,
    OpinionGivenV1,
    PublishingFailedV1,
    RevisionAddedV1,
    ScheduleCancelledV1,
    StepReopenedV1,
    StepTakenV1,
)
from contracts.fact import Value
from editorial.domain.content import Content

Phase = Literal[
    "unknown",
    "in_process",
    "returned",
    "refused",
    "dropped",
    "scheduled",
    "failed",
    "published",
    "correcting",
    "withdrawn",
]
Purpose = Literal["publication", "minor_correction", "major_correction"]


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of the text (bản); it never changes."""

    number: int
    content: Content
    digest: str
    parts: Mapping[str, str]
    by: str
    at: datetime
    reason: str
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Done:
    """A step whose result stands, and the text it speaks of."""

    step: str
    by: str
    revision: int
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """A publication that is to happen by itself: set for a moment, or tried and failed.

    `next_at` None: it failed and waits for a person.
    """

    next_at: datetime | None
    revision: int
    digest: str
    by: str
    proof: Mapping[str, Any]
    attempts: int = 0
    why: str = ""
    detail: str = ""
    detail_en: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What the public reads: the revision, when it first came, when it last changed."""

    revision: int
    digest: str
    first_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who was given a step, since when, and the clock it started (JSON values of the contract)."""

    to: str
    at: datetime
    due: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """Not `known` before it is opened. Nothing here depends on a site: the process is in the profile."""

    opened: ArticleOpenedV1 | None = None
    process: str = ""
    circumstances: Mapping[str, str] = field(default_factory=dict[str, str])
    revisions: tuple[Revision, ...] = ()
    done: tuple[Done, ...] = ()
    awaiting: str | None = None
    assigned: Mapping[str, Assigned] = field(default_factory=dict[str, Assigned])
    reminded: frozenset[tuple[str, str, str]] = frozenset()
    ended: Literal["returned", "refused", "dropped", "withdrawn"] | None = None
    pending: Pending | None = None
    published: Published | None = None
    purpose: Purpose = "publication"
    note: str = ""

    @property
    def known(self) -> bool:
        return self.opened is not None

    @property
    def said(self) -> ArticleOpenedV1:
        """What it was opened with. Raises ValueError before that."""
        if self.opened is None:
            raise ValueError("article: it is not opened")
        return self.opened

    @property
    def current(self) -> Revision:
        """The text as it stands now."""
        return self.revisions[-1]

    @property
    def correcting(self) -> bool:
        """Whether a correction of what is published is on its way."""
        return self.published is not None and self.purpose != "publication"

    @property
    def phase(self) -> Phase:
        """In one word where it is in its life."""
        if not self.known:
            return "unknown"
        if self.ended is not None:
            return self.ended
        if self.pending is not None:
            return "failed" if self.pending.attempts else "scheduled"
        if self.published is None:
            return "in_process"
        return "correcting" if self.correcting else "published"

    def revision(self, number: int) -> Revision | None:
        return self.revisions[number - 1] if 0 < number <= len(self.revisions) else None

    def result_of(self, step: str) -> Done | None:
        """The result of a step that stands."""
        return next((each for each in self.done if each.step == step), None)

    @property
    def steps_done(self) -> tuple[str, ...]:
        return tuple(each.step for each in self.done)


NO_ARTICLE = Article()


def evolve(article: Article, fact: Any) -> Article:
    """The article after a fact of its stream."""
    return _EVOLVES[type(fact)](article, fact)


ARTICLES = StreamKind("editorial/article", NO_ARTICLE, evolve, revision="3")


def _revised(article: Article, fact: RevisionAddedV1) -> Article:
    purpose = fact.purpose or "publication"
    revision = Revision(
        fact.revision,
        _shown(fact.content),
        fact.digest,
        _shown(fact.parts),
        fact.by,
        fact.added_at,
        fact.reason,
        purpose,
    )
    left = replace(_without(article, fact.undoes), revisions=(*article.revisions, revision))
    if purpose != "publication" and not article.correcting:
        left = replace(left, purpose=purpose, note=fact.reason)
    if fact.submission_revision is None:
        return left
    if fact.process is not None:
        left = _handed_anew(left, fact, fact.process)
    taken = tuple(
        Done(step, fact.by, fact.revision, fact.digest, fact.added_at)
        for step in article.said.taken
    )
    return replace(left, ended=None, done=taken)


_ANEW = ("category", "language", "section", "flags", "event", "due")


def _handed_anew(article: Article, fact: RevisionAddedV1, process: str) -> Article:
    """From here on it is what it was handed in as last: who may act on it is asked for that."""
    said = {**fact.data()["content"], **fact.data()}
    kept = {name: value for name, value in article.said.data().items() if name not in _ANEW}
    anew = {name: said[name] for name in _ANEW if name in said}
    return replace(
        article,
        opened=ArticleOpenedV1.of(kept | anew),
        process=process,
        circumstances=_circumstances(fact.circumstances),
    )


def _taken(article: Article, fact: StepTakenV1) -> Article:
    left = _without(article, (*fact.undoes, fact.step))
    done = Done(fact.step, fact.by, fact.revision, fact.digest, fact.taken_at)
    assigned = {step: each for step, each in left.assigned.items() if step != fact.step}
    return replace(left, done=(*left.done, done), awaiting=None, assigned=assigned)


def _failed(fact: PublishingFailedV1) -> Pending:
    proof = _shown(fact.proof) if fact.proof else {}
    return Pending(
        fact.retry_at,
        fact.revision,
        fact.digest,
        fact.by or "",
        proof,
        fact.attempt,
        fact.why,
        fact.detail,
        fact.detail_en or "",
    )


def _without(article: Article, steps: tuple[str, ...]) -> Article:
    return replace(article, done=tuple(each for each in article.done if each.step not in steps))


def _circumstances(said: tuple[str, ...]) -> dict[str, str]:
    return dict(each.split("=", 1) for each in said)


def _shown(value: Value) -> dict[str, Any]:
    return value.model_dump(mode="json", by_alias=True, exclude_none=True)


def _values(value: Value | None) -> dict[str, Any] | None:
    return None if value is None else _shown(value)


def _opened(_: Article, fact: ArticleOpenedV1) -> Article:
    return Article(fact, fact.process, _circumstances(fact.circumstances))


def _classified(article: Article, fact: ArticleClassifiedV1) -> Article:
    said = {**article.circumstances, **_circumstances((fact.circumstance,))}
    left = _without(article, fact.undoes)
    return replace(left, circumstances=said, process=fact.process, awaiting=None)


def _assigned(article: Article, fact: ArticleAssignedV1) -> Article:
    given = Assigned(fact.to, fact.assigned_at, _values(fact.due))
    return replace(article, assigned={**article.assigned, fact.step: given})


def _reopened(article: Article, fact: StepReopenedV1) -> Article:
    return replace(_without(article, fact.undoes), awaiting=fact.step)


def _returned(article: Article, _: ArticleReturnedV1) -> Article:
    return replace(article, ended="returned", done=(), awaiting=None, assigned={})


def _scheduled(article: Article, fact: ArticleScheduledV1) -> Article:
    pending = Pending(fact.at, fact.revision, fact.digest, fact.by, _shown(fact.proof))
    return replace(article, pending=pending)


def _published(article: Article, fact: ArticlePublishedV1) -> Article:
    at = fact.published_at
    public = Published(fact.revision, fact.digest, at, at)
    return replace(article, published=public, pending=None, purpose="publication")


def _corrected(article: Article, fact: ArticleCorrectedV1) -> Article:
    public = Published(fact.revision, fact.digest, fact.published_at, fact.corrected_at)
    return replace(article, published=public, pending=None, purpose="publication", note="")


def _reminded(article: Article, fact: ArticleRemindedV1) -> Article:
    moment = (fact.step, fact.kind, str(_shown(fact.due).get("at")))
    return replace(article, reminded=article.reminded | {moment})


_EVOLVES: Mapping[type[Any], Callable[[Article, Any], Article]] = {
    ArticleOpenedV1: _opened,
    RevisionAddedV1: _revised,
    ArticleClassifiedV1: _classified,
    ArticleAssignedV1: _assigned,
    StepTakenV1: _taken,
    StepReopenedV1: _reopened,
    OpinionGivenV1: lambda article, _: article,
    ArticleReturnedV1: _returned,
    ArticleRefusedV1: lambda article, _: replace(article, ended="refused", pending=None),
    ArticleDroppedV1: lambda article, _: replace(article, ended="dropped", pending=None),
    ArticleScheduledV1: _scheduled,
    ScheduleCancelledV1: lambda article, _: replace(article, pending=None),
    PublishingFailedV1: lambda article, fact: replace(article, pending=_failed(fact)),
    ArticlePublishedV1: _published,
    ArticleCorrectedV1: _corrected,
    ArticleWithdrawnV1: lambda article, _: replace(article, ended="withdrawn", pending=None),
    ArticleRemindedV1: _reminded,
}
