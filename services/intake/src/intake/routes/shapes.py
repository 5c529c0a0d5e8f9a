"""The bodies that are sent: a draft as a form, a program or another system gives it."""

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from common.errors import FieldProblem, Unprocessable
from common.http.days import Day, Moment
from intake.domain.draft import Attachment, Draft, Source
from intake.domain.words import say

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
SiteId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Url = Annotated[str, Field(pattern=r"^[a-z][a-z0-9+.-]*://[^\s]+$", max_length=2_000)]
Line = Annotated[str, Field(max_length=300)]
SubmissionId = Annotated[
    str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
]
CHANNELS = ("portal", "api", "e_office", "email", "storage_device", "paper", "feed", "import")


def _channel(value: Any) -> Any:
    return value.replace("-", "_") if isinstance(value, str) else value


Channel = Annotated[
    Literal["portal", "api", "e_office", "email", "storage_device", "paper", "feed", "import"],
    BeforeValidator(_channel),
]


class Shape(BaseModel):
    """A request body: what it does not name is refused, so that no typing error is lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceBody(Shape):
    """Where it comes from (nguồn)."""

    name: Annotated[str, Field(max_length=300)]
    type: Literal["own", "quoted", "agreement"] | None = None
    url: Url | None = None


class AttachmentBody(Shape):
    """A file that was uploaded before; before sending, a check may name one without its digest."""

    digest: Digest | None = None
    name: Annotated[str, Field(max_length=200)] | None = None
    alternative_text: Annotated[str, Field(max_length=500)] | None = Field(
        default=None, description="What a picture shows (văn bản thay thế); required for pictures"
    )
    caption: Annotated[str, Field(max_length=500)] | None = None
    font: Annotated[str, Field(max_length=80)] | None = Field(
        default=None, description="Font of a text file, where the sender knows it (LS Đ7 k2)"
    )
    size: Annotated[int, Field(ge=1, le=400)] | None = Field(
        default=None, description="Size of that font in points"
    )
    encoding: Annotated[str, Field(max_length=40)] | None = None

    def attachment(self) -> Attachment:
        return Attachment(
            name=self.name or "",
            digest=self.digest,
            alternative_text=(self.alternative_text or "").strip() or None,
            caption=(self.caption or "").strip() or None,
            font=self.font,
            font_size=self.size,
        )


class EventBody(Shape):
    """What starts the publication clock, and on which day."""

    type: Word
    date: Day


class SentBy(Shape):
    """As what, and for which unit, the signed-in person sends."""

    role: Word | None = None
    unit: Annotated[str, Field(max_length=120)] | None = None


class ContactBody(Shape):
    """The sender's private data: sealed in the vault, in no fact, log or public page."""

    name: Line | None = None
    phone: Line | None = None
    email: Line | None = None
    address: Line | None = None
    id_number: Line | None = None
    bank_account: Line | None = None
    bank: Line | None = None
    tax_code: Line | None = None
    note: Annotated[str, Field(max_length=2_000)] | None = None


class ContentBody(Shape):
    """The content of a submission. `body` is HTML or plain text; `body_base64` its bytes as received."""

    category: Annotated[str, Field(max_length=60)]
    title: Annotated[str, Field(min_length=1, max_length=500)]
    body: Annotated[str, Field(max_length=4_000_000)] | None = None
    body_base64: Annotated[str, Field(max_length=6_000_000)] | None = None
    declared_encoding: Annotated[str, Field(max_length=40)] | None = None
    section: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    language: Annotated[str, Field(max_length=8)] = "vi"
    summary: Annotated[str, Field(max_length=2_000)] | None = None
    author: Annotated[str, Field(max_length=200)] | None = None
    source: SourceBody | None = None
    fields: dict[Word, Any] = Field(
        default_factory=dict[str, Any], description="What the category asks for"
    )
    attachments: Annotated[tuple[AttachmentBody, ...], Field(max_length=50)] = ()
    links: Annotated[tuple[Url, ...], Field(max_length=100)] = ()
    flags: Annotated[tuple[Word, ...], Field(max_length=20)] = ()
    event: EventBody | None = None
    issuer_role: Literal["issuer", "in_scope"] = Field(
        default="issuer", description="Issued by the sender, or only in their scope (BD Đ13 k3)"
    )
    channel: Channel = "portal"
    submitted_by: SentBy | None = None
    submitted_at: Moment | None = Field(
        default=None,
        description="When it was received, from a system that passes on what others received",
    )
    similarity_to_source: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.0,
        description="How much of it stands in another text, where it was measured (KH Đ6)",
    )

    def draft(self, site: str, contact: Mapping[str, str] | None = None) -> Draft:
        """Raises Unprocessable when the bytes cannot be read, or an address is none of the web."""
        self._check_addresses()
        sent = self.submitted_by or SentBy()
        source = self.source
        return Draft(
            site=site,
            category=self.category,
            title=self.title,
            body=self.body or "",
            raw=self._raw(),
            section=self.section,
            language=self.language,
            summary=self.summary,
            author=self.author,
            source=Source(name=source.name, type=source.type, url=source.url) if source else None,
            fields=self.fields,
            attachments=tuple(each.attachment() for each in self.attachments),
            links=self.links,
            flags=frozenset(self.flags),
            event_type=self.event.type if self.event else None,
            event_date=self.event.date if self.event else None,
            agency_role=self.issuer_role,
            channel=self.channel,
            sender_role=sent.role,
            unit=sent.unit,
            similarity=self.similarity_to_source,
            submitted_at=self.submitted_at,
            contact=contact or {},
        )

    def _check_addresses(self) -> None:
        named = {f"/links/{place}": link for place, link in enumerate(self.links)}
        named["/source/url"] = (self.source.url if self.source else None) or "https:"
        other = [at for at, url in named.items() if not url.startswith(("http:", "https:"))]
        if other:
            problems = [FieldProblem(at, "web-address", say("web-address")) for at in other]
            raise Unprocessable("content-invalid", say("content-invalid"), errors=problems)

    def _raw(self) -> bytes | None:
        if self.body_base64 is None:
            return None
        if self.body is not None:
            raise _bad("one-body")
        try:
            return base64.b64decode(self.body_base64, validate=True)
        except (binascii.Error, ValueError) as error:
            raise _bad("base64") from error


class CheckBody(ContentBody):
    """A draft to look at before it is sent; nothing of it is kept."""

    site: SiteId


class SubmissionBody(ContentBody):
    """A draft to register."""

    site: SiteId
    contact: ContactBody | None = Field(
        default=None, description="Private: sealed in the vault and shown in no fact or page"
    )

    def contact_values(self) -> dict[str, str]:
        return self.contact.model_dump(exclude_none=True) if self.contact else {}


class ResubmissionBody(ContentBody):
    """The corrected whole; the site stays."""

    note: Annotated[str, Field(max_length=2_000)] | None = Field(
        default=None, description="What was changed (giải trình)"
    )
    contact: ContactBody | None = None

    def contact_values(self) -> dict[str, str]:
        return self.contact.model_dump(exclude_none=True) if self.contact else {}


class WithdrawalBody(Shape):
    """Why it is taken back; no personal data."""

    reason: Annotated[str, Field(max_length=1_000)] | None = None


class LookBody(Shape):
    """Why somebody looks at a private contact; kept with the look."""

    why: Annotated[str, Field(min_length=3, max_length=300)]


def _bad(rule: str) -> Unprocessable:
    problem = FieldProblem("/body_base64", rule, say(rule))
    return Unprocessable("content-invalid", say("content-invalid"), errors=[problem])
