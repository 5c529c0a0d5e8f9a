"""Proves every act of every log again: was it allowed, at its moment, by what the directory had said?

Pure. Two questions for each proof. With exactly the facts it names (the directory sequences it rests
on), does the rulebook give the same proof and the same reasons, letter by letter? And with all that the
directory had said by that moment, is it still a yes? A service that had not heard a revocation yet
passes the first and fails the second.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import orjson

from authority.asked import BY
from authority.known import TOPICS, Fact, Known
from common.log.model import Commit
from contracts.events import model_of
from rulebook.authority import Act, Authority, Powers, prove
from rulebook.explanation import LOCAL, plain
from rulebook.house import ADMINISTRATOR, HOUSE, INSTALLATION, speaks
from rulebook.profiles.loader import Library, load_profiles
from rulebook.profiles.model import Profile, Span

Fault = Literal[
    "no-proof",
    "not-readable",
    "not-the-actor",
    "not-a-rule-of-the-site",
    "not-valid",
    "other-reasons",
    "other-moment",
    "overtaken",
    "facts-missing",
]
Faults = Iterator[tuple[Fault, str]]
BY_THE_SYSTEM = ("clock:", "fact:")
"""Causes of which nobody is the author: due dates and facts. Every other cause is somebody's act."""
ONE_REQUEST = timedelta(seconds=60)
"""A proof and its commit are of one request."""
BEGINNING_SECONDS = 10.0
"""A beginner's request may be on its way while the first administrator is being linked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One act whose proof does not hold: in which log, which cause, what is wrong."""

    fault: Fault
    service: str
    cause: str
    detail: str

    def __str__(self) -> str:
        return f"{self.fault}: {self.service}: {self.cause}: {self.detail}"


