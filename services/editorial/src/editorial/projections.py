"""Facts of articles become the lists that people work from: one document for each article."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from common.consumer import Seen, consumer
from common.moments import to_wire
from common.mongo import Index, Patch, Put, Write
from contracts.events.editorial import (
    ArticleAssignedV1,
    ArticleClassifiedV1,
    ArticleCorrectedV1,
    ArticleDroppedV1,
    ArticleOpenedV1,
    ArticlePublishedV1,
    ArticleRefusedV1,
    ArticleRemindedV1,
    ArticleReturnedV1,
    ArticleScheduledV1,
    ArticleWithdrawnV1,
    PublishingFailedV1,
    RevisionAddedV1,
    ScheduleCancelledV1,
    StepReopenedV1,
    StepTakenV1,
)
from contracts.fact import Value

ARTICLES = "articles"
NO_DUE = "9999"
"""Sorts behind every moment: nothing is due."""
AFTERWARDS = "9999~"
"""Sorts behind those too: it is published, and what may still be done to it has no time of its own."""
INDEXES = (
    Index(ARTICLES, (("site", 1), ("phase", 1), ("order", 1))),
    Index(ARTICLES, (("open", 1), ("site", 1), ("phase", 1), ("order", 1)), partial="open"),
    Index(ARTICLES, (("site", 1), ("phase", 1), ("changed", 1))),
    Index(ARTICLES, (("site", 1), ("step_due_at", 1)), partial="step_due_at"),
    Index(ARTICLES, (("pending_at", 1),), partial="pending_at"),
    Index(ARTICLES, (("remind_at", 1),), partial="remind_at"),
)
_ASSIGNMENT = ("to", "to_step", "step_due", "step_due_at", "step_near", "remind_at")


def when_article_opened_list_it(fact: ArticleOpenedV1, seen: Seen) -> Iterable[Write]:
    yield Put(
        ARTICLES,
        fact.article_id,
        {
            "site": fact.site,
            "profile": fact.profile,
            **_handed(fact, fact),
            "sender": fact.sender.person,
            "agency": fact.sender.agency,
            "receipt": fact.receipt.text if fact.receipt else None,
            "phase": "in_process",
            **_opens(fact.opens),
            "title": "",
            "revision": 0,
            "opened_at": to_wire(fact.opened_at),
            **_stamp(fact.article_id, seen),
        },
    )


def when_revision_added_show_its_title(fact: RevisionAddedV1, seen: Seen) -> Iterable[Write]:
    values: dict[str, Any] = {"title": fact.content.title, "revision": fact.revision}
    if fact.submission_revision is not None or (fact.purpose or "publication") != "publication":
        values["phase"] = "in_process"
    if (fact.purpose or "publication") != "publication":
        values |= _order(NO_DUE, fact.article_id)
    if fact.process is not None:
        values |= _handed(fact, fact.content)
    yield _opened(fact.article_id, seen, fact.opens, values)


def when_article_classified_show_its_process(
    fact: ArticleClassifiedV1, seen: Seen
) -> Iterable[Write]:
    yield Patch(
        ARTICLES,
        fact.article_id,
        values={"process": fact.process, **_opens(fact.opens), **_stamp(fact.article_id, seen)},
        unset=_no_longer_open(fact.opens),
        push={"circumstances": fact.circumstance},
    )


def when_article_assigned_show_to_whom(fact: ArticleAssignedV1, seen: Seen) -> Iterable[Write]:
    due = _values(fact.due)
    values: dict[str, Any] = {"to": fact.to, "to_step": fact.step}
    if due.get("at"):
        values["step_due"] = due
        near = [*due.get("near", []), due["at"]]
        values |= {"step_due_at": due["at"], "step_near": near, "remind_at": near[-2:][0]}
    yield _changed(fact.article_id, seen, values)


def when_step_taken_show_what_is_open(fact: StepTakenV1, seen: Seen) -> Iterable[Write]:
    yield _opened(fact.article_id, seen, fact.opens, unset=_ASSIGNMENT)


def when_step_reopened_show_what_is_open(fact: StepReopenedV1, seen: Seen) -> Iterable[Write]:
    yield _opened(fact.article_id, seen, fact.opens, unset=_ASSIGNMENT)


def when_article_reminded_note_it(fact: ArticleRemindedV1, seen: Seen) -> Iterable[Write]:
    """The last moment before the end is announced, then the end, then nothing more."""
    due = _values(fact.due)
    if fact.kind == "near" and due.get("at"):
        yield _changed(fact.article_id, seen, {"remind_at": due["at"]})
    else:
        yield _changed(fact.article_id, seen, {}, unset=("remind_at",))


def when_article_returned_list_it_with_its_sender(
    fact: ArticleReturnedV1, seen: Seen
) -> Iterable[Write]:
    values = {"phase": "returned", "reasons": list(fact.reasons)}
    yield _opened(fact.article_id, seen, (), values, unset=_ASSIGNMENT)


def when_article_refused_close_it(fact: ArticleRefusedV1, seen: Seen) -> Iterable[Write]:
    yield _closed(fact.article_id, seen, "refused")


def when_article_dropped_close_it(fact: ArticleDroppedV1, seen: Seen) -> Iterable[Write]:
    yield _closed(fact.article_id, seen, "dropped")


def when_article_withdrawn_close_it(fact: ArticleWithdrawnV1, seen: Seen) -> Iterable[Write]:
    yield _closed(fact.article_id, seen, "withdrawn")


def when_article_scheduled_show_when(fact: ArticleScheduledV1, seen: Seen) -> Iterable[Write]:
    values = {"phase": "scheduled", "pending_at": to_wire(fact.at)}
    yield _changed(fact.article_id, seen, values)


def when_schedule_cancelled_show_it_waits(fact: ScheduleCancelledV1, seen: Seen) -> Iterable[Write]:
    unset = ("pending_at", "failed")
    yield _changed(fact.article_id, seen, {"phase": "in_process"}, unset=unset)


def when_publishing_failed_show_why(fact: PublishingFailedV1, seen: Seen) -> Iterable[Write]:
    values: dict[str, Any] = {"phase": "failed", "failed": {"why": fact.why, "detail": fact.detail}}
    if fact.retry_at is None:
        yield _changed(fact.article_id, seen, values, unset=("pending_at",))
    else:
        yield _changed(fact.article_id, seen, values | {"pending_at": to_wire(fact.retry_at)})


def when_article_published_show_when(fact: ArticlePublishedV1, seen: Seen) -> Iterable[Write]:
    values = {"phase": "published", "published_at": to_wire(fact.published_at)}
    values |= _order(AFTERWARDS, fact.article_id)
    yield _changed(fact.article_id, seen, values, unset=("pending_at", "failed"))


def when_article_corrected_show_when(fact: ArticleCorrectedV1, seen: Seen) -> Iterable[Write]:
    values = {"phase": "published", "corrected_at": to_wire(fact.corrected_at)}
    values |= _order(AFTERWARDS, fact.article_id)
    yield _changed(fact.article_id, seen, values, unset=("pending_at", "failed"))


def _handed(fact: ArticleOpenedV1 | RevisionAddedV1, named: Any) -> dict[str, Any]:
    """As what it was handed in, with the clock of its event; `named` says its category, section and language."""
    due = _values(fact.due)
    return {
        "process": fact.process,
        "category": named.category,
        "section": named.section or named.category,
        "language": named.language,
        "circumstances": list(fact.circumstances),
        "due": due or None,
        "due_at": due.get("at"),
        "due_day": due.get("last_day"),
        "near": due.get("near", []),
        **_order(due.get("at", NO_DUE), fact.article_id),
    }


def _changed(
    article: str, seen: Seen, values: Mapping[str, Any], unset: tuple[str, ...] = ()
) -> Write:
    return Patch(ARTICLES, article, values={**values, **_stamp(article, seen)}, unset=unset)


def _opened(
    article: str,
    seen: Seen,
    opens: Sequence[str],
    values: Mapping[str, Any] = MappingProxyType({}),
    unset: tuple[str, ...] = (),
) -> Write:
    unset = (*unset, *_no_longer_open(opens))
    return _changed(article, seen, {**values, **_opens(opens)}, unset)


def _opens(opens: Sequence[str]) -> dict[str, Any]:
    """`open` is there as long as there is a step to take: an index holds nothing but these."""
    return {"opens": list(opens), **({"open": True} if opens else {})}


def _no_longer_open(opens: Sequence[str]) -> tuple[str, ...]:
    return () if opens else ("open",)


def _order(moment: str, article: str) -> dict[str, str]:
    """What is due first stands first; the article's id tells two of one moment apart."""
    return {"order": f"{moment}|{article}"}


