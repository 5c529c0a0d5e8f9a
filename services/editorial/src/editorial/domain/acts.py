"""Every act there is on an article, whether this person may do it now, and why not otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from common.errors import DomainError
from editorial.domain import asking, publishing, rules, stepping
from editorial.domain.asking import Questions
from editorial.domain.by import By
from editorial.domain.course import Course
from editorial.domain.publishing import Publish
from editorial.domain.stepping import Revise, Take, law_day

Answering = Callable[[Questions], By]
"""The authority's answer to questions for one person at one moment: a yes, or the first no."""


@dataclass(frozen=True, slots=True)
class Chance:
    """An act, and either how it is proven or why it is refused."""

    act: str
    step: str | None
    allowed: bool
    code: str = ""
    detail: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    choices: tuple[str, ...] = ()


def chances(course: Course, answer: Answering, at: datetime) -> tuple[Chance, ...]:
    """All of them; nothing is decided by looking."""
    return tuple(
        _chance(name, step, choices, attempt)
        for name, step, choices, attempt in _attempts(course, answer, at)
    )


Attempt = Callable[[], object]


def _chance(name: str, step: str | None, choices: tuple[str, ...], attempt: Attempt) -> Chance:
    try:
        attempt()
    except DomainError as error:
        return Chance(name, step, False, error.code, error.detail, error.extra, choices)  # noqa: FBT003 - the third field says what it is
    return Chance(name, step, True, choices=choices)  # noqa: FBT003 - as above


def _attempts(
    course: Course, answer: Answering, at: datetime
) -> list[tuple[str, str | None, tuple[str, ...], Attempt]]:
    digest = course.article.current.digest
    on = law_day(at)
    last = course.process.published
    steps = [s for s in course.process.steps.values() if _takeable(course, s.id) and s.id != last]
    taking = [("take", s.id, (), _taking(course, s.id, answer, at)) for s in steps]
    refusing = tuple(rule.params.ground for rule in rules.grounds(course.profile, "refuse", on))
    removing = tuple(rule.params.ground for rule in rules.grounds(course.profile, "remove", on))
    changed = {
        **course.article.current.content,
        "title": course.article.current.content["title"] + " ",
    }
    moment = at + timedelta(hours=1)
    return [
        *taking,
        ("publish", last, (), lambda: publishing.publish(course, Publish(digest), answer(asking.to_publish(course)), (), at)),
        ("schedule", last, (), lambda: publishing.schedule(course, moment, digest, answer(asking.to_publish(course)), at)),
        ("cancel", last, (), lambda: publishing.cancel(course, "-", answer(asking.to_publish(course)), at)),
        ("revise", None, (), lambda: stepping.revise(course, Revise(changed, "-"), answer(asking.to_revise(course)), at)),
        ("correct", None, ("minor", "major"), lambda: stepping.revise(course, Revise(changed, "-", "minor_correction"), answer(asking.to_correct(course)), at)),
        ("return", None, (), lambda: stepping.give_back(course, ["-"], answer(asking.to_return(course)), at)),
        ("refuse", None, refusing, lambda: stepping.refuse(course, refusing[0], "-", answer(asking.to_refuse(course)), at)),
        ("withdraw", None, removing, lambda: publishing.withdraw(course, "-", None, answer(asking.to_withdraw(course)), at)),
        *_reopening(course, answer, at),
    ]  # fmt: skip


def _takeable(course: Course, step: str) -> bool:
    """Not the outcomes that have acts of their own: return, refuse, remove; nor what a sender does."""
    act = course.process.steps[step].act
    return act not in {"return", "refuse", "remove", stepping.SUBMITTING}


def _taking(course: Course, step: str, answer: Answering, at: datetime) -> Attempt:
    command = Take(step, course.article.current.digest, remark="-", rating=3)
    asked = asking.to_take(course, course.process.steps[step])
    return lambda: stepping.take(course, command, answer(asked), at)


def _reopening(
    course: Course, answer: Answering, at: datetime
) -> list[tuple[str, str | None, tuple[str, ...], Attempt]]:
    if not course.open or course.article.phase == "published":
        return []
    inside = [t for t in course.ways_back(course.desk) if t.target in course.process.required]
    return [
        ("reopen", each.target, (str(each.on),), _reopen(course, str(each.on), answer, at))
        for each in inside
    ]


def _reopen(course: Course, outcome: str, answer: Answering, at: datetime) -> Attempt:
    asked = asking.to_reopen(course, stepping.way_back(course, outcome))
    return lambda: stepping.reopen(course, outcome, ["-"], answer(asked), at)
