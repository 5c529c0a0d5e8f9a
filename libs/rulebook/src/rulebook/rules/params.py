"""Typed parameters of the content, routing, format, level, counter and duty rules."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from rulebook.profiles.params import Params, Word

Agency = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]*$", max_length=80)]
Point = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Phrase = Annotated[str, StringConstraints(min_length=2, max_length=200)]


class Dated(Params):
    """Half-open validity of one field [since, to)."""

    since: date | None = None
    to: date | None = None

    def holds(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.to is None or on < self.to)


class RequiredFields(Params):
    """`parts`: what each of a field must hold; `one_of`: of each group one is enough.

    A name in `dated` is asked for within its dates only; one that stands nowhere else is a part of every field with
    parts. `per: section`: the list is of a whole section, of which one item gives a piece.
    """

    subject: Word
    fields: tuple[Word, ...] = ()
    one_of: tuple[tuple[Word, ...], ...] = ()
    parts: Mapping[Word, tuple[Word, ...]] = {}
    dated: Mapping[Word, Dated] = {}
    per: Literal["item", "section"] = "item"

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.fields and not self.one_of:
            raise ValueError("fields: the rule asks for nothing")
        return self


class RequiredIfFlag(Params):
    subject: Word
    flag: Word
    fields: tuple[Word, ...] = Field(min_length=1)


CitationPart = Literal["number", "symbol", "abstract", "date", "issuer", "kind"]


class DocumentParts(Params):
    subject: Word
    parts: tuple[CitationPart, ...] = Field(min_length=1)


class CitationParts(Params):
    parts: tuple[CitationPart, ...] = Field(min_length=1)


class Ground(Params):
    """A ground on which a human may refuse. `hints` and `signal` only put it before a human, they decide nothing.

    `reported_link`: a link to a host that somebody reported; `copied`: similarity to another text of `percent` or more.
    """

    ground: Word
    applies_to: tuple[Literal["article", "question", "answer"], ...] = Field(min_length=1)
    acts: tuple[Literal["refuse", "remove", "withhold_answer"], ...] = Field(min_length=1)
    hints: tuple[Phrase, ...] = ()
    signal: Literal["none", "reported_link", "copied"] = "none"
    percent: int = Field(default=80, ge=1, le=100)


class Supplier(Params):
    """`topics`: where only some items of a category are the agency's, the words by which they are known."""

    categories: tuple[Word, ...] = ()
    points: tuple[Point, ...] = ()
    agency: Agency
    to: Word
    topics: tuple[Phrase, ...] = ()


class Fallback(Params):
    situation: Literal["competence_unclear", "not_competent", "out_of_scope", "second_transfer"]
    to: Word
    notify_asker: bool


class FieldMember(Params):
    supplier: Word
    member: Word


class Encoding(Params):
    standard: str
    normal_form: Literal["NFC"]
    refuse: tuple[str, ...]
    font: str | None = None
    size: int | None = None


class Domain(Params):
    site_kind: Word
    pattern: str
    name_rule: Literal["abbreviation", "full_name", "fixed"]
    languages: tuple[Literal["vi", "en"], ...] = ("vi",)

    @field_validator("pattern")
    @classmethod
    def _anchored(cls, pattern: str) -> str:
        if not (pattern.startswith("^") and pattern.endswith("$")):
            raise ValueError("pattern: must be anchored with ^ and $")
        re.compile(pattern)
        return pattern


class RecipientNamed(Params):
    category_scope: tuple[Word, ...] = Field(min_length=1)
    text: Phrase
    also_as: tuple[Phrase, ...] = ()
    """Other forms of the same name, with or without what stands in brackets."""


class Languages(Params):
    languages: tuple[Literal["vi", "en", "zh"], ...] = Field(min_length=1)
    paths: Mapping[str, str] = {}


class Media(Params):
    kinds: tuple[Word, ...] = Field(min_length=1)
    closed: bool


class IdentityNumber(Params):
    kinds: Mapping[Word, str] = Field(min_length=1)
    public: Literal[False] = False

    @field_validator("kinds")
    @classmethod
    def _anchored(cls, kinds: Mapping[str, str]) -> Mapping[str, str]:
        for pattern in kinds.values():
            if not (pattern.startswith("^") and pattern.endswith("$")):
                raise ValueError("kinds: each pattern must be anchored with ^ and $")
            re.compile(pattern)
        return kinds


class Counter(Params):
    metrics: tuple[Word, ...] = Field(min_length=1)
    per: Literal["service", "category", "site"]
    period: Literal["month", "year", "total"]
    from_level: int | None = Field(default=None, ge=1, le=4)


Need = Literal[
    "all_parts_published", "some_parts_published", "level_1", "level_2", "level_3",
    "forms_downloadable", "submit_online", "processing_online", "pay_online_if_fee",
    "result_remote_if_no_fee", "result_remote", "presence_not_required", "on_site_check_not_required",
]  # fmt: skip


class LevelDerive(Params):
    """`no_form`: what a service without any form needs for `forms_downloadable` (AMB-39)."""

    level: int = Field(ge=1, le=4)
    needs: tuple[Need, ...] = Field(min_length=1)
    no_form: Literal["submit_online", "nothing"] = "submit_online"


class LevelMinimum(Params):
    if_: Literal["has_forms"] = Field(alias="if")
    level: int = Field(ge=1, le=4)


class Mode2022(Params):
    mode: Literal["toan_trinh", "mot_phan", "cung_cap_thong_tin"]
    needs: tuple[Need, ...] = Field(min_length=1)


class Stated(Params):
    who: Word
    what: Word
    evidence: Word | None = None


class Responsible(Params):
    who: Word
    for_: Literal["content", "accuracy", "before_supply", "publication"] = Field(alias="for")


class Sanction(Params):
    kinds: tuple[Word, ...] = Field(min_length=1)


class RoyaltyRates(Params):
    decides: Word
    proposes: Word | None = None
    pays: Word | None = None
    payees: tuple[Word, ...] = Field(min_length=1)
    within: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _payees_are_named_once(self) -> Self:
        if len(set(self.payees)) < len(self.payees):
            raise ValueError("payees: each is named once")
        return self


class Definition(Params):
    term: Word
    means: str
