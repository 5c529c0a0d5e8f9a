"""What the regulation finds in a text: errors are mended before anybody approves it, the rest a person decides."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from editorial.domain.article import Article
from editorial.domain.content import Content
from editorial.domain.differing import plain_text
from rulebook.profiles.model import Profile
from rulebook.rules.results import Finding
from rulebook.sentences import citation_text
from rulebook.submissions import Submission, content_faults, content_findings
from rulebook.telling import finding_told

REMEMBERED = 128
"""Texts that were looked at last: an approval, an upload and a publication look at the same one."""
CLOSED = ("refused", "dropped", "withdrawn")
"""Phases in which no clock runs."""

LATE = ("overdue", "overdue_default")
"""That it is late: by the regulation, or by a limit of the installation where the regulation gives none."""


@dataclass(frozen=True, slots=True)
class Text:
    """A revision at its site on a day of the law; its digest says all that the rules read of it.

    flags  what its sender declares: that the owner of its source asks for an agreement to quote …
    """

    digest: str
    key: str
    kind: str
    event: str
    flags: frozenset[str]
    on: date
    content: Content = field(compare=False)
    profile: Profile = field(compare=False)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as people are told it; `blocks`: nothing is approved while it stands."""

    told: Mapping[str, Any]
    blocks: bool


@lru_cache(maxsize=REMEMBERED)
def faults_of(text: Text) -> tuple[Finding, ...]:
    """The errors that the regulation finds in the text itself."""
    return content_faults(text.profile, submission_of(text), text.on)


@lru_cache(maxsize=REMEMBERED)
def found_in(text: Text) -> tuple[Found, ...]:
    """All that it finds there: first what keeps the text from being approved."""
    blocking = {each.code for each in faults_of(text)}
    findings = content_findings(text.profile, submission_of(text), text.on)
    found = [Found(finding_told(each), each.code in blocking) for each in findings]
    return tuple(sorted(found, key=_weight))


def _weight(found: Found) -> tuple[bool, bool, bool]:
    """What blocks, then errors, then warnings, then what a machine only suspects."""
    suspected = found.told["needs_human"]
    return not found.blocks, suspected, found.told["severity"] != "error"


def lateness(article: Article, profile: Profile, at: datetime) -> Found | None:
    """That its publication clock ran out, or had when it came; the duty to publish does not end with it."""
    due = article.said.due
    first = article.published.first_at if article.published else at
    if due is None or due.at is None or article.phase in CLOSED or first < due.at:
        return None
    rule = profile.rules.get(due.rule)
    told = {
        "code": LATE[0] if due.legal else LATE[1],
        "severity": "error" if due.legal else "warning",
        "rule": due.rule,
        "article": due.article,
        "article_en": citation_text(rule.basis.citation, "en") if rule else due.article,
        "quotation": due.quotation,
        "sentence": _first(due.sentence),
        "sentence_en": _first(due.sentence_en),
        "needs_human": False,
    }
    return Found(told, blocks=False)


def _first(lines: str) -> str:
    """The answer alone; how it was counted follows in the lines below."""
    return lines.partition("\n")[0]


def submission_of(text: Text) -> Submission:
    """A revision as the rules read what is handed in; a body that lies among the blobs is there, unread."""
    content = text.content
    body = content["body"]
    fields: dict[str, Any] = {
        each["name"]: json.loads(each["value"]) for each in content.get("fields", ())
    }
    if "html" not in body:
        fields["body"] = body["digest"]
    return Submission(
        category=content["category"],
        title=content["title"],
        body=plain_text(body.get("html", "")),
        author=content.get("author"),
        source=content.get("source", {}).get("name"),
        language=content["language"],
        fields=fields,
        flags=text.flags,
        facts={"site_kind": text.kind} | ({"event": text.event} if text.event else {}),
    )
