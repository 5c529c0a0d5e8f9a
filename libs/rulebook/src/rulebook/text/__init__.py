"""Vietnamese text: what is wrong with it, its repair as a proposal, and folding for search."""

from rulebook.text.folding import (
    fold,
    fold_plain,
    initials,
    prefix_keys,
    query_keys,
    search_tokens,
)

__all__ = ["fold", "fold_plain", "initials", "prefix_keys", "query_keys", "search_tokens"]
