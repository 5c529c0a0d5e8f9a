"""Handing in, handing in again, and taking back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Any

from common.cause import Cause
from common.counters import Series
from common.errors import (
    DomainError,
    NotFound,
    Refused,
    Unavailable,
)
from common.identity import Principal
from common.log.log import decided
from common.log.streams import Loaded, Standing
from contracts.events.intake import (
    SubmissionReceivedV1,
    SubmissionResubmittedV1,
    SubmissionWithdrawnV1,
)
from intake.domain import submission as rules
from intake.domain.draft import Draft
from intake.domain.submission import SUBMISSIONS, Submission
from intake.domain.words import say
from intake.domain.writing import receipt_of
from intake.usecases.doing import Deps
from intake.usecases.preparing import Ready, content_for, prepare
from rulebook.explanation import LOCAL

SERIES = "submission"
PURPOSE = "contact"


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


# -- commands -----------------------------------------------------------------------------------


async def submit(deps: Deps, command: Submit, cause: Cause) -> Loaded[Submission]:
    """Register a draft with a receipt number; what is refused leaves nothing behind."""
    if (answered := await _answered(deps, cause)) is not None:
        return answered
    ready = await prepare(deps, command.draft, command.who, cause.at, strict=command.strict)
    first = _First(ready, deps.world.new_id())
    try:
        return await _submit(deps, first, cause)
    except Unavailable:
        raise  # nobody knows what landed: the same request again is answered, or goes on
    except DomainError:
        await _undo(deps, first, cause)
        raise


@dataclass(slots=True)
class _First:
    """A first handing in, and what was taken for it so far."""

    ready: Ready
    id: str
    number: int | None = None
    contact: str | None = None
    kept: bool = False


@decided
async def _submit(deps: Deps, first: _First, cause: Cause) -> Loaded[Submission]:
    ready, id = first.ready, first.id
    submission = await deps.log.begin(SUBMISSIONS, id)
    claim = await _claim(deps, ready)
    first.kept = True
    contact = first.contact = await _keep(deps, ready, _contact_id(cause), _reference(id))
    series = _series(ready)
    number = first.number = await deps.stores.counters.take(series, cause.id, cause.at)
    fact = SubmissionReceivedV1.of(
        content_for(ready, id, 1, receipt_of(ready.site, series.year, number), contact)
    )
    facts = rules.receive(submission.state, fact)  # pyright: ignore[reportArgumentType] - `of` gives its own class
    done = await deps.log.append(submission, facts, cause, _standing(ready, (claim,)))
    await deps.stores.counters.used(series, cause.id)
    return done


async def _undo(deps: Deps, first: _First, cause: Cause) -> None:
    """Somebody handed in the same first: what was taken meanwhile is given back, its number explained."""
    stores = deps.stores
    if first.kept:
        for digest in first.ready.blobs:
            await stores.blobs.release(digest, _reference(first.id))
    if first.contact is not None:
        await stores.vault.erase(first.contact, by="service:intake", why="not registered")
    if first.number is not None:
        why = "The same content was handed in at the same moment and has a number."
        await stores.counters.void(_series(first.ready), first.number, why, cause.actor)


async def resubmit(deps: Deps, command: Resubmit, cause: Cause) -> Loaded[Submission]:
    """The corrected whole, after a return; its receipt number and its private contact stay."""
    if (answered := await _answered(deps, cause)) is not None:
        return answered
    before = await deps.log.load(SUBMISSIONS, command.id)
    if not before.state.known:
        raise NotFound("submission-unknown", say("submission-unknown"))
    draft = replace(command.draft, site=before.state.site)
    ready = await prepare(deps, draft, command.who, cause.at, strict=command.strict)
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
    contact = await _keep(deps, ready, state.contact or _contact_id(cause), _reference(asked.id))
    receipt = _receipt_again(state.receipt)
    data = content_for(ready, asked.id, state.revision + 1, receipt, contact or state.contact)
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
        raise NotFound("submission-unknown", say("submission-unknown"))
    by = deps.senders.admit(command.who, state.site, state.category, cause.at)
    data = {"submission_id": command.id, "site": state.site, "withdrawn_by": by.person}
    fact = SubmissionWithdrawnV1.of(data | ({"reason": command.reason} if command.reason else {}))
    facts = rules.withdraw(state, fact, await deps.outcomes(command.id), by.person)  # pyright: ignore[reportArgumentType] - `of` gives its own class
    claims = (await deps.log.release(_key(state.site, state.digest)),) if facts else ()
    return await deps.log.append(submission, facts, cause, Standing(state.site, by.proof, claims))


# -- before deciding ------------------------------------------------------------------------------


async def _answered(deps: Deps, cause: Cause) -> Loaded[Submission] | None:
    """The answer of a cause that has decided, before anything is written for it again."""
    stored = await deps.log.of_cause(cause.id)
    if stored is None:
        return None
    id = stored.parts[0].stream.rpartition("/")[2]
    return await deps.log.decide(cause, partial(deps.log.load, SUBMISSIONS, id))


# -- while deciding -------------------------------------------------------------------------------


async def _claim(deps: Deps, ready: Ready) -> str:
    """The same content is handed in to a site once; raises Refused naming the one that stands."""
    try:
        return await deps.log.claim(_key(ready.site, ready.digest))
    except Refused as error:
        twin = await deps.twins(ready.site, ready.digest)
        said = say("submitted-already")
        raise Refused("submitted-already", said, extra=dict(twin)) from error


def _reference(id: str) -> str:
    return f"intake/submission/{id}"


def _key(site: str, digest: str) -> str:
    return f"content:{site}:{digest}"


async def _keep(deps: Deps, ready: Ready, contact: str, reference: str) -> str | None:
    """Files kept and private data sealed, before the fact that names them; answers the vault's id."""
    for digest in ready.blobs:
        if digest == ready.body.digest and not ready.body.inline:
            await deps.stores.blobs.put(_once(ready.body.bytes), limit=len(ready.body.bytes))
        await deps.stores.blobs.refer(digest, reference)
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


def _receipt_again(text: str) -> dict[str, Any]:
    site, year, number = text.rsplit("-", 2)
    return receipt_of(site, int(year), int(number))


def _standing(ready: Ready, claims: tuple[str, ...]) -> Standing:
    return Standing(ready.site, ready.by.proof, claims)
