"""Vietnamese text: what is wrong with it, its repair as a proposal, and folding for search."""

from rulebook.text.findings import Damage, Place, TextFinding, TextReport
from rulebook.text.folding import (
    fold,
    fold_plain,
    initials,
    prefix_keys,
    query_keys,
    search_tokens,
)
from rulebook.text.inspection import inspect_bytes, inspect_text

__all__ = [
    "Damage",
    "Place",
    "TextFinding",
    "TextReport",
    "fold",
    "fold_plain",
    "initials",
    "inspect_bytes",
    "inspect_text",
    "prefix_keys",
    "query_keys",
    "search_tokens",
]
