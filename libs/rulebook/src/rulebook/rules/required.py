"""Fields, parts and documents that must be there: BD Đ11, HN Đ8 k4, Đ10 k1 and their like."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from rulebook.because import again
from rulebook.explanation import Step, Values, Way
from rulebook.profiles.model import Rule, RuleType
from rulebook.references import LegalCitation, faults_of, find_citations
from rulebook.references.citations import CitationFault, InForce
from rulebook.registry import Inputs, RuleFunction
from rulebook.rules.params import CitationParts, DocumentParts, RequiredFields, RequiredIfFlag
from rulebook.rules.results import Checked, is_empty, met, not_met
from rulebook.world import World

Fields = Mapping[str, object]
MOST_SHOWN = 50
_BYLINE = {"author": "missing_author", "source": "missing_source"}


def required_fields(rule: Rule[RequiredFields], fields: Fields, on: date) -> Checked:
    """Which of the fields, parts and alternatives that the rule names are missing on that day."""
    missing = tuple(missing_of(rule.params, fields, on))
    inputs: Values = {"subject": rule.params.subject, "given": tuple(sorted(fields)), "on": on.isoformat()}  # fmt: skip
    asked = Step("fields-asked", {"fields": rule.params.fields})
    gives = again(rule, lambda other: required_fields(other, fields, on))
    if not missing:
        return met(rule, on, inputs, asked, gives=gives)
    ways = tuple(Way("supply-field", {"field": field}) for field in missing)
    return not_met(rule, on, inputs, map(_code, missing), ways, asked, gives=gives)


def missing_of(params: RequiredFields, fields: Fields, on: date) -> Iterable[str]:
    """Names of what is missing, in the rule's order; "address.street" for a part of a group."""
    for field in params.fields:
        if field in params.dated and not params.dated[field].holds(on):
            continue
        value = fields.get(field)
        if is_empty(value):
            yield field
        elif field in params.parts:
            yield from _missing_parts(params, field, value, on)
    for group in params.one_of:
        if all(is_empty(fields.get(field)) for field in group):
            yield "_or_".join(group)


def _missing_parts(params: RequiredFields, field: str, value: object, on: date) -> Iterable[str]:
    elsewhere = {*params.fields, *(part for parts in params.parts.values() for part in parts)}
    parts = [*params.parts[field], *(name for name in params.dated if name not in elsewhere)]
    asked = [part for part in parts if part not in params.dated or params.dated[part].holds(on)]
    if isinstance(value, Mapping):
        group = cast("Mapping[str, object]", value)
        return [f"{field}.{part}" for part in asked if is_empty(group.get(part))]
    if isinstance(value, list | tuple):
        rows = [row for row in cast("Iterable[object]", value) if isinstance(row, Mapping)]
        given = [cast("Mapping[str, object]", row) for row in rows]
        return [part for part in asked if any(is_empty(row.get(part)) for row in given)]
    return []


def required_if_flag(
    rule: Rule[RequiredIfFlag], fields: Fields, flags: frozenset[str], on: date
) -> Checked:
    """The fields are asked for only where the flag is set (an agreement to quote, HN Đ8 k4)."""
    flag = rule.params.flag
    inputs: Values = {"flags": tuple(sorted(flags)), "on": on.isoformat()}
    if flag not in flags:
        return met(rule, on, inputs, Step("flag-not-set", {"flag": flag}))
    missing = [field for field in rule.params.fields if is_empty(fields.get(field))]
    step = Step("flag-set", {"flag": flag})
    if not missing:
        return met(rule, on, inputs, step)
    ways = tuple(Way("supply-field", {"field": field}) for field in missing)
    return not_met(rule, on, inputs, map(_code, missing), ways, step)


def cited_documents(
    rule: Rule[DocumentParts] | Rule[CitationParts],
    text: str,
    on: date,
    in_force: InForce | None = None,
) -> Checked:
    """Whether each document that a text cites has the asked parts, and whether its parts agree (HN Đ10 k4)."""
    codes: list[str] = []
    ways: list[Way] = []
    citations = tuple(find_citations(text))
    shown = tuple(each.render() for each in citations[:MOST_SHOWN])
    for citation in citations:
        for fault in faults_of(citation, on=on, in_force=in_force):
            if _is_asked(fault, rule.params.parts):
                codes.append(f"citation:{fault.code}")
                ways.append(_mend(citation, fault))
    inputs: Values = {"length": len(text), "on": on.isoformat()}
    step = Step("documents-cited", {"documents": shown, "count": len(citations)})
    if not codes:
        return met(rule, on, inputs, step)
    return not_met(rule, on, inputs, codes, tuple(ways[:MOST_SHOWN]), step)


def _is_asked(fault: CitationFault, parts: tuple[str, ...]) -> bool:
    part = fault.code.removeprefix("missing-")
    return part == fault.code or part in parts


def _mend(citation: LegalCitation, fault: CitationFault) -> Way:
    values: Values = {
        "document": citation.render(),
        "fault": fault.code,
        "expected": "" if fault.code.startswith("missing-") else fault.expected,
    }
    return Way("mend-citation", values)


def _code(field: str) -> str:
    return _BYLINE.get(field) or f"missing_field:{field}"


class FieldsInputs(Inputs):
    fields: dict[str, Any]
    on: date


class FlagInputs(Inputs):
    fields: dict[str, Any]
    flags: frozenset[str] = frozenset()
    on: date


class TextInputs(Inputs):
    text: str
    on: date


def _apply_fields(rule: Rule[Any], inputs: FieldsInputs, _world: World) -> Checked:
    return required_fields(rule, inputs.fields, inputs.on)


def _apply_flag(rule: Rule[Any], inputs: FlagInputs, _world: World) -> Checked:
    return required_if_flag(rule, inputs.fields, inputs.flags, inputs.on)


def _apply_citation(rule: Rule[Any], inputs: TextInputs, _world: World) -> Checked:
    return cited_documents(rule, inputs.text, inputs.on)


_FIELD: frozenset[RuleType] = frozenset({"required_field"})
FUNCTIONS = (
    RuleFunction("required.fields", _FIELD, RequiredFields, FieldsInputs, _apply_fields),
    RuleFunction("required.if_flag", _FIELD, RequiredIfFlag, FlagInputs, _apply_flag),
    RuleFunction("required.document_parts", _FIELD, DocumentParts, TextInputs, _apply_citation),
    RuleFunction("format.citation", frozenset({"format"}), CitationParts, TextInputs, _apply_citation),
)  # fmt: skip
