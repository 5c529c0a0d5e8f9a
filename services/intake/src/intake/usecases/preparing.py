"""Before anything is decided: who sends what to which site, in which form, with which findings."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from common.errors import FieldProblem, Said, Unprocessable
from common.filekinds import check_name
from common.identity import Principal
from common.markup import check_at_rest
from contracts.events.intake import SubmissionReceivedV1
from contracts.schemas import SchemaViolation, validate
from intake.domain.checking import Checked, check, check_encoding, pointer_of
from intake.domain.content import Body, cleaned
from intake.domain.draft import Attachment, Draft
from intake.domain.fields import MOST_FIELDS, problems
from intake.domain.words import say
from intake.domain.writing import Registered, content_of, digest_of, receipt_of, role_of
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
    check_at_rest(draft.body, "/body")
    draft = replace(draft, attachments=await _attachments(deps, draft))
    checked = check(draft, deps.law_of(site.profile), received_at, site.kind)
    check_encoding(checked)
    check_at_rest(checked.draft.body, _body_of(draft))
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
        said = say("not-its-form", rule=error.rule, message=error.message)
        raise _field(error.pointer, error.rule, said) from error


def _check_category(deps: Deps, draft: Draft) -> None:
    category = deps.categories.get(draft.category)
    if category is None:
        detail = say("category-unknown", known=", ".join(sorted(deps.categories.by_id)))
        raise _field("/category", "category-unknown", detail)
    found = list(problems(category, draft.fields, deps.categories.every.fields))
    if len(draft.fields) > MOST_FIELDS:
        found.append(FieldProblem("/fields", "max-items", say("max-items", most=MOST_FIELDS)))
    if found:
        raise Unprocessable("content-invalid", say("content-invalid"), errors=found)


def _check_language(draft: Draft, site: Site) -> None:
    if draft.language not in site.languages:
        detail = say("language-not-served", languages=", ".join(site.languages))
        raise _field("/language", "language-not-served", detail)


def _received_at(draft: Draft, by: By, at: datetime) -> datetime:
    given = draft.submitted_at
    if given is None:
        return at
    if not by.is_system:
        raise _field("/submitted_at", "systems-only", say("systems-only"))
    if given > at + SKEW:
        raise _field("/submitted_at", "not-in-the-future", say("not-in-the-future"))
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
            raise _field(f"{at}/digest", "file-unknown", say("file-unknown"))
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
    said = say("alternative-text-missing")
    return _field(f"{at}/alternative_text", "alternative-text-missing", said)


def _check_findings(checked: Checked) -> None:
    """For a sender who wants no errors registered: all of them at once, each with its law."""
    errors = [each for each in checked.findings if each["severity"] == "error"]
    if errors:
        raise Unprocessable(
            "findings-stand",
            say("findings-stand"),
            errors=[_found(each) for each in errors],
            extra={"findings": checked.findings, "due": checked.due, "route": checked.route},
        )


def _found(finding: dict[str, Any]) -> FieldProblem:
    said = Said(finding["sentence"], finding["sentence_en"])
    return FieldProblem(pointer_of(finding["code"]), finding["rule"], said)


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
        "role": role_of(draft.sender_role, by.role, is_system=by.is_system),
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
    check_at_rest(draft.body, "/body")
    checked = check(draft, deps.law_of(site.profile), draft.submitted_at or at, site.kind)
    check_at_rest(checked.draft.body, _body_of(draft))
    return checked


def _body_of(draft: Draft) -> str:
    """Where in a request its body stands."""
    return "/body" if draft.raw is None else "/body_base64"
