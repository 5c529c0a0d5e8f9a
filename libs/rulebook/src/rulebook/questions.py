"""Questions and answers by regulation: who may ask, which class, until when, who is told, what may be refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal

from rulebook.authority import profile_basis
from rulebook.calendar import Calendar
from rulebook.choose import applicable
from rulebook.deadlines import NO_TIME_SET, Deadline, deadline
from rulebook.explanation import Explanation, Outcome, Step, Values, Way
from rulebook.intake import reception
from rulebook.office_time import aware, within_years
from rulebook.profiles.model import Profile, Rule
from rulebook.profiles.params import (
    DeadlineAppointment,
    DeadlineCount,
    DeadlinePrompt,
    Duration,
    IntakeWeek,
)
from rulebook.references.citations import InForce
from rulebook.rules.formats import identity_number
from rulebook.rules.grounds import Matter, ground, suspicions
from rulebook.rules.params import DocumentParts, Fallback, Ground, IdentityNumber, RequiredFields
from rulebook.rules.required import cited_documents, missing_of, required_fields
from rulebook.rules.results import Checked, Finding, own_explanations
from rulebook.rules.routes import Route, fallback
from rulebook.rules.words import says
from rulebook.text import fold

QuestionClass = Literal[
    "own", "transfer", "inter", "special", "unclear", "out", "violating", "complaint",
    "denunciation", "incomplete",
]  # fmt: skip
Fields = Mapping[str, object]
NO_ANSWER = frozenset({"out", "violating", "incomplete"})
GUIDANCE = frozenset({"complaint", "denunciation"})
_SITUATIONS = MappingProxyType(
    {"unclear": "competence_unclear", "transfer": "not_competent", "out": "out_of_scope"}
)
_NOTICES = ("notify_asker", "transfer", "forward")


@dataclass(frozen=True, slots=True)
class AskerCheck:
    """Whether a question is validly asked; `missing` names fields as the asker knows them (HN Đ10 k1)."""

    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    explanation: Explanation

    @property
    def complete(self) -> bool:
        """If not, the question is `incomplete` and the clock starts when it is complete (AMB-10)."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class QuestionLimits:
    """All clocks of a question of one class.

    `answer`: the last day to answer, None where no answer is owed or the regulation sets no time. `appointment`: the
    last day to send an appointment. `notify`: the last day to tell the asker and pass the question on. `settle`: the
    last day to settle whose it is. `at_receiver`: the rule whose clock starts when another agency receives it.
    `source`: "committed" where the agency set the time to answer itself, "fallback" where it comes from outside the
    regulation (AMB-12).
    """

    received: datetime
    answer: Deadline | None
    appointment: Deadline | None
    notify: Deadline | None
    settle: Deadline | None
    at_receiver: Rule[DeadlineCount] | None
    route: Route | None
    answer_required: bool
    guidance_only: bool
    publish_allowed: bool
    source: Literal["regulation", "committed", "fallback", "none"]
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class ProposedClass:
    """A class that the words of a question point to; an officer confirms it (AMB-08). None = no sign."""

    question_class: QuestionClass | None
    signs: tuple[str, ...]
    explanation: Explanation


def check_asker(profile: Profile, kind: str, asker: Fields, on: date) -> AskerCheck:
    """Whether an asker of this kind ("individual", "organization") gave what the regulation asks for on that day."""
    checks: list[Checked] = []
    missing: list[str] = []
    for rule in applicable(profile, {"asker": kind}, on):
        params = rule.params
        if isinstance(params, RequiredFields) and params.subject == f"asker_{kind}":
            checks.append(required_fields(rule, asker, on))
            missing += missing_of(params, asker, on)
        elif isinstance(params, IdentityNumber):
            checks.append(_identity(rule, asker, on))
    findings = tuple(finding for check in checks for finding in check.findings)
    inputs: Values = {"asker": kind, "on": on.isoformat()}
    steps = tuple(Step("rule-checked", {"rule": check.explanation.basis.rule, "result": "met" if check.met else "not_met"}) for check in checks)  # fmt: skip
    if findings:
        codes = tuple(finding.code for finding in findings)
        ways = tuple(way for each in own_explanations(findings) for way in each.outcome.nearest)
        outcome = Outcome("finding", "asker-incomplete", {"codes": codes}, ways)
    else:
        outcome = Outcome("allowed", "asker-complete", {})
    explanation = Explanation(
        profile_basis(profile), inputs, steps, outcome, parts=own_explanations(findings)
    )
    return AskerCheck(findings, tuple(dict.fromkeys(missing)), explanation)


