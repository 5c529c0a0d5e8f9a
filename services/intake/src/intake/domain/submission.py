"""A submission over its life: handed in, returned by the board, handed in again, withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from common.errors import Forbidden, NotFound, Refused
from common.log.streams import StreamKind
from contracts.events.intake import (
    PublicationWarnedV1,
    SubmissionReceivedV1,
    SubmissionResubmittedV1,
    SubmissionWithdrawnV1,
)
from intake.domain.words import say

SubmissionFact = (
    SubmissionReceivedV1 | SubmissionResubmittedV1 | SubmissionWithdrawnV1 | PublicationWarnedV1
)
BoardState = Literal["opened", "returned", "refused", "published", "taken_down", "dropped"]
RETURN_LAW = "langson.d7.k4"
"""Items are returned with reasons and handed in again (LS Đ7 k4); the other regulations return too."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the board did last, by its own facts. `fact` is the id of that fact."""

    state: BoardState
    fact: str
    at: datetime
    reasons: tuple[str, ...] = ()
    ground: str | None = None
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the rules said of the last revision, as the contract's JSON values."""

    findings: tuple[Mapping[str, Any], ...] = ()
    due: Mapping[str, Any] | None = None
    route: Mapping[str, Any] | None = None

    @property
    def errors(self) -> tuple[str, ...]:
        return tuple(each["code"] for each in self.findings if each["severity"] == "error")

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(each["code"] for each in self.findings if each["severity"] == "warning")


@dataclass(frozen=True, slots=True)
class Submission:
    """Not `known` before it is received. `answered` is the return that its last revision answers."""

    id: str = ""
    site: str = ""
    category: str = ""
    profile: str = ""
    revision: int = 0
    receipt: str = ""
    person: str = ""
    received_at: datetime | None = None
    digest: str = ""
    files: tuple[str, ...] = ()
    contact: str | None = None
    withdrawn: bool = False
    answered: str | None = None
    due_at: datetime | None = None
    warned: frozenset[tuple[int, str]] = frozenset()
    found: Found = Found()

    @property
    def known(self) -> bool:
        return bool(self.id)


NOTHING = Submission()


def evolve(submission: Submission, fact: SubmissionFact) -> Submission:
    """The submission after a fact of its stream."""
    match fact:
        case SubmissionReceivedV1():
            return _handed_in(NOTHING, fact)
        case SubmissionResubmittedV1():
            return replace(_handed_in(submission, fact), answered=fact.answers)
        case SubmissionWithdrawnV1():
            return replace(submission, withdrawn=True)
        case PublicationWarnedV1():
            said = (submission.revision, fact.stage)
            return replace(submission, warned=submission.warned | {said})


def _handed_in(
    before: Submission, fact: SubmissionReceivedV1 | SubmissionResubmittedV1
) -> Submission:
    return replace(
        before,
        id=fact.submission_id,
        site=fact.site,
        category=fact.category,
        profile=fact.profile,
        revision=fact.revision,
        receipt=fact.receipt.text,
        person=fact.submitted_by.person,
        received_at=fact.received_at,
        digest=fact.content_digest,
        files=_files(fact),
        contact=fact.contact,
        due_at=fact.due.at if fact.due else None,
        found=_found(fact),
    )


def _found(fact: SubmissionReceivedV1 | SubmissionResubmittedV1) -> Found:
    data = fact.data()
    return Found(tuple(data.get("findings", ())), data.get("due"), data.get("route"))


def _files(fact: SubmissionReceivedV1 | SubmissionResubmittedV1) -> tuple[str, ...]:
    attached = tuple(each.digest for each in fact.attachments)
    return attached if fact.body.html is not None else (*attached, fact.body.digest)


SUBMISSIONS = StreamKind("intake/submission", NOTHING, evolve, revision="1")


def receive(submission: Submission, fact: SubmissionReceivedV1) -> tuple[SubmissionFact, ...]:
    """Handed in for the first time; raises Refused when the id is in use."""
    if submission.known:
        raise Refused("submission-exists", say("submission-exists"))
    return (fact,)


def resubmit(
    submission: Submission, fact: SubmissionResubmittedV1, outcome: Outcome | None, person: str
) -> tuple[SubmissionFact, ...]:
    """Corrected and handed in again: by its sender, and after a return only, once for each return."""
    check_sender(submission, person)
    returned = returned_by(submission, outcome)
    return (fact.model_copy(update={"answers": returned.fact}),)


def returned_by(submission: Submission, outcome: Outcome | None) -> Outcome:
    """The return that a new revision would answer; raises Refused where there is none open."""
    if submission.withdrawn:
        raise _withdrawn()
    if outcome is None or outcome.state != "returned" or outcome.fact == submission.answered:
        state = "received" if outcome is None or outcome.state == "returned" else outcome.state
        raise Refused(
            "not-returned",
            say("not-returned"),
            extra={"state": state, "revision": submission.revision},
        )
    return outcome


def withdraw(
    submission: Submission, fact: SubmissionWithdrawnV1, outcome: Outcome | None, person: str
) -> tuple[SubmissionFact, ...]:
    """Its sender takes it back before it is published; nothing when it was taken back already."""
    check_sender(submission, person)
    if submission.withdrawn:
        return ()
    if outcome is not None and outcome.state in {"published", "refused", "taken_down"}:
        raise Refused(
            "closed-already",
            say("closed-already"),
            extra={"state": outcome.state},
        )
    return (fact,)


def warn(submission: Submission, fact: PublicationWarnedV1) -> tuple[SubmissionFact, ...]:
    """The clock came near or passed; nothing for what is closed, or was warned of already."""
    over = not submission.known or submission.withdrawn
    other = submission.due_at is None or submission.due_at != fact.due_at
    if over or other or (submission.revision, fact.stage) in submission.warned:
        return ()
    return (fact,)


def check_sender(submission: Submission, person: str) -> None:
    """Raises NotFound for an unknown one, Forbidden for somebody else's."""
    if not submission.known:
        raise NotFound("submission-unknown", say("submission-unknown"))
    if submission.person != person:
        raise Forbidden("not-the-sender", say("not-the-sender"))


def _withdrawn() -> Refused:
    return Refused("withdrawn-already", say("withdrawn-already"))
