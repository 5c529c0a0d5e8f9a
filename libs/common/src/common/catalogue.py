"""Facts to words and back, by the contracts: schema checked on both sides, upcast when read."""

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import ValidationError

from common.errors import FieldProblem, Unprocessable
from contracts import schemas, upcasts
from contracts.events import FACTS
from contracts.fact import Fact
from contracts.names import FactName
from contracts.topics import UnknownFact


class Contracts:
    """The catalogue of one service: `write` what it says, `read` what it and others said."""

    def __init__(self, service: str) -> None:
        self._service = service

    def write(self, fact: Fact) -> tuple[str, str | None, Mapping[str, Any]]:
        """(type with version, topic or None when private, data); raises Unprocessable."""
        data = fact.data()
        try:
            schemas.validate(fact.TYPE, fact.VERSION, data, closed=True)
        except schemas.SchemaViolation as error:
            raise _broken(error) from error
        topic = None if fact.VISIBILITY == "private" else fact.topic_for(self._service)
        return str(fact.name()), topic, data

    def read(self, type: str, data: Mapping[str, Any]) -> Fact:
        """The fact in its newest version; raises Unprocessable when it breaks its schema."""
        try:
            name = FactName.parse(type)
            schemas.validate(name.type, name.version, data)
            version, newest = upcasts.upcast(name.type, name.version, data)
            return FACTS[name.type, version].of(newest)
        except schemas.SchemaViolation as error:
            raise _broken(error) from error
        except (UnknownFact, KeyError, ValidationError, ValueError) as error:
            raise Unprocessable("unknown-fact", f"{type} is not in the contracts.") from error

    def revive(self, type: str, data: bytes) -> Fact:
        """`read` from published bytes."""
        try:
            parsed = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise Unprocessable("not-json", f"{type}: {error}") from error
        if not isinstance(parsed, dict):
            raise Unprocessable("not-an-object", f"{type}: a fact is a JSON object")
        return self.read(type, parsed)


def _broken(error: schemas.SchemaViolation) -> Unprocessable:
    problem = FieldProblem(error.pointer or "/", error.rule, error.message)
    return Unprocessable("breaks-its-schema", str(error), errors=[problem])
