"""An explanation as the members of a problem document: rule, place, words, sentences, nearest ways."""

from collections.abc import Mapping
from typing import Any

from rulebook.explanation import Explanation, plain
from rulebook.sentences import Language, citation_text, sentences, told


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


def _values(values: Mapping[str, object]) -> dict[str, Any]:
    found: Any = plain(values)
    return found
