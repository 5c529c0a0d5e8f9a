"""What a search asks: words, exact phrases in quotes, document numbers however they are typed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from common.errors import FieldProblem, Said, Unprocessable
from portal.domain.telling import say
from portal.domain.words import exact_words, plain_words
from rulebook.references import NotADocumentNumber, find_numbers, parse_number

MOST_WORDS = 32
LONGEST = 300
_QUOTED = re.compile(r'["“”„«»](?P<phrase>[^"“”„«»]+)["“”„«»]')
_NUMBER_LIKE = re.compile(r"(?<!\S)\d[\w.]*(?:\s?[/-]\s?[\w.&]+)*/[\w./&-]*\w")
_SPACED = re.compile(r"\s*([/–-])\s*")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand side by side.

    exact    as typed, with their tones; else diacritics make no difference
    number   a document number: also found as the number of a document
    """

    words: tuple[str, ...]
    exact: bool
    number: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that must be found; `marks` are the words to mark in what is shown."""

    terms: tuple[Term, ...]

    @property
    def marks(self) -> frozenset[str]:
        return frozenset(word for term in self.terms for word in term.words)


def read(query: str) -> Question:
    """What a query asks; raises Unprocessable for none or too many words."""
    terms = tuple(dict.fromkeys(_terms(query)))
    if not terms:
        raise _refused("no-word", "has-a-word", say("no-word"))
    if sum(len(term.words) for term in terms) > MOST_WORDS:
        raise _refused("too-many-words", "few-words", say("too-many-words", most=MOST_WORDS))
    return Question(terms)


def _refused(code: str, rule: str, detail: Said) -> Unprocessable:
    return Unprocessable(code, detail, errors=[FieldProblem("query:q", rule, detail)])


def _terms(query: str) -> Iterator[Term]:
    rest, place = "", 0
    for found in _QUOTED.finditer(query):
        yield from _phrase(found["phrase"])
        rest += query[place : found.start()] + " "
        place = found.end()
    rest += query[place:]
    yield from _numbers_and_words(rest)


def _phrase(text: str) -> Iterator[Term]:
    words = tuple(exact_words(text).split())
    if words:
        yield _term(words)


def _term(words: tuple[str, ...]) -> Term:
    """With one tone or hook typed, the tones count; with none they do not."""
    bare = tuple(plain_words(" ".join(words)).split())
    return Term(words, exact=True) if words != bare else Term(bare, exact=False)


def _numbers_and_words(text: str) -> Iterator[Term]:
    place = 0
    for start, end in _number_spans(text):
        yield from _single(text[place:start])
        words = number_words(text[start:end])
        if words:
            yield Term(words, exact=False, number=True)
        place = end
    yield from _single(text[place:])


def _single(text: str) -> Iterator[Term]:
    for word in exact_words(text).split():
        yield _term((word,))


def _number_spans(text: str) -> list[tuple[int, int]]:
    """Where numbers stand: as the rulebook reads them, and pieces such as "12/2024"."""
    upper = text.upper()
    spans = (
        [(found.start, found.end) for found in find_numbers(upper)]
        if len(upper) == len(text)
        else []
    )
    for found in _NUMBER_LIKE.finditer(text):
        if all(found.end() <= start or found.start() >= end for start, end in spans):
            spans.append(found.span())
    return sorted(spans)


def number_words(text: str) -> tuple[str, ...]:
    """The words of a number in its normal form, without diacritics: 12 2024 qd ubnd.

    A part of a number ("5/2024") keeps its words; its serial gets the 0 that numbers under ten have.
    """
    tight = _SPACED.sub(r"\1", text.strip())
    try:
        normal = parse_number(tight.upper()).render()
    except NotADocumentNumber:
        normal = tight if not (len(tight) > 1 and tight[1] == "/") else f"0{tight}"
    return tuple(plain_words(exact_words(normal)).split())
