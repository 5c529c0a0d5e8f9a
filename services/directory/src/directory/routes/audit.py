"""HTTP: the audit of any item in one call."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from common.http.wiring import deps_of
from directory.domain.units import NATIONAL
from directory.queries.audit import Audit, Audited, Decision
from directory.routes.acting import FromActor
from rulebook.house import INSTALLATION

router = APIRouter(prefix="/audit", tags=["audit"])

ItemKind = Literal[
    "agency",
    "site",
    "person",
    "position",
    "board",
    "delegation",
    "administrative-unit",
    "administrative-code",
    "administrative-parts",
    "calendar",
    "closures",
]
ItemId = Annotated[
    str,
    Path(pattern=r"^[a-z0-9][a-z0-9-]*([.][a-z0-9-]+)*$", max_length=80, examples=["hanam.snv"]),
]


class FieldChangeView(BaseModel):
    """A field with another value; null: it was not there."""

    field: str
    before: Any
    after: Any


class RightView(BaseModel):
    """By which authority: the rule, the position it comes from, the delegations it came through."""

    by: str | None = Field(description="position, oneself, token or import")
    rule: str | None
    article: dict[str, Any] | None = Field(description="Where the rule stands")
    position: str | None
    delegations: list[str]
    proof: dict[str, Any] = Field(description="The whole proof as it was committed")

    @classmethod
    def of(cls, proof: dict[str, Any]) -> "RightView":
        basis = (proof.get("explanation") or {}).get("basis") or {}
        return cls(
            by=proof.get("by"),
            rule=proof.get("rule"),
            article=basis.get("citation"),
            position=proof.get("position"),
            delegations=list(proof.get("delegations", ())),
            proof=proof,
        )


class DecisionView(BaseModel):
    """Who, when, by which authority, what changed, which document."""

    version: int
    at: datetime
    actor: str
    site: str
    cause: str
    right: RightView
    changed: list[FieldChangeView]
    documents: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    together_with: tuple[str, ...] = Field(description="Other streams of the same decision")
    hash: str

    @classmethod
    def of(cls, decision: Decision) -> "DecisionView":
        commit = decision.commit
        return cls(
            version=decision.part.version,
            at=commit.at,
            actor=commit.actor,
            site=commit.site,
            cause=commit.cause,
            right=RightView.of(dict(commit.proof)),
            changed=[
                FieldChangeView(field=each.field, before=each.before, after=each.after)
                for each in decision.changed
            ],
            documents=[dict(each) for each in decision.documents],
            facts=[dict(each) for each in decision.facts],
            together_with=decision.together_with,
            hash=decision.part.hash,
        )


class ChainView(BaseModel):
    """Whether the chain of hashes holds, computed anew for this answer."""

    intact: bool
    versions: int
    broken_at: int | None
    reason: str | None
    sealed_to: int = Field(description="The last version that a signed seal attests")


class AuditView(BaseModel):
    stream: str
    chain: ChainView
    decisions: list[DecisionView]

    @classmethod
    def of(cls, audited: Audited) -> "AuditView":
        chain = audited.chain
        return cls(
            stream=audited.stream,
            chain=ChainView(
                intact=chain.intact,
                versions=chain.versions,
                broken_at=chain.broken_at,
                reason=chain.reason,
                sealed_to=audited.sealed_to,
            ),
            decisions=[DecisionView.of(each) for each in audited.decisions],
        )


async def _audit(request: Request) -> Audit:
    return deps_of(request).audit


FromAudit = Annotated[Audit, Depends(_audit)]


@router.get("/{kind}/{item_id}")
async def audit(kind: ItemKind, item_id: ItemId, found: FromAudit, actor: FromActor) -> AuditView:
    """Everything that was ever decided on an item (kiểm tra lịch sử một mục).

    Takes the right to audit the site that owns the item. What does not exist belongs to the
    installation: nobody learns from a refusal which ids there are.
    """
    owner = await found.owner(kind, item_id)
    site = INSTALLATION if owner is None or owner == NATIONAL else owner
    await actor.may("audit", site=site)
    return AuditView.of(await found.of(kind, item_id))