def _identity(rule: Rule[Any], asker: Fields, on: date) -> Checked:
    kind, number = asker.get("id_type"), asker.get("id_number")
    return identity_number(
        rule,
        kind if isinstance(kind, str) else None,
        number if isinstance(number, str) else None,
        on,
    )


def propose_class(profile: Profile, text: str, on: date) -> ProposedClass:
    """The class that a question's own words point to: denunciation, complaint, or a prohibited ground; else none."""
    folded = fold(text)
    signs: tuple[str, ...] = ()
    found: QuestionClass | None = None
    for name, words in _WORDS.items():
        signs = tuple(word for word in words if says(folded, word))
        if signs:
            found = name
            break
    if found is None:
        matter = Matter("question", folded)
        asked = [
            rule.params for rule in applicable(profile, {}, on) if isinstance(rule.params, Ground)
        ]
        signs = tuple(
            f"{each.ground}: {sign}" for each in asked for sign in suspicions(each, matter)
        )
        found = "violating" if signs else None
    step = Step("class-proposed", {"signs": signs})
    outcome = Outcome(
        "undetermined", "class-to-confirm", {"class": found}, (Way("confirm-class", {}),)
    )
    explanation = Explanation(
        profile_basis(profile), {"length": len(text), "on": on.isoformat()}, (step,), outcome
    )
    return ProposedClass(found, signs, explanation)


_WORDS: Mapping[QuestionClass, tuple[str, ...]] = MappingProxyType(
    {
        "denunciation": ("tố cáo", "tố giác", "đơn tố cáo"),
        "complaint": ("khiếu nại", "đơn khiếu nại"),
    }
)


def check_answer(
    profile: Profile, text: str, on: date, in_force: InForce | None = None
) -> tuple[Finding, ...]:
    """What stands against releasing an answer: documents not fully or wrongly cited (HN Đ10 k4), suspected grounds."""
    matter = Matter("answer", fold(text))
    checks: list[Checked] = []
    for rule in applicable(profile, {}, on):
        if isinstance(rule.params, DocumentParts):
            checks.append(cited_documents(rule, text, on, in_force))
        elif isinstance(rule.params, Ground):
            checks.append(ground(rule, matter, on))
    return tuple(finding for check in checks for finding in check.findings)


@within_years("submitted")
def question_limits(  # noqa: PLR0913 - a question, and where it comes from
    profile: Profile,
    question_class: QuestionClass,
    submitted: datetime,
    calendar: Calendar,
    *,
    transferred_in: bool = False,
    first_received: datetime | None = None,
    committed: Duration | None = None,
) -> QuestionLimits:
    """Every clock that runs for a question submitted (or transferred in) at that moment. Raises ValueError if naive.

    `first_received` is when the first agency received a question that was transferred in (AMB-06). `committed` is the
    time to answer that the agency has published for itself; it holds where the regulation sets none (AMB-12).
    A question that came in while the agency receives none counts as received at the next open day's 00:00 (AMB-01).
    """
    at = aware(submitted, "submitted")
    received = _received(profile, at, calendar)
    facts = {"question_class": question_class}
    firing = applicable(profile, facts, received.date())
    trigger = "question_transferred_in" if transferred_in else "question_received"
    answer_rule = None if question_class in NO_ANSWER else _clock(firing, trigger, ("answer",))
    notify_rule = _clock(firing, trigger, _NOTICES)
    settle_rule = _clock(firing, "competence_unclear", ("settle_competence",))
    passed_on = question_class == "transfer" and notify_rule is not None
    receiver = _receiver(profile, received.date()) if passed_on else None
    source = _source(answer_rule)
    own = committed if source == "fallback" else None
    answer = None if passed_on or answer_rule is None else deadline(
        answer_rule, received, calendar, first_event=first_received, committed=own
    )  # fmt: skip
    limits = (
        answer,
        _appointment(profile, answer_rule, received, calendar),
        deadline(notify_rule, received, calendar) if notify_rule else None,
        deadline(settle_rule, received, calendar) if settle_rule else None,
    )
    route = _route(firing, question_class, received.date())
    explanation = _explain(profile, question_class, at, received, limits, route)
    return QuestionLimits(
        received, *limits, receiver, route,
        question_class != "violating", question_class in GUIDANCE, question_class != "denunciation",
        "committed" if own else source, explanation,
    )  # fmt: skip


