"""How a decision says no: with the rule, its article and words, and the nearest way."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

from common.errors import Forbidden, NotFound, Refused
from editorial.domain.article import Article
from rulebook.authority import Authority
from rulebook.profiles.model import Rule
from rulebook.sentences import citation_text
from rulebook.separation import Separation
from rulebook.telling import told_fully, told_shortly

NEXT = {
    "in_process": "Take the step that is open.",
    "returned": "It waits for its sender, who corrects it and hands it in again.",
    "refused": "It was refused. Its sender may hand in another one.",
    "dropped": "Its sender took it back.",
    "scheduled": "It is scheduled. Cancel the schedule first.",
    "failed": "Publishing failed and is tried again. Cancel that first, or try it now.",
    "published": "It is published. Correct it or withdraw it.",
    "correcting": "A correction is on its way. Finish it first.",
    "withdrawn": "It was withdrawn.",
    "unknown": "There is no such article.",
}
"""What may be done in each phase, for those who wanted something else."""


def unknown() -> NotFound:
    return NotFound("article-unknown", "There is no article with this id.")


def not_now(article: Article, what: str) -> Refused:
    """The phase does not allow the act."""
    phase = article.phase
    return Refused(f"cannot-{what}-now", NEXT[phase], extra={"phase": phase})


def not_authorised(authority: Authority) -> Forbidden:
    explanation = authority.explanation
    return Forbidden("not-authorised", told_shortly(explanation), extra=told_fully(explanation))


def refuse(code: str, separation: Separation) -> NoReturn:
    """Raises Refused, or Forbidden where another person may."""
    explanation = separation.explanation
    kind = Forbidden if code == "author-cannot-approve" else Refused
    raise kind(code, told_shortly(explanation), extra=told_fully(explanation))


def another_text(article: Article) -> Refused:
    """What the person looked at is not what stands there."""
    current = article.current
    return Refused(
        "another-revision",
        f"The text is revision {current.number} now. Look at it and decide again.",
        extra={"revision": current.number, "digest": current.digest},
    )


def receiver_may_not(authority: Authority) -> Forbidden:
    """A step is not given to somebody who could not take it, or whom nobody knows."""
    explanation = authority.explanation
    return Forbidden("receiver-may-not", told_shortly(explanation), extra=told_fully(explanation))


def not_open(opened: Sequence[str], detail: str, law: Mapping[str, Any]) -> Refused:
    return Refused("step-not-open", detail, extra={"open": list(opened), **law})


def in_the_past(at: datetime, law: Mapping[str, Any]) -> Refused:
    return Refused(
        "schedule-in-the-past",
        "The moment has passed. Name a later one, or publish now.",
        extra={"now": at.isoformat(), **law},
    )


def cited(law: Rule[Any]) -> Mapping[str, Any]:
    """A rule as a problem names it: its article and words."""
    citation = law.basis.citation
    return {
        "rule": law.id,
        "article": {"vi": citation_text(citation), "en": citation_text(citation, "en")},
        "quote": law.basis.quote,
    }
