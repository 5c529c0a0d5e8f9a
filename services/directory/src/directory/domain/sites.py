"""What may be decided about sites: opening, changing and closing them; pure."""

from dataclasses import dataclass
from datetime import date

from common.errors import FieldProblem, NotFound, Refused, Said, Unprocessable
from common.log.streams import StreamKind
from contracts.events.directory import (
    SiteChangedV1,
    SiteClosedV1,
    SiteInheritedV1,
    SiteOpenedV1,
)
from directory.domain.checks import (
    bad_field,
    check_days,
    check_host,
    check_not_behind,
    check_overlap,
    check_text,
)
from directory.domain.words import SITE_KINDS, coded, say, word
from rulebook.dated import Spell
from rulebook.explanation import plain
from rulebook.house import INSTALLATION
from rulebook.profiles.model import Profile
from rulebook.rules.domains import NamedDomain, domain_name
from rulebook.sentences import citation_text
from rulebook.site import LEVELS, NO_SITE, Site, SiteFact, evolve, new_values

SITES = StreamKind("directory/site", NO_SITE, evolve, revision="1")


def open_site(site: Site, fact: SiteOpenedV1, parent: Site | None) -> tuple[SiteFact, ...]:
    """A new site; raises Refused for an id in use, Unprocessable for what does not fit together."""
    if site.known or fact.site == INSTALLATION:
        raise Refused("site-exists", say("site-exists"))
    check_days(fact.valid_from, fact.valid_to)
    check_text("/name_vi", fact.name_vi)
    check_text("/name_en", fact.name_en)
    if parent is not None:
        check_parent(fact.kind, parent, fact.valid_from, fact.valid_to, "/parent")
    return (fact,)


def change(site: Site, fact: SiteChangedV1, parent: Site | None, today: date) -> tuple[SiteFact, ...]:  # fmt: skip
    """New values from a day on; nothing when the site says so already."""
    check_known(site)
    check_days(fact.valid_from, fact.valid_to)
    values = new_values(fact)
    _check_within(site, fact)
    if not values and not fact.cleared:
        raise bad_field("/changes", "min-properties", say("nothing-to-change"))
    if "profile" in values:
        check_not_behind(fact.valid_from, today, "/valid_from", "profile")
    check_text("/changes/name_vi", fact.changes.name_vi)
    check_text("/changes/name_en", fact.changes.name_en)
    if parent is not None:
        until = fact.valid_to or site.days.valid_to
        check_parent(site.kind, parent, fact.valid_from, until, "/changes/parent")
    if _says_so_already(site, fact):
        return ()
    spell = Spell(fact.valid_from, fact.valid_to, values, fact.cleared)
    check_overlap(site.days.spells, spell)
    return (fact,)


def _check_within(site: Site, fact: SiteChangedV1) -> None:
    if not site.exists_on(fact.valid_from):
        raise Refused("outside-its-days", say("outside-its-days", day=fact.valid_from))


def _says_so_already(site: Site, fact: SiteChangedV1) -> bool:
    now = site.as_of(fact.valid_from) or {}
    later = any(spell.valid_from > fact.valid_from for spell in site.days.spells)
    same = all(now.get(name) == value for name, value in new_values(fact).items())
    return same and not later and not any(name in now for name in fact.cleared)


def close(
    site: Site, fact: SiteClosedV1, successor: Site | None, used: date | None, today: date
) -> tuple[tuple[SiteFact, ...], tuple[SiteFact, ...]]:
    """It exists no more from a day on: what its own stream says, and what its successor's does.

    successor  the site that takes over. It must outlive the day, and what it inherits is kept in its
               own stream: along a path of successors the ends grow, so that no circle can come about
    used       the last day on which a position there is held, as far as known (None: no position)
    """
    check_known(site)
    closing = site.closing
    if closing and (closing.on, closing.successor) == (fact.closes_on, fact.successor):
        return (), ()
    if closing is not None:
        raise Refused("already-closed", say("already-closed", day=closing.on))
    _check_last_day(site, fact.closes_on)
    if used is not None and used >= fact.closes_on:
        check_not_behind(fact.closes_on, today, "/closes_on", "site")
    if successor is None:
        return (fact,), ()
    _check_successor(site, successor, fact.closes_on)
    inherited = SiteInheritedV1.model_validate(
        {
            "site": successor.id,
            "predecessor": site.id,
            "inherits_on": fact.closes_on,
            "document": fact.document.model_dump(),
        }
    )
    return (fact,), (inherited,)


