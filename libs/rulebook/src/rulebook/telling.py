"""An explanation as the members of a problem document, and a finding as facts and views have it: rule, place, words, ways."""

from collections.abc import Mapping
from typing import Any

from rulebook.explanation import Basis, Explanation, plain
from rulebook.rules.results import Finding
from rulebook.sentences import Language, citation_text, sentences, told

MOST_WORDS, MOST_QUOTED = 1_000, 3_000
"""Letters, as the contracts allow."""


def told_fully(explanation: Explanation) -> Mapping[str, Any]:
    """What a refusal adds to its problem document, in both languages."""
    basis = explanation.basis
    return {
        "rule": basis.rule,
        "article": {"vi": citation_text(basis.citation), "en": citation_text(basis.citation, "en")},
        "quote": basis.quote,
        "nearest": [{"code": w.code, **_values(w.values)} for w in explanation.outcome.nearest],
        "sentences": {"vi": list(sentences(explanation)), "en": list(sentences(explanation, "en"))},
        "explanation": plain(explanation),
    }


def told_shortly(explanation: Explanation, lang: Language = "en") -> str:
    """What is refused, why, by which article, and the nearest way: the detail of a problem."""
    outcome = explanation.outcome
    said = [told(outcome.name, outcome.values, lang)]
    said += [told(step.name, step.values, lang) for step in explanation.steps]
    said.append(f"{citation_text(explanation.basis.citation, lang)} ({explanation.basis.rule}).")
    said += [told(way.code, way.values, lang) for way in outcome.nearest]
    return " ".join(said)


def law_told(basis: Basis) -> dict[str, str]:
    """How a rule is named to people: its id, its place in both languages, its words."""
    return {
        "rule": basis.rule,
        "article": citation_text(basis.citation),
        "article_en": citation_text(basis.citation, "en"),
        "quotation": basis.reads or basis.quote,
    }


def place_told(basis: Basis, rule: str) -> dict[str, str]:
    """The same under the id of a rule, with as many of its words as a fact takes."""
    law = law_told(basis)
    return {**law, "rule": rule, "quotation": law["quotation"][:MOST_QUOTED]}


def finding_told(finding: Finding) -> dict[str, Any]:
    """What is wrong by which article, and what would mend it: one of the `findings` of a fact or a view."""
    basis, outcome = finding.explanation.basis, finding.explanation.outcome
    ways = [way for way in outcome.nearest if _mends(way.values, finding.code)]
    way = (ways or list(outcome.nearest) or [None])[0]
    data = {
        "code": finding.code,
        "severity": finding.severity,
        **place_told(basis, finding.rule),
        "sentence": _sentence(finding, "vi"),
        "sentence_en": _sentence(finding, "en"),
        "way": told(way.code, way.values, "vi")[:MOST_WORDS] if way else None,
        "way_en": told(way.code, way.values, "en")[:MOST_WORDS] if way else None,
        "field": field_of(finding.code),
        "needs_human": finding.needs_human,
    }
    return {name: value for name, value in data.items() if value is not None}


def field_of(code: str) -> str | None:
    """The field a finding is about, where it is one."""
    name, _, field = code.partition(":")
    if name == "missing_field":
        return field
    return {"missing_author": "author", "missing_source": "source"}.get(code) or (
        "body" if name == "encoding" else None
    )


def _mends(values: Mapping[str, object], code: str) -> bool:
    return values.get("field") in {field_of(code), None}


def _sentence(finding: Finding, language: Language) -> str:
    """What is wrong, this one finding alone: one explanation may carry several."""
    outcome = finding.explanation.outcome
    values = (
        {**outcome.values, "codes": (finding.code,)}
        if "codes" in outcome.values
        else outcome.values
    )
    return told(outcome.name, values, language)[:MOST_WORDS]


def lines_told(explanation: Explanation, lang: Language = "vi") -> str:
    """Its sentences, one a line: what holds, then step by step why; as many whole ones as a fact takes."""
    lines = list(sentences(explanation, lang))
    while len(lines) > 1 and sum(map(len, lines)) + len(lines) > MOST_QUOTED:
        lines.pop()
    return "\n".join(lines)[:MOST_QUOTED]


def _values(values: Mapping[str, object]) -> dict[str, Any]:
    found: Any = plain(values)
    return found