@dataclass(slots=True)
class Verdict:
    """What was looked at: acts of persons proved by position, by themselves, by a beginner; and the rest."""

    findings: list[Finding] = field(default_factory=list[Finding])
    proved: int = 0
    own: int = 0
    beginnings: int = 0
    by_the_system: int = 0

    @property
    def holds(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit and whose log holds it."""

    service: str
    commit: Commit


def check(
    directory: Sequence[Commit], logs: Iterable[Entry], profiles: Library | None = None
) -> Verdict:
    """Every finding about the acts of some logs; `directory` is the whole log of the directory."""
    checker = _Checker(_Timeline(facts_of(directory)), profiles or load_profiles())
    verdict = Verdict()
    for entry in sorted(logs, key=lambda each: (each.commit.at, each.commit.id)):
        checker.look_at(entry, verdict)
    return verdict


def facts_of(commits: Iterable[Commit]) -> list[Fact]:
    """The facts that authority rests on, as published, each with the moment it was said."""
    return [
        Fact(
            fact.topic,
            part.stream,
            fact.sequence,
            commit.at,
            model_of(fact.type).of(orjson.loads(fact.data)),
        )
        for commit in commits
        for part in commit.parts
        for fact in part.facts
        if fact.topic in TOPICS
    ]


class _Timeline:
    """The directory's facts, to be known up to a moment or up to given sequences."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._streams: dict[tuple[str, str], list[Fact]] = {}
        for fact in sorted(facts, key=lambda each: each.sequence):
            self._streams.setdefault((fact.topic, fact.stream), []).append(fact)
        self._waiting = sorted(_said(self._streams.values()), key=lambda each: each[0])
        self._next = 0
        self._known = Known()

    def at(self, moment: datetime) -> Known:
        """All that was said by a moment; moments must not go back."""
        while self._next < len(self._waiting) and self._waiting[self._next][0] <= moment:
            self._known.take(self._waiting[self._next][1])
            self._next += 1
        return self._known

    def upto(self, used: Iterable[tuple[str, str, int]]) -> Known | None:
        """Only the streams named, each as far as named; None when one is not that long."""
        known = Known()
        for topic, stream, sequence in used:
            facts = self._streams.get((topic, stream), [])[:sequence]
            if len(facts) < sequence:
                return None
            for fact in facts:
                known.take(fact)
        return known


def _said(streams: Iterable[list[Fact]]) -> Iterator[tuple[datetime, Fact]]:
    """Each fact with the moment from which it was known: never before the one in front of it."""
    for facts in streams:
        latest = facts[0].at
        for fact in facts:
            latest = max(latest, fact.at)
            yield latest, fact


@dataclass(slots=True)
class _Checker:
    timeline: _Timeline
    profiles: Library

    def look_at(self, entry: Entry, verdict: Verdict) -> None:
        """Adds what is found about one commit."""
        commit, proof = entry.commit, entry.commit.proof
        known = self.timeline.at(commit.at)
        kind = proof.get("by")
        if commit.cause.startswith(BY_THE_SYSTEM):
            verdict.by_the_system += 1
            return
        if kind == "token":
            verdict.beginnings += 1
            faults = self._beginning(known, commit)
        elif kind == "oneself":
            verdict.own += 1
            faults = self._own(known, commit, proof)
        elif kind in (BY, "position"):
            verdict.proved += 1
            faults = self._proved(known, commit, proof, recorded=False)
        else:
            faults = _unproved()
        found = (Finding(fault, entry.service, commit.cause, detail) for fault, detail in faults)
        verdict.findings.extend(found)

    def _own(self, known: Known, commit: Commit, proof: Mapping[str, Any]) -> Faults:
        """What somebody decides for themselves, or has entered by somebody who may."""
        recorded = proof.get("recorded_by")
        if recorded is not None:
            yield from self._proved(known, commit, recorded, recorded=False)
        elif not _is_theirs(known, proof["person"], commit.actor):
            yield "not-the-actor", f"{commit.actor} is not a sign-in of {proof['person']}"

    def _beginning(self, known: Known, commit: Commit) -> Faults:
        since = _administered_since(known, commit.proof.get("issuer"), commit.at)
        if since is not None and commit.at - since > timedelta(seconds=BEGINNING_SECONDS):
            yield "not-valid", "the installation had an administrator already"

    def _proved(
        self, known: Known, commit: Commit, proof: Mapping[str, Any], *, recorded: bool
    ) -> Faults:
        """`recorded`: somebody else entered the decision, so the actor is not the person proved."""
        recorder = proof.get("recorded_by")
        if recorder is not None:
            yield from self._proved(known, commit, recorder, recorded=False)
        elif not recorded and not _is_theirs(known, proof.get("person", ""), commit.actor):
            yield "not-the-actor", f"{commit.actor} is no sign-in of {proof.get('person')}"
        for each in (proof, *proof.get("also", ())):
            yield from self._holds(known, commit, each)

    def _holds(self, known: Known, commit: Commit, proof: Mapping[str, Any]) -> Faults:
        try:
            act = act_of(proof)
            profile = self._profile(proof["profile"])
        except (KeyError, ValueError, TypeError, LookupError) as error:
            yield "not-readable", f"{type(error).__name__}: {error}"
            return
        if act.site not in (commit.site, INSTALLATION) and act.site not in _sites_of(commit):
            yield "not-a-rule-of-the-site", f"proved for {act.site}, committed for {commit.site}"
        if abs(act.at - commit.at) > ONE_REQUEST:
            yield "other-moment", f"proved for {act.at.isoformat()}"
        yield from self._rules(known, act, profile)
        yield from self._again(proof, act, profile)
        now = prove(profile, act, _powers(known, act))
        if now.proof is None:
            named = "directory" in proof
            yield "overtaken" if named else "not-valid", _why(now)

    def _again(self, proof: Mapping[str, Any], act: Act, profile: Profile) -> Faults:
        """The same proof from exactly the facts it names; a proof of the directory's own names none."""
        if "directory" not in proof:
            return
        used = [
            (str(topic), str(stream), int(sequence))
            for topic, stream, sequence in proof["directory"]
        ]
        known = self.timeline.upto(used)
        if known is None:
            yield "facts-missing", "the directory's log does not reach that far"
            return
        again = prove(profile, act, _powers(known, act))
        if again.proof is None:
            yield "not-valid", _why(again)
        elif plain(again.explanation) != proof["explanation"] or again.proof.rule != proof["rule"]:
            yield "other-reasons", f"today's reasons differ ({again.proof.rule})"

    def _rules(self, known: Known, act: Act, profile: Profile) -> Faults:
        """The site's own regulation of that day; the house only where that one is silent."""
        site = known.sites.get(act.site)
        if site is None:
            if profile is not HOUSE:
                yield "not-a-rule-of-the-site", f"{act.site} is not known"
            return
        regulation = self._profile(site.profile_on(act.at.astimezone(LOCAL).date()))
        if profile is HOUSE:
            if speaks(regulation, act):
                yield "not-a-rule-of-the-site", f"{regulation.key} speaks of {act.act}"
        elif profile.key != regulation.key:
            yield "not-a-rule-of-the-site", f"{act.site} works under {regulation.key}"
        if act.facts.get("site_kind", site.kind) != site.kind:
            yield "not-a-rule-of-the-site", f"{act.site} is a {site.kind}"

    def _profile(self, key: str) -> Profile:
        return HOUSE if key == HOUSE.key else self.profiles[key]


def _unproved() -> Faults:
    yield "no-proof", "no position, delegation or person is named"


def act_of(proof: Mapping[str, Any]) -> Act:
    """The question that a stored proof answers; raises KeyError, ValueError, TypeError."""
    inputs = proof["explanation"]["inputs"]
    return Act(
        person=inputs["person"],
        act=inputs["act"],
        site=inputs["site"],
        at=datetime.fromisoformat(inputs["at"]),
        category=inputs["category"],
        section=inputs["section"],
        absent=frozenset(inputs["absent"]),
        facts=dict(inputs["facts"]),
    )


def _why(refused: Authority) -> str:
    steps = refused.explanation.steps
    return steps[0].name if steps else refused.explanation.outcome.name


def _powers(known: Known, act: Act) -> Powers:
    """Nothing for somebody whose entry does not hold on that day."""
    entry = known.people.get(act.person)
    here = entry is not None and entry.days.holds(act.at.astimezone(LOCAL).date())
    return known.powers_of([act.person] if here else [])


def _is_theirs(known: Known, person: str, subject: str) -> bool:
    entry = known.people.get(person)
    return entry is not None and any(each.subject == subject for each in entry.identities)


def _sites_of(commit: Commit) -> frozenset[str]:
    """The sites whose own streams a commit changes."""
    parts = (part.stream.rpartition("/") for part in commit.parts)
    return frozenset(id for kind, _, id in parts if kind.endswith("/site"))


def _administered_since(known: Known, issuer: str | None, at: datetime) -> datetime | None:
    """Since when somebody who signs in (there) administers the installation at `at`; None when nobody does."""
    today = at.astimezone(LOCAL).date()
    since = (
        max(began, linked, _first_moment(position.span))
        for person, began in known.administrators.items()
        if (linked := known.linked_since(person, issuer)) is not None
        for position in known.held_by(person)
        if (position.role, position.site) == (ADMINISTRATOR, INSTALLATION)
        and position.span.holds(today)
    )
    return min(since, default=None)


def _first_moment(span: Span) -> datetime:
    """Midnight of the law's day on which a span begins."""
    return datetime.combine(span.start or date.min, time.min, LOCAL)
