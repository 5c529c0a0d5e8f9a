"""Checks a submission against everything its regulation asks of it, in one call, with the reasons."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast

from rulebook.authority import profile_basis
from rulebook.calendar import Calendar
from rulebook.deadlines import Deadline, deadline
from rulebook.explanation import LOCAL, Explanation, Outcome, Step, Values, Way
from rulebook.office_time import aware, within_years
from rulebook.profiles.model import Profile, Rule
from rulebook.profiles.params import DeadlineCount, DeadlinePrompt
from rulebook.references import NotADocumentNumber, number_agrees, parse_number
from rulebook.rules.formats import (
    CHARACTER_SET,
    Attached,
    encoding,
    font,
    is_public_mail,
    language,
    official_mail,
    recipient_named,
)
from rulebook.rules.grounds import Judgement, Matter, ground, suspicions
from rulebook.rules.params import (
    Encoding,
    Ground,
    Languages,
    RecipientNamed,
    RequiredFields,
    RequiredIfFlag,
    Supplier,
)
from rulebook.rules.required import missing_of, required_fields, required_if_flag
from rulebook.rules.results import Finding, Severity, not_met, own_explanations
from rulebook.rules.routes import Route, supplier
from rulebook.rules.words import forms_of
from rulebook.text import fold, inspect_bytes, inspect_text

TRIGGERS: Mapping[str, str] = MappingProxyType(
    {
        "issued": "document_issued", "law_issued": "law_issued", "approved": "approved",
        "accepted": "accepted", "decided_to_publish": "decided_to_publish", "changed": "changed",
        "occurred": "occurred", "original_changed": "original_changed", "closed": "consultation_closed",
        "created": "information_created",
    }
)  # fmt: skip
"""Words of an event's type to the word of the deadline rules."""

_AGREES = MappingProxyType(
    {
        "number-year-mismatch": "number_year_mismatch",
        "kind-mismatch": "number_kind_mismatch",
        "issuer-mismatch": "number_issuer_mismatch",
        "number-without-year": "number_without_year",
    }
)
_MAIL_CATEGORIES = frozenset({"officials_contact", "site_contact", "introduction"})


@dataclass(frozen=True, slots=True)
class Event:
    """What starts the publication clock, and on which day."""

    type: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What is handed in, with what its category asks for in `fields`.

    `raw` are the bytes as received where the body is not text yet; `facts` are further `when` dimensions (site_kind,
    sender, channel …).
    """

    category: str
    title: str = ""
    body: str | None = None
    raw: bytes | None = None
    author: str | None = None
    source: str | None = None
    language: str = "vi"
    fields: Mapping[str, object] = field(default_factory=dict[str, object])
    flags: frozenset[str] = frozenset()
    files: Sequence[Attached] = ()
    links: tuple[str, ...] = ()
    event: Event | None = None
    agency_role: str = "issuer"
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    similar_percent: int = 0
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmissionCheck:
    """`errors` block publication, `warnings` want attention. `text` is the body as read (the repair is a proposal)."""

    findings: tuple[Finding, ...]
    due: Deadline | None
    route: Route | None
    text: str
    explanation: Explanation

    @property
    def errors(self) -> tuple[str, ...]:
        return tuple(finding.code for finding in self.findings if finding.severity == "error")

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(finding.code for finding in self.findings if finding.severity == "warning")

    @property
    def valid(self) -> bool:
        return not self.errors


@dataclass(frozen=True, slots=True)
class _Case:
    profile: Profile
    rules: "_Index"
    submission: Submission
    text: str
    fields: Mapping[str, object]
    facts: Mapping[str, str]
    folded: str
    reported: frozenset[str]
    on: date
    law: date
    """The day as of which the rules are asked: a case that outlives its version keeps those of its last day."""


@within_years("at")
def check_submission(
    profile: Profile,
    submission: Submission,
    at: datetime,
    calendar: Calendar,
    reported_hosts: frozenset[str] = frozenset(),
) -> SubmissionCheck:
    """Everything that the regulation asks of a submission at that moment.

    `reported_hosts` are the sites that people reported for unlawful content. Raises ValueError for a naive time.
    """
    encoded, case = _case_of(profile, submission, aware(at, "at").date(), reported_hosts)
    due = publication_due(
        profile, submission.category, submission.event, calendar, case.facts
    ) if submission.event else None  # fmt: skip
    route = _route(case)
    found = [*encoded, *(finding for check in _CHECKS for finding in check(case))]
    found += _overdue(due, at)
    findings = _each_once(found)
    return SubmissionCheck(findings, due, route, case.text, _explain(case, findings, due, route))


def content_faults(profile: Profile, submission: Submission, on: date) -> tuple[Finding, ...]:
    """The errors of the text itself, which keep it from being approved until they are mended.

    Not that it is late, which only publishing ends; not a suspicion, which a person decides; nor that the
    recipients of a document leave the site out, which whoever issued it must mend and no board can (AMB-42).
    """
    encoded, case = _case_of(profile, submission, on, frozenset())
    found = [*encoded, *(finding for check in _OF_THE_TEXT for finding in check(case))]
    return _each_once(each for each in found if each.severity == "error" and not each.needs_human)


def content_findings(profile: Profile, submission: Submission, on: date) -> tuple[Finding, ...]:
    """All that is found in the text itself: its faults, and what a person decides of it."""
    encoded, case = _case_of(profile, submission, on, frozenset())
    return _each_once([*encoded, *(finding for check in _CHECKS for finding in check(case))])


def _each_once(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each code once: what was found first is told, in the place where it was found last."""
    return tuple({each.code: each for each in reversed([*found])}.values())[::-1]


