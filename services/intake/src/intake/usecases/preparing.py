"""Before anything is decided: who sends what to which site, in which form, with which findings."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from common.errors import FieldProblem, Unprocessable
from common.identity import Principal
from contracts.events.intake import SubmissionReceivedV1
from contracts.schemas import SchemaViolation, validate
from intake.domain.checking import Checked, check, check_at_rest, check_encoding, pointer_of
from intake.domain.content import Body, cleaned
from intake.domain.draft import Attachment, Draft
from intake.domain.fields import MOST_FIELDS, problems
from intake.domain.files import check_name
from intake.domain.writing import Registered, content_of, digest_of, receipt_of
from intake.usecases.doing import By, Deps, Site
from rulebook.explanation import LOCAL

SKEW = timedelta(minutes=5)
NO_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Ready:
    """A draft that may be handed in: checked, cleaned, its files known."""

    checked: Checked
    body: Body
    by: By
    received_at: datetime

    @property
    def digest(self) -> str:
        return digest_of(self.checked.draft, self.body)

    @property
    def site(self) -> str:
        return self.checked.draft.site

    @property
    def blobs(self) -> tuple[str, ...]:
        named = [each.digest for each in self.checked.draft.attachments if each.digest]
        return tuple(named if self.body.inline else [*named, self.body.digest])


async def prepare(deps: Deps, draft: Draft, who: Principal, at: datetime, *, strict: bool) -> Ready:
    """Everything that can be said before the stream is looked at, cheapest first."""
    site = deps.senders.site(draft.site, at.astimezone(LOCAL).date())
    _check_category(deps, draft)
    _check_language(draft, site)
    by = deps.senders.admit(who, draft.site, draft.category, at)
    received_at = _received_at(draft, by, at)
    check_at_rest(draft.body)
    draft = replace(draft, attachments=await _attachments(deps, draft))
    checked = check(draft, deps.law_of(site.profile), received_at, site.kind)
    check_encoding(checked)
    check_at_rest(checked.draft.body)
    if strict:
        _check_findings(checked)
    ready = Ready(checked, cleaned(checked.draft.body), by, received_at)
    _check_contract(ready)
    return ready


def _check_contract(ready: Ready) -> None:
    """What the contract does not take is refused before a number is: with the field at fault."""
    receipt = receipt_of(ready.site, ready.received_at.year, 1)
    data = content_for(ready, NO_ID, 1, receipt, None)
    try:
        validate(SubmissionReceivedV1.TYPE, SubmissionReceivedV1.VERSION, data, closed=True)
    except SchemaViolation as error:
        raise _field(error.pointer, error.rule, error.message) from error


def _check_category(deps: Deps, draft: Draft) -> None:
    category = deps.categories.get(draft.category)
    if category is None:
        detail = f"No such category. There are: {', '.join(sorted(deps.categories.by_id))}."
        raise _field("/category", "category-unknown", detail)
    found = list(problems(category, draft.fields, deps.categories.every.fields))
    if len(draft.fields) > MOST_FIELDS:
        found.append(FieldProblem("/fields", "max-items", f"At most {MOST_FIELDS} fields."))
    if found:
        raise Unprocessable("content-invalid", "Some fields have not their form.", errors=found)


def _check_language(draft: Draft, site: Site) -> None:
    if draft.language not in site.languages:
        detail = f"The site is kept in {', '.join(site.languages)}; hand it in in one of these."
        raise _field("/language", "language-not-served", detail)


def _received_at(draft: Draft, by: By, at: datetime) -> datetime:
    given = draft.submitted_at
    if given is None:
        return at
    if not by.is_system:
        detail = "Only a system that passes on what others received may say when; leave it out."
        raise _field("/submitted_at", "systems-only", detail)
    if given > at + SKEW:
        raise _field("/submitted_at", "not-in-the-future", "It cannot have been received later.")
    return given


async def _attachments(deps: Deps, draft: Draft) -> tuple[Attachment, ...]:
    """Each with what is known of its file; raises for one never uploaded, a wrong name, no words."""
    digests = tuple(each.digest for each in draft.attachments if each.digest)
    known = await deps.stores.uploads.known(digests)
    found: list[Attachment] = []
    for place, each in enumerate(draft.attachments):
        upload = known.get(each.digest or "")
        at = f"/attachments/{place}"
        if upload is None:
            detail = "This file was not uploaded here. Send it to POST /files first, then name its digest."
            raise _field(f"{at}/digest", "file-unknown", detail)
        if upload.kind == "image" and not (each.alternative_text or "").strip():
            raise _no_words(at)
        found.append(
            replace(
                each,
                name=check_name(each.name or upload.name, upload.recognised),
                size=upload.size,
                media_type=upload.media_type,
                kind=upload.kind,
            )
        )
    return tuple(found)


def _no_words(at: str) -> Unprocessable:
    detail = (
        "Say in a few words what the picture shows, for those who do not see it "
        "(Thông tư 26/2020/TT-BTTTT; WCAG 2.2, 1.1.1)."
    )
    return _field(f"{at}/alternative_text", "alternative-text-missing", detail)


def _check_findings(checked: Checked) -> None:
    """For a sender who wants no errors registered: all of them at once, each with its law."""
    errors = [each for each in checked.findings if each["severity"] == "error"]
    if errors:
        raise Unprocessable(
            "findings-stand",
            "The regulation finds errors in it; `findings` names each with rule, article and words.",
            errors=[
                FieldProblem(pointer_of(each["code"]), each["rule"], each["sentence_en"])
                for each in errors
            ],
            extra={"findings": checked.findings, "due": checked.due, "route": checked.route},
        )


def _field(pointer: str, rule: str, detail: str) -> Unprocessable:
    return Unprocessable(rule, detail, errors=[FieldProblem(pointer, rule, detail)])


def content_for(
    ready: Ready, id: str, revision: int, receipt: dict[str, Any], contact: str | None
) -> dict[str, Any]:
    by, draft = ready.by, ready.checked.draft
    sender = {
        "person": by.person,
        "position": by.position,
        "agency": by.agency,
        "unit": draft.unit,
        "role": draft.sender_role,
    }
    registered = Registered(
        id=id,
        revision=revision,
        receipt=receipt,
        sender={name: value for name, value in sender.items() if value is not None},
        received_at=ready.received_at,
        contact=contact,
    )
    return content_of(ready.checked, ready.body, registered)


async def check_only(deps: Deps, draft: Draft, at: datetime) -> Checked:
    """What the rules would find, with no trace. A wrong character set is a finding here."""
    site = deps.senders.site(draft.site, at.astimezone(LOCAL).date())
    _check_category(deps, draft)
    check_at_rest(draft.body)
    return check(draft, deps.law_of(site.profile), draft.submitted_at or at, site.kind)
