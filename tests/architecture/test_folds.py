"""What a fold makes of facts is recorded with its revision: another fold needs another revision.

A closing keeps a state for good (`common.log.closing`), and only `revision` tells an old one from what
today's code would make of the same facts. Each kind of stream folds every example of the contracts;
the states and the shape of the state are recorded in `folds.json`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from common.canonical import canonical, digest
from common.log.streams import StreamKind
from contracts.events import FACTS
from contracts.fact import Fact
from directory.main import PARTS as DIRECTORY
from editorial.main import PARTS as EDITORIAL
from intake.main import PARTS as INTAKE

ROOT = Path(__file__).parents[2]
RECORDED = Path(__file__).with_name("folds.json")
KINDS = [kind for parts in (DIRECTORY, EDITORIAL, INTAKE) for kind in parts.kinds]
WORDS = {"title", "description"}
"""What a schema says to people: it may change."""


def examples() -> list[Fact]:
    return [
        FACTS[type, version].of(json.loads(file.read_text("utf-8")))
        for type, version in sorted(FACTS)
        for file in sorted((ROOT / "contracts/examples" / f"{type}.v{version}").glob("*.json"))
        if file.stem in {"minimal", "full"}
    ]


def states(kind: StreamKind[Any], facts: Sequence[Fact]) -> Iterator[tuple[str, Any]]:
    """What each fact changes, alone and upon the others; what a fold does not know is passed over."""
    upon = kind.initial
    for fact in (*facts, *facts):
        for state in (kind.initial, upon):
            try:
                after = kind.evolve(state, fact)
            except Exception:  # noqa: BLE001, S112 - a fact of another kind, or one that cannot follow
                continue
            if plain(after) != plain(state):
                yield fact.TYPE, plain(after)
            upon = after if state is upon else upon


def plain(value: Any) -> Any:  # noqa: PLR0911 - a kind of value, a line
    """The same for the same state in every process: sets are in order."""
    match value:
        case Fact():
            return value.data()
        case Mapping():
            return sorted(([plain(k), plain(v)] for k, v in value.items()), key=canonical)
        case AbstractSet():
            return sorted(map(plain, value), key=canonical)
        case list() | tuple():
            return [plain(each) for each in value]
        case _ if is_dataclass(value):
            return [[each.name, plain(getattr(value, each.name))] for each in fields(value)]
        case None | str() | int() | float():
            return value
        case _:
            return repr(value)


def shape(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: shape(each) for name, each in schema.items() if name not in WORDS or isinstance(each, dict)}  # fmt: skip
    return [shape(each) for each in schema] if isinstance(schema, list) else schema


def fold_of(kind: StreamKind[Any]) -> str:
    adapter: TypeAdapter[Any] = TypeAdapter(kind.state_type)
    told = [shape(adapter.json_schema()), list(states(kind, examples()))]
    return digest(canonical(told))[:16]


def found(kind: StreamKind[Any]) -> dict[str, str]:
    return {"revision": kind.revision, "fold": fold_of(kind)}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_another_fold_has_another_revision(kind: StreamKind[Any]):
    recorded = json.loads(RECORDED.read_text("utf-8")).get(kind.name)

    assert found(kind) == recorded, (
        f"what {kind.name} makes of facts, or the shape of its state, is not what was recorded. Raise its "
        f"`revision`, then record it in {RECORDED.name}: {json.dumps({kind.name: found(kind)})}"
    )


def test_nothing_is_recorded_that_no_service_folds():
    assert sorted(json.loads(RECORDED.read_text("utf-8"))) == sorted(kind.name for kind in KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_fold_that_forgets_a_fact_is_another_one(kind: StreamKind[Any]):
    seen = {name for name, _ in states(kind, examples())}
    assert seen

    for name in seen:
        assert fold_of(replace(kind, evolve=_forgets(kind, name))) != fold_of(kind), name


def _forgets(kind: StreamKind[Any], name: str) -> Any:
    return lambda state, fact: state if name == fact.TYPE else kind.evolve(state, fact)
