"""What can be wrong with a profile, each fault with a counter-example."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`where` is the rule, process or key; `shown` an input, a path or words that prove it."""

    profile: str
    where: str
    code: str
    detail: str
    shown: Mapping[str, str] | None = None

    def __str__(self) -> str:
        shown = "".join(f"; {key}: {value}" for key, value in (self.shown or {}).items())
        return f"{self.profile} {self.where}: {self.code}: {self.detail}{shown}"


class BadProfile(ValueError):
    """The profile is refused; `faults` are all that were found, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
