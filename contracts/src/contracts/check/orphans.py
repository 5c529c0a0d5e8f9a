"""Nothing without its counterpart: topics, schemas, examples, readers and upcasts fit together."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from contracts.check.problem import Problem
from contracts.events import model_of
from contracts.fact import Fact
from contracts.names import FactName
from contracts.place import BrokenContract
from contracts.schemas import Schema, SchemaViolation, read_json, read_schemas, validate
from contracts.topics import FactType, Topic, Topics, UnknownFact, Visibility, read
from contracts.upcasts import STEPS, Steps, upcast

MINIMAL, FULL, UPCAST = "minimal", "full", "upcast"
Models = Callable[[str], type[Fact]]


def problems(root: Path, *, steps: Steps = STEPS, models: Models = model_of) -> list[Problem]:
    """Everything under a contracts folder that has no counterpart or does not fit it."""
    try:
        topics, schemas = read(root), read_schemas(root)
        found = [*_topics(topics, schemas), *_examples(root, schemas, models)]
        return found + list(_upcasts(root, schemas, steps))
    except BrokenContract as error:
        return [Problem(root.name, str(error))]


# -- topics -----------------------------------------------------------------------------------


def _topics(topics: Topics, schemas: Mapping[FactName, Schema]) -> Iterator[Problem]:
    for topic in topics.all:
        for text in (*_owner(topic), *_facts(topic, topics), *_consumers(topic)):
            yield Problem("topics.yaml", f"{topic.name}: {text}")
    listed = frozenset(topics.names())
    for name in sorted(listed - schemas.keys()):
        yield Problem("topics.yaml", f"{name} has no schema {name.schema_file}")
    for name in sorted(schemas.keys() - listed):
        yield Problem(name.schema_file, "no topic carries it")


def _owner(topic: Topic) -> Iterator[str]:
    if topic.producers != (topic.owner,):
        yield f"only its owner {topic.owner} may produce"
    if not topic.name.startswith(f"{topic.owner}."):
        yield f"must be named after its owner {topic.owner}"
    if not topic.facts:
        yield "carries no fact"


def _facts(topic: Topic, topics: Topics) -> Iterator[str]:
    for fact in topic.facts.values():
        if fact.versions != tuple(range(1, len(fact.versions) + 1)):
            yield f"{fact.type} must count its versions 1, 2, 3 …, not {list(fact.versions)}"
        if fact.type.partition(".")[0] not in {topic.owner, "log"}:
            yield f"{fact.type} must be named after the owner {topic.owner}"
        for other in topics.carrying(fact.type):
            if other.facts[fact.type] != fact:
                yield f"{fact.type} is another one than on {other.name}"


def _consumers(topic: Topic) -> Iterator[str]:
    for service, names in topic.consumers.items():
        if len(set(names)) != len(names):
            yield f"{service} hears something twice"
        for name in names:
            if problem := _unheard(name, topic.facts.get(name.type)):
                yield f"{service} hears {name}, {problem}"


def _unheard(name: FactName, fact: FactType | None) -> str | None:
    if fact is None or name.version not in fact.versions:
        return "which is not sent"
    if name.version != fact.newest:
        return f"but v{fact.newest} is sent"
    return "which is private" if fact.visibility is Visibility.PRIVATE else None


# -- examples ---------------------------------------------------------------------------------


def _examples(root: Path, schemas: Mapping[FactName, Schema], models: Models) -> Iterator[Problem]:
    for name, schema in schemas.items():
        for kind in (MINIMAL, FULL):
            if not (root / "examples" / str(name) / f"{kind}.json").is_file():
                yield Problem(f"examples/{name}", f"has no {kind}.json")
        yield from _coverage(root, name, schema)
    for file in sorted((root / "examples").rglob("*.json")):
        for text in _example(file, root, schemas, models):
            yield Problem(str(file.relative_to(root)), text)


def _coverage(root: Path, name: FactName, schema: Schema) -> Iterator[Problem]:
    wanted = {MINIMAL: frozenset(schema.get("required", ())), FULL: frozenset(schema["properties"])}
    for kind, fields in wanted.items():
        file = root / "examples" / str(name) / f"{kind}.json"
        given = frozenset(read_json(file)) if file.is_file() else fields
        for field in sorted(fields ^ given):
            state = "lacks" if field in fields else "need not have"
            yield Problem(f"examples/{name}/{kind}.json", f"{state} {field}")


def _example(
    file: Path, root: Path, schemas: Mapping[FactName, Schema], models: Models
) -> Iterator[str]:
    try:
        name = FactName.parse(file.parent.name)
    except ValueError:
        name = None
    if name is None or name not in schemas:
        yield "belongs to no schema"
    elif file.stem != UPCAST:
        yield from _fits(name, read_json(file), root, models)


def _fits(name: FactName, data: Any, root: Path, models: Models) -> Iterator[str]:
    try:
        validate(name.type, name.version, data, closed=True, root=root)
        fact = models(str(name)).of(data)
        validate(name.type, name.version, fact.data(), closed=True, root=root)
    except (SchemaViolation, ValidationError) as error:
        yield f"does not fit: {error}"
    except KeyError:
        yield "has no model: run `make contracts`"


# -- upcasts ----------------------------------------------------------------------------------


def _upcasts(root: Path, schemas: Mapping[FactName, Schema], steps: Steps) -> Iterator[Problem]:
    for fact_type, version in sorted(steps):
        if FactName(fact_type, version + 1) not in schemas:
            yield Problem(
                "upcasts", f"{fact_type} v{version} is lifted to a version without schema"
            )
    for name in sorted(schemas):
        if name.version > 1:
            for text in _step(root, FactName(name.type, name.version - 1), steps):
                yield Problem(f"examples/{name}/{UPCAST}.json", text)


def _step(root: Path, old: FactName, steps: Steps) -> Iterator[str]:
    step = steps.get((old.type, old.version))
    file = root / "examples" / f"{old.type}.v{old.version + 1}" / f"{UPCAST}.json"
    if step is None:
        yield f"no upcast lifts {old}"
    elif not file.is_file():
        yield "is missing"
    else:
        shown = read_json(file)
        if step(shown["from"]) != shown["to"]:
            yield "`from` is not lifted to `to`"
        yield from _lifted(root, old, shown["from"], steps)
        for kind in (MINIMAL, FULL):
            yield from _lifted(
                root, old, read_json(root / "examples" / str(old) / f"{kind}.json"), steps
            )


def _lifted(root: Path, old: FactName, data: Any, steps: Steps) -> Iterator[str]:
    try:
        validate(old.type, old.version, data, closed=True, root=root)
        version, lifted = upcast(old.type, old.version, data, steps)
        validate(old.type, version, lifted, closed=True, root=root)
    except (SchemaViolation, UnknownFact) as error:
        yield f"does not fit when lifted: {error}"
