"""How a refusal is told: rule, article, words, what is missing and the nearest way, in both languages."""

from collections.abc import Mapping
from typing import Any

from authority.asked import Decision
from common.errors import Forbidden, Unavailable
from rulebook.explanation import Explanation, plain
from rulebook.sentences import citation_text, sentences, told

RETRY_SECONDS = 2


def refusal(decision: Decision) -> Forbidden:
    """403 with the rule's place and words, who may do it, and the whole explanation."""
    explanation = decision.explanation
    return Forbidden("not-authorised", _detail(explanation), extra=told_fully(explanation))


def unknown_person(decision: Decision) -> Forbidden:
    """403 for a sign-in that belongs to nobody in the directory today."""
    detail = (
        "This sign-in belongs to nobody in the directory today. Ask the administrator of your site "
        "to link it to your entry."
    )
    return Forbidden("person-unknown", detail, extra=told_fully(decision.explanation))


def site_not_open(site: str, successor: str | None) -> Forbidden:
    """403 for a site that is not open on that day; its successor is the nearest way."""
    way = f" Its work goes on at {successor}." if successor else ""
    extra = {"site": site} | ({"successor": successor} if successor else {})
    return Forbidden("site-not-open", f"The site is not open on this day.{way}", extra=extra)


def not_ready() -> Unavailable:
    return Unavailable(
        "authority-not-ready",
        "Who may do what is not loaded here yet. Try again.",
        retry_after=RETRY_SECONDS,
    )


def behind() -> Unavailable:
    """503: a no, or a yes that may have been taken back, cannot be said from old news."""
    return Unavailable(
        "directory-behind",
        "This service has not heard the latest of the directory, so it cannot say whether you may "
        "do this. Try again.",
        retry_after=RETRY_SECONDS,
    )


def told_fully(explanation: Explanation) -> Mapping[str, Any]:
    """The members that a refusal adds to its problem document."""
    basis = explanation.basis
    return {
        "rule": basis.rule,
        "article": {"vi": citation_text(basis.citation), "en": citation_text(basis.citation, "en")},
        "quote": basis.quote,
        "nearest": [{"code": w.code, **_values(w.values)} for w in explanation.outcome.nearest],
        "sentences": {"vi": list(sentences(explanation)), "en": list(sentences(explanation, "en"))},
        "explanation": plain(explanation),
    }


def _detail(explanation: Explanation) -> str:
    """What is refused, why, by which article, and the nearest way."""
    outcome = explanation.outcome
    said = [told(outcome.name, outcome.values, "en")]
    said += [told(step.name, step.values, "en") for step in explanation.steps]
    said.append(f"{citation_text(explanation.basis.citation, 'en')} ({explanation.basis.rule}).")
    said += [told(way.code, way.values, "en") for way in outcome.nearest]
    return " ".join(said)


def _values(values: Mapping[str, object]) -> dict[str, Any]:
    found: Any = plain(values)
    return found
