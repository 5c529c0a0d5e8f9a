"""The words of explanations: one (Vietnamese, English) pair per step, outcome, warning and way name.

Every module of this package has `PHRASES` (sentences) and may have `TERMS` (words for single values); a name may stand
in one module only. Templates use `{name}` or `{name:kind}`, where kind is day, days, when, whens, until, span, within, rather,
list or term.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

Phrase = tuple[str, str]


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, Phrase]:
    """Raises ValueError if two modules define one name."""
    return merged("PHRASES")


@lru_cache(maxsize=1)
def terms() -> Mapping[str, Phrase]:
    """Words for values of kind `term`: units, roles, acts, categories."""
    return merged("TERMS")


def merged(table: str) -> Mapping[str, Phrase]:
    found: dict[str, Phrase] = {}
    for module in _modules():
        words: Mapping[str, Phrase] = getattr(import_module(module), table, {})
        twice = found.keys() & words.keys()
        if twice:
            raise ValueError(f"phrases: defined twice: {', '.join(sorted(twice))}")
        found.update(words)
    return found


def _modules() -> Iterable[str]:
    return sorted(f"{__name__}.{module.name}" for module in iter_modules(__path__))
