"""Facts to words and back, by the contracts: schema checked on both sides, upcast when read."""

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import ValidationError

from common.errors import FieldProblem, Said, Unprocessable
from common.words import say
from contracts import schemas, upcasts
from contracts.events import FACTS
from contracts.fact import Fact
from contracts.names import FactName
from contracts.topics import UnknownFact

Facts = Mapping[tuple[str, int], type[Fact]]


class Contracts:
    """The catalogue of one service: `write` what it says, `read` what it and others said.

    Folds, consumers and rebuilds all read through it: each sees the newest version of a fact.
    """

    def __init__(
        self, service: str, steps: upcasts.Steps = upcasts.STEPS, facts: Facts = FACTS
    ) -> None:
        self._service = service
        self._steps = steps
        self._facts = facts

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
            version, newest = upcasts.upcast(name.type, name.version, data, self._steps)
            return self._facts[name.type, version].of(newest)
        except schemas.SchemaViolation as error:
            raise _broken(error) from error
        except (UnknownFact, KeyError, ValidationError, ValueError) as error:
            raise Unprocessable("unknown-fact", say("fact-unknown", type=type)) from error

    def revive(self, type: str, data: bytes) -> Fact:
        """`read` from published bytes."""
        try:
            parsed = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise Unprocessable("not-json", say("fact-not-json", type=type, why=error)) from error
        if not isinstance(parsed, dict):
            raise Unprocessable("not-an-object", say("fact-not-an-object", type=type))
        return self.read(type, parsed)


_ADVICE: Mapping[str, str] = {
    "pattern": "Giá trị không đúng dạng quy định.",
    "format": "Giá trị không đúng dạng quy định.",
    "minLength": "Giá trị quá ngắn.",
    "maxLength": "Giá trị quá dài.",
    "minItems": "Danh sách có quá ít mục.",
    "maxItems": "Danh sách có quá nhiều mục.",
    "uniqueItems": "Danh sách có mục lặp lại.",
    "minProperties": "Cần nêu ít nhất một mục.",
    "minimum": "Giá trị quá nhỏ.",
    "maximum": "Giá trị quá lớn.",
    "enum": "Giá trị không có trong danh sách được chọn.",
    "const": "Giá trị không có trong danh sách được chọn.",
    "type": "Giá trị không đúng kiểu.",
    "required": "Thiếu mục bắt buộc.",
    "additionalProperties": "Có mục không được phép.",
    "unevaluatedProperties": "Có mục không được phép.",
}
"""What a rule of a schema says, for people; its English is the validator's own sentence."""


def _broken(error: schemas.SchemaViolation) -> Unprocessable:
    advice = _ADVICE.get(error.rule, f"Giá trị không đúng quy tắc {error.rule}.")
    field = FieldProblem(
        error.pointer or "/", error.rule, Said(f"{advice} Sửa lại.", error.message)
    )
    whole = (
        f"Nội dung chưa đúng hợp đồng dữ liệu ({error.name}, {field.pointer}): {advice} Sửa lại."
    )
    return Unprocessable("breaks-its-schema", Said(whole, str(error)), errors=[field])
