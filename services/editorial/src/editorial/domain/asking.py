"""Which powers an act asks for: questions that the authority answers, the nearest one first."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from editorial.domain import rules
from editorial.domain.course import Course
from rulebook.profiles.model import StepOf, Transition

ACT_OF_OUTCOME = {
    "needs_supplementary_approval": "request_supplementary_approval",
    "upload_mismatch": "return",
}
"""Outcomes of a step that a regulation may give to somebody by an act of their own."""
MARKING = ("submit_for_approval", "moderate", "edit", "approve")
"""Acts whose holders may find that content is important or sensitive."""
HANDING = ("assign_members", "forward")
"""Acts whose holders give a step to a person."""


@dataclass(frozen=True, slots=True)
class Question:
    """May somebody do this act on the article's site now? `roles`: the only positions that count."""

    act: str
    site: str
    profile: str
    category: str
    section: str
    roles: frozenset[str] = frozenset()
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


Questions = tuple[Question, ...]
"""Any yes is enough; the first no is the one that is told."""


def question(course: Course, act: str, roles: tuple[str, ...] = ()) -> Question:
    said = course.article.said
    return Question(
        act,
        said.site,
        said.profile,
        said.category,
        said.section or said.category,
        frozenset(roles),
        {**course.article.circumstances, "language": said.language},
    )


def to_take(course: Course, step: StepOf) -> Questions:
    """A step belongs to the roles it names, by the rules that give its act."""
    return (question(course, step.act, step.roles),)


def to_reopen(course: Course, transition: Transition) -> Questions:
    """Another outcome of a step belongs to whoever may take the step."""
    desk = course.process.steps[transition.source]
    act = ACT_OF_OUTCOME.get(transition.on or "", "")
    named = (
        (question(course, act, desk.roles),) if rules.given(course.profile, act, course.on) else ()
    )
    return (*named, *to_take(course, desk))


def to_return(course: Course) -> Questions:
    """To the sender: by a step made for it where the process has one, else whoever has it on the desk."""
    return (*_leading_to(course, {"return"}), *to_take(course, course.step(course.desk)))


def to_refuse(course: Course) -> Questions:
    """By a step made for it, by a rule that gives it, or as the bad result of a step that judges."""
    desk = course.step(course.desk)
    found = list(_leading_to(course, {"refuse", "remove"}))
    if rules.given(course.profile, "refuse", course.on):
        found.append(question(course, "refuse", desk.roles))
    if rules.JUDGING in desk.checks or not found:
        found += to_take(course, desk)
    return tuple(found)


def to_revise(course: Course) -> Questions:
    """By those who edit, and by whoever has it on the desk."""
    opened = course.open
    desk = to_take(course, course.step(opened[0])) if opened else ()
    return (*_given(course, ("edit",)), *desk)


def to_correct(course: Course) -> Questions:
    """A correction of what is published begins with those who edit, or approve."""
    return (*_given(course, ("edit",)), *to_take(course, course.step(course.approving)))


def to_classify(course: Course, circumstance: str) -> Questions:
    """Anybody who judges may find content sensitive; only its consent-giver may find that it is not."""
    name, _, value = circumstance.partition("=")
    if value in rules.SENSITIVE:
        return _given(course, MARKING)
    asked = question(course, rules.OPINION)
    return (_with(asked, {name: "sensitive"}),)


def to_assign(course: Course, step: str) -> Questions:
    """By whoever assigns members; where no rule names them, whoever may take the step."""
    return _given(course, HANDING) or to_take(course, course.step(step))


def to_publish(course: Course) -> Questions:
    """What the last step asks for; also to schedule it, to cancel that, to try again."""
    return to_take(course, course.step(course.process.published))


def to_withdraw(course: Course) -> Questions:
    """By whom the regulation lets remove, else by whoever approves."""
    return _given(course, ("remove",)) or to_take(course, course.step(course.approving))


def _leading_to(course: Course, acts: set[str]) -> Questions:
    """The steps made for such an outcome that the process has behind the present desk."""
    targets = [course.process.steps[each.target] for each in course.ways_back(course.desk)]
    return tuple(asked for step in targets if step.act in acts for asked in to_take(course, step))


def _given(course: Course, acts: tuple[str, ...]) -> Questions:
    return tuple(
        question(course, act) for act in acts if rules.given(course.profile, act, course.on)
    )


def _with(asked: Question, facts: Mapping[str, str]) -> Question:
    return Question(
        asked.act,
        asked.site,
        asked.profile,
        asked.category,
        asked.section,
        asked.roles,
        {**asked.facts, **facts},
    )
