"""What is asked of authority and what comes back: an act, a decision with its reasons, a proof for the commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from rulebook.authority import Act, Authority
from rulebook.explanation import Explanation, plain
from rulebook.office_time import aware

BY = "authority"
"""Marks a proof of this library among others."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An act on a site; `rulebook.authority.Act` says what the rest means.

    The kind of the site is added to the facts from the directory, whatever the caller says of it.

    profile  the profile that a case keeps, by its key; None: the one the site works under that day
    roles    the only roles whose positions count, as a step of a process names them; empty: all
    """

    act: str
    site: str
    category: str | None = None
    section: str | None = None
    absent: frozenset[str] = frozenset()
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    profile: str | None = None
    roles: frozenset[str] = frozenset()

    def act_of(self, person: str, at: datetime, facts: Mapping[str, str]) -> Act:
        return Act(person, self.act, self.site, at, self.category, self.section, self.absent, facts)


@dataclass(frozen=True, slots=True)
class Used:
    """A stream of the directory that a decision rests on, and how far it was known."""

    topic: str
    stream: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer at a moment: yes with a proof, or no with the nearest way.

    `found` may have been computed at another moment of the same day at which nothing differs;
    `authority` is what the rulebook says at this one, letter by letter.
    """

    found: Authority
    at: datetime
    used: tuple[Used, ...]

    @property
    def allowed(self) -> bool:
        return self.found.proof is not None

    @property
    def authority(self) -> Authority:
        at = aware(self.at, "at")
        proof = self.found.proof
        return Authority(proof and replace(proof, at=at), self.explanation)

    @property
    def explanation(self) -> Explanation:
        at = aware(self.at, "at").isoformat()
        inputs = {**self.found.explanation.inputs, "at": at}
        return replace(self.found.explanation, inputs=inputs)


@dataclass(frozen=True, slots=True)
class Proven:
    """An allowed act: what goes into the commit as its proof."""

    decision: Decision

    @property
    def person(self) -> str:
        """The person of the directory who acts."""
        assert self.decision.found.proof is not None
        return self.decision.found.proof.person

    @property
    def document(self) -> dict[str, Any]:
        """JSON values: enough to prove the act again, years later, from the directory's facts."""
        authority = self.decision.authority
        proof = authority.proof
        assert proof is not None
        return {
            "by": BY,
            "person": proof.person,
            "act": proof.act,
            "site": proof.site,
            "rule": proof.rule,
            "profile": proof.profile,
            "position": proof.position,
            "delegations": list(proof.delegations),
            "documents": list(proof.documents),
            "directory": [[each.topic, each.stream, each.sequence] for each in self.decision.used],
            "explanation": plain(authority.explanation),
        }
