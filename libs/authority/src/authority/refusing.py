"""How a refusal is told: rule, article, words, what is missing and the nearest way, in both languages."""

from authority.asked import Decision
from common.errors import Forbidden, Unavailable
from rulebook.telling import told_fully, told_shortly

RETRY_SECONDS = 2


def refusal(decision: Decision) -> Forbidden:
    """403 with the rule's place and words, who may do it, and the whole explanation."""
    explanation = decision.explanation
    return Forbidden("not-authorised", told_shortly(explanation), extra=told_fully(explanation))


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
