"""topics.yaml as frozen values: who owns a topic, what it carries, who hears it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from contracts.names import FactName
from contracts.place import ROOT, BrokenContract

FOREVER = -1


class Visibility(StrEnum):
    """Who may see a fact."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PRIVATE = "private"


class UnknownFact(LookupError):
    """No topic carries this fact, or not in this version."""


class SeveralTopics(LookupError):
    """More than one topic carries this fact: say whose."""


@dataclass(frozen=True, slots=True)
class FactType:
    """A fact a topic carries: versions that have a schema, ascending, and who may see it."""

    type: str
    versions: tuple[int, ...]
    visibility: Visibility

    @property
    def newest(self) -> int:
        return self.versions[-1]

    @property
    def names(self) -> tuple[FactName, ...]:
        return tuple(FactName(self.type, version) for version in self.versions)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic; `retention_ms` is -1 for ever, `consumers` is service → facts it hears."""

    name: str
    description: str
    owner: str
    key: str
    partitions: int
    retention_ms: int
    producers: tuple[str, ...]
    consumers: Mapping[str, tuple[FactName, ...]]
    facts: Mapping[str, FactType]


@dataclass(frozen=True, slots=True)
class Topics:
    """Every topic by its name; iterate over `all`."""

    by_name: Mapping[str, Topic]

    @property
    def all(self) -> tuple[Topic, ...]:
        return tuple(self.by_name.values())

    def carrying(self, fact_type: str) -> tuple[Topic, ...]:
        """The topics that carry a fact type; raises UnknownFact when there is none."""
        found = tuple(topic for topic in self.all if fact_type in topic.facts)
        if not found:
            raise UnknownFact(f"no topic carries {fact_type!r}")
        return found

    def topic_of(self, fact_type: str, service: str | None = None) -> Topic:
        """The topic a service sends a fact to.

        The service need be given only for facts of every log, such as `log.sealed`. Raises
        UnknownFact, or SeveralTopics when the service is needed.
        """
        found = self.carrying(fact_type)
        if service is not None:
            found = tuple(topic for topic in found if service in topic.producers)
        if not found:
            raise UnknownFact(f"{service} sends no {fact_type!r}")
        first, *others = found
        if others:
            names = ", ".join(topic.name for topic in found)
            raise SeveralTopics(f"{fact_type!r} is carried by {names}: name the service")
        return first

    def newest(self, fact_type: str) -> int:
        """The version that is sent today; raises UnknownFact."""
        return self.carrying(fact_type)[0].facts[fact_type].newest

    def visibility(self, fact_type: str) -> Visibility:
        """Who may see the fact; raises UnknownFact."""
        return self.carrying(fact_type)[0].facts[fact_type].visibility

    def heard_by(self, service: str) -> Mapping[str, tuple[FactName, ...]]:
        """Topic name → facts that a service hears: what its dispatch tables must name."""
        return {t.name: t.consumers[service] for t in self.all if service in t.consumers}

    def names(self) -> tuple[FactName, ...]:
        """Every fact in every version, sorted."""
        return tuple(sorted({n for t in self.all for f in t.facts.values() for n in f.names}))


@cache
def load(root: Path = ROOT) -> Topics:
    """`topics.yaml` of a contracts folder, read once; raises BrokenContract."""
    return read(root)


def read(root: Path = ROOT) -> Topics:
    """`topics.yaml` of a contracts folder as it stands now; raises BrokenContract."""
    file = root / "topics.yaml"
    try:
        return parse(file.read_bytes())
    except OSError as error:
        raise BrokenContract(file, str(error)) from error


def parse(content: bytes) -> Topics:
    """The topics of a file's content; raises BrokenContract."""
    try:
        written = _File.model_validate(yaml.safe_load(content))
        topics = {name: _topic(name, topic) for name, topic in written.topics.items()}
    except ValidationError as error:
        raise BrokenContract("topics.yaml", _first_problem(error)) from error
    except (yaml.YAMLError, ValueError) as error:
        raise BrokenContract("topics.yaml", str(error)) from error
    return Topics(MappingProxyType(topics))


def _first_problem(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"


_Service = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*$")]
_Type = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*\.[a-z][a-z0-9_]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _WrittenFact(_Strict):
    versions: Annotated[tuple[int, ...], Field(min_length=1)]
    visibility: Visibility


class _WrittenTopic(_Strict):
    description: Annotated[str, StringConstraints(min_length=1)]
    owner: _Service
    key: Literal["stream"]
    partitions: Annotated[int, Field(ge=1, le=256)]
    retention: Literal["forever"]
    producers: tuple[_Service, ...]
    consumers: Mapping[_Service, tuple[str, ...]]
    facts: Mapping[_Type, _WrittenFact]


class _File(_Strict):
    topics: Mapping[Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z_]+$")], _WrittenTopic]


def _topic(name: str, written: _WrittenTopic) -> Topic:
    return Topic(
        name=name,
        description=written.description,
        owner=written.owner,
        key=written.key,
        partitions=written.partitions,
        retention_ms=FOREVER,
        producers=written.producers,
        consumers=MappingProxyType(
            {
                service: tuple(FactName.parse(name) for name in names)
                for service, names in written.consumers.items()
            }
        ),
        facts=MappingProxyType(
            {
                fact_type: FactType(fact_type, fact.versions, fact.visibility)
                for fact_type, fact in written.facts.items()
            }
        ),
    )
