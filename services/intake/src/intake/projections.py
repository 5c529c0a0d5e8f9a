"""Facts become what is listed: submissions and their revisions, what the board did, clocks and alarms.

The stream of a submission and that of its article come in no order to each other: each writes members
of its own, whatever stands there already. What the board did last is the submission's `outcome`; a
document that has nothing else is of a submission that has not been heard of.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from common.consumer import Seen, consumer
from common.moments import to_wire
from common.mongo import Drop, Index, Patch, Put, Write
from contracts.events.directory import (
    AgencyChangedV1,
    AgencyEndedV1,
    AgencyRegisteredV1,
    AgencySucceededV1,
)
from contracts.events.editorial import (
    ArticleCorrectedV1,
    ArticleDroppedV1,
    ArticleOpenedV1,
    ArticlePublishedV1,
    ArticleRefusedV1,
    ArticleReturnedV1,
    ArticleScheduledV1,
    ArticleWithdrawnV1,
    RevisionAddedV1,
    StepTakenV1,
)
from contracts.events.intake import (
    PublicationWarnedV1,
    SubmissionReceivedV1,
    SubmissionResubmittedV1,
    SubmissionWithdrawnV1,
)
from contracts.fact import Fact
from rulebook.agency import as_stored

AGENCIES = "agencies"
"""What became of each agency, as facts to be folded: who answers for what it owes."""
SUBMISSIONS, CONTENTS, ACTS, CLOCKS, ALARMS = (
    "submissions",
    "contents",
    "acts",
    "clocks",
    "alarms",
)
NAMED = "named"
STAGES = ("first", "second", "overdue")
INDEXES = (
    Index(AGENCIES, (("site", 1), ("_id", 1))),
    Index(SUBMISSIONS, (("site", 1), ("_id", 1))),
    Index(SUBMISSIONS, (("person", 1), ("_id", 1))),
    Index(SUBMISSIONS, (("site", 1), ("digest", 1))),
    Index(SUBMISSIONS, (("receipt", 1),)),
    Index(SUBMISSIONS, (("site", 1), ("agency", 1), ("_id", 1))),
    Index(SUBMISSIONS, (("site", 1), ("route", 1), ("category", 1), ("_id", 1))),
    Index(ACTS, (("submission", 1), ("at", 1))),
    Index(CONTENTS, (("submission", 1), ("revision", 1))),
    Index(SUBMISSIONS, (("site", 1), ("outcome.state", 1), ("_id", 1))),
    Index(SUBMISSIONS, (("site", 1), ("outcome.state", 1), ("outcome.at", 1))),
    Index(SUBMISSIONS, (("site", 1), ("withdrawn_at", 1)), partial="withdrawn_at"),
    Index(CLOCKS, (("site", 1), ("at", 1), ("_id", 1))),
    Index(ALARMS, (("at", 1),)),
)
HandedIn = SubmissionReceivedV1 | SubmissionResubmittedV1


# -- files -----------------------------------------------------------------------------------------


def when_submission_names_files_note_them(fact: HandedIn, seen: Seen) -> Iterable[Write]:
    yield from _named(fact.data(), seen)


def when_revision_names_files_note_them(fact: RevisionAddedV1, seen: Seen) -> Iterable[Write]:
    yield from _named(fact.data()["content"], seen)


def _named(content: Mapping[str, Any], seen: Seen) -> Iterable[Write]:
    """A fact is never unsaid: what it names is named for good."""
    body = content["body"]
    digests = [] if "html" in body else [body["digest"]]
    for digest in [*digests, *(each["digest"] for each in content.get("attachments", ()))]:
        yield Put(NAMED, digest, {"by": seen.stream})


# -- the submission's own stream ------------------------------------------------------------------


def when_submission_received_list_it(fact: SubmissionReceivedV1, seen: Seen) -> Iterable[Write]:
    yield from _listed(fact, seen)


def when_submission_resubmitted_replace_it(
    fact: SubmissionResubmittedV1, seen: Seen
) -> Iterable[Write]:
    yield from _listed(fact, seen)


def when_submission_withdrawn_close_it(fact: SubmissionWithdrawnV1, seen: Seen) -> Iterable[Write]:
    values: dict[str, Any] = {"withdrawn_at": to_wire(seen.at), "sequence": seen.sequence}
    if fact.reason:
        values["withdrawn_why"] = fact.reason
    yield Patch(SUBMISSIONS, fact.submission_id, values=values)
    yield from _no_clock(fact.submission_id)


def when_publication_warned_note_it(fact: PublicationWarnedV1, seen: Seen) -> Iterable[Write]:
    warned = {"stage": fact.stage, "at": to_wire(seen.at)}
    yield Patch(
        SUBMISSIONS,
        fact.submission_id,
        values={"sequence": seen.sequence},
        push={"warned": warned},
    )
    yield Drop(ALARMS, alarm_key(fact.submission_id, fact.stage))


def alarm_key(submission: str, stage: str) -> str:
    return f"{submission}:{stage}"


def _listed(fact: HandedIn, seen: Seen) -> Iterable[Write]:
    data = fact.data()
    row = _row(fact, data, seen)
    yield Patch(
        SUBMISSIONS,
        fact.submission_id,
        values={name: value for name, value in row.items() if value is not None},
        unset=[name for name, value in row.items() if value is None],
        upsert=True,
    )
    yield Put(
        CONTENTS,
        f"{fact.submission_id}:{fact.revision:04d}",
        {
            "submission": fact.submission_id,
            "site": fact.site,
            "revision": fact.revision,
            "at": to_wire(seen.at),
            "content": data,
        },
    )
    if fact.revision > 1:
        yield from _no_clock(fact.submission_id)
    yield from _clock(fact)


def _row(fact: HandedIn, data: dict[str, Any], seen: Seen) -> dict[str, Any]:
    errors = [each.code for each in fact.findings if each.severity == "error"]
    warnings = [each.code for each in fact.findings if each.severity == "warning"]
    return {
        "site": fact.site,
        "category": fact.category,
        "language": fact.language,
        "title": fact.title,
        "person": fact.submitted_by.person,
        "agency": fact.submitted_by.agency,
        "unit": fact.submitted_by.unit,
        "channel": fact.channel,
        "receipt": fact.receipt.text,
        "revision": fact.revision,
        "received_at": data["received_at"],
        "profile": fact.profile,
        "digest": fact.content_digest,
        "errors": errors,
        "warnings": warnings,
        "route": fact.route.agency if fact.route else None,
        "point": _point(data),
        "due": data.get("due"),
        "answers": fact.answers if isinstance(fact, SubmissionResubmittedV1) else None,
        "warned": [],
        "sequence": seen.sequence,
    }


def _point(data: dict[str, Any]) -> str | None:
    """The point of the regulation's list that the item is for, where its form asks (BD Đ12)."""
    value = next((each["value"] for each in data["fields"] if each["name"] == "point"), None)
    point = orjson.loads(value) if value is not None else None
    return point if isinstance(point, str) else None


