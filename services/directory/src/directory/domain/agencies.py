"""What may be decided about agencies: pure."""

from collections.abc import Sequence
from datetime import date

from common.errors import NotFound, Refused
from common.log.streams import StreamKind
from contracts.events.directory import (
    AgencyChangedV1,
    AgencyChangedV1Changes,
    AgencyEndedV1,
    AgencyRegisteredV1,
    AgencySucceededV1,
    HierarchyMovedV1,
)
from directory.domain.checks import bad_field, check_days, check_host, check_overlap, check_text
from directory.domain.words import SUCCESSIONS, say, word
from rulebook.agency import (
    NOBODY,
    Agency,
    AgencyFact,
    changed_values,
    evolve,
)
from rulebook.dated import Spell

AGENCIES = StreamKind("directory/agency", NOBODY, evolve, revision="1")
Link = tuple[str, date, date]
"""A parent, and the days [first, end) of the link."""


def _count(links: int, _: HierarchyMovedV1) -> int:
    return links + 1


HIERARCHY = StreamKind("directory/hierarchy", 0, _count, revision="1")
"""Changes of parents stand in one stream, so that of two that would close a circle one is decided anew."""


def register(agency: Agency, fact: AgencyRegisteredV1) -> tuple[AgencyFact, ...]:
    """A new agency; raises Refused when the id is in use, Unprocessable for empty validity."""
    if agency.known:
        raise Refused("agency-exists", say("agency-exists"))
    check_days(fact.valid_from, fact.valid_to)
    _check_words(fact, "")
    if fact.parent == fact.agency_id:
        raise bad_field("/parent", "parent", say("agency-own-parent"))
    return (fact,)


def change(agency: Agency, fact: AgencyChangedV1) -> tuple[AgencyFact, ...]:
    """New values from a day on; nothing when the agency says so already."""
    _check_known(agency)
    check_days(fact.valid_from, fact.valid_to)
    if not agency.exists_on(fact.valid_from):
        raise Refused("outside-its-days", say("outside-its-days", day=fact.valid_from))
    _check_words(fact.changes, "/changes")
    values = changed_values(fact)
    if not values and not fact.cleared:
        raise bad_field("/changes", "min-properties", say("nothing-to-change"))
    now = agency.as_of(fact.valid_from) or {}
    later = any(spell.valid_from > fact.valid_from for spell in agency.spells)
    same = all(now.get(name) == value for name, value in values.items())
    if same and not later and not any(name in now for name in fact.cleared):
        return ()
    check_overlap(agency.spells, Spell(fact.valid_from, fact.valid_to, values, tuple(fact.cleared)))
    return (fact,)


def end(agency: Agency, fact: AgencyEndedV1) -> tuple[AgencyFact, ...]:
    """It exists no more from a day on; nothing when that day is known already."""
    _check_known(agency)
    if agency.valid_to == fact.ends_on:
        return ()
    if agency.valid_to is not None:
        raise Refused("already-ended", say("already-ended", day=agency.valid_to))
    if fact.ends_on <= agency.valid_from:
        raise bad_field("/ends_on", "after-begin", say("ends-before-it-begins"))
    _check_heir(agency, fact.ends_on)
    return (fact,)


def succeed(
    fact: AgencySucceededV1, predecessors: Sequence[Agency], successors: Sequence[Agency]
) -> tuple[tuple[AgencyFact, ...], ...]:
    """What a succession says in each stream, predecessors first.

    An open predecessor ends on the effective day. Every successor must outlive that day: along a
    path of successions the ends grow, so that no circle can come about, whoever decides at once.
    """
    _check_shape(fact)
    for agency in (*predecessors, *successors):
        _check_known(agency)
    for agency in successors:
        if agency.valid_to is not None and agency.valid_to <= fact.effective_on:
            raise Refused(
                "successor-ends-first",
                say("successor-ends-first", agency=agency.id, day=agency.valid_to),
            )
    handed = tuple(_hand_over(agency, fact) for agency in predecessors)
    return (*handed, *((fact,) for _ in successors))


