"""What a changed JSON Schema breaks, by who relies on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, cast

Json = Mapping[str, Any]

WORDS_ONLY = frozenset(
    {"title", "description", "$comment", "examples", "example", "deprecated", "$defs", "$id"}
)
UPPER = frozenset({"maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties"})
LOWER = frozenset({"minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties"})
COMBINED = ("anyOf", "oneOf", "allOf", "prefixItems")
BY_NAME = frozenset({"properties", "required", "items", "enum", "$ref", *COMBINED})

SHOWN = 80


class Use(Enum):
    """Who is hurt by what.

    KEPT   facts: written once and read for ever, so neither writers nor readers may be hurt
    ASKED  requests: others write them, so nothing more may be demanded
    SAID   answers: others read them, so nothing less may be promised
    """

    KEPT = auto()
    ASKED = auto()
    SAID = auto()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents, in which `$ref`s are looked up, and how they are used."""

    old: Json
    new: Json
    use: Use

    def broken(
        self, old: Any, new: Any, at: str = "#", seen: frozenset[tuple[str, str]] = frozenset()
    ) -> Iterator[str]:
        """What `new` breaks that `old` said, each with its place."""
        if not isinstance(old, Mapping) or not isinstance(new, Mapping):
            if old != new:
                yield f"{at} changed from {_short(old)} to {_short(new)}"
            return
        old, new = cast("Json", old), cast("Json", new)
        pair = (str(old.get("$ref", "")), str(new.get("$ref", "")))
        if any(pair) and pair in seen:
            return
        seen |= {pair}
        before, after = resolve(self.old, old), resolve(self.new, new)
        yield from self._rules(before, after, at)
        yield from self._required(before, after, at)
        yield from self._properties(before, after, at, seen)
        yield from self._parts(before, after, at, seen)

    def _rules(self, old: Json, new: Json, at: str) -> Iterator[str]:
        if "enum" in old or "enum" in new:
            yield from self._enum(old.get("enum"), new.get("enum"), at)
        for word in sorted((old.keys() | new.keys()) - WORDS_ONLY - BY_NAME):
            before, after = old.get(word), new.get(word)
            if before != after and self._hurts(word, before, after):
                yield f"{at} {word} changed from {_short(before)} to {_short(after)}"

    def _hurts(self, word: str, before: Any, after: Any) -> bool:
        if word not in UPPER | LOWER or self.use is Use.KEPT:
            return True
        if before is None or after is None:
            wider = after is None
        else:
            wider = (after > before) == (word in UPPER)
        return wider == (self.use is Use.SAID)

    def _enum(self, old: list[Any] | None, new: list[Any] | None, at: str) -> Iterator[str]:
        gone = [value for value in old or () if new is not None and value not in new]
        added = [value for value in new or () if old is not None and value not in old]
        if gone and self.use is not Use.SAID:
            yield f"{at} enum lost {_short(gone)}"
        if added and self.use is not Use.ASKED:
            yield f"{at} enum gained {_short(added)}"
        if (old is None) != (new is None):
            yield f"{at} enum {'appeared' if old is None else 'vanished'}"

    def _required(self, old: Json, new: Json, at: str) -> Iterator[str]:
        before, after = frozenset(old.get("required", ())), frozenset(new.get("required", ()))
        if self.use is not Use.SAID:
            for field in sorted(after - before):
                yield f"{at} newly requires {field}"
        if self.use is not Use.ASKED:
            for field in sorted(before - after):
                yield f"{at} no longer guarantees {field}"

    def _properties(
        self, old: Json, new: Json, at: str, seen: frozenset[tuple[str, str]]
    ) -> Iterator[str]:
        after = new.get("properties", {})
        for field, before in old.get("properties", {}).items():
            if field not in after:
                yield f"{at}/properties/{field} was removed"
            else:
                yield from self.broken(before, after[field], f"{at}/properties/{field}", seen)

    def _parts(
        self, old: Json, new: Json, at: str, seen: frozenset[tuple[str, str]]
    ) -> Iterator[str]:
        if "items" in old or "items" in new:
            yield from self.broken(old.get("items"), new.get("items"), f"{at}/items", seen)
        for word in COMBINED:
            before, after = old.get(word, []), new.get(word, [])
            if len(before) != len(after):
                yield f"{at} {word} has {len(after)} parts instead of {len(before)}"
            else:
                for index, (one, other) in enumerate(zip(before, after, strict=True)):
                    yield from self.broken(one, other, f"{at}/{word}/{index}", seen)


def resolve(document: Json, part: Json) -> Json:
    """The part itself, or what its local `$ref` names; an unknown one is an empty schema."""
    reference = part.get("$ref")
    if reference is None:
        return part
    target: Any = document
    for step in str(reference).removeprefix("#/").split("/"):
        target = target.get(step, {}) if isinstance(target, Mapping) else {}
    return cast("Json", target)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
