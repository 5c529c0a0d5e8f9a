"""What may be decided about delegations: never wider or longer than their giver's own power; pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import product

from common.errors import FieldProblem, NotFound, Refused, Said
from common.log.streams import StreamKind
from contracts.events.directory import DelegationGivenV1, DelegationRevokedV1
from directory.domain.checks import bad_field, check_days
from directory.domain.words import say, term
from rulebook.authority import Act, Authority, Delegation, Powers, permissions, prove
from rulebook.delegated import NOTHING_GIVEN, DelegationFact, Entrusted, evolve
from rulebook.explanation import LOCAL, plain
from rulebook.person import Person
from rulebook.profiles.loader import Library
from rulebook.profiles.model import Profile, Span
from rulebook.profiles.params import PermissionAct
from rulebook.sentences import citation_text
from rulebook.site import Site

DELEGATIONS = StreamKind("directory/delegation", NOTHING_GIVEN, evolve, revision="1")
_NOON = time(12, tzinfo=LOCAL)


@dataclass(frozen=True, slots=True)
class Parties:
    """Who and what a delegation speaks of.

    received  delegations in force that the giver holds from others: they count where a rule allows a chain
    givers    the people who gave those
    """

    giver: Person
    receiver: Person
    sites: Mapping[str, Site]
    profiles: Library
    received: tuple[Delegation, ...] = ()
    givers: tuple[Person, ...] = ()


def give(
    delegation: Entrusted, fact: DelegationGivenV1, parties: Parties, today: date
) -> tuple[DelegationFact, ...]:
    """A delegation in writing; raises Refused with the rule where the giver's own power ends."""
    if delegation.known:
        raise Refused("delegation-exists", say("delegation-exists"))
    check_days(fact.valid_from, fact.valid_to)
    if fact.giver == fact.receiver:
        raise bad_field("/receiver", "not-oneself", say("to-oneself"))
    for pointer, person in (("/giver", parties.giver), ("/receiver", parties.receiver)):
        if not person.known or not person.days.covers(fact.valid_from, fact.valid_to):
            raise bad_field(pointer, "exists", say("party-unknown"))
    _check_still_there(fact, parties.giver, today)
    for place, site in enumerate(fact.sites):
        _check_site(f"/sites/{place}", site, parties, fact)
    for site, act in product(fact.sites, fact.acts):
        _check_power(fact, act, parties.sites[site], parties)
    return (fact,)


def revoke(
    delegation: Entrusted, fact: DelegationRevokedV1, at: datetime
) -> tuple[DelegationFact, ...]:
    """It counts no more from a moment on that is not behind us; nothing when it ends sooner already."""
    check_known(delegation)
    if delegation.revoked is not None and fact.revoked_at >= delegation.revoked:
        return ()
    if fact.revoked_at < at:
        detail = say("revoked-behind")
        problem = FieldProblem("/revoked_at", "not-back-in-time", detail)
        raise Refused("back-in-time", detail, errors=[problem])
    return (fact,)


def check_known(delegation: Entrusted) -> DelegationGivenV1:
    """What was given; raises NotFound."""
    if delegation.given is None:
        raise NotFound("delegation-unknown", say("delegation-unknown"))
    return delegation.given


def _check_still_there(fact: DelegationGivenV1, giver: Person, today: date) -> None:
    """Whoever holds no position any more cannot delegate for days to come."""
    day = max(today, fact.valid_from)
    if day < fact.valid_to and not giver.posts_on(day):
        ended = max(
            (p.days.valid_to for p in giver.posts.values() if p.days.valid_to), default=None
        )
        left = ended is not None and ended <= day
        name = "giver-left" if left else "giver-without-position"
        detail = say(name, day=day, **({"ended": ended} if left else {}))
        problem = FieldProblem("/giver", "holds-a-position", detail)
        raise Refused("giver-without-position", detail, errors=[problem])


def _check_site(pointer: str, id: str, parties: Parties, fact: DelegationGivenV1) -> None:
    site = parties.sites.get(id)
    if site is None or not site.exists_on(fact.valid_from):
        detail = say("site-not-there", site=id, day=fact.valid_from)
        raise bad_field(pointer, "exists", detail)
    if not site.days.covers(fact.valid_from, fact.valid_to):
        detail = say("site-ends", site=id, day=site.days.valid_to)
        raise bad_field("/valid_to", "inside-its-site", detail)


