"""Whether what a package says to people stands in both languages: what the tests of every service look at."""

import ast
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from string import Formatter

import httpx

from common import errors
from common.errors import DomainError, Sentences, filled

PROBLEMS = frozenset(
    name
    for name, each in vars(errors).items()
    if isinstance(each, type) and issubclass(each, DomainError)
)
"""What is raised, and takes a sentence."""
TONES = re.compile(
    r"[àáảãạăắằẳẵặâấầẩẫậđèéẻẽẹêếềểễệìíỉĩịòóỏõọôốồổỗộơớờởỡợùúủũụưứừửữựỳýỷỹỵ]", re.IGNORECASE
)
"""Signs of a Vietnamese sentence."""


def places(sentence: str) -> set[str]:
    """The names that a sentence leaves to be filled in."""
    return {place for _, place, _, _ in Formatter().parse(sentence) if place}


def faults_of(sentences: Sentences, name: str) -> list[str]:
    """What is wrong with one sentence: each language in its own words, the same places, whole sentences."""
    vietnamese, english = sentences[name]
    said = filled(sentences, name, **dict.fromkeys(places(english), "§"))
    holds = {
        "the Vietnamese has no Vietnamese signs": TONES.search(vietnamese) is not None,
        "the English has Vietnamese signs": TONES.search(english) is None,
        "they leave different places": places(vietnamese) == places(english),
        "a place stays open": "{" not in said.vi + str(said),
        "the Vietnamese does not end": vietnamese.endswith("."),
        "the English does not end": english.endswith("."),
    }
    return [fault for fault, well in holds.items() if not well]


def calls(source: Path, kinds: AbstractSet[str]) -> dict[str, ast.Call]:
    """Every call of these names in a package: where it stands → the call."""
    return {
        f"{file.name}:{node.lineno}:{node.col_offset}": node
        for file in sorted(source.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and name_of(node.func) in kinds
    }


def name_of(called: ast.expr) -> str:
    """The name that is called, `raise_it` as well as `errors.raise_it`."""
    return getattr(called, "id", "") or getattr(called, "attr", "")


def is_worded(call: ast.Call) -> bool:
    """Whether it takes words between quotation marks, which everybody would be told in one language."""
    return any(
        isinstance(each, ast.JoinedStr)
        or (isinstance(each, ast.Constant) and " " in str(each.value))
        for each in _given(call)
    )


def _given(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args[1:]
    yield from (each.value for each in call.keywords if each.arg == "detail")


def first_words(source: Path, kinds: AbstractSet[str]) -> set[object]:
    """The first arguments of calls of these names that stand there as they are: names of sentences."""
    return {
        call.args[0].value
        for call in calls(source, kinds).values()
        if call.args and isinstance(call.args[0], ast.Constant)
    }


async def told_in_vietnamese(answer: httpx.Response) -> None:
    """A hook of a client: whatever a test is refused is told in Vietnamese to whoever asks for no language."""
    if answer.headers.get("Content-Language") != "vi" or not answer.is_error:
        return
    await answer.aread()
    problem = answer.json()
    told = [problem["title"], problem["detail"], *(e["detail"] for e in problem.get("errors", ()))]
    foreign = [each for each in told if not TONES.search(each)]
    assert foreign == [], problem
