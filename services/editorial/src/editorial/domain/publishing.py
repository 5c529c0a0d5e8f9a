"""Decisions about what the public reads: publish, schedule, fail and try again, correct, withdraw, remind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from common.errors import DomainError, Refused, Said, spoken
from contracts.events.editorial import (
    ArticleCorrectedV1,
    ArticlePublishedV1,
    ArticleRemindedV1,
    ArticleScheduledV1,
    ArticleWithdrawnV1,
    PublishingFailedV1,
    ScheduleCancelledV1,
)
from editorial.domain import refusing, rules
from editorial.domain.article import Article, Pending, evolve
from editorial.domain.by import By
from editorial.domain.content import shown_of
from editorial.domain.course import Course
from editorial.domain.stepping import Facts, check_step, ground_of, step_taken
from editorial.domain.words import say
from rulebook.authority import Authority
from rulebook.sentences import citation_text

TRIES = 8
LONGEST = timedelta(hours=1)
AUTHORITY_ENDED = "authority-ended"
FILE_MISSING = "file-missing"


@dataclass(frozen=True, slots=True)
class Publish:
    """The last step, on the text that the person saw."""

    digest: str
    remark: str = ""


def publish(
    course: Course, command: Publish, by: By, missing: Sequence[str], at: datetime
) -> Facts:
    """Take the last step: the public reads it now, or publishing failed and is tried again.

    `missing` are the digests of files that the blobs do not have. Raises Forbidden, Refused.
    """
    proof = by.proof()
    ready = _ready(course)
    check_step(ready, course.process.published, command.digest, by.person)
    if missing:
        return (_failed(course, by.person, proof, _why_missing(missing), at),)
    return _published(ready, by.person, proof, at, command.remark)


def publish_due(
    course: Course, authority: Authority, missing: Sequence[str], due: datetime, at: datetime
) -> Facts:
    """What was to happen at `due`: everything is checked again, authority too.

    Nothing when it is not due any more: published, cancelled, or set for another moment.
    """
    article, pending = course.article, course.article.pending
    if pending is None or pending.next_at != due or at < due or article.ended:
        return ()
    ready = _ready(course)
    proof = dict(pending.proof)
    if authority.proof is None:
        return (_failed(course, pending.by, proof, _why_ended(authority), at, final=True),)
    try:
        step = course.process.published
        check_step(ready, step, pending.digest, pending.by)
    except DomainError as error:
        why = (error.code, error.detail)
        return (_failed(course, pending.by, proof, why, at, final=True),)
    if missing:
        return (_failed(course, pending.by, proof, _why_missing(missing), at),)
    proved = By(pending.by, authority).proof()
    return _published(ready, pending.by, proved, at)


def schedule(course: Course, at: datetime, digest: str, by: By, now: datetime) -> Facts:
    """Everything is done but the last step, which happens by itself at `at`. Raises Refused."""
    proof = by.proof()
    if course.article.phase not in {"in_process", "correcting"}:
        raise refusing.not_now(course.article, "schedule")
    if at <= now:
        raise refusing.in_the_past(now, course.cited(course.process.published))
    check_step(course, course.process.published, digest, by.person)
    values = {
        **_named(course.article),
        "at": at,
        "revision": course.article.current.number,
        "digest": digest,
        "by": by.person,
        "proof": proof,
        "scheduled_at": now,
    }
    return (ArticleScheduledV1.model_validate(values),)


def cancel(course: Course, reason: str, by: By, at: datetime) -> Facts:
    """It will not be published by itself; what was done stands."""
    proof = by.proof()
    if course.article.pending is None:
        raise Refused("nothing-scheduled", say("nothing-scheduled"))
    values = {
        **_named(course.article),
        "reason": reason,
        "by": by.person,
        "proof": proof,
        "cancelled_at": at,
    }
    return (ScheduleCancelledV1.model_validate(values),)


def withdraw(course: Course, explanation: str, ground: str | None, by: By, at: datetime) -> Facts:
    """Take it from the public, which reads the explanation instead. Raises Refused, Unprocessable."""
    article, proof = course.article, by.proof()
    if article.published is None or article.ended is not None:
        raise refusing.not_now(article, "withdraw")
    del proof  # it stands in the commit; the public fact names nobody
    content = article.revisions[article.published.revision - 1].content
    named = ground_of(course, ground, "remove") if ground else None
    values = {
        **_named(article),
        "explanation": explanation,
        "category": content["category"],
        "language": content["language"],
        "title": content["title"],
        "ground": named,
        "published_at": article.published.first_at,
        "withdrawn_at": at,
    }
    return (ArticleWithdrawnV1.model_validate(values),)


def remind(article: Article, step: str, kind: str, moment: str) -> Facts:
    """A step's time is near its end or over: said once for each due moment, if it still waits."""
    assigned = article.assigned.get(step)
    if assigned is None or assigned.due is None or article.ended is not None:
        return ()
    if (step, kind, str(assigned.due.get("at"))) in article.reminded:
        return ()
    moments = [assigned.due.get("at")] if kind == "overdue" else assigned.due.get("near", [])
    if moment not in moments:
        return ()
    values = {
        **_named(article),
        "step": step,
        "kind": kind,
        "due": assigned.due,
        "to": assigned.to,
    }
    return (ArticleRemindedV1.model_validate(values),)