@within_years("event")
def publication_due(
    profile: Profile,
    category: str,
    event: Event,
    calendar: Calendar,
    facts: Mapping[str, str] | None = None,
) -> Deadline | None:
    """When an item of this category must be published after the event; None where the regulation sets no clock.

    A rule with a number goes before one without. `facts` may name agency_role ("issuer" or "in_scope"), language …
    """
    trigger = TRIGGERS.get(event.type, event.type)
    case = {"agency_role": "issuer", **(facts or {}), "category": category, "event": event.type}
    rules = _index_of(profile).clocks.get(trigger, ())
    law = profile.day_of_law(event.on)
    firing = [rule for rule in rules if rule.span.holds(law) and rule.concerns(case)]
    beaten = {other for rule in firing for other in rule.exception_to}
    left = [rule for rule in firing if rule.id not in beaten]
    if not left:
        return None
    numbered = [rule for rule in left if isinstance(rule.params, DeadlineCount)]
    moment = datetime.combine(event.on, time(0), LOCAL)
    return deadline((numbered or left)[0], moment, calendar)


def supplier_of(
    profile: Profile, category: str, point: str | None, text: str, on: date
) -> Route | None:
    """The agency that owes an item to the site (BD Đ12), or None where the regulation names none."""
    return _supplier(_index_of(profile), category, point, fold(text), on, profile.day_of_law(on))


@dataclass(frozen=True, slots=True)
class _Index:
    """A profile's rules by what asks for them, made once."""

    required: Mapping[str, tuple[Rule[Any], ...]]
    flagged: tuple[Rule[Any], ...]
    grounds: tuple[tuple[Rule[Any], tuple[str, ...]], ...]
    """Each with the strings of which one stands in every text that its hints point to."""
    suppliers: tuple[Rule[Any], ...]
    encodings: tuple[Rule[Any], ...]
    recipients: tuple[Rule[Any], ...]
    languages: tuple[Rule[Any], ...]
    clocks: Mapping[str, tuple[Rule[Any], ...]]


