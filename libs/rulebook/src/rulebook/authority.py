"""Who may do this, here, now: a proof through positions and delegations, or a refusal with the nearest way.

Everything asked is "is there a valid …?", never "is there none?": taking a position or a delegation away can only
take powers away. A delegation counts only while its giver has the power at that very moment; it does not pass on what
was itself delegated unless the rule allows a chain.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from rulebook.because import because
from rulebook.explanation import Basis, Citation, Explanation, Outcome, Step, Values, Way
from rulebook.office_time import aware
from rulebook.profiles.model import Profile, Rule, Span
from rulebook.profiles.params import PermissionAct

_BY_SECTION = frozenset({"own_field", "assigned_section"})


@dataclass(frozen=True, slots=True)
class Position:
    """A person in a role at a site. `sections` are the fields or sections assigned; empty = none in particular."""

    id: str
    person: str
    role: str
    site: str
    span: Span
    sections: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Delegation:
    """Uỷ quyền: dated, scoped, revocable, with its document. None in a scope = everything the giver may."""

    id: str
    giver: str
    receiver: str
    span: Span
    document: str
    acts: frozenset[str]
    sites: frozenset[str] | None = None
    categories: frozenset[str] | None = None
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What someone wants to do.

    `absent` names roles whose holders are away, `section` the field or section, `facts` the circumstances that a rule's
    `when` may ask for (site_kind, sensitivity …): a power given for some circumstances needs them named.
    """

    person: str
    act: str
    site: str
    at: datetime
    category: str | None = None
    section: str | None = None
    absent: frozenset[str] = frozenset()
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Powers:
    """All positions and delegations known; past and future ones too."""

    positions: tuple[Position, ...]
    delegations: tuple[Delegation, ...] = ()
    by_person: Mapping[str, Sequence[Position]] = field(init=False)
    to_person: Mapping[str, Sequence[Delegation]] = field(init=False)

    def __post_init__(self) -> None:
        held: dict[str, list[Position]] = defaultdict(list)
        for position in self.positions:
            held[position.person].append(position)
        given: dict[str, list[Delegation]] = defaultdict(list)
        for delegation in self.delegations:
            given[delegation.receiver].append(delegation)
        object.__setattr__(self, "by_person", held)
        object.__setattr__(self, "to_person", given)


