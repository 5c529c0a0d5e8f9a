"""Names of facts: a past-tense type and its version, `directory.agency_registered.v1`."""

import re
from dataclasses import dataclass
from typing import Self

_NAME = re.compile(r"(?P<type>[a-z][a-z0-9]*\.[a-z][a-z0-9_]*)\.v(?P<version>[1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True, order=True)
class FactName:
    """One fact type in one version; `str` gives the name used on the wire and for files."""

    type: str
    version: int

    def __str__(self) -> str:
        return f"{self.type}.v{self.version}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError when the text is not `<owner>.<fact>.v<number>`."""
        found = _NAME.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not a fact name such as 'directory.agency_ended.v1'")
        return cls(found["type"], int(found["version"]))

    @property
    def schema_file(self) -> str:
        return f"{self}.schema.json"

    @property
    def schema_id(self) -> str:
        """The URI that schemas carry as `$id` and records as `dataschema`."""
        return f"urn:nhipcau:event:{self}"