class _Identical:
    """A profile as a cache key: equal only to itself, which never changes."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identical) and other.profile is self.profile

    def __hash__(self) -> int:
        return id(self.profile)


def _index_of(profile: Profile) -> _Index:
    return _made(_Identical(profile))


@lru_cache(maxsize=32)
def _made(key: _Identical) -> _Index:
    rules = tuple(key.profile.rules.values())

    def of(kind: type[Any]) -> tuple[Rule[Any], ...]:
        return tuple(rule for rule in rules if isinstance(rule.params, kind))

    clocks = [
        rule
        for rule in (*of(DeadlineCount), *of(DeadlinePrompt))
        if rule.params.duty in {"publish", "update", "post"}
    ]
    return _Index(
        _by(of(RequiredFields), lambda rule: rule.params.subject),
        of(RequiredIfFlag), tuple((rule, forms_of(rule.params.hints)) for rule in of(Ground)), of(Supplier), of(Encoding), of(RecipientNamed), of(Languages),
        _by(clocks, lambda rule: rule.params.trigger),
    )  # fmt: skip


def _by(
    rules: Iterable[Rule[Any]], key: Callable[[Rule[Any]], str]
) -> Mapping[str, tuple[Rule[Any], ...]]:
    found: dict[str, tuple[Rule[Any], ...]] = {}
    for rule in rules:
        found[key(rule)] = (*found.get(key(rule), ()), rule)
    return found


def _case_of(
    profile: Profile, submission: Submission, on: date, reported: frozenset[str]
) -> tuple[tuple[Finding, ...], _Case]:
    """What is asked about, with what its character set has wrong."""
    rules, law = _index_of(profile), profile.day_of_law(on)
    encoded, text = _read(rules, submission, on, law)
    case = _Case(
        profile, rules, submission, text, _all_fields(submission, text), _facts(submission),
        fold(f"{submission.title}\n{text}"), reported, on, law,
    )  # fmt: skip
    return encoded, case


def _read(
    rules: _Index, submission: Submission, on: date, law: date
) -> tuple[tuple[Finding, ...], str]:
    if submission.body is None and submission.raw is not None:
        report = inspect_bytes(submission.raw)
    else:
        report = inspect_text(submission.body or "")
    title = inspect_text(submission.title)
    if report.sound and title.sound:
        return (), report.repaired
    rule = next((rule for rule in rules.encodings if rule.span.holds(law)), CHARACTER_SET)
    found = [finding for each in (report, title) for finding in encoding(rule, each, on).findings]
    return tuple(found), report.repaired


def _all_fields(submission: Submission, text: str) -> Mapping[str, object]:
    own = {
        "title": submission.title, "body": text, "author": submission.author, "source": submission.source,
    }  # fmt: skip
    return {**own, **submission.fields}


def _facts(submission: Submission) -> Mapping[str, str]:
    facts = {
        "step": "enter", **submission.facts, "category": submission.category,
        "language": submission.language, "agency_role": submission.agency_role,
    }  # fmt: skip
    if submission.event is not None:
        facts["event"] = submission.event.type
    return facts


def _fires(case: _Case, rule: Rule[Any]) -> bool:
    return rule.span.holds(case.law) and rule.concerns(case.facts)


def _fields_given(case: _Case) -> Iterator[Finding]:
    subjects = (case.submission.category, "article")
    for rule in (rule for subject in subjects for rule in case.rules.required.get(subject, ())):
        asks = rule.params.per == "item" and _fires(case, rule)
        if asks and any(True for _ in missing_of(rule.params, case.fields, case.on)):
            yield from required_fields(rule, case.fields, case.on).findings


def _flags_honoured(case: _Case) -> Iterator[Finding]:
    for rule in case.rules.flagged:
        if rule.params.flag in case.submission.flags and _fires(case, rule):
            yield from required_if_flag(rule, case.fields, case.submission.flags, case.on).findings


def _number_agrees(case: _Case) -> Iterator[Finding]:
    shown = case.fields.get("number") or case.fields.get("doc_number")
    if not isinstance(shown, str) or not shown.strip():
        return
    inputs: Values = {"number": shown, "on": case.on.isoformat()}
    try:
        number = parse_number(shown)
    except NotADocumentNumber:
        ways = (Way("correct-number-or-date", {"expected": "19/2019/QĐ-UBND"}),)
        yield from _document_fault(case, inputs, ("number_form",), ways, severity="warning")
        return
    faults = number_agrees(
        number, kind=_text(case, "doc_type"), issued=_day(case, "issue_date"),
        issuer=_text(case, "issuing_authority"),
    )  # fmt: skip
    if faults:
        ways = tuple(Way("correct-number-or-date", {"expected": each.expected}) for each in faults)
        codes = tuple(_AGREES[each.code] for each in faults)
        step = Step("number-compared", {"number": number.render()})
        yield from _document_fault(case, inputs, codes, ways, step)


def _document_fault(
    case: _Case,
    inputs: Values,
    codes: tuple[str, ...],
    ways: tuple[Way, ...],
    *steps: Step,
    severity: Severity = "error",
) -> tuple[Finding, ...]:
    """A fault of a document's record, by the rule that asks for it; none where the regulation asks for no documents."""
    category = case.submission.category
    own = case.rules.required.get(category, ())
    listed = (rule for rules in case.rules.required.values() for rule in rules if category in rule.params.fields)  # fmt: skip
    rule = next((rule for rule in (*own, *listed) if rule.span.holds(case.law)), None)
    if rule is None:
        return ()
    return not_met(rule, case.on, inputs, codes, ways, *steps, severity=severity).findings


