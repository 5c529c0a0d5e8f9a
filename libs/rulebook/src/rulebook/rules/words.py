"""Whether a text says a phrase: whole words, with their diacritics unless the text was typed without any."""

from collections.abc import Iterable
from functools import lru_cache

from rulebook.text import fold, fold_plain


def says(folded: str, phrase: str) -> bool:
    """`folded` is the text by `fold`. "đập phá" is not said by "hỏi đáp pháp luật", and is by "dap pha tru so"."""
    marked, plain = _both(phrase)
    return _stands(folded, marked) or (
        plain != marked and folded.isascii() and _stands(folded, plain)
    )


def forms_of(phrases: Iterable[str]) -> tuple[str, ...]:
    """The strings one of which must stand in a folded text for it to say any of the phrases: a quick look beforehand."""
    return tuple(dict.fromkeys(form for phrase in phrases for form in _both(phrase)))


def _stands(text: str, phrase: str) -> bool:
    at = text.find(phrase)
    while at >= 0:
        before, after = (
            text[at - 1 : at] if at else "",
            text[at + len(phrase) : at + len(phrase) + 1],
        )
        if not before.isalnum() and not after.isalnum():
            return True
        at = text.find(phrase, at + 1)
    return False


@lru_cache(maxsize=4096)
def _both(phrase: str) -> tuple[str, str]:
    return fold(phrase), fold_plain(phrase)
