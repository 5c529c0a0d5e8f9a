"""FastAPI's findings about a request, told as a problem: the field, the rule, what to do.

Only the schema's own parameters (a limit, a pattern, the allowed words) are quoted, never the input.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from common.errors import FieldProblem, spoken
from common.http.problems import Problem, known
from common.http.words import OTHER_RULE, Language, advice
from common.redaction import MASK, masked_text

MOST = 50
JSON_TYPES = re.compile(r"application/(?:[\w.-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.\[\]-]{1,64}")
_NOT_A_BODY = frozenset({"model_attributes_type", "model_type", "dict_type", "list_type"})

Finding = Mapping[str, Any]


def problem_of(findings: Sequence[Finding], content_type: str, language: Language) -> Problem:
    """400 for broken JSON, 415 for a body of another type, else 422 with each field's rule."""
    for finding in findings:
        if finding["type"] == "json_invalid":
            return _broken_json(finding, language)
        if _wrong_type(finding, content_type):
            return known(415, "content-type-unsupported", language)
    problem = known(422, "content-invalid", language, count=len(findings))
    errors = tuple(_field(finding, language) for finding in findings[:MOST])
    return Problem(problem.status, problem.code, problem.detail, errors)


def _broken_json(finding: Finding, language: Language) -> Problem:
    position = int(finding["loc"][-1]) + 1
    detail = known(400, "json-invalid", language, position=position)
    return Problem(400, "json-invalid", detail.detail, extra={"position": position})


def _wrong_type(finding: Finding, content_type: str) -> bool:
    return (
        tuple(finding["loc"]) == ("body",)
        and finding["type"] in _NOT_A_BODY
        and JSON_TYPES.fullmatch(content_type.strip()) is None
        and isinstance(finding.get("input"), bytes)
    )


def _field(finding: Finding, language: Language) -> FieldProblem:
    return FieldProblem(pointer(finding["loc"]), finding["type"], _advice(finding, language))


def pointer(place: Sequence[str | int]) -> str:
    """`/steps/0/name` for the body, `query:limit` and the like for the rest."""
    head, *rest = place or ("body",)
    names = [_name(part) for part in rest]
    if head == "body":
        return "".join(f"/{name}" for name in names)
    return f"{head}:{'.'.join(names)}"


def _name(part: str | int) -> str:
    """A name of the schema; anything else was sent by the caller and is not repeated."""
    text = str(part)
    if isinstance(part, int):
        return text
    return text if _PLAIN_NAME.fullmatch(text) and masked_text(text) == text else MASK


def _advice(finding: Finding, language: Language) -> str:
    context: Mapping[str, Any] = finding.get("ctx") or {}
    rule = str(finding["type"])
    if rule in {"value_error", "assertion_error"}:
        return _own_words(context.get("error"), finding.get("input"), language)
    return spoken(advice(rule, context), language)


def _own_words(error: Any, given: Any, language: Language) -> str:
    """What a validator of ours says, unless it repeats what was given."""
    text = str(error)
    repeats = isinstance(given, str) and given.strip() != "" and given.strip() in text
    if not text or repeats or not isinstance(given, str | None):
        return OTHER_RULE.to(language, rule="value")
    return masked_text(text)
