"""Vietnamese legal references: document numbers, article references, citations and their consistency."""

from rulebook.references.articles import (
    FoundPlaces,
    NotAReference,
    Place,
    find_divisions,
    find_places,
    parse_places,
)
from rulebook.references.citations import (
    CitationFault,
    LegalCitation,
    faults_of,
    find_citations,
    number_agrees,
    parse_citation,
)
from rulebook.references.numbers import (
    DocumentNumber,
    FoundNumber,
    NotADocumentNumber,
    find_numbers,
    parse_number,
)

__all__ = [
    "CitationFault",
    "DocumentNumber",
    "FoundNumber",
    "FoundPlaces",
    "LegalCitation",
    "NotADocumentNumber",
    "NotAReference",
    "Place",
    "faults_of",
    "find_citations",
    "find_divisions",
    "find_numbers",
    "find_places",
    "number_agrees",
    "parse_citation",
    "parse_number",
    "parse_places",
]
