"""The acts of keeping the directory as data: where each is sent, what it asks for, what shows what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["line", "long", "day", "id", "choice", "several", "lines", "numbers", "days"]
"""`days` are rows of a day, what it is, and its name."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in.

    into     its place in the body: dots lead into objects
    options  the name of a list in `routes.keeping`, for a choice
    initial  what stands there before anything is typed
    """

    name: str
    into: str
    kind: Kind = "line"
    needed: bool = True
    options: str = ""
    initial: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """path, shows: where it is sent and what is shown afterwards; `{of}`, `{item}` and fields fill them in.

    copies  fields of the body that say the same as a field of the form
    lists   fields of the body that hold many, of which the form asks one
    effect  where the days stand that the act would change: they are seen first
    """

    path: str
    shows: str
    fields: tuple[Field, ...]
    copies: Mapping[str, str] = field(default_factory=dict[str, str])
    lists: tuple[str, ...] = ()
    effect: str = ""


NUMBER = Field("number", "document.number")
NUMBER_IF_ANY = Field("number", "document.number", needed=False)
REASON = Field("reason", "reason", "long", needed=False)
FROM = Field("valid_from", "valid_from", "day")
NAME_EN = Field("name_en", "name_en", needed=False)
SITE = Field("site", "site", "choice", options="sites")
DECIDED_BY = Field("decided_by", "decided_by", "id", needed=False)
LANGUAGES = Field("languages", "languages", "several", options="languages", initial="vi")

A_SIGN_IN = (Field("issuer", "issuer", "id"), Field("subject", "subject", "id"), REASON)

ACTS: Mapping[str, Act] = {
    "agency-new": Act(
        "agencies",
        "/agencies/{agency_id}",
        (
            Field("agency_id", "agency_id", "id"),
            SITE,
            Field("name_vi", "name_vi"),
            NAME_EN,
            Field("kind", "kind", "choice", options="agency_kinds"),
            Field("parent_agency", "parent", "id", needed=False),
            Field("competence", "competence_keywords", "lines", needed=False),
            Field("domain", "domain", "id", needed=False),
            Field("identifier_code", "identifier_code", "id", needed=False),
            FROM,
        ),
        copies={"jurisdiction": "site"},
    ),
    "agency-change": Act(
        "agencies/{of}/changes",
        "/agencies/{of}",
        (
            FROM,
            Field("name_vi", "changes.name_vi", needed=False),
            Field("parent_agency", "changes.parent", "id", needed=False),
            Field("competence", "changes.competence_keywords", "lines", needed=False),
            Field("domain", "changes.domain", "id", needed=False),
            NUMBER_IF_ANY,
            REASON,
        ),
    ),
    "agency-end": Act(
        "agencies/{of}/end",
        "/agencies/{of}",
        (Field("ends_on", "ends_on", "day"), NUMBER_IF_ANY, REASON),
    ),
    "succession": Act(
        "successions",
        "/agencies/{of}",
        (
            Field("succession_kind", "kind", "choice", options="succession_kinds"),
            Field("predecessors", "predecessors", "lines"),
            Field("successors", "successors", "lines", needed=False),
            Field("effective_on", "effective_on", "day"),
            NUMBER_IF_ANY,
            Field("note", "note", "long", needed=False),
        ),
    ),
    "site-new": Act(
        "sites",
        "/sites/{site_id}",
        (
            Field("site_id", "site", "id"),
            Field("agency", "agency", "id"),
            Field("site_kind", "kind", "choice", options="site_kinds"),
            Field("profile", "profile", "choice", options="profiles"),
            Field("name_vi", "name_vi"),
            NAME_EN,
            Field("domain", "domain", "id", needed=False),
            Field("parent_site", "parent", "choice", needed=False, options="sites"),
            LANGUAGES,
            FROM,
            NUMBER,
        ),
    ),
    "site-change": Act(
        "sites/{of}/changes",
        "/sites/{of}",
        (
            FROM,
            Field("name_vi", "changes.name_vi", needed=False),
            Field("domain", "changes.domain", "id", needed=False),
            Field("parent_site", "changes.parent", "choice", needed=False, options="sites"),
            NUMBER,
            REASON,
            DECIDED_BY,
        ),
    ),
    "site-close": Act(
        "sites/{of}/closing",
        "/sites/{of}",
        (
            Field("closes_on", "closes_on", "day"),
            Field("successor", "successor", "choice", needed=False, options="sites"),
            NUMBER,
            REASON,
        ),
    ),
    "person-new": Act(
        "people",
        "/people/{person_id}",
        (
            Field("person_id", "person_id", "id"),
            SITE,
            Field("full_name", "full_name"),
            Field("agency", "agency", "id", needed=False),
            Field("unit", "unit", needed=False),
            Field("email", "email", needed=False),
            FROM,
            NUMBER_IF_ANY,
        ),
    ),
    "person-change": Act(
        "people/{of}/changes",
        "/people/{of}",
        (
            FROM,
            Field("full_name", "changes.full_name", needed=False),
            Field("agency", "changes.agency", "id", needed=False),
            Field("unit", "changes.unit", needed=False),
            Field("email", "changes.email", needed=False),
            Field("phone", "changes.phone", needed=False),
            Field("cleared", "cleared", "several", needed=False, options="duty_data"),
            NUMBER_IF_ANY,
            REASON,
        ),
    ),
    "identity-link": Act(
        "people/{of}/identities",
        "/people/{of}",
        A_SIGN_IN,
    ),
    "identity-unlink": Act(
        "people/{of}/identities/unlinking",
        "/people/{of}",
        A_SIGN_IN,
    ),
    "position-give": Act(
        "people/{of}/positions",
        "/people/{of}",
        (
            Field("site", "site", "choice", options="places"),
            Field("role", "role", "choice", options="roles"),
            Field("board", "board", "id", needed=False),
            Field("agency", "agency", "id", needed=False),
            FROM,
            Field("valid_to", "valid_to", "day", needed=False),
            NUMBER,
            REASON,
            DECIDED_BY,
        ),
    ),
    "position-change": Act(
        "people/{of}/positions/{item}/changes",
        "/people/{of}",
        (
            FROM,
            Field("sections", "changes.sections", "lines", needed=False),
            Field("board", "changes.board", "id", needed=False),
            Field("agency", "changes.agency", "id", needed=False),
            NUMBER,
            REASON,
            DECIDED_BY,
        ),
    ),
    "position-end": Act(
        "people/{of}/positions/{item}/end",
        "/people/{of}",
        (Field("ends_on", "ends_on", "day"), NUMBER, REASON, DECIDED_BY),
    ),
    "board-new": Act(
        "boards",
        "/boards/{board_id}",
        (Field("board_id", "board_id", "id"), SITE, Field("name_vi", "name_vi"), FROM, NUMBER, DECIDED_BY),
    ),
    "board-change": Act(
        "boards/{of}/changes",
        "/boards/{of}",
        (
            FROM,
            Field("name_vi", "changes.name_vi", needed=False),
            Field("name_en", "changes.name_en", needed=False),
            NUMBER,
            REASON,
        ),
    ),
    "board-dissolve": Act(
        "boards/{of}/dissolution",
        "/boards/{of}",
        (Field("dissolves_on", "dissolves_on", "day"), NUMBER, REASON, DECIDED_BY),
    ),
    "notice-new": Act(
        "calendars/{of}/notices",
        "/calendars",
        (
            Field("notice_id", "notice_id", "id"),
            Field("notice_number", "number"),
            Field("issued_on", "issued_on", "day"),
            Field("notice_source", "source"),
            Field("settles_from", "settles.start", "day"),
            Field("settles_to", "settles.end", "day"),
            Field("days", "days", "days", options="day_kinds"),
            Field("years", "years", "numbers", needed=False),
            Field("notice_status", "status", "choice", options="notice_statuses", initial="draft"),
        ),
        lists=("settles",),
    ),
    "notice-in-force": Act(
        "calendars/{of}/notices/{item}/in-force",
        "/calendars",
        (Field("final_number", "number", needed=False),),
        effect="calendars/{of}/notices/{item}/effect",
    ),
    "notice-withdraw": Act(
        "calendars/{of}/notices/{item}/withdrawal",
        "/calendars",
        (Field("withdrawal_reason", "reason"), NUMBER_IF_ANY),
    ),
    "closure-new": Act(
        "closures",
        "/calendars?place={place}",
        (
            Field("place", "place", "choice", options="sites"),
            Field("closure_id", "closure_id", "id"),
            Field("start", "start", "day"),
            Field("end", "end", "day"),
            Field("closure_reason", "reason"),
            Field("source", "source"),
            NUMBER_IF_ANY,
        ),
    ),
    "closure-cancel": Act(
        "closures/{of}/{item}/cancellation",
        "/calendars?place={of}",
        (Field("works_from", "works_from", "day"), Field("closure_reason", "reason"), NUMBER_IF_ANY),
    ),
}  # fmt: skip
"""Delegations are given in one's own name, by a form of their own: `routes.delegations`."""