def _check_words(told: AgencyRegisteredV1 | AgencyChangedV1Changes, before: str) -> None:
    """Names are sound text and domain names of our alphabet, as everywhere in the directory."""
    for name in ("name_vi", "name_en", "abbreviation"):
        check_text(f"{before}/{name}", getattr(told, name))
    for place, keyword in enumerate(told.competence_keywords or ()):
        check_text(f"{before}/competence_keywords/{place}", keyword)
    check_host(f"{before}/domain", told.domain)


def parents_between(agency: Agency, first: date, end: date) -> list[Link]:
    """Its parents on the days [first, end), cut where they change."""
    cuts = {first, agency.valid_from}
    for spell in agency.spells:
        cuts |= {spell.valid_from, spell.valid_to or spell.valid_from}
    days = sorted(day for day in cuts if first <= day < end and agency.exists_on(day))
    until = [*days[1:], min(end, agency.valid_to or date.max)]
    return [
        (parent, day, stop)
        for day, stop in zip(days, until, strict=False)
        if (parent := (agency.as_of(day) or {}).get("parent")) is not None
    ]


def moved(fact: AgencyChangedV1) -> tuple[HierarchyMovedV1, ...]:
    """What a change says in the hierarchy's stream: nothing unless it names a parent."""
    if fact.changes.parent is None:
        return ()
    values = {
        "hierarchy": "agencies",
        "child": fact.agency_id,
        "parent": fact.changes.parent,
        "valid_from": fact.valid_from,
        "valid_to": fact.valid_to,
    }
    return (HierarchyMovedV1.model_validate(values),)


def _hand_over(agency: Agency, fact: AgencySucceededV1) -> tuple[AgencyFact, ...]:
    if agency.followed is not None:
        raise Refused("already-succeeded", say("already-succeeded", id=agency.id))
    if agency.valid_to is not None and agency.valid_to != fact.effective_on:
        raise Refused(
            "ends-on-another-day",
            say("ends-on-another-day", agency=agency.id, day=agency.valid_to),
        )
    if fact.effective_on <= agency.valid_from:
        raise Refused(
            "not-yet-there", say("not-yet-there", agency=agency.id, day=agency.valid_from)
        )
    if agency.valid_to is not None:
        return (fact,)
    _check_heir(agency, fact.effective_on)
    ended = AgencyEndedV1.model_validate(
        {
            "agency_id": agency.id,
            "site": agency.site,
            "ends_on": fact.effective_on,
            "document": fact.document.model_dump() if fact.document else None,
        }
    )
    return (ended, fact)


def _check_heir(agency: Agency, ends_on: date) -> None:
    """Whoever takes over on a day must be there that day."""
    for handed in agency.successions:
        if agency.id in handed.successors and handed.effective_on >= ends_on:
            raise Refused(
                "inherits-later",
                say(
                    "agency-inherits-later",
                    day=handed.effective_on,
                    predecessors=", ".join(handed.predecessors),
                ),
            )


_SHAPES = {"merge": (1, 1), "split": (1, 2), "rename": (1, 1), "abolition": (1, 0)}


def _check_shape(fact: AgencySucceededV1) -> None:
    fewest_before, fewest_after = _SHAPES[fact.kind]
    before, after = len(fact.predecessors), len(fact.successors)
    kind = word(SUCCESSIONS, fact.kind)
    if set(fact.predecessors) & set(fact.successors):
        raise bad_field("/successors", "disjoint", say("succeeds-itself"))
    if len({*fact.predecessors, *fact.successors}) != before + after:
        raise bad_field("/predecessors", "unique", say("named-twice"))
    if before < fewest_before or after < fewest_after:
        raise bad_field("/successors", "count", say("too-few", kind=kind))
    if fact.kind in ("split", "rename") and before != 1:
        raise bad_field("/predecessors", "count", say("begins-with-one", kind=kind))
    if fact.kind in ("merge", "rename") and after != 1:
        raise bad_field("/successors", "count", say("ends-in-one", kind=kind))


def _check_known(agency: Agency) -> None:
    if not agency.known:
        raise NotFound("agency-unknown", say("agency-unknown"))
