"""What the board does on the way to publication, each act with its proof."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.cause import Cause
from common.errors import NotFound, Unprocessable
from common.log.log import decided
from common.log.streams import Loaded
from editorial.domain import asking, refusing, rules, stepping
from editorial.domain.article import Article
from editorial.domain.content import Content, newly_named
from editorial.domain.course import Course
from editorial.domain.stepping import Revise, Take
from editorial.usecases.attaching import check_files
from editorial.usecases.doing import Deps, Sent, allowed, article_of, first_yes, standing
from rulebook.deadlines import deadline
from rulebook.sentences import citation_text
from rulebook.telling import lines_told


@dataclass(frozen=True, slots=True)
class TakeStep:
    sent: Sent
    take: Take


@dataclass(frozen=True, slots=True)
class ReviseText:
    """`body` are the bytes of a new one: kept once it is decided that this person may write it."""

    sent: Sent
    revise: Revise
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Classify:
    sent: Sent
    circumstance: str
    reason: str


@dataclass(frozen=True, slots=True)
class Assign:
    sent: Sent
    step: str
    to: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reopen:
    sent: Sent
    outcome: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Return:
    sent: Sent
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refuse:
    sent: Sent
    ground: str
    explanation: str


@decided
async def take_step(deps: Deps, command: TakeStep, cause: Cause) -> Loaded[Article]:
    article, course = await article_of(deps, command.sent, cause.at)
    asked = asking.to_take(course, course.step(command.take.step))
    by = allowed(deps, command.sent, article.state, asked, cause.at)
    facts = stepping.take(course, command.take, by, cause.at)
    return await deps.log.append(article, facts, cause, standing(article.state, by))


@decided
async def revise(deps: Deps, command: ReviseText, cause: Cause) -> Loaded[Article]:
    article, course = await article_of(deps, command.sent, cause.at)
    correction = command.revise.purpose != "publication"
    asked = asking.to_correct(course) if correction else asking.to_revise(course)
    by = allowed(deps, command.sent, article.state, asked, cause.at)
    facts = stepping.revise(course, command.revise, by, cause.at)
    await check_files(deps.files, command.revise.content, _texts(article))
    if command.body is not None and "html" not in command.revise.content["body"]:
        await deps.files.put(command.body)
    await _keep_its_files(deps, article, command.revise.content)
    return await deps.log.append(article, facts, cause, standing(article.state, by))


async def _keep_its_files(deps: Deps, article: Loaded[Article], content: Content) -> None:
    """Before the fact that names them: from here on no sweep takes one away (D12).

    An act that is refused after this leaves a reference behind, which keeps a file and loses none.
    """
    named = newly_named(content, _texts(article))
    try:
        await deps.files.keep(named, article.stream)
    except NotFound as error:
        raise Unprocessable(error.code, error.detail) from error


def _texts(article: Loaded[Article]) -> list[Content]:
    return [each.content for each in article.state.revisions]


@decided
async def classify(deps: Deps, command: Classify, cause: Cause) -> Loaded[Article]:
    article, course = await article_of(deps, command.sent, cause.at)
    asked = asking.to_classify(course, command.circumstance)
    by = allowed(deps, command.sent, article.state, asked, cause.at)
    facts = stepping.classify(course, command.circumstance, command.reason, by, cause.at)
    return await deps.log.append(article, facts, cause, standing(article.state, by))


@decided
async def assign(deps: Deps, command: Assign, cause: Cause) -> Loaded[Article]:
    article, course = await article_of(deps, command.sent, cause.at)
    asked = asking.to_assign(course, command.step)
    by = allowed(deps, command.sent, article.state, asked, cause.at)
    due = clock_of(deps, course, command.step, cause.at)
    facts = stepping.assign(course, command.step, command.to, by, cause.at, due, command.note)
    receiver = first_yes(
        deps, command.to, asking.to_take(course, course.step(command.step)), cause.at
    )
    if not receiver.authority.allowed:
        raise refusing.receiver_may_not(receiver.authority)
    return await deps.log.append(article, facts, cause, standing(article.state, by))


@decided
async def reopen(deps: Deps, command: Reopen, cause: Cause) -> Loaded[Article]:
    article, course = await article_of(deps, command.sent, cause.at)
    asked = asking.to_reopen(course, stepping.way_back(course, command.outcome))
    by = allowed(deps, command.sent, article.state, asked, cause.at)
    facts = stepping.reopen(course, command.outcome, command.reasons, by, cause.at)
    return await deps.log.append(article, facts, cause, standing(article.state, by))


@decided
async def give_back(deps: Deps, command: Return, cause: Cause) -> Loaded[Article]:
    article, course = await article_of(deps, command.sent, cause.at)
    by = allowed(deps, command.sent, article.state, asking.to_return(course), cause.at)
    facts = stepping.give_back(course, command.reasons, by, cause.at)
    return await deps.log.append(article, facts, cause, standing(article.state, by))


@decided
async def refuse(deps: Deps, command: Refuse, cause: Cause) -> Loaded[Article]:
    article, course = await article_of(deps, command.sent, cause.at)
    by = allowed(deps, command.sent, article.state, asking.to_refuse(course), cause.at)
    facts = stepping.refuse(course, command.ground, command.explanation, by, cause.at)
    return await deps.log.append(article, facts, cause, standing(article.state, by))


def clock_of(deps: Deps, course: Course, step: str, at: datetime) -> Mapping[str, Any] | None:
    """When the step is due if it is given to somebody now; None where the regulation sets no time."""
    rule = rules.time_for(course.profile, step, course.on)
    if rule is None:
        return None
    due = deadline(rule, at, deps.calendar)
    return {
        "last_day": due.due,
        "at": due.ends,
        "near": due.warns,
        "legal": due.legal,
        "rule": rule.id,
        "article": citation_text(rule.basis.citation),
        "quotation": rule.basis.quote,
        "sentence": lines_told(due.explanation),
        "sentence_en": lines_told(due.explanation, "en"),
    }
