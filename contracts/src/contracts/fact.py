"""The base of every generated fact model, and how its values look on the wire."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, PlainSerializer

from contracts.names import FactName


def _to_wire(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Moment = Annotated[AwareDatetime, PlainSerializer(_to_wire, return_type=str, when_used="json")]
"""An aware moment; RFC 3339 in UTC with milliseconds on the wire, finer parts are cut."""


class Value(BaseModel):
    """A frozen object inside a fact; fields it does not know are kept, so readers are tolerant."""

    model_config = ConfigDict(
        frozen=True, extra="allow", populate_by_name=True, protected_namespaces=()
    )


class Fact(Value):
    """Something that happened; the subclasses are generated from contracts/events.

    Models carry names and types. The rest of a contract (lengths, patterns, limits) is checked
    by `contracts.schemas.validate`, once when a fact is committed and once when it is read.

    TYPE        "directory.agency_registered"
    VERSION     1
    TOPIC       "directory.agency"; "{service}.log" for facts that every log carries
    VISIBILITY  "public", "internal" or "private"
    """

    TYPE: ClassVar[str]
    VERSION: ClassVar[int]
    TOPIC: ClassVar[str]
    VISIBILITY: ClassVar[str]

    @classmethod
    def name(cls) -> FactName:
        """Type and version; `str` of it is the CloudEvents type."""
        return FactName(cls.TYPE, cls.VERSION)

    @classmethod
    def topic_for(cls, service: str) -> str:
        """The topic a service sends this fact to."""
        return cls.TOPIC.replace("{service}", service)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """The fact in its wire form (JSON values) as a model; raises pydantic.ValidationError."""
        return cls.model_validate(data)

    def data(self) -> dict[str, Any]:
        """JSON values under the contract's names; what is absent is left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)
