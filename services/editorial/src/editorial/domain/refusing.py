"""How a decision says no: with the rule, its article and words, and the nearest way."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

from common.errors import Forbidden, NotFound, Refused, Said
from editorial.domain.article import Article
from editorial.domain.words import say, say_next
from rulebook.authority import Authority
from rulebook.explanation import Explanation
from rulebook.profiles.model import Rule
from rulebook.rules.results import Finding
from rulebook.sentences import citation_text
from rulebook.separation import Separation
from rulebook.telling import told_fully, told_shortly


def unknown() -> NotFound:
    return NotFound("article-unknown", say("article-unknown"))


def not_now(article: Article, what: str) -> Refused:
    """The phase does not allow the act."""
    phase = article.phase
    return Refused(f"cannot-{what}-now", say_next(phase), extra={"phase": phase})


def told(explanation: Explanation) -> Said:
    """What is refused, why, by which article, and the nearest way."""
    return Said(told_shortly(explanation, "vi"), told_shortly(explanation))


def not_authorised(authority: Authority) -> Forbidden:
    explanation = authority.explanation
    return Forbidden("not-authorised", told(explanation), extra=told_fully(explanation))


def refuse(code: str, separation: Separation) -> NoReturn:
    """Raises Refused, or Forbidden where another person may."""
    explanation = separation.explanation
    kind = Forbidden if code == "author-cannot-approve" else Refused
    raise kind(code, told(explanation), extra=told_fully(explanation))


def faulty(faults: Sequence[Finding]) -> Refused:
    """The text is to be mended first; the first rule is told, and all of them stand beside it."""
    shown = [
        {"code": each.code, **told_fully(each.explanation)}
        for each in {each.rule: each for each in reversed(faults)}.values()
    ][::-1]
    first = faults[0].explanation
    codes = [each.code for each in faults]
    extra = {**told_fully(first), "codes": codes, "findings": shown}
    return Refused("findings-stand", told(first), extra=extra)


def another_text(article: Article) -> Refused:
    """What the person looked at is not what stands there."""
    current = article.current
    return Refused(
        "another-revision",
        say("another-revision", revision=current.number),
        extra={"revision": current.number, "digest": current.digest},
    )


def receiver_may_not(authority: Authority) -> Forbidden:
    """A step is not given to somebody who could not take it, or whom nobody knows."""
    explanation = authority.explanation
    return Forbidden("receiver-may-not", told(explanation), extra=told_fully(explanation))


def not_open(opened: Sequence[str], detail: Said, law: Mapping[str, Any]) -> Refused:
    return Refused("step-not-open", detail, extra={"open": list(opened), **law})


def in_the_past(at: datetime, law: Mapping[str, Any]) -> Refused:
    return Refused(
        "schedule-in-the-past",
        say("schedule-in-the-past"),
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
