"""Handing in, handing in again, and taking back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from common.cause import Cause
from common.counters import Series
from common.errors import FieldProblem, NotFound, Refused, Unprocessable
from common.identity import Principal
from common.log.log import decided
from common.log.streams import Loaded, Standing
from contracts.events.intake import (
    SubmissionReceivedV1,
    SubmissionResubmittedV1,
    SubmissionWithdrawnV1,
)
from intake.domain import submission as rules
from intake.domain.checking import Checked, check, check_at_rest, check_encoding, pointer_of
from intake.domain.content import Body, cleaned
from intake.domain.draft import Attachment, Draft
from intake.domain.fields import MOST_FIELDS, problems
from intake.domain.files import check_name
from intake.domain.submission import SUBMISSIONS, Submission
from intake.domain.writing import Registered, content_of, digest_of, receipt_of
from intake.usecases.doing import By, Deps, Site
from rulebook.explanation import LOCAL

SERIES = "submission"
PURPOSE = "contact"
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Submit:
    """strict: refuse it when the regulation finds an error in it, instead of registering it with it."""

    draft: Draft
    who: Principal
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Resubmit:
    id: str
    draft: Draft
    who: Principal
    note: str | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Withdraw:
    id: str
    who: Principal
    reason: str | None = None


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


# -- commands -----------------------------------------------------------------------------------


async def submit(deps: Deps, command: Submit, cause: Cause) -> Loaded[Submission]:
    """Register a draft with a receipt number; what is refused leaves nothing behind."""
    if (answered := await _answered(deps, cause)) is not None:
        return answered
    ready = await _ready(deps, command.draft, command.who, cause.at, strict=command.strict)
    return await _submit(deps, (ready, deps.world.new_id()), cause)


@decided
async def _submit(deps: Deps, command: tuple[Ready, str], cause: Cause) -> Loaded[Submission]:
    ready, id = command
    submission = await deps.log.load(SUBMISSIONS, id)
    claim = await _claim(deps, ready)
    contact = await _keep(deps, ready, _contact_id(cause), f"submission/{id}")
    series = _series(ready)
    number = await _number(deps, series, cause)
    fact = SubmissionReceivedV1.of(
        _content(ready, id, 1, receipt_of(ready.site, series.year, number), contact)
    )
    facts = rules.receive(submission.state, fact)  # pyright: ignore[reportArgumentType] - `of` gives its own class
    done = await deps.log.append(submission, facts, cause, _standing(ready, (claim,)))
    await deps.stores.counters.used(series, cause.id)
    return done


async def resubmit(deps: Deps, command: Resubmit, cause: Cause) -> Loaded[Submission]:
    """The corrected whole, after a return; its receipt number and its private contact stay."""
    if (answered := await _answered(deps, cause)) is not None:
        return answered
    before = await deps.log.load(SUBMISSIONS, command.id)
    if not before.state.known:
        raise NotFound("submission-unknown", "There is no submission with this id.")
    draft = replace(command.draft, site=before.state.site)
    ready = await _ready(deps, draft, command.who, cause.at, strict=command.strict)
    return await _resubmit(deps, (ready, command), cause)


@decided
async def _resubmit(
    deps: Deps, command: tuple[Ready, Resubmit], cause: Cause
) -> Loaded[Submission]:
    ready, asked = command
    submission = await deps.log.load(SUBMISSIONS, asked.id)
    state = submission.state
    outcome = await deps.outcomes(asked.id)
    rules.check_sender(state, ready.by.person)
    rules.returned_by(state, outcome)
    claims: tuple[str, ...] = ()
    if ready.digest != state.digest:
        claims = (await deps.log.release(_key(state.site, state.digest)), await _claim(deps, ready))
    contact = await _keep(
        deps, ready, state.contact or _contact_id(cause), f"submission/{asked.id}"
    )
    receipt = _receipt_again(state.receipt)
    data = _content(ready, asked.id, state.revision + 1, receipt, contact or state.contact)
    data |= {"note": asked.note} if asked.note else {}
    fact = SubmissionResubmittedV1.of(data)
    facts = rules.resubmit(state, fact, outcome, ready.by.person)  # pyright: ignore[reportArgumentType] - `of` gives its own class
    return await deps.log.append(submission, facts, cause, _standing(ready, claims))


@decided
async def withdraw(deps: Deps, command: Withdraw, cause: Cause) -> Loaded[Submission]:
    """Its sender takes it back; the number stays taken, the content may be handed in anew."""
    submission = await deps.log.load(SUBMISSIONS, command.id)
    state = submission.state
    if not state.known:
        raise NotFound("submission-unknown", "There is no submission with this id.")
    by = deps.senders.admit(command.who, state.site, state.category, cause.at)
    data = {"submission_id": command.id, "site": state.site, "withdrawn_by": by.person}
    fact = SubmissionWithdrawnV1.of(data | ({"reason": command.reason} if command.reason else {}))
    facts = rules.withdraw(state, fact, await deps.outcomes(command.id), by.person)  # pyright: ignore[reportArgumentType] - `of` gives its own class
    claims = (await deps.log.release(_key(state.site, state.digest)),) if facts else ()
    return await deps.log.append(submission, facts, cause, Standing(state.site, by.proof, claims))


async def check_only(deps: Deps, draft: Draft, at: datetime) -> Checked:
    """What the rules would find, with no trace. A wrong character set is a finding here."""
    site = deps.senders.site(draft.site, at.astimezone(LOCAL).date())
    _check_category(deps, draft)
    check_at_rest(draft.body)
    return check(draft, deps.law_of(site.profile), draft.submitted_at or at, site.kind)


# -- before deciding ------------------------------------------------------------------------------


async def _answered(deps: Deps, cause: Cause) -> Loaded[Submission] | None:
    """The answer of a cause that has decided, before anything is written for it again."""
    stored = await deps.log.of_cause(cause.id)
    if stored is None:
        return None
    id = stored.parts[0].stream.rpartition("/")[2]
    return await deps.log.decide(cause, partial(deps.log.load, SUBMISSIONS, id))


async def _ready(deps: Deps, draft: Draft, who: Principal, at: datetime, *, strict: bool) -> Ready:
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
    return Ready(checked, cleaned(checked.draft.body), by, received_at)


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


# -- while deciding -------------------------------------------------------------------------------


async def _claim(deps: Deps, ready: Ready) -> str:
    """The same content is handed in to a site once; raises Refused naming the one that stands."""
    try:
        return await deps.log.claim(_key(ready.site, ready.digest))
    except Refused as error:
        twin = await deps.twins(ready.site, ready.digest)
        detail = "The same content was handed in here already; look at that one, or change yours."
        raise Refused("submitted-already", detail, extra=dict(twin)) from error


def _key(site: str, digest: str) -> str:
    return f"content:{site}:{digest}"


async def _keep(deps: Deps, ready: Ready, contact: str, reference: str) -> str | None:
    """Files kept and private data sealed, before the fact that names them; answers the vault's id."""
    for digest in ready.blobs:
        if digest == ready.body.digest and not ready.body.inline:
            await deps.stores.blobs.put(_once(ready.body.bytes), limit=len(ready.body.bytes))
        await deps.stores.blobs.refer(digest, f"intake/{reference}")
    private = {name: value for name, value in ready.checked.draft.contact.items() if value.strip()}
    if not private:
        return None
    await deps.stores.vault.put(contact, PURPOSE, private)
    return contact


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


def _contact_id(cause: Cause) -> str:
    """The same for a repeat of the request, so that a lost answer leaves one entry and no second."""
    return f"sender:{sha256(cause.id.encode()).hexdigest()[:32]}"


def _series(ready: Ready) -> Series:
    return Series(SERIES, ready.site, ready.received_at.astimezone(LOCAL).year)


async def _number(deps: Deps, series: Series, cause: Cause) -> int:
    async with deps.one_at_a_time[series.key]:
        return await deps.stores.counters.take(series, cause.id, cause.at)


def _receipt_again(text: str) -> dict[str, Any]:
    site, year, number = text.rsplit("-", 2)
    return receipt_of(site, int(year), int(number))


def _content(
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


def _standing(ready: Ready, claims: tuple[str, ...]) -> Standing:
    return Standing(ready.site, ready.by.proof, claims)
