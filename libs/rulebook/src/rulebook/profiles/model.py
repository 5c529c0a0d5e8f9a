"""What a regulation is to the rulebook: frozen profiles, rules and processes, made by the loader only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, Literal, TypeVar

from rulebook.explanation import Basis, Citation
from rulebook.profiles.params import Params

Status = Literal["in_force", "amendment_pending", "expired"]
RuleType = Literal[
    "required_field",
    "deadline",
    "permission",
    "separation",
    "prohibition",
    "routing",
    "periodic_duty",
    "format",
    "counter",
    "level_derivation",
    "duty",
]
DIMENSIONS = frozenset(
    [
        "category",
        "event",
        "agency_role",
        "question_class",
        "asker",
        "site_kind",
        "sender",
        "sensitivity",
        "language",
        "step",
        "act",
        "report",
        "level",
        "channel",
    ]
)
"""What a rule's `when` may depend on."""

P_co = TypeVar("P_co", bound=Params, covariant=True)


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open validity [start, end); None = open."""

    start: date | None = None
    end: date | None = None

    def holds(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def meets(self, other: "Span") -> date | None:
        """A day in both spans, the earliest there is, or None."""
        start = max(self.start or date.min, other.start or date.min)
        end = min(self.end or date.max, other.end or date.max)
        return start if start < end else None


@dataclass(frozen=True, slots=True)
class Verified:
    """When and by whom a jurist confirmed the rule as entered; both None where nobody has."""

    on: date | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """Another reading; `params` (the whole changed set) lets the engine compute what it would give, else `gives` says it."""

    reading: str
    params: Params | None = None
    gives: str | None = None


@dataclass(frozen=True, slots=True)
class Ambiguity:
    id: str
    reading: str
    others: tuple[Other, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule(Generic[P_co]):
    """One rule in force; `basis` is what its explanations cite."""

    id: str
    type: RuleType
    function: str
    params: P_co
    basis: Basis
    span: Span = Span()
    verified: Verified = Verified()
    ambiguities: tuple[Ambiguity, ...] = ()
    exception_to: tuple[str, ...] = ()
    known: date | None = None
    """Until when the law round the rule was looked at, as its profile says."""
    account: bool = False
    """The quotation is from an account of the instrument, not from the instrument itself."""
    when: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    def concerns(self, facts: Mapping[str, str]) -> bool:
        """Whether the rule is for a case with these facts; a fact not given matches any value."""
        for key, values in self.when.items():
            given = facts.get(key)
            if given is not None and given not in values:
                return False
        return True


@dataclass(frozen=True, slots=True)
class StepOf:
    """A step of a process: who may take it and what is checked.

    `act` is the act of the permission rules by which it is taken; it often has the step's own name.
    """

    id: str
    name_vi: str
    name_en: str
    roles: tuple[str, ...]
    checks: tuple[str, ...]
    rule: str | None
    act: str


@dataclass(frozen=True, slots=True)
class Transition:
    """From one step to the next; `undoes` names the steps that must then be passed again."""

    source: str
    target: str
    on: str | None = None
    undoes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    id: str
    name_vi: str
    name_en: str
    rule: str | None
    start: str
    published: str
    required: tuple[str, ...]
    steps: Mapping[str, StepOf]
    transitions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True)
class NoRule:
    """A clause that carries no rule, and why."""

    at: Citation
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    instrument: str
    issuer: str
    issued: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A regulation in one version. `key` = id@version is what a case keeps."""

    id: str
    version: str
    title: str
    source: Source
    span: Span
    status: Status
    rules: Mapping[str, Rule[Params]]
    processes: Mapping[str, Process]
    no_rule: tuple[NoRule, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.id}@{self.version}"

    def day_of_law(self, on: date) -> date:
        """The day as of which its rules are asked: a case that outlives this version keeps those of its last day."""
        end = self.span.end
        return on if end is None or on < end else end - timedelta(days=1)

    def in_force(self, on: date) -> Iterator[Rule[Params]]:
        """The rules that bind on that day whoever goes by this version."""
        day = self.day_of_law(on)
        return (rule for rule in self.rules.values() if rule.span.holds(day))

    def rule(self, rule_id: str) -> Rule[Params]:
        """Raises UnknownRule."""
        found = self.rules.get(rule_id)
        if found is None:
            raise UnknownRule(rule_id, self.key)
        return found


class UnknownRule(LookupError):
    def __init__(self, rule_id: str, profile: str) -> None:
        super().__init__(f"rule: {rule_id!r} is not in profile {profile}")
        self.rule_id = rule_id
