"""The parts that bodies and answers share: ids, documents, one decision of a history."""

from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from common.errors import Unprocessable
from directory.domain.checks import problems_of
from directory.domain.words import say

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*([.][a-z0-9-]+)*$", max_length=64)]
Site = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
DocumentNumber = Annotated[str, Field(min_length=1, max_length=100, examples=["202/2025/QH15"])]
Line = Annotated[str, Field(min_length=1, max_length=200)]


class Shape(BaseModel):
    """A request body: what it does not name is refused, so that no typing error is lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DocumentBody(Shape):
    """The document that orders it (văn bản căn cứ)."""

    number: DocumentNumber
    issued_on: date | None = None
    issuer: Line | None = None
    title: Annotated[str, Field(min_length=1, max_length=1000)] | None = None


class HistoryEntry(BaseModel):
    """One decision about an agency: the audit."""

    version: int
    at: datetime
    actor: str
    proof: dict[str, Any]
    hash: str = Field(description="Chain hash of this version")
    facts: list[dict[str, Any]]


def fact_of(kind: Any, body: Shape, without: AbstractSet[str] = frozenset(), **more: Any) -> Any:
    """The contract's fact of a body; raises Unprocessable for values the contract does not know."""
    try:
        values = body.model_dump(mode="json", exclude_none=True, exclude=set(without))
        return kind.of(values | more)
    except ValidationError as error:
        found = problems_of(error)
        raise Unprocessable("content-invalid", say("content-invalid"), errors=found) from error
