"""What the site's regulation finds in a draft, in the words of the contract."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from common.errors import FieldProblem, Said, Unprocessable, spoken
from intake.domain.content import plain
from intake.domain.draft import Draft
from intake.domain.words import say
from rulebook.calendar import Calendar
from rulebook.deadlines import Deadline
from rulebook.profiles.model import Profile
from rulebook.rules.formats import Attached
from rulebook.rules.results import Finding
from rulebook.rules.routes import Route
from rulebook.sentences import Language, citation_text
from rulebook.submissions import Event, Submission, SubmissionCheck, check_submission
from rulebook.telling import field_of, finding_told, lines_told, place_told
from rulebook.text import inspect_bytes, inspect_text

LANGUAGES: tuple[Language, Language] = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Law:
    """What findings are computed with: the profile, the calendar, the hosts people reported."""

    profile: Profile
    calendar: Calendar
    reported_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft with its text as read and repaired, and what the rules say of it."""

    draft: Draft
    check: SubmissionCheck
    law: Law

    @property
    def findings(self) -> list[dict[str, Any]]:
        """As the contract's `findings`, errors first."""
        found = sorted(self.check.findings, key=lambda each: each.severity != "error")
        return [finding_told(each) for each in found]

    @property
    def due(self) -> dict[str, Any] | None:
        """As the contract's `due`; None where the regulation sets no clock."""
        return due_data(self.check.due) if self.check.due else None

    @property
    def route(self) -> dict[str, Any] | None:
        """As the contract's `route`; None where the regulation names nobody."""
        return route_data(self.check.route) if self.check.route else None

    @property
    def deadline_days(self) -> int | None:
        """The number of the rule's limit, for people who know the rule by it."""
        if self.check.due is None:
            return None
        limit = getattr(self.law.profile.rule(self.check.due.rule).params, "limit", None)
        return None if limit is None else int(limit.n)

    @property
    def encoding_errors(self) -> tuple[Finding, ...]:
        """Findings for which the text itself cannot be taken, whatever the board would say."""
        return tuple(each for each in self.check.findings if each.code.startswith("encoding:"))


def check(draft: Draft, law: Law, at: datetime, kind_of_site: str | None = None) -> Checked:
    """Read, repair and check; a text in a wrong character set stays in the findings as an error."""
    result = check_submission(
        law.profile, _submission(draft, kind_of_site), at, law.calendar, law.reported_hosts
    )
    return Checked(_repaired(draft), result, law)


def check_encoding(checked: Checked) -> None:
    """Raises Unprocessable for a text in a wrong character set, with the repaired text as a proposal."""
    wrong = checked.encoding_errors
    if not wrong:
        return
    field = "/body_base64" if checked.draft.raw is not None else "/body"
    found = [finding_told(each) for each in wrong]
    said = [Said(each["sentence"], each["sentence_en"]) for each in found]
    errors = [FieldProblem(field, each.rule, one) for each, one in zip(wrong, said, strict=True)]
    vietnamese, english = (
        " ".join(spoken(one, language) for one in said) for language in LANGUAGES
    )
    raise Unprocessable(
        "encoding-wrong",
        Said(
            spoken(say("encoding-wrong", found=vietnamese), "vi"),
            spoken(say("encoding-wrong", found=english), "en"),
        ),
        errors=errors,
        extra={
            "findings": found,
            "proposal": checked.check.text[:20_000],
        },
    )


def pointer_of(code: str) -> str:
    """Where in a request that field stands."""
    field = field_of(code)
    if field is None:
        return "/"
    own = field in {"author", "source", "body", "title", "summary"}
    return f"/{field}" if own else f"/fields/{field}"


def due_data(due: Deadline) -> dict[str, Any]:
    """As the contract's `due`."""
    data = {
        "last_day": due.due.isoformat() if due.due else None,
        "at": due.ends.isoformat() if due.ends else None,
        "near": [moment.isoformat() for moment in due.warns],
        "legal": due.legal,
        **place_told(due.explanation.basis, due.rule),
        "sentence": lines_told(due.explanation, "vi"),
        "sentence_en": lines_told(due.explanation, "en"),
    }
    return {name: value for name, value in data.items() if value is not None}


def route_data(route: Route) -> dict[str, Any]:
    """As the contract's `route`."""
    basis = route.explanation.basis
    to = route.explanation.outcome.values.get("to")
    data = {
        "agency": route.to,
        "to": to,
        "rule": basis.rule,
        "article": citation_text(basis.citation),
        "article_en": citation_text(basis.citation, "en"),
    }
    return {name: value for name, value in data.items() if value is not None}


def _submission(draft: Draft, kind_of_site: str | None) -> Submission:
    facts = {"channel": draft.channel}
    if kind_of_site is not None:
        facts["site_kind"] = kind_of_site
    return Submission(
        category=draft.category,
        title=draft.title,
        body=None if draft.raw is not None else plain(draft.body),
        raw=draft.raw,
        author=draft.author,
        source=draft.source.name if draft.source else None,
        language=draft.language,
        fields=draft.fields,
        flags=draft.flags,
        files=tuple(Attached(each.name, each.font, each.font_size) for each in draft.attachments),
        links=draft.links,
        event=_event(draft),
        agency_role=draft.agency_role,
        facts=facts,
        similar_percent=round(draft.similarity * 100),
    )


def _event(draft: Draft) -> Event | None:
    if draft.event_type is None or draft.event_date is None:
        return None
    return Event(draft.event_type, draft.event_date)


def _repaired(draft: Draft) -> Draft:
    """Text in the form in which it is kept: composed letters, no invisible ones (AMB-27)."""
    body = inspect_bytes(draft.raw).repaired if draft.raw is not None else _sound(draft.body)
    source = draft.source
    return replace(
        draft,
        title=" ".join(_sound(draft.title).split()),
        body=body,
        summary=_maybe(draft.summary),
        author=_maybe(draft.author),
        source=replace(source, name=_sound(source.name)) if source else None,
        fields={name: _sounded(value) for name, value in draft.fields.items()},
    )


def _sound(text: str) -> str:
    return inspect_text(text).repaired


def _maybe(text: str | None) -> str | None:
    return _sound(text).strip() or None if text else None


def _sounded(value: Any) -> Any:
    if isinstance(value, str):
        return _sound(value)
    if isinstance(value, list):
        return [_sounded(each) for each in value]
    if isinstance(value, dict):
        return {name: _sounded(each) for name, each in value.items()}
    return value