def _check_last_day(site: Site, day: date) -> None:
    if day <= site.days.valid_from:
        raise bad_field("/closes_on", "after-begin", say("ends-before-it-begins"))
    if site.days.valid_to is not None and day > site.days.valid_to:
        detail = say("not-longer", day=site.days.valid_to)
        raise bad_field("/closes_on", "not-longer", detail)
    for predecessor, since in site.inherits:
        if since >= day:
            raise Refused(
                "inherits-later",
                say("site-inherits-later", day=since, predecessor=predecessor),
            )


def _check_successor(site: Site, successor: Site, day: date) -> None:
    if successor.id == site.id:
        raise bad_field("/successor", "not-itself", say("site-succeeds-itself"))
    if not successor.exists_on(day):
        detail = say("site-not-there", site=successor.id, day=day)
        raise bad_field("/successor", "exists", detail)


def check_known(site: Site) -> None:
    """Raises NotFound."""
    if not site.known:
        raise NotFound("site-unknown", say("site-unknown"))


def check_parent(kind: str, parent: Site, valid_from: date, valid_to: date | None, pointer: str) -> None:  # fmt: skip
    """A parent stands higher and outlives its child; so no circle, and no link into nothing."""
    if not parent.known or not parent.exists_on(valid_from):
        detail = say("parent-not-there", day=valid_from)
        raise bad_field(pointer, "exists", detail)
    if parent.level >= LEVELS[kind]:
        higher = sorted(each for each, level in LEVELS.items() if level < LEVELS[kind])
        named = word(SITE_KINDS, kind)
        detail = (
            say("parent-not-higher", kind=named, higher=coded(SITE_KINDS, higher))
            if higher
            else say("no-parent-above", kind=named)
        )
        raise bad_field(pointer, "stands-higher", detail)
    if not parent.days.covers(valid_from, valid_to):
        detail = say("parent-ends", day=parent.days.valid_to)
        raise bad_field(pointer, "outlives-its-child", detail)


@dataclass(frozen=True, slots=True)
class Host:
    """A domain name as the rules see it: of which kind of site, of the agency `name`, on a day."""

    host: str
    kind: str
    name: str
    on: date


def check_domain(profile: Profile, host: Host, pointer: str) -> None:
    """Raises Unprocessable with the rule, its words and the name it would give (HN Đ4, BD Đ4).

    Where the profile has no rule for the kind of site, any proper host name of our alphabet stands.
    """
    check_host(pointer, host.host)
    named = proposal(profile, host)
    if named is None:
        return
    errors = [finding for finding in named.findings if finding.severity == "error"]
    if not errors:
        return
    citation = named.explanation.basis.citation
    place = Said(citation_text(citation), citation_text(citation, "en"))
    detail = (
        say("host-proposed", place=place, proposed=named.proposed)
        if named.proposed
        else say("host-against-the-rule", place=place)
    )
    raise Unprocessable(
        "domain-against-the-rule",
        detail,
        errors=[FieldProblem(pointer, errors[0].code, detail)],
        extra={"explanation": plain(named.explanation), "proposed": named.proposed},
    )


def proposal(profile: Profile, host: Host) -> NamedDomain | None:
    """What the profile's rule says of a host; None where it has no rule for the kind of site."""
    try:
        return domain_name(profile, host.kind, host.host, host.name, host.on)
    except LookupError:
        return None
