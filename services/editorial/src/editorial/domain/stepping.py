"""Decisions on the way to publication: open, revise, classify, assign, take, reopen, return, refuse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from common.errors import FieldProblem, Refused, Said, Unprocessable
from contracts.events.editorial import (
    ArticleAssignedV1,
    ArticleClassifiedV1,
    ArticleDroppedV1,
    ArticleOpenedV1,
    ArticleRefusedV1,
    ArticleReturnedV1,
    OpinionGivenV1,
    RevisionAddedV1,
    StepReopenedV1,
    StepTakenV1,
)
from contracts.fact import Fact
from editorial.domain import refusing, rules
from editorial.domain.article import NO_ARTICLE, Article, Purpose, evolve
from editorial.domain.by import By
from editorial.domain.cleaning import check_fields, check_pictures
from editorial.domain.content import Content, digests_of, whole_digest
from editorial.domain.course import Course
from editorial.domain.words import say
from rulebook.explanation import LOCAL
from rulebook.profiles.model import Profile
from rulebook.sentences import citation_text

Facts = tuple[Fact, ...]
SUBMITTING = "submit_content"
BEFORE_PUBLICATION = frozenset({"in_process", "correcting"})


@dataclass(frozen=True, slots=True)
class Handed:
    """What intake handed over: a submission in one of its revisions."""

    article: str
    site: str
    profile: str
    content: Content
    sender: Mapping[str, Any]
    revision: int
    at: datetime
    circumstances: tuple[str, ...] = ()
    receipt: Mapping[str, Any] | None = None
    event: Mapping[str, Any] | None = None
    due: Mapping[str, Any] | None = None
    flags: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Take:
    """A step on the text that the person saw."""

    step: str
    digest: str
    remark: str = ""
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class Revise:
    """A new text; `purpose` says whether it corrects what is published."""

    content: Content
    reason: str
    purpose: Purpose = "publication"


def law_day(at: datetime) -> date:
    """The day of the law on which a moment falls (Asia/Ho_Chi_Minh)."""
    return at.astimezone(LOCAL).date()


def course_of(article: Article, profile: Profile, at: datetime, kind: str = "") -> Course:
    """The course as the rules in force at that moment see it. Raises NotFound for an article that is not there."""
    if not article.known:
        raise refusing.unknown()
    return Course(article, profile, profile.processes[article.process], law_day(at), kind)


# -- what intake says ---------------------------------------------------------------------------


def open_article(article: Article, handed: Handed, profile: Profile) -> Facts:
    """A submission becomes an article under the regulation in force; a second time it is nothing new."""
    if article.known:
        return ()
    said = dict(each.split("=", 1) for each in handed.circumstances)
    process = rules.process_for(profile, said, law_day(handed.at))
    first = process.steps[process.start]
    taken = (first.id,) if first.act == SUBMITTING else ()
    opened = ArticleOpenedV1.model_validate(
        {
            "article_id": handed.article,
            "site": handed.site,
            "submission_id": handed.article,
            "profile": profile.key,
            "process": process.id,
            "category": handed.content["category"],
            "language": handed.content["language"],
            "section": handed.content.get("section"),
            "sender": handed.sender,
            "circumstances": handed.circumstances,
            "receipt": handed.receipt,
            "flags": handed.flags,
            "event": handed.event,
            "due": handed.due,
            "taken": taken,
            "opened_at": handed.at,
        }
    )
    begun = evolve(NO_ARTICLE, opened)
    revision = _opening(begun, handed, profile)
    opens = course_of(evolve(begun, revision), profile, handed.at).open
    return (opened.model_copy(update={"opens": opens}), revision)


def hand_in_again(article: Article, handed: Handed, profile: Profile) -> Facts:
    """A returned article comes back corrected; anything else it is not for is left as it stands.

    It goes on as what it is now: under its category, the process for its content, the clock of its event.
    """
    if article.phase != "returned":
        return ()
    said = {**article.circumstances, **_sensitivity(handed)}
    process = rules.process_for(profile, said, law_day(handed.at))
    fact = _opening(
        article,
        handed,
        profile,
        process=process.id,
        circumstances=tuple(f"{name}={value}" for name, value in said.items()),
        flags=handed.flags,
        event=handed.event,
        due=handed.due,
    )
    return (fact,)


def drop(article: Article, by: str, reason: str, at: datetime) -> Facts:
    """The sender took it back; what the public reads already stays."""
    if article.phase not in {"in_process", "returned", "scheduled", "failed"} or article.published:
        return ()
    said = article.said
    values = {"article_id": said.article_id, "site": said.site, "by": by, "dropped_at": at}
    return (ArticleDroppedV1.model_validate(values | ({"reason": reason} if reason else {})),)


# -- what the board does ------------------------------------------------------------------------


def revise(course: Course, command: Revise, by: By, at: datetime) -> Facts:
    """A new revision. After approval it blocks publishing until supplementary approval.

    Raises Refused for a text that is equal in every part, or a phase that lets nobody write.
    """
    article, proof = course.article, by.proof()
    if command.purpose == "publication" and article.phase not in BEFORE_PUBLICATION:
        raise refusing.not_now(article, "revise")
    if command.purpose != "publication" and article.phase != "published":
        raise refusing.not_now(article, "correct")
    check_pictures(command.content)
    check_fields(command.content)
    parts = digests_of(command.content)
    if whole_digest(parts) == article.current.digest:
        raise Refused("nothing-changed", say("text-unchanged"))
    undoes = _undone_by_correction(course, command.purpose)
    fact = _revision(
        article,
        command.content,
        by=by.person,
        reason=command.reason,
        purpose=command.purpose,
        undoes=undoes,
        proof=proof,
        added_at=at,
    )
    return (_with_opens(course, fact),)


def classify(course: Course, circumstance: str, reason: str, by: By, at: datetime) -> Facts:
    """It is important or sensitive (or not): the process for such content applies from here on."""
    article, proof = course.article, by.proof()
    if article.phase != "in_process":
        raise refusing.not_now(article, "classify")
    name, _, value = circumstance.partition("=")
    if article.circumstances.get(name) == value:
        raise Refused("nothing-changed", say("classified-already"))
    after = rules.process_for(course.profile, {**article.circumstances, name: value}, course.on)
    kept = _kept_prefix(article.steps_done, after.required, article.said.taken)
    fact = ArticleClassifiedV1.model_validate(
        {
            **_named(article),
            "circumstance": circumstance,
            "process": after.id,
            "undoes": tuple(step for step in article.steps_done if step not in kept),
            "by": by.person,
            "reason": reason,
            "proof": proof,
            "classified_at": at,
        }
    )
    return (_with_opens(course, fact),)


def assign(  # noqa: PLR0913, PLR0917 - what an assignment says
    course: Course,
    step: str,
    to: str,
    by: By,
    at: datetime,
    due: Mapping[str, Any] | None = None,
    note: str = "",
) -> Facts:
    """Give an open step to a person; the clock that the regulation sets for it starts."""
    proof = by.proof()
    if course.step(step).id not in course.open:
        raise refusing.not_open(course.open, say("assigned-only-open"), course.cited(step))
    values = {
        **_named(course.article),
        "step": step,
        "to": to,
        "by": by.person,
        "proof": proof,
        "assigned_at": at,
        "due": due,
        "note": note or None,
    }
    return (ArticleAssignedV1.model_validate(values),)


def take(course: Course, command: Take, by: By, at: datetime) -> Facts:
    """Take a step that does not publish: in order, by another than its author, on the text that was seen.

    Raises Forbidden without authority or for the author, Refused with the article of the rule broken.
    """
    proof = by.proof()
    check_step(course, command.step, command.digest, by.person)
    step = course.step(command.step)
    if step.id == course.process.published:
        raise Refused("step-publishes", say("step-publishes"))
    opinion = _opinion(course, command, by.person, proof, at)
    taken = step_taken(course, command.step, by.person, proof, at, command.remark)
    return (*opinion, taken) if step.act in {rules.OPINION, "rate"} else (taken,)


def check_step(course: Course, step: str, digest: str, person: str) -> None:
    """Everything that must hold before a step is taken."""
    article, name = course.article, course.step(step).id
    if article.phase not in {"in_process", "correcting", "published"}:
        raise refusing.not_now(article, "take-step")
    course.check_distinct(name, person)
    if digest != article.current.digest:
        raise refusing.another_text(article)
    if name in course.after(course.approving):
        course.check_same(article.current)
    if name not in course.open:
        course.check_order(name)
        opened = ", ".join(course.open)
        detail = say("step-not-open", opened=opened) if opened else say("no-step-open")
        raise refusing.not_open(course.open, detail, course.cited(name))
    course.check_order(name)
    if name in {course.approving, *course.after(course.approving)}:
        course.check_sound()


def reopen(course: Course, outcome: str, reasons: Sequence[str], by: By, at: datetime) -> Facts:
    """Back inside the board, by an outcome that the process knows at this step."""
    proof = by.proof()
    transition = way_back(course, outcome)
    values = {
        **_named(course.article),
        "step": transition.target,
        "from_step": transition.source,
        "outcome": outcome,
        "undoes": transition.undoes,
        "reasons": tuple(reasons),
        "revision": course.article.current.number,
        "by": by.person,
        "proof": proof,
        "reopened_at": at,
    }
    return (_with_opens(course, StepReopenedV1.model_validate(values)),)


def give_back(course: Course, reasons: Sequence[str], by: By, at: datetime) -> Facts:
    """Return it to its sender with reasons: nothing that was done stands."""
    article, proof = course.article, by.proof()
    if article.phase != "in_process":
        raise refusing.not_now(article, "return")
    desk = course.desk
    rule = rules.law_of(course.profile, course.process, _returning(course, desk), course.on)
    objection = _objection(course, desk, reasons, by, proof, at)
    values = {
        **_named(article),
        "submission_id": article.said.submission_id,
        "reasons": tuple(reasons),
        "from_step": desk,
        "law": {
            "rule": rule.id,
            "article": citation_text(rule.basis.citation),
            "quotation": rule.basis.quote,
        },
        "revision": article.current.number,
        "by": by.person,
        "proof": proof,
        "returned_at": at,
    }
    return (*objection, ArticleReturnedV1.model_validate(values))


def refuse(course: Course, ground: str, explanation: str, by: By, at: datetime) -> Facts:
    """Refuse it on a prohibited ground that a person names. Raises Unprocessable for no such ground."""
    article, proof = course.article, by.proof()
    if article.phase != "in_process":
        raise refusing.not_now(article, "refuse")
    values = {
        **_named(article),
        "submission_id": article.said.submission_id,
        "ground": ground_of(course, ground, "refuse"),
        "explanation": explanation,
        "from_step": course.desk,
        "revision": article.current.number,
        "by": by.person,
        "proof": proof,
        "refused_at": at,
    }
    return (ArticleRefusedV1.model_validate(values),)


# -- parts of decisions -------------------------------------------------------------------------


def way_back(course: Course, outcome: str) -> Any:
    """The transition for an outcome at the present desk. Raises Refused with those there are."""
    inside = [
        each for each in course.ways_back(course.desk) if each.target in course.process.required
    ]
    for each in inside:
        if each.on == outcome:
            return each
    known = [str(each.on) for each in inside]
    detail = (
        say("no-such-outcome", desk=course.desk, known=", ".join(known))
        if known
        else say("no-outcome-here", desk=course.desk)
    )
    raise Refused("no-such-outcome", detail, extra={"outcomes": known})


def step_taken(  # noqa: PLR0913, PLR0917 - what the fact says
    course: Course,
    step: str,
    person: str,
    proof: Mapping[str, Any],
    at: datetime,
    remark: str = "",
) -> StepTakenV1:
    """The fact, with what it undoes: an approval given again voids what came after the first."""
    current = course.article.current
    again = course.article.result_of(step) is not None
    after = course.after(step) if again else ()
    comparing = step in course.after(course.approving)
    fact = StepTakenV1.model_validate(
        {
            **_named(course.article),
            "step": step,
            "act": proof["act"],
            "revision": current.number,
            "digest": current.digest,
            "supplementary": True if again else None,
            "undoes": tuple(each for each in after if course.article.result_of(each)),
            "compared": ("title", "body", "attachments", "metadata") if comparing else (),
            "remark": remark or None,
            "by": person,
            "proof": proof,
            "taken_at": at,
        }
    )
    return _with_opens(course, fact)


def ground_of(course: Course, ground: str, act: str) -> dict[str, str]:
    """The ground with its rule, place and words, as facts carry it."""
    rule = rules.ground(course.profile, ground, act, course.on)
    return {
        "ground": ground,
        "rule": rule.id,
        "article": citation_text(rule.basis.citation),
        "quotation": rule.basis.quote,
    }


def _sensitivity(handed: Handed) -> dict[str, str]:
    """What its sender found it to be; that nothing was said takes back nothing the board found."""
    said = dict(each.split("=", 1) for each in handed.circumstances)
    return {name: value for name, value in said.items() if name == rules.SENSITIVITY}


def _opening(article: Article, handed: Handed, profile: Profile, **anew: Any) -> RevisionAddedV1:
    fact = _revision(
        article,
        handed.content,
        by=str(handed.sender["person"]),
        reason=handed.note or "Bản người gửi nộp.",
        submission_revision=handed.revision,
        purpose="publication",
        added_at=handed.at,
        **anew,
    )
    return _with_opens(course_of(article, profile, handed.at), fact)


def _revision(article: Article, content: Content, **values: Any) -> RevisionAddedV1:
    parts = digests_of(content)
    return RevisionAddedV1.model_validate(
        {
            **_named(article),
            "revision": len(article.revisions) + 1,
            "content": content,
            "digest": whole_digest(parts),
            "parts": parts,
            **values,
        }
    )


def _with_opens(course: Course, fact: Any) -> Any:
    """The fact, saying which steps may be taken once it holds."""
    after = evolve(course.article, fact)
    process = course.profile.processes[after.process]
    opens = replace(course, article=after, process=process).open
    return fact.model_copy(update={"opens": opens})


def _undone_by_correction(course: Course, purpose: Purpose) -> tuple[str, ...]:
    """A minor correction is approved and published anew; a major one passes every step but the first."""
    if purpose == "publication":
        return ()
    required = course.process.required
    first = required.index(course.approving) if purpose == "minor_correction" else 1
    kept = {*course.article.said.taken, *required[:first]}
    return tuple(step for step in course.article.steps_done if step not in kept)


def _kept_prefix(
    done: Sequence[str], required: Sequence[str], taken: Sequence[str]
) -> frozenset[str]:
    """What of the done stands in another process: everything before its first step that is missing."""
    kept = set(taken)
    for step in required:
        if step not in done:
            break
        kept.add(step)
    return frozenset(kept)


def _returning(course: Course, desk: str) -> Any:
    steps = [course.process.steps[each.target] for each in course.ways_back(desk)]
    return next((step for step in steps if step.act == "return"), course.process.steps[desk])


def _opinion(
    course: Course, command: Take, person: str, proof: Mapping[str, Any], at: datetime
) -> Facts:
    step = course.step(command.step)
    if step.act == "rate":
        if command.rating is None:
            raise _needs("/rating", say("rating-missing"))
        return (_opinion_fact(course, "rating", command, person, proof, at),)
    if step.act == rules.OPINION:
        if not command.remark:
            raise _needs("/remark", say("opinion-missing"))
        return (_opinion_fact(course, "consent", command, person, proof, at),)
    return ()


def _objection(  # noqa: PLR0913, PLR0917 - what the fact says
    course: Course,
    desk: str,
    reasons: Sequence[str],
    by: By,
    proof: Mapping[str, Any],
    at: datetime,
) -> Facts:
    if course.process.steps[desk].act != rules.OPINION or proof["act"] != rules.OPINION:
        return ()
    command = Take(desk, "", "\n".join(reasons))
    return (_opinion_fact(course, "objection", command, by.person, proof, at),)


def _opinion_fact(  # noqa: PLR0913, PLR0917 - what the fact says
    course: Course, kind: str, command: Take, person: str, proof: Mapping[str, Any], at: datetime
) -> OpinionGivenV1:
    current = course.article.current
    return OpinionGivenV1.model_validate(
        {
            **_named(course.article),
            "kind": kind,
            "step": command.step,
            "revision": current.number,
            "digest": current.digest,
            "opinion": command.remark or None,
            "rating": command.rating,
            "by": person,
            "proof": proof,
            "given_at": at,
        }
    )


def _needs(pointer: str, detail: Said) -> Unprocessable:
    return Unprocessable(
        "opinion-missing", detail, errors=[FieldProblem(pointer, "required", detail)]
    )


def _named(article: Article) -> dict[str, str]:
    return {"article_id": article.said.article_id, "site": article.said.site}
