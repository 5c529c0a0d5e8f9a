"""A submission's life as values: what may follow what."""

from datetime import UTC, datetime

import pytest

from common.errors import DomainError
from contracts.events.intake import (
    PublicationWarnedV1,
    SubmissionReceivedV1,
    SubmissionResubmittedV1,
    SubmissionWithdrawnV1,
)
from contracts.place import ROOT
from contracts.schemas import read_json
from intake.domain import submission as rules
from intake.domain.submission import NOTHING, Outcome, Submission, evolve

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
AN = "hanam.nguyen-thi-an"


def example(kind, name="full", **changes):
    return kind.of(read_json(ROOT / "examples" / str(kind.name()) / f"{name}.json") | changes)


def board(state, fact="f1") -> Outcome:
    return Outcome(state, fact, NOON, ("Thiếu nguồn.",))


RECEIVED = evolve(NOTHING, example(SubmissionReceivedV1))
AGAIN = example(SubmissionResubmittedV1, revision=2)
RESUBMITTED = evolve(RECEIVED, AGAIN.model_copy(update={"answers": "f1"}))
WITHDRAWN = evolve(RECEIVED, example(SubmissionWithdrawnV1))


def test_what_is_received_is_known_with_its_number_and_its_findings():
    assert (RECEIVED.receipt, RECEIVED.person, RECEIVED.revision) == ("hanam-2026-000123", AN, 1)
    assert RECEIVED.found.errors == ("missing_field:effective_date",)
    assert len(RECEIVED.files) == 2
    assert RECEIVED.contact is not None


@pytest.mark.parametrize(
    ("state", "outcome", "person", "code"),
    [
        pytest.param(NOTHING, None, AN, "submission-unknown", id="unknown"),
        pytest.param(RECEIVED, board("returned"), "binh", "not-the-sender", id="somebody else"),
        pytest.param(RECEIVED, None, AN, "not-returned", id="not looked at yet"),
        pytest.param(RECEIVED, board("opened"), AN, "not-returned", id="in progress"),
        pytest.param(RECEIVED, board("refused"), AN, "not-returned", id="refused"),
        pytest.param(RECEIVED, board("published"), AN, "not-returned", id="published"),
        pytest.param(RESUBMITTED, board("returned"), AN, "not-returned", id="answered already"),
        pytest.param(WITHDRAWN, board("returned"), AN, "withdrawn-already", id="taken back"),
    ],
)
def test_handing_in_again_is_refused(state: Submission, outcome, person, code):
    with pytest.raises(DomainError) as refusal:
        rules.resubmit(state, AGAIN, outcome, person)

    assert refusal.value.code == code


def test_a_return_is_answered_by_the_next_revision():
    (fact,) = rules.resubmit(RECEIVED, AGAIN, board("returned"), AN)
    after = evolve(RECEIVED, fact)

    assert (fact.answers, after.revision, after.receipt) == ("f1", 2, RECEIVED.receipt)
    assert rules.returned_by(after, board("returned", "f2")).fact == "f2"


@pytest.mark.parametrize(
    ("state", "outcome", "person", "code"),
    [
        pytest.param(NOTHING, None, AN, "submission-unknown", id="unknown"),
        pytest.param(RECEIVED, None, "binh", "not-the-sender", id="somebody else"),
        pytest.param(RECEIVED, board("published"), AN, "closed-already", id="published"),
        pytest.param(RECEIVED, board("refused"), AN, "closed-already", id="refused"),
        pytest.param(RECEIVED, board("taken_down"), AN, "closed-already", id="taken down"),
    ],
)
def test_taking_back_is_refused(state, outcome, person, code):
    with pytest.raises(DomainError) as refusal:
        rules.withdraw(state, example(SubmissionWithdrawnV1), outcome, person)

    assert refusal.value.code == code


def test_taking_back_twice_says_nothing_new():
    fact = example(SubmissionWithdrawnV1)

    assert rules.withdraw(RECEIVED, fact, board("opened"), AN) == (fact,)
    assert rules.withdraw(WITHDRAWN, fact, None, AN) == ()


def test_a_reminder_is_said_once_for_each_revision_and_never_of_what_is_over():
    warning = example(PublicationWarnedV1, "minimal")
    warned = evolve(RECEIVED, warning)

    assert rules.warn(RECEIVED, warning) == (warning,)
    assert rules.warn(warned, warning) == ()
    assert rules.warn(evolve(warned, AGAIN), warning) == (warning,)
    assert rules.warn(WITHDRAWN, warning) == ()
    assert rules.warn(NOTHING, warning) == ()
    assert rules.warn(RECEIVED, warning.model_copy(update={"due_at": NOON})) == ()
