"""A checked draft as the fact that it is: the contract's content, without anything private."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.moments import to_wire
from intake.domain.checking import Checked
from intake.domain.content import Body, content_digest
from intake.domain.draft import Attachment, Draft
from intake.domain.fields import facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What registering adds to a draft."""

    id: str
    revision: int
    receipt: Mapping[str, Any]
    sender: Mapping[str, Any]
    received_at: datetime
    contact: str | None


OUTSIDE = frozenset({"contributor", "outside_person"})
"""Whose item it is, where somebody of an agency passes it on; nobody gains a step by saying so."""


def role_of(said: str | None, held: str | None, *, is_system: bool) -> str | None:
    """As what somebody sends: by the position they hold, whatever they say; a system says whose item it passes on."""
    if is_system or said in OUTSIDE:
        return said
    return held or said


def receipt_of(site: str, year: int, number: int) -> dict[str, Any]:
    """As the contract's `receipt`."""
    return {"number": number, "year": year, "text": f"{site}-{year}-{number:06d}"}


def content_of(checked: Checked, body: Body, registered: Registered) -> dict[str, Any]:
    """The values of `submission_received` or `submission_resubmitted`."""
    draft = checked.draft
    words = words_of(draft, body)
    data = {
        "submission_id": registered.id,
        "revision": registered.revision,
        "receipt": registered.receipt,
        **words,
        "section": draft.section,
        "body": body.data(),
        "links": list(draft.links),
        "flags": sorted(draft.flags),
        "agency_role": draft.agency_role,
        "event": _event(draft),
        "submitted_by": registered.sender,
        "channel": draft.channel,
        "received_at": to_wire(registered.received_at),
        "profile": checked.law.profile.key,
        "findings": checked.findings[:100],
        "route": checked.route,
        "due": checked.due,
        "contact": registered.contact,
        "content_digest": digest_of(draft, body),
    }
    return {name: value for name, value in data.items() if value is not None}


def words_of(draft: Draft, body: Body) -> dict[str, Any]:
    """What the digest of a content is over."""
    data: dict[str, Any] = {
        "site": draft.site,
        "category": draft.category,
        "language": draft.language,
        "title": draft.title,
        "summary": draft.summary,
        "body": body.digest,
        "author": draft.author,
        "source": _source(draft),
        "fields": facts_of(draft.fields),
        "attachments": [attachment_data(each) for each in draft.attachments],
    }
    return {name: value for name, value in data.items() if value is not None}


def digest_of(draft: Draft, body: Body) -> str:
    """Equal for equal content handed in to one site, whoever sends it."""
    return content_digest(words_of(draft, body))


def attachment_data(attachment: Attachment) -> dict[str, Any]:
    """As one of the contract's `attachments`."""
    data = {
        "name": attachment.name,
        "digest": attachment.digest,
        "size": attachment.size,
        "media_type": attachment.media_type,
        "kind": attachment.kind,
        "alternative_text": attachment.alternative_text,
        "caption": attachment.caption,
    }
    return {name: value for name, value in data.items() if value is not None}


def _source(draft: Draft) -> dict[str, Any] | None:
    if draft.source is None or not draft.source.name:
        return None
    data = {"name": draft.source.name, "type": draft.source.type, "url": draft.source.url}
    return {name: value for name, value in data.items() if value is not None}


def _event(draft: Draft) -> dict[str, Any] | None:
    if draft.event_type is None or draft.event_date is None:
        return None
    return {"type": draft.event_type, "date": draft.event_date.isoformat()}
