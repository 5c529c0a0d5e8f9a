"""Profiles as they stand in their files: shape and names, nothing yet about sense."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from rulebook.explanation import Part
from rulebook.profiles.model import DIMENSIONS, RuleType, Status
from rulebook.profiles.params import RuleId, Word

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
Label = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if isinstance(value, int) else value),
    StringConstraints(min_length=1, max_length=20),
]
MAX_STEPS = 40
MAX_REQUIRED = 12
"""The search for ways round a step visits steps × 2^required states."""


class Raw(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RawPlace(Raw):
    part: Part = "regulation"
    article: Label | None = None
    clause: Label | None = None
    point: Label | None = None
    item: Label | None = None


class RawVerified(Raw):
    on: date | None = None
    by: str | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.on is None) != (self.by is None):
            raise ValueError("verified: on and by belong together")
        return self


class RawOther(Raw):
    """Either `params`, by which the engine computes what the reading would give, or `gives`: that in one sentence."""

    reading: Text
    params: dict[str, Any] | None = None
    gives: Text | None = None

    @model_validator(mode="after")
    def _says_what_it_would_give(self) -> Self:
        if (self.params is None) == (self.gives is None):
            raise ValueError("others: give either params (computed) or gives (what would differ)")
        return self


class RawAmbiguity(Raw):
    id: Annotated[str, StringConstraints(pattern=r"^AMB-\d{2,3}$")]
    reading: Text
    others: tuple[RawOther, ...] = ()


class RawRule(Raw):
    id: RuleId
    type: RuleType
    at: RawPlace
    also: tuple[RawPlace, ...] = ()
    quote: Text
    reads: Text | None = None
    statement: Text
    function: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]*$", max_length=80)]
    params: dict[str, Any] = {}
    when: dict[str, Annotated[frozenset[Word], Field(min_length=1)]] = {}
    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")
    verified: RawVerified = RawVerified()
    ambiguity: tuple[RawAmbiguity, ...] = ()
    exception_to: tuple[RuleId, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_ambiguity_may_stand_alone(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("ambiguity"), dict):
            return {**data, "ambiguity": (data["ambiguity"],)}
        if isinstance(data, dict) and data.get("ambiguity", ()) is None:
            return {**data, "ambiguity": ()}
        return data

    @model_validator(mode="after")
    def _dimensions_are_known(self) -> Self:
        unknown = self.when.keys() - DIMENSIONS
        if unknown:
            raise ValueError(f"when: unknown dimension {', '.join(sorted(unknown))}")
        return self


class RawStep(Raw):
    id: Word
    name_vi: Text
    name_en: Text
    roles: Annotated[tuple[Word, ...], Field(min_length=1)]
    checks: tuple[Word, ...] = ()
    rule: RuleId | None = None
    act: Word | None = None


class RawTransition(Raw):
    source: Word = Field(alias="from")
    target: Word = Field(alias="to")
    on: Word | None = None
    undoes: tuple[Word, ...] = ()


class RawProcess(Raw):
    id: RuleId
    name_vi: Text
    name_en: Text
    rule: RuleId | None = None
    start: Word
    published: Word
    required: Annotated[tuple[Word, ...], Field(min_length=1, max_length=MAX_REQUIRED)]
    steps: Annotated[tuple[RawStep, ...], Field(min_length=1, max_length=MAX_STEPS)]
    transitions: tuple[RawTransition, ...]


class RawSource(Raw):
    instrument: Text
    issuer: Text
    issued: date | None
    text: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*\.txt$")]
    account: bool = False
    """The text tells what the instrument says, by others' accounts; it is not the instrument's own words."""


class RawUncovered(Raw):
    """A clause that carries no rule, and why; read by the coverage table."""

    at: RawPlace
    reason: Text


class RawProfile(Raw):
    """The head of a profile; rules and processes are read one by one, so that all their faults are found."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*$")]
    title: Text
    source: RawSource
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.-]{1,20}$")]
    start: date | None = Field(alias="from")
    end: date | None = Field(default=None, alias="to")
    status: Literal[Status]
    known: date | None = None
    rules: list[Any]
    processes: list[Any] = []
    no_rule: tuple[RawUncovered, ...] = ()
