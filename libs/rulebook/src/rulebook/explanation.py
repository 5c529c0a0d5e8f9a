"""The contract `explanation.v1`: every result of the rulebook says why, in the same bytes for the same inputs."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Literal, Protocol, Self, cast
from zoneinfo import ZoneInfo

import rfc8785
from pydantic import TypeAdapter

SCHEMA = "explanation.v1"
ENGINE = "rulebook 1.0.0"
"""Raised whenever the same inputs could give another outcome or other words."""

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_ALWAYS_SEVEN = 1976
"""Since then the offset is +07:00, which spares asking the zone for it each time."""

Scalar = str | int | bool | None
Row = Mapping[str, Scalar | tuple[Scalar, ...]]
Value = Scalar | tuple[Scalar | Row, ...] | Row
Values = Mapping[str, Value]

Part = Literal["decision", "regulation", "appendix"]
Verdict = Literal["value", "allowed", "refused", "finding", "undetermined"]
"""value: a date, level or amount · finding: a fault that a person must mend · undetermined: a person must decide."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the words stand. `item` counts unlettered dashes from 1; `part` is the instrument's own division."""

    instrument: str
    part: Part = "regulation"
    article: str | None = None
    clause: str | None = None
    point: str | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """The rule that decided: profile and version, rule, its place and its words as printed."""

    profile: str
    version: str
    status: str
    rule: str
    citation: Citation
    quote: str
    statement: str
    reads: str | None = None
    """The evident reading where the printed words carry a scan error."""
    also: tuple[Citation, ...] = ()
    """Other places that the rule rests on."""


@dataclass(frozen=True, slots=True)
class Step:
    """One named computation with the values it used and gave; the phrases of `rulebook.phrases` tell it in words."""

    name: str
    values: Values


@dataclass(frozen=True, slots=True)
class Warned:
    """What a reader must know beside the outcome: calendar ended, rule unverified, amendment pending …"""

    code: str
    values: Values


@dataclass(frozen=True, slots=True)
class Way:
    """The nearest act that would be allowed instead of a refused one."""

    code: str
    values: Values


@dataclass(frozen=True, slots=True)
class OtherReading:
    """Another way to read the words, and what it would give here (None: the same kind of answer can't be computed)."""

    reading: str
    gives: Value = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The ambiguity (AMB id), the reading taken, and the others with what each would give."""

    id: str
    reading: str
    others: tuple[OtherReading, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer. A refusal or a finding always carries at least one way out."""

    verdict: Verdict
    name: str
    values: Values
    nearest: tuple[Way, ...] = ()

    def __post_init__(self) -> None:
        if self.verdict in {"refused", "finding"} and not self.nearest:
            raise ValueError(f"nearest: a {self.verdict} must name the nearest way that is allowed")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why: the basis, what went in, each step, the readings taken, what to beware of, and what came out.

    `parts` holds the explanations of the results that this one was put together from.
    """

    basis: Basis
    inputs: Values
    steps: tuple[Step, ...]
    outcome: Outcome
    readings: tuple[Reading, ...] = ()
    warnings: tuple[Warned, ...] = ()
    parts: tuple["Explanation", ...] = ()
    engine: str = ENGINE
    schema: Literal["explanation.v1"] = SCHEMA

    def to_json(self) -> bytes:
        """Canonical JSON (RFC 8785): byte-equal for equal explanations."""
        return rfc8785.dumps(cast("dict[str, str]", plain(self)))

    @classmethod
    def from_json(cls, text: bytes | str) -> Self:
        """Raises pydantic.ValidationError if the text is not an explanation.v1."""
        return cast("Self", _adapter().validate_json(text))


class Explained(Protocol):
    """What every public result of the rulebook is: a value with its reasons."""

    @property
    def explanation(self) -> Explanation: ...


def plain(value: object) -> object:
    """Dataclasses, mappings and tuples as JSON-ready dicts and lists, all keys kept. No floats: amounts are strings."""
    if value is None or isinstance(value, str | int):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in cast("Mapping[str, object]", value).items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in cast("tuple[object, ...]", value)]
    if hasattr(value, "__dataclass_fields__"):
        return {
            field.name: plain(getattr(value, field.name))
            for field in fields(cast("Explanation", value))
        }
    return as_value(value)


def as_value(value: object) -> str:
    """Dates and moments as ISO text (moments in Vietnamese local time, to the second), decimals as plain digits."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"value: {type(value).__name__} has no place in an explanation")


def moment(at: datetime) -> str:
    """The instant as local Vietnamese time with offset, so equal instants give equal bytes."""
    if at.tzinfo is None:
        raise ValueError("at: a time without a zone is not an instant")
    local = at if at.tzinfo is LOCAL else at.astimezone(LOCAL)
    if local.year < _ALWAYS_SEVEN:
        return local.isoformat()
    return local.replace(tzinfo=None).isoformat() + "+07:00"


def json_schema() -> dict[str, object]:
    """The schema that contracts/explanation/explanation.v1.schema.json is a copy of."""
    schema = _adapter().json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **schema}


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Explanation]:
    return TypeAdapter(Explanation)
