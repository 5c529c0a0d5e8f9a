"""How a rule is named to people: its id, its place in both languages, its words."""

from rulebook.explanation import Basis
from rulebook.sentences import citation_text


def law_of(basis: Basis) -> dict[str, str]:
    """As every view and fact of intake that names a rule has it."""
    return {
        "rule": basis.rule,
        "article": citation_text(basis.citation),
        "article_en": citation_text(basis.citation, "en"),
        "quotation": basis.reads or basis.quote,
    }