def _dates_exist(case: _Case) -> Iterator[Finding]:
    """A record's dates are days of the calendar; 30/02 is none."""
    for name in ("issue_date", "effective_date"):
        shown = _text(case, name)
        if shown is not None and _day(case, name) is None:
            ways = (Way("write-real-date", {"field": name}),)
            yield from _document_fault(case, {name: shown[:40]}, (f"malformed_field:{name}",), ways)


def _dates_agree(case: _Case) -> Iterator[Finding]:
    issued, effective = _day(case, "issue_date"), _day(case, "effective_date")
    if issued is None or effective is None or effective >= issued:
        return
    dates: Values = {"issued": issued.isoformat(), "effective": effective.isoformat()}
    step = Step("dates-compared", dates)
    yield from _document_fault(
        case, dates, ("effective_before_issue",), (Way("correct-dates", {}),), step
    )


def _mail_is_official(case: _Case) -> Iterator[Finding]:
    category = case.submission.category
    if category not in _MAIL_CATEGORIES:
        return
    rows = [case.fields, *(row for value in case.fields.values() if isinstance(value, list | tuple)
                           for row in cast("Iterable[object]", value) if isinstance(row, Mapping))]  # fmt: skip
    mails = [cast("Mapping[str, object]", row) for row in rows]
    rules = (rule for rule in case.rules.required.get(category, ()) if rule.span.holds(case.law))
    rule = next(rules, None)
    if rule is not None and any(is_public_mail(row.get("email")) for row in mails):
        yield from official_mail(rule, mails, case.on).findings


def _recipients_named(case: _Case) -> Iterator[Finding]:
    given = case.fields.get("recipients")
    rows = cast("Iterable[object]", given if isinstance(given, list | tuple) else ())
    listed = tuple(line for row in rows if (line := str(row).strip()))
    category = case.submission.category
    for rule in case.rules.recipients:
        if _fires(case, rule):
            yield from recipient_named(rule, category, listed, case.on, case.text).findings


def _fonts_right(case: _Case) -> Iterator[Finding]:
    for rule in case.rules.encodings:
        if case.submission.files and rule.params.font and _fires(case, rule):
            yield from font(rule, case.submission.files, case.on).findings


def _language_served(case: _Case) -> Iterator[Finding]:
    for rule in case.rules.languages:
        if case.submission.language not in rule.params.languages and _fires(case, rule):
            yield from language(rule, case.submission.language, case.on).findings


