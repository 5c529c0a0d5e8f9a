"""How a refusal is told: rule, article, words, what is missing and the nearest way, in both languages."""

from authority.asked import Decision
from authority.words import say
from common.errors import Forbidden, Said, Unavailable
from rulebook.telling import told_fully, told_shortly

RETRY_SECONDS = 2


def refusal(decision: Decision) -> Forbidden:
    """403 with the rule's place and words, who may do it, and the whole explanation."""
    explanation = decision.explanation
    detail = Said(told_shortly(explanation, "vi"), told_shortly(explanation))
    return Forbidden("not-authorised", detail, extra=told_fully(explanation))


def unknown_person(decision: Decision) -> Forbidden:
    """403 for a sign-in that belongs to nobody in the directory today."""
    extra = told_fully(decision.explanation)
    return Forbidden("person-unknown", say("person-unknown"), extra=extra)


def other_site(site: str) -> Forbidden:
    """403 for a token that was given for one site, anywhere else."""
    return Forbidden("other-site", say("other-site", site=site), extra={"site": site})


def site_not_open(site: str, successor: str | None) -> Forbidden:
    """403 for a site that is not open on that day; its successor is the nearest way."""
    if not successor:
        return Forbidden("site-not-open", say("site-not-open"), extra={"site": site})
    extra = {"site": site, "successor": successor}
    return Forbidden("site-not-open", say("site-succeeded", successor=successor), extra=extra)


def not_ready() -> Unavailable:
    return Unavailable("authority-not-ready", say("authority-not-ready"), retry_after=RETRY_SECONDS)


def behind() -> Unavailable:
    """503: a no, or a yes that may have been taken back, cannot be said from old news."""
    return Unavailable("directory-behind", say("directory-behind"), retry_after=RETRY_SECONDS)