def _stamp(article: str, seen: Seen) -> dict[str, str]:
    """When it last changed; `changed` sorts, and tells two of one moment apart."""
    at = to_wire(seen.at)
    return {"changed_at": at, "changed": f"{at}|{article}"}


def _closed(article: str, seen: Seen, phase: str) -> Write:
    unset = (*_ASSIGNMENT, "pending_at", "failed")
    return _opened(article, seen, (), {"phase": phase}, unset)


def _values(value: Value | None) -> dict[str, Any]:
    if value is None:
        return {}
    return value.model_dump(mode="json", by_alias=True, exclude_none=True)


HEARS = consumer(
    "editorial",
    {
        ArticleOpenedV1: when_article_opened_list_it,
        RevisionAddedV1: when_revision_added_show_its_title,
        ArticleClassifiedV1: when_article_classified_show_its_process,
        ArticleAssignedV1: when_article_assigned_show_to_whom,
        StepTakenV1: when_step_taken_show_what_is_open,
        StepReopenedV1: when_step_reopened_show_what_is_open,
        ArticleRemindedV1: when_article_reminded_note_it,
        ArticleReturnedV1: when_article_returned_list_it_with_its_sender,
        ArticleRefusedV1: when_article_refused_close_it,
        ArticleDroppedV1: when_article_dropped_close_it,
        ArticleWithdrawnV1: when_article_withdrawn_close_it,
        ArticleScheduledV1: when_article_scheduled_show_when,
        ScheduleCancelledV1: when_schedule_cancelled_show_it_waits,
        PublishingFailedV1: when_publishing_failed_show_why,
        ArticlePublishedV1: when_article_published_show_when,
        ArticleCorrectedV1: when_article_corrected_show_when,
    },
    indexes=INDEXES,
)
