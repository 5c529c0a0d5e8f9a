"""Everything the portal says to readers exists in Vietnamese and English, with what to do."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from common import errors
from common.errors import DomainError
from portal.domain.telling import SENTENCES, say

SOURCE = Path(__file__).parents[1] / "src" / "portal"
PROBLEMS = {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, DomainError)}  # fmt: skip
SHAPERS = {"FieldProblem", "_refused", "_wrong"}
"""What takes a sentence besides the problems themselves."""
TONES = re.compile(
    r"[àáảãạăắằẳẵặâấầẩẫậđèéẻẽẹêếềểễệìíỉĩịòóỏõọôốồổỗộơớờởỡợùúủũụưứừửữựỳýỷỹỵ]", re.IGNORECASE
)


def _places(sentence: str) -> set[str]:
    return {place for _, place, _, _ in Formatter().parse(sentence) if place}


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_each_sentence_stands_in_both_languages_and_fills_the_same_places(name):
    vietnamese, english = SENTENCES[name]

    said = say(name, **dict.fromkeys(_places(english), "§"))

    assert TONES.search(vietnamese)
    assert not TONES.search(english)
    assert _places(vietnamese) == _places(english)
    assert "{" not in said.vi + str(said)
    assert vietnamese.endswith(".")
    assert english.endswith(".")


def _calls(kinds: set[str]):
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in kinds:
                yield f"{file.name}:{node.lineno}", node


def test_no_problem_is_worded_where_it_is_raised():
    """A sentence between quotation marks would be told to everybody in one language."""
    found = dict(_calls(PROBLEMS | SHAPERS))
    worded = [
        place
        for place, call in found.items()
        for given in call.args[1:]
        if isinstance(given, ast.JoinedStr)
        or (isinstance(given, ast.Constant) and " " in str(given.value))
    ]

    assert len(found) > 10, "the search finds what it looks for"
    assert worded == []


def test_every_sentence_is_used():
    used = {
        call.args[0].value for _, call in _calls({"say"}) if isinstance(call.args[0], ast.Constant)
    }

    assert used == set(SENTENCES)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/search?q=%21", "no-word"),
        ("/articles/6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "article-unknown"),
        ("/articles?from=0001-01-01", "days-wrong"),
        ("/sites/nowhere", "site-unknown"),
        ("/agencies/nowhere", "agency-unknown"),
    ],
)
async def test_a_reader_is_told_in_the_language_asked_for(press, path, code):
    vi, en = [
        (await press.http.get(path, headers={"Accept-Language": language})).json()
        for language in ("vi", "en")
    ]

    assert (vi["code"], en["code"]) == (code, code)
    assert TONES.search(vi["detail"]), vi
    assert vi["detail"] != en["detail"]
    for one, other in zip(vi.get("errors", ()), en.get("errors", ()), strict=True):
        assert TONES.search(one["detail"]), one
        assert one["detail"] != other["detail"]
