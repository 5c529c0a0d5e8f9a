"""What a sender hands in, before it is a fact."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Role = Literal["issuer", "in_scope"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file as it is named in a draft; in a check before sending it may have no digest yet.

    font, font_size  of a text file, as far as the sender knows them (LS Đ7 k2)
    """

    name: str
    digest: str | None = None
    size: int = 0
    media_type: str = ""
    kind: str = "document"
    alternative_text: str | None = None
    caption: str | None = None
    font: str | None = None
    font_size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where it comes from, as the sender states it."""

    name: str
    type: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The content of a submission.

    raw         the body as bytes as received, where it came so; then `body` is empty
    similarity  0 to 1: how much of it stands in another text, where somebody measured it (KH Đ6)
    contact     the sender's private data: it goes to the vault and nowhere else
    """

    site: str
    category: str
    title: str
    body: str = ""
    raw: bytes | None = None
    section: str | None = None
    language: str = "vi"
    summary: str | None = None
    author: str | None = None
    source: Source | None = None
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    attachments: tuple[Attachment, ...] = ()
    links: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    event_type: str | None = None
    event_date: date | None = None
    agency_role: Role = "issuer"
    channel: str = "portal"
    sender_role: str | None = None
    unit: str | None = None
    similarity: float = 0.0
    submitted_at: datetime | None = None
    contact: Mapping[str, str] = field(default_factory=dict[str, str])