@dataclass(frozen=True, slots=True)
class _Question:
    """Does the delegation give its receiver this act, on this site, for this category, that day?"""

    fact: DelegationGivenV1
    act: str
    category: str | None
    site: Site
    parties: Parties
    day: date

    @property
    def profile(self) -> Profile:
        return self.parties.profiles[self.site.profile_on(self.day)]

    @property
    def plainly(self) -> Act:
        at = datetime.combine(self.day, _NOON)
        return Act(self.fact.receiver, self.act, self.site.id, at, self.category)


def _check_power(fact: DelegationGivenV1, act: str, site: Site, parties: Parties) -> None:
    """On each day where something may change, for each category, the law itself is asked."""
    for day, category in product(_days(fact, site, parties), fact.categories or (None,)):
        question = _Question(fact, act, category, site, parties, day)
        refused = _refusal(question)
        if refused is not None:
            raise _exceeds(question, refused)


def _exceeds(question: _Question, refused: Authority) -> Refused:
    act, site, day = question.act, question.site.id, question.day
    longer = day > question.fact.valid_from
    basis = refused.explanation.basis
    cited = basis.citation
    place = Said(citation_text(cited), citation_text(cited, "en"))
    told = {"act": term(act), "site": site, "day": day, "place": place}
    what = say("power-ends", **told) if longer else say("power-not-theirs", **told, rule=basis.rule)
    problem = FieldProblem("/valid_to" if longer else "/acts", basis.rule, what)
    extra = {"explanation": plain(refused.explanation), "act": act, "site": site}
    return Refused("delegation-exceeds-power", what, errors=[problem], extra=extra)


def _days(fact: DelegationGivenV1, site: Site, parties: Parties) -> tuple[date, ...]:
    """The first day, and every later day of the delegation on which an answer may change."""
    cuts: set[date | None] = {fact.valid_from}
    people = (parties.giver, parties.receiver, *parties.givers)
    spans = [position.span for person in people for position in person.positions]
    spans += [received.span for received in parties.received]
    for start, end, attributes in site.days.spans():
        profile = parties.profiles[attributes["profile"]]
        spans += [Span(start, end), profile.span, *(rule.span for rule in profile.rules.values())]
    for span in spans:
        cuts |= {span.start, span.end}
    for received in parties.received:
        if received.revoked is not None:
            day = received.revoked.astimezone(LOCAL).date()
            cuts |= {day, day + timedelta(days=1)}
    inside = (day for day in cuts if day is not None and fact.valid_from <= day < fact.valid_to)
    return tuple(sorted(inside))


def _refusal(question: _Question) -> Authority | None:
    """None when the delegation gives its receiver the power in some circumstance; else the refusal."""
    power = evolve(NOTHING_GIVEN, question.fact).power
    refused: Authority | None = None
    for asked in _circumstances(question):
        for powers in _powers(power, question.parties):
            answer = prove(question.profile, asked, powers)
            if answer.proof is not None and power.id in answer.proof.delegations:
                return None
            if not answer.allowed:
                refused = refused or answer
    return refused or prove(question.profile, question.plainly, Powers(()))


def _powers(power: Delegation, parties: Parties) -> Iterator[Powers]:
    """Without and with the receiver's own positions: some rules ask for one beside the giver's word."""
    givers = tuple(position for person in parties.givers for position in person.positions)
    held = (*parties.giver.positions, *givers)
    yield Powers(held, (power, *parties.received))
    yield Powers((*held, *parties.receiver.positions), (power, *parties.received))


def _circumstances(question: _Question) -> Iterable[Act]:
    """The act as each rule that speaks of it would have it: its category, its facts, each section assigned."""
    kind = {"site_kind": question.site.kind}
    parties = question.parties
    people = (parties.giver, parties.receiver, *parties.givers)
    sections = sorted({s for p in people for held in p.positions for s in held.sections})
    categories = [question.category] if question.category else [None, *_categories(question)]
    for category, section in product(categories, (None, *sections)):
        asked = replace(question.plainly, category=category, section=section, facts=kind)
        yield asked
        for rule in permissions(question.profile, asked):
            facts = {key: min(values) for key, values in rule.when.items()}
            yield replace(asked, facts={**facts, **kind})


def _categories(question: _Question) -> list[str]:
    """The categories that the rules of this act name."""
    named = {
        category
        for rule in question.profile.rules.values()
        if isinstance(rule.params, PermissionAct) and question.act in rule.params.acts
        for category in rule.params.categories
    }
    return sorted(named)
