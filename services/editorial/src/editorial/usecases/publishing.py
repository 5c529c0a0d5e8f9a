"""What the public comes to read: published now or at a moment, corrected, withdrawn; and reminders."""

from dataclasses import dataclass
from datetime import datetime

from common.cause import Cause
from common.log.log import decided
from common.log.streams import Loaded, Standing
from editorial.domain import asking, publishing
from editorial.domain.article import ARTICLES, Article
from editorial.domain.content import blobs_of
from editorial.domain.publishing import Publish
from editorial.usecases.doing import (
    Deps,
    Sent,
    allowed,
    article_of,
    first_yes,
    standing,
    the_course,
)


@dataclass(frozen=True, slots=True)
class PublishNow:
    sent: Sent
    publish: Publish


@dataclass(frozen=True, slots=True)
class Schedule:
    sent: Sent
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Cancel:
    sent: Sent
    reason: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    sent: Sent
    explanation: str
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class FallDue:
    """A moment at which something of an article was to happen."""

    article: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Remind:
    article: str
    step: str
    kind: str
    moment: str


@decided
async def publish(deps: Deps, command: PublishNow, cause: Cause) -> Loaded[Article]:
    article, course = await article_of(deps, command.sent, cause.at)
    by = allowed(deps, command.sent, article.state, asking.to_publish(course), cause.at)
    missing = await deps.files.missing(blobs_of(article.state.current.content))
    facts = publishing.publish(course, command.publish, by, missing, cause.at)
    return await deps.log.append(article, facts, cause, standing(article.state, by))


@decided
async def publish_due(deps: Deps, command: FallDue, cause: Cause) -> Loaded[Article]:
    """The clock's: everything is checked again, the authority of whoever set it too."""
    article = await deps.log.load(ARTICLES, command.article)
    pending = article.state.pending
    if pending is None:
        return article
    course = the_course(deps, article.state, cause.at)
    by = first_yes(deps, pending.by, asking.to_publish(course), cause.at)
    missing = await deps.files.missing(blobs_of(article.state.current.content))
    facts = publishing.publish_due(course, by.authority, missing, command.at, cause.at)
    return await deps.log.append(article, facts, cause, standing(article.state, by))


@decided
async def schedule(deps: Deps, command: Schedule, cause: Cause) -> Loaded[Article]:
    article, course = await article_of(deps, command.sent, cause.at)
    by = allowed(deps, command.sent, article.state, asking.to_publish(course), cause.at)
    facts = publishing.schedule(course, command.at, command.digest, by, cause.at)
    return await deps.log.append(article, facts, cause, standing(article.state, by))


@decided
async def cancel(deps: Deps, command: Cancel, cause: Cause) -> Loaded[Article]:
    article, course = await article_of(deps, command.sent, cause.at)
    by = allowed(deps, command.sent, article.state, asking.to_publish(course), cause.at)
    facts = publishing.cancel(course, command.reason, by, cause.at)
    return await deps.log.append(article, facts, cause, standing(article.state, by))


@decided
async def withdraw(deps: Deps, command: Withdraw, cause: Cause) -> Loaded[Article]:
    article, course = await article_of(deps, command.sent, cause.at)
    by = allowed(deps, command.sent, article.state, asking.to_withdraw(course), cause.at)
    facts = publishing.withdraw(course, command.explanation, command.ground, by, cause.at)
    return await deps.log.append(article, facts, cause, standing(article.state, by))


@decided
async def remind(deps: Deps, command: Remind, cause: Cause) -> Loaded[Article]:
    article = await deps.log.load(ARTICLES, command.article)
    facts = publishing.remind(article.state, command.step, command.kind, command.moment)
    site = article.state.said.site if article.state.known else ""
    return await deps.log.append(article, facts, cause, Standing(site, {"by": "clock"}))