def _ready(course: Course) -> Course:
    """The article as if nothing were pending: what is tried again is checked like the first time."""
    return replace(course, article=replace(course.article, pending=None))


def _published(
    course: Course, person: str, proof: Mapping[str, Any], at: datetime, remark: str = ""
) -> Facts:
    step = step_taken(course, course.process.published, person, proof, at, remark)
    after = replace(course, article=evolve(course.article, step))
    if course.article.published is None:
        return (step, _first(after, at))
    return (step, _correction(after, at))


def _first(course: Course, at: datetime) -> ArticlePublishedV1:
    return ArticlePublishedV1.model_validate({**_public(course, at), "published_at": at})


def _correction(course: Course, at: datetime) -> ArticleCorrectedV1:
    article = course.article
    assert article.published is not None
    values = {
        **_public(course, at),
        "level": "minor" if article.purpose == "minor_correction" else "major",
        "note": article.note,
        "corrected_at": at,
        "published_at": article.published.first_at,
    }
    return ArticleCorrectedV1.model_validate(values)


def _public(course: Course, at: datetime) -> dict[str, Any]:
    current = course.article.current
    return {
        **_named(course.article),
        **shown_of(current.content),
        "revision": current.number,
        "digest": current.digest,
        "parts": current.parts,
        "legal": _legal(course, at),
    }


def _legal(course: Course, at: datetime) -> dict[str, Any]:
    """What the law asks to be shown: by which rule, on whose approval, in time or late."""
    article, said = course.article, course.article.said
    last = course.step(course.process.published)
    last = replace(last, rule=course.process.rule or last.rule)
    rule = rules.law_of(course.profile, course.process, last, course.on)
    approval = course.approval
    assert approval is not None, "nothing is published that was not approved"
    due = said.due
    late = at >= due.at if due is not None and due.at and article.published is None else None
    return {
        "profile": said.profile,
        "rule": rule.id,
        "article": citation_text(rule.basis.citation),
        "approved_by": approval.by,
        "approved_at": approval.at,
        "responsible_site": said.site,
        "receipt": said.receipt.text if said.receipt else None,
        "event": said.event.model_dump() if said.event else None,
        "due": due.last_day if due else None,
        "late": late,
    }


def _failed(  # noqa: PLR0913 - what the fact says
    course: Course,
    person: str,
    proof: Mapping[str, Any],
    why: tuple[str, Said | str],
    at: datetime,
    *,
    final: bool = False,
) -> PublishingFailedV1:
    attempt = _attempts(course.article.pending) + 1
    wait = min(timedelta(minutes=2 ** (attempt - 1)), LONGEST)
    values = {
        **_named(course.article),
        "why": why[0],
        "detail": spoken(why[1], "vi")[:2000],
        "detail_en": spoken(why[1], "en")[:2000],
        "attempt": attempt,
        "retry_at": None if final or attempt >= TRIES else at + wait,
        "revision": course.article.current.number,
        "digest": course.article.current.digest,
        "by": person,
        "proof": proof,
        "failed_at": at,
    }
    return PublishingFailedV1.model_validate(values)


def _attempts(pending: Pending | None) -> int:
    return pending.attempts if pending else 0


def _why_missing(missing: Sequence[str]) -> tuple[str, Said]:
    files = ", ".join(digest[:12] for digest in missing)
    return FILE_MISSING, say("file-missing", files=files)


def _why_ended(authority: Authority) -> tuple[str, Said]:
    return AUTHORITY_ENDED, refusing.told(authority.explanation)


def _named(article: Article) -> dict[str, str]:
    return {"article_id": article.said.article_id, "site": article.said.site}