def _clock(fact: HandedIn) -> Iterable[Write]:
    due = fact.due
    if due is None or due.at is None or due.last_day is None:
        return
    shared = {
        "site": fact.site,
        "submission": fact.submission_id,
        "person": fact.submitted_by.person,
        "due_at": to_wire(due.at),
        "last_day": due.last_day.isoformat(),
        "rule": due.rule,
    }
    yield Put(CLOCKS, fact.submission_id, {**shared, "at": to_wire(due.at)})
    for stage, moment in zip(
        STAGES, (*due.near, *[None] * (2 - len(due.near)), due.at), strict=True
    ):
        if moment is not None:
            key = alarm_key(fact.submission_id, stage)
            yield Put(ALARMS, key, {**shared, "at": to_wire(moment), "stage": stage})


def _no_clock(submission: str) -> Iterable[Write]:
    yield Drop(CLOCKS, submission)
    for stage in STAGES:
        yield Drop(ALARMS, alarm_key(submission, stage))


# -- the article's stream: its id is that of the submission ---------------------------------------


def when_article_opened_say_so(fact: ArticleOpenedV1, seen: Seen) -> Iterable[Write]:
    yield _outcome(fact.article_id, fact, seen, "opened")
    yield _act(fact.article_id, seen, "opened")


def when_step_taken_tell_its_sender(fact: StepTakenV1, seen: Seen) -> Iterable[Write]:
    yield _act(fact.article_id, seen, "step_taken", step=fact.step)


def when_article_scheduled_say_for_when(fact: ArticleScheduledV1, seen: Seen) -> Iterable[Write]:
    yield _act(fact.article_id, seen, "scheduled", for_at=to_wire(fact.at))


def when_article_corrected_tell_what(fact: ArticleCorrectedV1, seen: Seen) -> Iterable[Write]:
    yield _act(fact.article_id, seen, "corrected", said=[fact.note] if fact.note else [])


def when_article_returned_tell_why(fact: ArticleReturnedV1, seen: Seen) -> Iterable[Write]:
    law = fact.data().get("law")
    more = {"law": law} if law else {}
    reasons = list(fact.reasons)
    yield _outcome(fact.article_id, fact, seen, "returned", reasons=reasons, **more)
    yield _act(fact.article_id, seen, "returned", said=reasons, step=fact.from_step)


