"""What a changed OpenAPI document breaks for those who call the service."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from contracts.check.schema_change import Comparison, Json, Use, resolve

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def broken(old: Json, new: Json) -> Iterator[str]:
    """What callers of `old` lose with `new`."""
    for path, item in old.get("paths", {}).items():
        after = new.get("paths", {}).get(path, {})
        for method in METHODS:
            if method not in item:
                continue
            name = f"{method.upper()} {path}"
            if method not in after:
                yield f"{name} was removed"
            else:
                yield from _Operation(old, new, name).broken(item[method], after[method])


class _Operation:
    """One operation in two documents."""

    def __init__(self, old: Json, new: Json, name: str) -> None:
        self._old, self._new, self._name = old, new, name
        self._asked = Comparison(old, new, Use.ASKED)
        self._said = Comparison(old, new, Use.SAID)

    def broken(self, old: Json, new: Json) -> Iterator[str]:
        if old.get("operationId") != new.get("operationId"):
            yield f"{self._name}: operationId changed, which clients are generated from"
        if "security" in new and "security" not in old:
            yield f"{self._name}: newly requires a sign-in"
        yield from self._parameters(old, new)
        yield from self._body(old, new)
        yield from self._responses(old, new)

    def _parameters(self, old: Json, new: Json) -> Iterator[str]:
        before, after = _parameters(self._old, old), _parameters(self._new, new)
        for key, parameter in before.items():
            at = f"{self._name}: {key[0]} parameter {key[1]}"
            if key not in after:
                yield f"{at} was removed"
                continue
            if after[key].get("required") and not parameter.get("required"):
                yield f"{at} is newly required"
            yield from self._asked.broken(
                parameter.get("schema", {}), after[key].get("schema", {}), at
            )
        for key in after.keys() - before.keys():
            if after[key].get("required"):
                yield f"{self._name}: {key[0]} parameter {key[1]} is newly required"

    def _body(self, old: Json, new: Json) -> Iterator[str]:
        before = resolve(self._old, old.get("requestBody", {}))
        after = resolve(self._new, new.get("requestBody", {}))
        at = f"{self._name}: request body"
        if before and not after:
            yield f"{at} was removed"
            return
        if after.get("required") and not before.get("required"):
            yield f"{at} is newly required"
        yield from self._content(before, after, at, self._asked)

    def _responses(self, old: Json, new: Json) -> Iterator[str]:
        for status, answer in old.get("responses", {}).items():
            at = f"{self._name}: answer {status}"
            if status not in new.get("responses", {}):
                yield f"{at} was removed"
                continue
            before = resolve(self._old, answer)
            after = resolve(self._new, new["responses"][status])
            yield from self._content(before, after, at, self._said)
            for header in before.get("headers", {}).keys() - after.get("headers", {}).keys():
                yield f"{at}: header {header} was removed"

    def _content(self, old: Json, new: Json, at: str, comparison: Comparison) -> Iterator[str]:
        for media, shown in old.get("content", {}).items():
            if media not in new.get("content", {}):
                yield f"{at}: {media} was removed"
            else:
                after = new["content"][media].get("schema", {})
                yield from comparison.broken(shown.get("schema", {}), after, f"{at} {media}")


def _parameters(document: Json, operation: Json) -> Mapping[tuple[str, str], Json]:
    listed = cast("list[Any]", operation.get("parameters", []))
    resolved = [resolve(document, parameter) for parameter in listed]
    return {(str(p.get("in")), str(p.get("name"))): p for p in resolved}
