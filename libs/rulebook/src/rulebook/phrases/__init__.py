"""The words of explanations: one (Vietnamese, English) pair per step, outcome, warning and way name.

Templates use `{name}` or `{name:kind}` where kind is day, when, list, rows, term or duration (see rulebook.sentences).
A new module of phrases is added to `_MODULES`; a name may stand in one module only.
"""

from collections.abc import Mapping
from functools import lru_cache

from rulebook.phrases import common

Phrase = tuple[str, str]

_MODULES: tuple[Mapping[str, Phrase], ...] = (common.PHRASES,)
_TERMS: tuple[Mapping[str, Phrase], ...] = (common.TERMS,)


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, Phrase]:
    return _merged(_MODULES)


@lru_cache(maxsize=1)
def terms() -> Mapping[str, Phrase]:
    """Words for values of kind `term`: units, roles, acts, categories."""
    return _merged(_TERMS)


def _merged(modules: tuple[Mapping[str, Phrase], ...]) -> Mapping[str, Phrase]:
    merged: dict[str, Phrase] = {}
    for module in modules:
        twice = merged.keys() & module.keys()
        if twice:
            raise ValueError(f"phrases: defined twice: {', '.join(sorted(twice))}")
        merged.update(module)
    return merged