@dataclass(frozen=True, slots=True)
class Proof:
    """Kept with the act: the rule, the position the power comes from, and the delegations it came through."""

    person: str
    act: str
    site: str
    at: datetime
    rule: str
    profile: str
    position: str
    delegations: tuple[str, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Authority:
    """`proof` None = refused; the explanation says why and what would be allowed."""

    proof: Proof | None
    explanation: Explanation

    @property
    def allowed(self) -> bool:
        return self.proof is not None


@dataclass(frozen=True, slots=True)
class _Found:
    position: Position
    delegations: tuple[Delegation, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why one rule did not help; the nearer to a yes, the higher."""

    near: int
    name: str
    values: Values
    rule: Rule[PermissionAct] | None = None


@dataclass(frozen=True, slots=True)
class _Search:
    """The question, the rules that may answer it, and why each of them did not."""

    act: Act
    rules: tuple[Rule[PermissionAct], ...]
    powers: Powers
    reasons: list[_Reason] = field(default_factory=list[_Reason])

    def fails(self, reason: _Reason, rule: Rule[PermissionAct]) -> None:
        self.reasons.append(_Reason(reason.near, reason.name, reason.values, rule))

    def by(self, person: str) -> "_Search":
        """The same question for another person; its reasons are of no interest here."""
        return _Search(replace(self.act, person=person), self.rules, self.powers)


def prove(profile: Profile, act: Act, powers: Powers) -> Authority:
    """The first rule that allows it gives the proof; else the refusal that came nearest. Raises ValueError for a naive time."""
    at = aware(act.at, "at")
    given = permissions(profile, act)
    search = _Search(act, tuple(rule for rule in given if _fits(rule, act)), powers)
    for rule in given:
        if rule not in search.rules:
            search.fails(_Reason(1, "circumstances-differ", {"needs": _needs(rule)}), rule)
    for rule in search.rules:
        found = _own(search, rule) or _delegated(search, rule)
        if found is not None:
            return _allowed(profile, rule, act, at, found)
    return _refused(profile, search, at)


def permissions(profile: Profile, act: Act) -> tuple[Rule[PermissionAct], ...]:
    """The permission rules for this act and category that are in force."""
    day = profile.day_of_law(aware(act.at, "at").date())
    return tuple(
        cast("Rule[PermissionAct]", rule)
        for rule in profile.rules.values()
        if isinstance(rule.params, PermissionAct)
        and act.act in rule.params.acts
        and (not rule.params.categories or act.category in rule.params.categories)
        and rule.span.holds(day)
    )


def _fits(rule: Rule[PermissionAct], act: Act) -> bool:
    """Unlike a duty, a power is never assumed: what its `when` asks for must be given."""
    known = {**act.facts, **({"category": act.category} if act.category else {})}
    return all(known.get(key) in values for key, values in rule.when.items())


def _needs(rule: Rule[PermissionAct]) -> tuple[str, ...]:
    return tuple(f"{key}: {', '.join(sorted(rule.when[key]))}" for key in sorted(rule.when))


def _own(search: _Search, rule: Rule[PermissionAct]) -> _Found | None:
    """Power of one's own position, under the rule's condition."""
    for position in search.powers.by_person.get(search.act.person, ()):
        if position.role not in rule.params.roles:
            continue
        fault = _position_fault(position, search.act)
        if fault is not None:
            search.fails(fault, rule)
            continue
        met = _condition(search, rule, position)
        if met is not None:
            return _Found(position, met)
    return None


def _position_fault(position: Position, act: Act) -> _Reason | None:
    day = aware(act.at, "at").date()
    span, role = position.span, position.role
    if position.site != act.site:
        return _Reason(2, "position-elsewhere", {"role": role, "site": position.site, "wanted": act.site})  # fmt: skip
    if span.end is not None and day >= span.end:
        return _Reason(4, "position-ended", {"role": role, "on": span.end.isoformat()})
    if span.start is not None and day < span.start:
        return _Reason(4, "position-not-yet", {"role": role, "on": span.start.isoformat()})
    return None


def _condition(
    search: _Search, rule: Rule[PermissionAct], position: Position
) -> tuple[Delegation, ...] | None:
    """The delegations that meet the condition (none needed: empty), or None if it is not met."""
    condition = rule.params.condition
    if condition == "none":
        return ()
    if condition in _BY_SECTION:
        return () if _section_assigned(search, rule, position) else None
    return _authorised(search, rule, position)


def _section_assigned(search: _Search, rule: Rule[PermissionAct], position: Position) -> bool:
    section = search.act.section
    if section is not None and section in position.sections:
        return True
    values: Values = {"section": section, "assigned": tuple(sorted(position.sections))}
    search.fails(_Reason(5, "section-not-assigned", values), rule)
    return False


def _authorised(search: _Search, rule: Rule[PermissionAct], position: Position) -> tuple[Delegation, ...] | None:  # fmt: skip
    """The word of someone who may do it without condition, or (where the rule says so) their absence."""
    givers = [each for each in search.rules if each.params.condition == "none"]
    heads = {role for each in givers for role in each.params.roles}
    if rule.params.condition == "absent_or_authorised" and heads and heads <= search.act.absent:
        return ()
    for giver_rule in givers:
        through = _delegated(search, giver_rule, authorising=rule)
        if through is not None:
            return through.delegations
    search.fails(_Reason(5, "not-authorised", {"role": position.role}), rule)
    return None


def _delegated(search: _Search, rule: Rule[PermissionAct], authorising: Rule[PermissionAct] | None = None) -> _Found | None:  # fmt: skip
    """Power received from one who has it in their own position now, or through a chain where the rule allows one.

    Breadth first over persons, each once: the shortest chain, in time linear in the delegations.
    """
    waiting: deque[tuple[str, tuple[Delegation, ...]]] = deque([(search.act.person, ())])
    seen = {search.act.person}
    while waiting:
        person, trail = waiting.popleft()
        for delegation in search.powers.to_person.get(person, ()):
            if not _counts(search, rule, delegation, authorising):
                continue
            own = _givers_own(search.by(delegation.giver), rule)
            if own is not None:
                return _Found(own, (*trail, delegation))
            values = {"giver": delegation.giver, "delegation": delegation.id}
            search.fails(_Reason(7, "giver-without-power", values), rule)
            if rule.params.chain and delegation.giver not in seen:
                seen.add(delegation.giver)
                waiting.append((delegation.giver, (*trail, delegation)))
    return None


def _counts(search: _Search, rule: Rule[PermissionAct], delegation: Delegation, authorising: Rule[PermissionAct] | None) -> bool:  # fmt: skip
    if search.act.act not in delegation.acts:
        return False
    fault = _delegation_fault(rule, delegation, search.act, authorising)
    if fault is not None:
        search.fails(fault, authorising or rule)
    return fault is None


def _givers_own(search: _Search, rule: Rule[PermissionAct]) -> Position | None:
    """A position of the giver that has the power by itself; what needs someone else's word is not passed on."""
    if rule.params.condition not in {"none", *_BY_SECTION}:
        return None
    own = _own(search, rule)
    return own and own.position


def _delegation_fault(rule: Rule[PermissionAct], given: Delegation, act: Act, authorising: Rule[PermissionAct] | None) -> _Reason | None:  # fmt: skip
    """`authorising`: another rule speaks of the giver's word, so the power may be given whatever `delegable` says."""
    at, day = aware(act.at, "at"), aware(act.at, "at").date()
    in_writing = (authorising or rule).params.in_writing
    span = given.span
    checks: tuple[tuple[bool, str, Values], ...] = (
        (not rule.params.delegable and authorising is None, "not-delegable", {}),
        (span.start is not None and day < span.start, "delegation-not-yet", {"on": str(span.start)}),
        (span.end is not None and day >= span.end, "delegation-ended", {"on": str(span.end)}),
        (given.revoked is not None and at >= aware(given.revoked, "revoked"), "delegation-revoked", {}),
        (given.sites is not None and act.site not in given.sites, "delegation-other-site", {"wanted": act.site}),
        (given.categories is not None and act.category not in given.categories, "delegation-other-category", {"wanted": act.category}),
        (in_writing and not given.document.strip(), "delegation-without-document", {}),
    )  # fmt: skip
    for failed, name, values in checks:
        if failed:
            return _Reason(6, name, {"delegation": given.id, "document": given.document, **values})
    return None


def _allowed(profile: Profile, rule: Rule[PermissionAct], act: Act, at: datetime, found: _Found) -> Authority:  # fmt: skip
    position = found.position
    held: Values = {
        "person": position.person,
        "role": position.role,
        "site": position.site,
        "position": position.id,
        "from": position.span.start and position.span.start.isoformat(),
        "to": position.span.end and position.span.end.isoformat(),
    }
    steps = [
        Step("holds-position", held),
        *(
            Step("acts-by-delegation", {"delegation": d.id, "giver": d.giver, "receiver": d.receiver, "document": d.document})
            for d in reversed(found.delegations)
        ),
    ]  # fmt: skip
    if rule.params.condition != "none":
        steps.append(Step("condition-met", {"condition": rule.params.condition}))
    outcome = Outcome(
        "allowed", "may-act", {"person": act.person, "act": act.act, "site": act.site}
    )
    explanation = because(rule, at.date(), _inputs(act, at), steps, outcome)
    proof = Proof(
        act.person, act.act, act.site, at, rule.id, profile.key, position.id,
        tuple(d.id for d in found.delegations),
        tuple(d.document for d in found.delegations),
    )  # fmt: skip
    return Authority(proof, explanation)


def _refused(profile: Profile, search: _Search, at: datetime) -> Authority:
    act = search.act
    inputs = _inputs(act, at)
    values = {"person": act.person, "act": act.act, "site": act.site}
    if not search.rules and not search.reasons:
        way = Way("adopt-a-rule", {"act": act.act})
        outcome = Outcome("refused", "nobody-may-act", values, (way,))
        return Authority(None, Explanation(profile_basis(profile), inputs, (), outcome))
    none = _Reason(0, "no-position", {})
    nearest = max(search.reasons, key=lambda each: each.near, default=none)
    outcome = Outcome("refused", "may-not-act", values, _ways(search))
    step = Step(nearest.name, nearest.values)
    rule = nearest.rule or search.rules[0]
    return Authority(None, because(rule, at.date(), inputs, (step,), outcome))


def _ways(search: _Search) -> tuple[Way, ...]:
    """Those who may act at this moment, and whether they may delegate; else the circumstances that would allow it."""
    act, rules = search.act, search.rules
    if not rules:
        needs = tuple(need for each in search.reasons if each.rule for need in _needs(each.rule))
        return (Way("name-circumstances", {"needs": needs}),)
    roles = tuple(dict.fromkeys(role for rule in rules for role in rule.params.roles))
    there = {p.person for p in search.powers.positions if p.role in roles and p.site == act.site}
    holders = tuple(
        person
        for person in sorted(there)
        if any(_own(search.by(person), rule) is not None for rule in rules)
    )
    ask = Way("ask-holder", {"people": holders, "roles": roles, "act": act.act})
    delegable = any(rule.params.delegable for rule in rules)
    return (ask, Way("get-delegation", {"roles": roles, "act": act.act})) if delegable else (ask,)


def _inputs(act: Act, at: datetime) -> Values:
    return {
        "person": act.person,
        "act": act.act,
        "site": act.site,
        "at": at.isoformat(),
        "category": act.category,
        "section": act.section,
        "absent": tuple(sorted(act.absent)),
        "facts": dict(sorted(act.facts.items())),
    }


def profile_basis(profile: Profile) -> Basis:
    """The regulation as a whole, where none of its rules speaks."""
    place = Citation(profile.source.instrument)
    return Basis(profile.id, profile.version, profile.status, profile.id, place, "", profile.title)
