"""Whoever is refused for want of authority reads why in Vietnamese and in English."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from authority import Asked, refusing
from authority.testing import NOON, an_authority, signed_in
from authority.words import SENTENCES, say
from common import errors
from common.errors import DomainError, Forbidden, Said
from common.http.problems import of

SOURCE = Path(__file__).parents[1] / "src" / "authority"
PROBLEMS = {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, DomainError)}  # fmt: skip
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
    found = dict(_calls({"FieldProblem", *PROBLEMS}))
    worded = [
        place
        for place, call in found.items()
        for given in call.args[1:]
        if isinstance(given, ast.JoinedStr)
        or (isinstance(given, ast.Constant) and " " in str(given.value))
    ]

    assert len(found) > 5, "the search finds what it looks for"
    assert worded == []


def test_every_sentence_is_used():
    used = {
        call.args[0].value for _, call in _calls({"say"}) if isinstance(call.args[0], ast.Constant)
    }

    assert used == set(SENTENCES)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (refusing.site_not_open("a", None), "Trang không hoạt động vào ngày này"),
        (refusing.site_not_open("a", "b"), "tiếp tục tại b"),
        (refusing.not_ready(), "Thử lại"),
        (refusing.behind(), "danh bạ"),
    ],
)
def test_a_problem_knows_itself_in_both_languages(problem, words):
    vi, en = (of(problem).document(language)["detail"] for language in ("vi", "en"))

    assert words in vi
    assert vi != en


def test_a_refusal_names_its_article_in_both_languages(told):
    with pytest.raises(Forbidden) as refusal:
        an_authority(told).demand(signed_in("truong-ban"), Asked("answer", "hanam"), NOON)
    problem = refusal.value

    assert isinstance(problem.detail, Said)
    assert problem.extra["article"]["vi"] in problem.detail.vi
    assert problem.extra["article"]["en"] in str(problem.detail)
    assert problem.extra["sentences"]["vi"][0] in problem.detail.vi