def when_article_refused_tell_the_ground(fact: ArticleRefusedV1, seen: Seen) -> Iterable[Write]:
    ground = fact.data()["ground"]
    yield _outcome(
        fact.article_id, fact, seen, "refused", ground=ground, explanation=fact.explanation
    )
    yield _act(fact.article_id, seen, "refused", said=[fact.explanation])
    yield from _no_clock(fact.article_id)


def when_article_published_stop_the_clock(fact: ArticlePublishedV1, seen: Seen) -> Iterable[Write]:
    yield _outcome(fact.article_id, fact, seen, "published")
    yield _act(fact.article_id, seen, "published")
    yield from _no_clock(fact.article_id)


def when_article_withdrawn_tell_why(fact: ArticleWithdrawnV1, seen: Seen) -> Iterable[Write]:
    yield _outcome(fact.article_id, fact, seen, "taken_down", explanation=fact.explanation)
    yield _act(fact.article_id, seen, "taken_down", said=[fact.explanation])


def when_article_dropped_say_so(fact: ArticleDroppedV1, seen: Seen) -> Iterable[Write]:
    yield _outcome(fact.article_id, fact, seen, "dropped")
    yield _act(fact.article_id, seen, "dropped")
    yield from _no_clock(fact.article_id)


def _outcome(article: str, fact: Fact, seen: Seen, state: str, **more: Any) -> Write:
    outcome = {
        "state": state,
        "fact": seen.id,
        "at": to_wire(seen.at),
        "type": str(fact.name()),
        **more,
    }
    return Patch(SUBMISSIONS, article, values={"outcome": outcome}, upsert=True)


def _act(article: str, seen: Seen, kind: str, **more: Any) -> Write:
    """One thing the board did, for the sender's timeline; who did it stays the board's."""
    document = {"submission": article, "site": seen.site, "kind": kind, "at": to_wire(seen.at)}
    return Put(ACTS, seen.id, {**document, **more})


# -- agencies ---------------------------------------------------------------------------------------


def when_agency_registered_keep_it(fact: AgencyRegisteredV1, seen: Seen) -> Iterable[Write]:
    yield Put(AGENCIES, _agency_of(seen), {"site": fact.site, "facts": [as_stored(fact)]})


def when_agency_changed_keep_its_change(fact: AgencyChangedV1, seen: Seen) -> Iterable[Write]:
    yield _of_agency(fact, seen)


def when_agency_ended_keep_its_end(fact: AgencyEndedV1, seen: Seen) -> Iterable[Write]:
    yield _of_agency(fact, seen)


def when_agency_succeeded_keep_who_follows(fact: AgencySucceededV1, seen: Seen) -> Iterable[Write]:
    """Every agency of a succession hears of it in its own stream."""
    yield _of_agency(fact, seen)


def _of_agency(fact: Fact, seen: Seen) -> Write:
    return Patch(AGENCIES, _agency_of(seen), push={"facts": as_stored(fact)})


def _agency_of(seen: Seen) -> str:
    return seen.stream.rpartition("/")[2]


HEARS = consumer(
    "intake",
    {
        SubmissionReceivedV1: when_submission_received_list_it,
        SubmissionResubmittedV1: when_submission_resubmitted_replace_it,
        SubmissionWithdrawnV1: when_submission_withdrawn_close_it,
        PublicationWarnedV1: when_publication_warned_note_it,
        ArticleOpenedV1: when_article_opened_say_so,
        StepTakenV1: when_step_taken_tell_its_sender,
        ArticleScheduledV1: when_article_scheduled_say_for_when,
        ArticleCorrectedV1: when_article_corrected_tell_what,
        ArticleReturnedV1: when_article_returned_tell_why,
        ArticleRefusedV1: when_article_refused_tell_the_ground,
        ArticlePublishedV1: when_article_published_stop_the_clock,
        ArticleWithdrawnV1: when_article_withdrawn_tell_why,
        ArticleDroppedV1: when_article_dropped_say_so,
        AgencyRegisteredV1: when_agency_registered_keep_it,
        AgencyChangedV1: when_agency_changed_keep_its_change,
        AgencyEndedV1: when_agency_ended_keep_its_end,
        AgencySucceededV1: when_agency_succeeded_keep_who_follows,
    },
    indexes=INDEXES,
)

NAMES_FILES = consumer(
    "intake-files",
    {
        SubmissionReceivedV1: when_submission_names_files_note_them,
        SubmissionResubmittedV1: when_submission_names_files_note_them,
        RevisionAddedV1: when_revision_names_files_note_them,
    },
    indexes=(Index(NAMED, (("by", 1),)),),
)
