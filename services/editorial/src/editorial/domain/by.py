"""Who acts, by what right: the authority's answer as facts and commits carry it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from editorial.domain import refusing
from rulebook.authority import Authority
from rulebook.explanation import Value
from rulebook.sentences import citation_text


@dataclass(frozen=True, slots=True)
class By:
    """A person and the authority's answer for the act; `document` goes into the commit."""

    person: str
    authority: Authority
    document: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def proof(self) -> dict[str, Any]:
        """The proof as the facts carry it. Raises Forbidden without authority."""
        proof = self.authority.proof
        if proof is None:
            raise refusing.not_authorised(self.authority)
        return {
            "person": proof.person,
            "act": proof.act,
            "rule": proof.rule,
            "article": citation_text(self.authority.explanation.basis.citation),
            "profile": proof.profile,
            "position": proof.position,
            "role": self._role(),
            "delegations": list(proof.delegations),
            "documents": list(proof.documents),
            "at": proof.at,
        }

    def _role(self) -> Value:
        steps = self.authority.explanation.steps
        return next(s.values["role"] for s in steps if s.name == "holds-position")
