"""Every act there is on an article, whether this person may do it now, and why not otherwise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from common.errors import DomainError
from editorial.domain import asking, publishing, rules, stepping
from editorial.domain.asking import Questions
from editorial.domain.by import By
from editorial.domain.course import Course
from editorial.domain.publishing import Publish
from editorial.domain.stepping import Revise, Take
from rulebook.profiles.model import Rule

Answering = Callable[[Questions], By]
"""The authority's answer to questions for one person at one moment: a yes, or the first no."""
SOMEBODY = "-"
"""Stands for whoever is chosen later; nothing is decided by looking."""


@dataclass(frozen=True, slots=True)
class Chance:
    """An act, and either by what right it may be done or why it is refused.

    choices  outcomes, levels, or values to choose from
    grounds  the rules of the grounds to choose from, by ground
    """

    act: str
    step: str | None = None
    choices: tuple[str, ...] = ()
    grounds: Mapping[str, Rule[Any]] = field(default_factory=dict[str, Rule[Any]])
    proof: Mapping[str, Any] | None = None
    code: str = ""
    detail: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def allowed(self) -> bool:
        return self.proof is not None


@dataclass(frozen=True, slots=True)
class _Attempt:
    """An act with what it asks the authority, and the decision once that has answered."""

    chance: Chance
    asked: Callable[[], Questions]
    decide: Callable[[By], object]


def chances(course: Course, answer: Answering, at: datetime) -> tuple[Chance, ...]:
    """All of them; nothing is decided by looking."""
    return tuple(_seen(each, answer) for each in _attempts(course, at))


def _seen(attempt: _Attempt, answer: Answering) -> Chance:
    chance = attempt.chance
    told = (chance.act, chance.step, chance.choices, chance.grounds)
    try:
        by = answer(attempt.asked())
        attempt.decide(by)
        return Chance(*told, proof=by.proof())
    except DomainError as error:
        return Chance(*told, code=error.code, detail=error.detail, extra=error.extra)


def _attempts(course: Course, at: datetime) -> Iterator[_Attempt]:
    yield from _taking(course, at)
    yield from _publishing(course, at)
    yield from _writing(course, at)
    yield from _ending(course, at)
    yield from _reopening(course, at)
    yield from _classifying(course, at)
    yield from _assigning(course, at)


def _taking(course: Course, at: datetime) -> Iterator[_Attempt]:
    """Not the outcomes that have acts of their own: return, refuse, remove; nor what a sender does."""
    elsewhere = {"return", "refuse", "remove", stepping.SUBMITTING}
    for step in course.process.steps.values():
        if step.act in elsewhere or step.id == course.process.published:
            continue
        command = Take(step.id, course.article.current.digest, remark=SOMEBODY, rating=3)
        yield _Attempt(
            Chance("take", step.id),
            lambda step=step: asking.to_take(course, step),
            lambda by, command=command: stepping.take(course, command, by, at),
        )


def _publishing(course: Course, at: datetime) -> Iterator[_Attempt]:
    digest, last = course.article.current.digest, course.process.published
    moment = at + timedelta(hours=1)

    def asked() -> Questions:
        return asking.to_publish(course)

    yield _Attempt(
        Chance("publish", last),
        asked,
        lambda by: publishing.publish(course, Publish(digest), by, (), at),
    )
    yield _Attempt(
        Chance("schedule", last),
        asked,
        lambda by: publishing.schedule(course, moment, digest, by, at),
    )
    yield _Attempt(
        Chance("cancel", last), asked, lambda by: publishing.cancel(course, SOMEBODY, by, at)
    )


def _writing(course: Course, at: datetime) -> Iterator[_Attempt]:
    content = course.article.current.content
    changed = {**content, "title": content["title"] + " "}
    revising = Revise(changed, SOMEBODY)
    correcting = Revise(changed, SOMEBODY, "minor_correction")
    yield _Attempt(
        Chance("revise"),
        lambda: asking.to_revise(course),
        lambda by: stepping.revise(course, revising, by, at),
    )
    yield _Attempt(
        Chance("correct", choices=("minor", "major")),
        lambda: asking.to_correct(course),
        lambda by: stepping.revise(course, correcting, by, at),
    )


def _ending(course: Course, at: datetime) -> Iterator[_Attempt]:
    refusing = _by_ground(course, "refuse")
    removing = _by_ground(course, "remove")
    yield _Attempt(
        Chance("return"),
        lambda: asking.to_return(course),
        lambda by: stepping.give_back(course, [SOMEBODY], by, at),
    )
    yield _Attempt(
        Chance("refuse", choices=tuple(refusing), grounds=refusing),
        lambda: asking.to_refuse(course),
        lambda by: stepping.refuse(course, next(iter(refusing), SOMEBODY), SOMEBODY, by, at),
    )
    yield _Attempt(
        Chance("withdraw", choices=tuple(removing), grounds=removing),
        lambda: asking.to_withdraw(course),
        lambda by: publishing.withdraw(course, SOMEBODY, None, by, at),
    )


def _by_ground(course: Course, act: str) -> Mapping[str, Rule[Any]]:
    """The first rule of each ground: the one that is named when somebody chooses it."""
    found: dict[str, Rule[Any]] = {}
    for rule in rules.grounds(course.profile, act, course.on):
        found.setdefault(rule.params.ground, rule)
    return found


def _reopening(course: Course, at: datetime) -> Iterator[_Attempt]:
    if not course.open or course.article.phase == "published":
        return
    for way in course.ways_back(course.desk):
        if way.target in course.process.required:
            outcome = str(way.on)
            yield _Attempt(
                Chance("reopen", way.target, (outcome,)),
                lambda way=way: asking.to_reopen(course, way),
                lambda by, outcome=outcome: stepping.reopen(course, outcome, [SOMEBODY], by, at),
            )


def _classifying(course: Course, at: datetime) -> Iterator[_Attempt]:
    """Only where the regulation has a process of its own for such content."""
    if rules.SENSITIVITY not in rules.distinguished(course.profile, course.on):
        return
    marked = course.article.circumstances.get(rules.SENSITIVITY) in rules.SENSITIVE
    choices = ("ordinary",) if marked else rules.SENSITIVE
    circumstance = f"{rules.SENSITIVITY}={choices[0]}"
    yield _Attempt(
        Chance("classify", choices=choices),
        lambda: asking.to_classify(course, circumstance),
        lambda by: stepping.classify(course, circumstance, SOMEBODY, by, at),
    )


def _assigning(course: Course, at: datetime) -> Iterator[_Attempt]:
    if course.article.phase == "published":
        return
    for step in course.open:
        yield _Attempt(
            Chance("assign", step),
            lambda step=step: asking.to_assign(course, step),
            lambda by, step=step: stepping.assign(course, step, SOMEBODY, by, at),
        )
