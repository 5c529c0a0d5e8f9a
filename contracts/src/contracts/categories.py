"""The categories of what may be handed in: their fields, labels, widgets and the rules that demand them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from contracts.place import ROOT, BrokenContract

EVERY = "every"
"""The file of what every submission has, whatever its category."""

Widget = Literal[
    "text",
    "textarea",
    "html",
    "date",
    "number",
    "email",
    "tel",
    "select",
    "list",
    "rows",
    "file",
]
"""How a field is asked for, and so what its value is: `list` is a list of strings, `rows` a list of
objects with the columns' names, `file` the name of a file, `number` a number, all others a string."""

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=120)]
Shape = Literal["document_number"]
"""What a text stands for: `document_number` the number and symbol of a document (số, ký hiệu)."""
T = TypeVar("T", bound=BaseModel)
Group = Literal["documents", "news", "notices", "about"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """A text in Vietnamese and English."""

    vi: str
    en: str


class Column(_Strict):
    """One part of a row."""

    name: Word
    label: Words
    widget: Widget
    hint: Words | None = None
    demanded_by: tuple[RuleId, ...] = ()


class CategoryField(_Strict):
    """One field.

    demanded_by  rules of the profiles that ask for it: it is required where one of them is in force
    always       asked for by the product itself, in every regulation
    asked_with   the flag with which it is asked for
    options      values to choose from; `open` says that others are taken too
    """

    name: Word
    label: Words
    widget: Widget
    shape: Shape | None = None
    hint: Words | None = None
    demanded_by: tuple[RuleId, ...] = ()
    always: bool = False
    asked_with: Word | None = None
    max_length: Annotated[int, Field(ge=1, le=16_384)] = 4_000
    options: tuple[str, ...] = ()
    open: bool = False
    columns: tuple[Column, ...] = ()


class Category(_Strict):
    """One category (chuyên mục, loại nội dung), its fields in the order of the form.

    events   what may start its publication clock, the usual one first
    kept_by  rules that oblige a site to keep the category
    common   rules that ask for what every submission may have: title, body
    """

    id: Word
    group: Group
    label: Words
    hint: Words
    events: tuple[Word, ...] = ()
    kept_by: tuple[RuleId, ...] = ()
    fields: tuple[CategoryField, ...]
    common: Mapping[Word, tuple[RuleId, ...]] = Field(
        default_factory=dict[Word, tuple[RuleId, ...]]
    )

    def field(self, name: str) -> CategoryField | None:
        return next((field for field in self.fields if field.name == name), None)


class Every(_Strict):
    """What every submission has; `contact` is private: it goes to the vault and into no fact."""

    fields: tuple[CategoryField, ...]
    contact: tuple[CategoryField, ...]


class Categories(_Strict):
    """All categories by id, and what they share."""

    by_id: Mapping[str, Category]
    every: Every

    def get(self, id: str) -> Category | None:
        return self.by_id.get(id)


@cache
def load_categories(root: Path = ROOT) -> Categories:
    """The folder `categories/`, read once; raises BrokenContract for a file that is not in order."""
    files = sorted((root / "categories").glob("*.yaml"))
    found = {file.stem: _read(file, Category) for file in files if file.stem != EVERY}
    for name, category in found.items():
        if category.id != name:
            raise BrokenContract(f"{name}.yaml", f"its id is {category.id}")
    every = _read(root / "categories" / f"{EVERY}.yaml", Every)
    return Categories(by_id=MappingProxyType(found), every=every)


def _read(file: Path, kind: type[T]) -> T:
    try:
        return kind.model_validate(yaml.safe_load(file.read_bytes()))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise BrokenContract(file, str(error)) from error