def _received(profile: Profile, at: datetime, calendar: Calendar) -> datetime:
    weeks = [
        rule for rule in applicable(profile, {}, at.date()) if isinstance(rule.params, IntakeWeek)
    ]
    return reception(weeks[0], at, calendar).received if weeks else at


def _clock(
    firing: tuple[Rule[Any], ...], trigger: str, duties: tuple[str, ...]
) -> Rule[Any] | None:
    return next(
        (
            rule
            for duty in duties
            for rule in firing
            if isinstance(rule.params, DeadlineCount | DeadlinePrompt)
            and (rule.params.trigger, rule.params.duty) == (trigger, duty)
        ),
        None,
    )


def _receiver(profile: Profile, on: date) -> Rule[DeadlineCount] | None:
    own = applicable(profile, {"question_class": "own"}, on)
    return _clock(own, "question_transferred_in", ("answer",))


def _appointment(
    profile: Profile, rule: Rule[Any] | None, received: datetime, calendar: Calendar
) -> Deadline | None:
    """An appointment must go out before the ordinary limit ends: the first of the rules it names (AMB-07)."""
    if rule is None or not isinstance(rule.params, DeadlineAppointment):
        return None
    before: Rule[Any] = profile.rule(rule.params.before[0])
    return deadline(before, received, calendar)


def _route(firing: tuple[Rule[Any], ...], question_class: str, on: date) -> Route | None:
    situation = _SITUATIONS.get(question_class)
    rules = [rule for rule in firing if isinstance(rule.params, Fallback)]
    fitting = [rule for rule in rules if rule.params.situation == situation]
    if not fitting and question_class in {"out", "transfer"}:
        fitting = [
            rule for rule in rules if rule.params.situation in {"not_competent", "out_of_scope"}
        ]
    return fallback(fitting[0], fitting[0].params.situation, on) if fitting else None


def _source(rule: Rule[Any] | None) -> Literal["regulation", "fallback", "none"]:
    if rule is None:
        return "none"
    from_outside = any(ambiguity.id == NO_TIME_SET for ambiguity in rule.ambiguities)
    return "fallback" if from_outside else "regulation"


def _explain(  # noqa: PLR0913, PLR0917 - what the clocks of a question are made of
    profile: Profile,
    question_class: str,
    at: datetime,
    received: datetime,
    limits: tuple[Deadline | None, ...],
    route: Route | None,
) -> Explanation:
    inputs: Values = {"class": question_class, "submitted": at.isoformat()}
    clocks = [limit for limit in limits if limit is not None]
    steps = (
        Step("question-received", {"at": received.isoformat()}),
        *(Step("clock-of-question", {"rule": clock.rule}) for clock in clocks),
    )
    parts = (*(clock.explanation for clock in clocks), *((route.explanation,) if route else ()))
    if question_class == "violating":
        outcome = Outcome("undetermined", "no-answer-owed", {}, (Way("decide-ground", {}),))
    elif not clocks:
        outcome = Outcome(
            "undetermined", "no-limit-set", {}, (Way("set-own-limit", {"duty": "answer"}),)
        )
    else:
        outcome = Outcome(
            "value", "question-limits", {"class": question_class, "count": len(clocks)}
        )
    return Explanation(profile_basis(profile), inputs, steps, outcome, parts=parts)
