"""What the regulation finds wrong in a text: it is mended before anybody approves it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from editorial.domain.content import Content
from editorial.domain.differing import plain_text
from rulebook.profiles.model import Profile
from rulebook.rules.results import Finding
from rulebook.submissions import Submission, content_faults

REMEMBERED = 128
"""Texts that were looked at last: an approval, an upload and a publication look at the same one."""


@dataclass(frozen=True, slots=True)
class Text:
    """A revision at its site on a day of the law; its digest says all that the rules read of it."""

    digest: str
    key: str
    kind: str
    event: str
    on: date
    content: Content = field(compare=False)
    profile: Profile = field(compare=False)


@lru_cache(maxsize=REMEMBERED)
def faults_of(text: Text) -> tuple[Finding, ...]:
    """The errors that the regulation finds in the text itself."""
    facts = {"site_kind": text.kind} | ({"event": text.event} if text.event else {})
    return content_faults(text.profile, submission_of(text.content, facts), text.on)


def submission_of(content: Content, facts: Mapping[str, str]) -> Submission:
    """A revision as the rules read what is handed in; a body that lies among the blobs is there, unread."""
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
        facts=facts,
    )
