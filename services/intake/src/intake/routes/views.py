"""The answers: what a check finds, a submission with its state, its receipt."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from common.mongo import Document
from intake.domain.checking import Checked
from intake.domain.content import cleaned
from intake.queries.submissions import Row, Whole


class FindingView(BaseModel):
    """One thing a rule found, with its place, its words, and the nearest thing that would mend it."""

    code: str
    severity: str
    rule: str
    article: str
    article_en: str | None = None
    quotation: str
    sentence: str
    sentence_en: str
    way: str | None = None
    way_en: str | None = None
    field: str | None = None
    needs_human: bool = False


class DueView(BaseModel):
    """The publication clock. `at` is the first moment that is late."""

    last_day: date | None = None
    at: datetime | None = None
    near: tuple[datetime, ...] = ()
    legal: bool | None = None
    rule: str
    article: str
    article_en: str | None = None
    quotation: str
    sentence: str
    sentence_en: str


class RouteView(BaseModel):
    """Who owes it to the site (BD Đ12)."""

    agency: str
    to: str | None = None
    rule: str
    article: str
    article_en: str | None = None


class CheckView(BaseModel):
    """What the regulation says of a draft. `due_date`, `deadline_wd`, `route_to` are the short forms."""

    valid: bool
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    due_date: date | None = None
    deadline_wd: int | None = None
    route_to: str | None = None
    profile: str
    findings: tuple[FindingView, ...]
    due: DueView | None = None
    route: RouteView | None = None
    text: str = Field(description="The body as read and repaired, in plain words")
    html: str = Field(description="The body as it would be kept: cleaned HTML")
    removed: tuple[str, ...] = Field(description="Elements that cleaning takes out")

    @classmethod
    def of(cls, checked: Checked) -> "CheckView":
        check, body = checked.check, cleaned(checked.draft.body)
        return cls.model_validate(
            {
                "valid": check.valid,
                "errors": check.errors,
                "warnings": check.warnings,
                "due_date": check.due.due if check.due else None,
                "deadline_wd": checked.deadline_days,
                "route_to": check.route.to if check.route else None,
                "profile": checked.law.profile.key,
                "findings": checked.findings,
                "due": checked.due,
                "route": checked.route,
                "text": check.text[:20_000],
                "html": body.html,
                "removed": body.removed,
            }
        )


class ActView(BaseModel):
    """One thing the board did; `said` is what it told the sender or the public.

    kind  opened, step_taken, scheduled, returned, refused, published, corrected, taken_down, dropped
    """

    kind: str
    at: datetime
    step: str | None = None
    for_at: datetime | None = None
    said: tuple[str, ...] = ()


class OutcomeView(BaseModel):
    """What the board did last, as its own facts tell it."""

    state: str
    at: datetime
    reasons: tuple[str, ...] = ()
    ground: dict[str, Any] | None = None
    law: dict[str, Any] | None = Field(default=None, description="Rule that a return rests on")
    explanation: str | None = None

    @classmethod
    def of(cls, document: Document | None) -> "OutcomeView | None":
        return None if document is None else cls.model_validate(document)


class RowView(BaseModel):
    """A submission in a list."""

    submission_id: str
    site: str
    category: str
    language: str
    title: str
    state: str = Field(
        description="received, in_progress, returned, resubmitted, refused, published, taken_down, withdrawn"
    )
    receipt: str
    revision: int
    received_at: datetime
    person: str
    agency: str | None = None
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    route_to: str | None = None
    last_day: date | None = None
    due_at: datetime | None = None
    outcome: OutcomeView | None = None

    @classmethod
    def of(cls, row: Row) -> "RowView":
        document = row.document
        due = document.get("due") or {}
        return cls.model_validate(
            {
                **document,
                "submission_id": row.id,
                "state": row.state,
                "route_to": document.get("route"),
                "last_day": due.get("last_day"),
                "due_at": due.get("at"),
                "outcome": OutcomeView.of(row.outcome),
            }
        )


class RevisionView(BaseModel):
    """One handing in; the first is 1."""

    revision: int
    at: datetime


class SubmissionView(RowView):
    """A submission with the whole content of one revision, as the contract's fact holds it."""

    content: dict[str, Any]
    revisions: tuple[RevisionView, ...]
    acts: tuple[ActView, ...] = ()
    withdrawn_at: datetime | None = None
    withdrawn_why: str | None = None

    @classmethod
    def whole(cls, whole: Whole) -> "SubmissionView":
        row = RowView.of(whole.row)
        return cls(
            **row.model_dump(),
            content=whole.content["content"],
            revisions=_revisions(whole.revisions),
            acts=tuple(ActView.model_validate(each) for each in whole.acts),
            withdrawn_at=whole.row.document.get("withdrawn_at"),
            withdrawn_why=whole.row.document.get("withdrawn_why"),
        )


def _revisions(found: Sequence[Document]) -> tuple[RevisionView, ...]:
    return tuple(RevisionView(revision=each["revision"], at=each["at"]) for each in found)


class RegisteredView(BaseModel):
    """The answer to handing in: the receipt, what the rules found, what follows."""

    submission_id: str
    receipt: str
    revision: int
    received_at: datetime
    state: str = "received"
    valid: bool
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    due_date: date | None = None
    route_to: str | None = None
    profile: str
    findings: tuple[FindingView, ...]
    due: DueView | None = None
    route: RouteView | None = None


class WithdrawnView(BaseModel):
    """It is taken back; its number stays taken."""

    submission_id: str
    receipt: str
    state: Literal["withdrawn"] = "withdrawn"


class ReceiptView(BaseModel):
    """What a receipt page shows (giấy tiếp nhận), and keeps showing at the same address for ever."""

    receipt: str
    submission_id: str
    site: str
    site_name_vi: str
    site_name_en: str | None
    category: str
    category_vi: str
    category_en: str
    title: str
    revision: int
    received_at: datetime
    state: str
    last_day: date | None
    due_at: datetime | None
    due_sentence: str | None
    due_sentence_en: str | None
    errors: int
    warnings: int
    outcome: OutcomeView | None


class DeadlineView(BaseModel):
    """An open publication clock, as an officer's list shows it."""

    submission_id: str
    receipt: str
    title: str
    category: str
    person: str
    state: str
    last_day: date
    due_at: datetime
    overdue: bool
    seconds_left: int
    rule: str
    warned: tuple[str, ...]
    due: DueView | None = None