def _grounds_looked_at(case: _Case) -> Iterator[Finding]:
    submission = case.submission
    matter = Matter(
        "article", case.folded, submission.links, case.reported, submission.similar_percent
    )
    decided = {judgement.ground: judgement for judgement in submission.judgements}
    said = case.folded.__contains__
    for rule, forms in case.rules.grounds:
        params: Ground = rule.params
        judgement = decided.get(params.ground)
        if judgement is None:
            hinted = params.signal != "none" or any(map(said, forms))
            if not hinted or not any(True for _ in suspicions(params, matter)):
                continue
        if _fires(case, rule):
            yield from ground(rule, matter, case.on, judgement).findings


_OF_THE_TEXT: tuple[Callable[[_Case], Iterator[Finding]], ...] = (
    _fields_given,
    _flags_honoured,
    _number_agrees,
    _dates_exist,
    _dates_agree,
)
_CHECKS: tuple[Callable[[_Case], Iterator[Finding]], ...] = (
    *_OF_THE_TEXT,
    _recipients_named,
    _mail_is_official,
    _fonts_right,
    _language_served,
    _grounds_looked_at,
)


def _overdue(due: Deadline | None, at: datetime) -> list[Finding]:
    if due is None or due.ends is None or aware(at, "at") < due.ends:
        return []
    severity, code = ("error", "overdue") if due.legal else ("warning", "overdue_default")
    return [Finding(code, severity, due.rule, due.explanation)]


def _route(case: _Case) -> Route | None:
    point = case.fields.get("point")
    named = point if isinstance(point, str) else None
    category = case.submission.category
    return _supplier(case.rules, category, named, case.folded, case.on, case.law)


def _supplier(  # noqa: PLR0913, PLR0917 - the item, the day, and the day of its law
    rules: _Index, category: str, point: str | None, folded: str, on: date, law: date
) -> Route | None:
    """Where no point is named, only what one agency alone might owe is anybody's."""
    owing = [
        route
        for rule in rules.suppliers
        if category in rule.params.categories and rule.span.holds(law)
        for route in (supplier(rule, category, point, folded, on),)
        if route.to is not None
    ]
    certain = point is not None or len({each.to for each in owing}) == 1
    return owing[0] if owing and certain else None


def _text(case: _Case, name: str) -> str | None:
    value = case.fields.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _day(case: _Case, name: str) -> date | None:
    value = case.fields.get(name)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _explain(
    case: _Case, findings: tuple[Finding, ...], due: Deadline | None, route: Route | None
) -> Explanation:
    inputs: Values = {
        "category": case.submission.category, "title": case.submission.title, "on": case.on.isoformat(),
        "facts": tuple(f"{name}={value}" for name, value in sorted(case.facts.items())),
    }  # fmt: skip
    parts = list(own_explanations(findings))
    parts += [due.explanation] if due and due.explanation not in parts else []
    parts += [route.explanation] if route else []
    asked = Step("rules-asked", {"rules": _asked(case), "grounds": len(case.rules.grounds)})
    failed = (Step("rule-checked", {"rule": each.rule, "result": "not_met"}) for each in findings)
    codes = tuple(finding.code for finding in findings if finding.severity == "error")
    if codes:
        name = "submission-late" if codes == ("overdue",) else "submission-not-accepted"
        outcome = Outcome("finding", name, {"codes": codes}, _nearest(findings))
    else:
        outcome = Outcome("allowed", "submission-accepted", {})
    return Explanation(
        profile_basis(case.profile), inputs, (asked, *failed), outcome, parts=tuple(parts)
    )


def _asked(case: _Case) -> tuple[str, ...]:
    """The rules that were put to the submission, met or not."""
    by_field = (rule for name in (case.submission.category, "article") for rule in case.rules.required.get(name, ()))  # fmt: skip
    rules = (*by_field, *case.rules.encodings, *case.rules.recipients, *case.rules.languages)
    return tuple(rule.id for rule in rules if _fires(case, rule))


def _nearest(findings: Iterable[Finding]) -> tuple[Way, ...]:
    ways: list[Way] = []
    for finding in findings:
        if finding.severity == "error":
            ways += [way for way in finding.explanation.outcome.nearest if way not in ways]
    return tuple(ways) or (Way("publish-now", {}),)
