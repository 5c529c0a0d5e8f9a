"""What the machinery says to people exists in Vietnamese and English, and is used."""

import ast
from pathlib import Path

import pytest

from common.errors import filled
from common.testing.wording import PROBLEMS, calls, faults_of, is_worded
from common.words import SENTENCES, WHY, say

SOURCE = Path(__file__).parents[1] / "src" / "common"


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_each_sentence_stands_in_both_languages_and_fills_the_same_places(name):
    assert faults_of(SENTENCES, name) == []


def test_whatever_is_wrong_with_a_token_is_told_in_the_language_of_the_sentence():
    for why, (vietnamese, english) in WHY.items():
        said = say("token-invalid", why=filled(WHY, why))

        assert said.vi == f"Mã truy cập không dùng được: {vietnamese}. Đăng nhập lại."
        assert str(said) == f"The token is {english}. Sign in again."


def test_every_sentence_is_used():
    said = {
        arg.value
        for call in calls(SOURCE, {"say", "_invalid"}).values()
        for arg in call.args[:1]
        if isinstance(arg, ast.Constant)
    }

    assert {*SENTENCES, *WHY} - said == set()


UNSAID = {"ledger.py": "a service of the tests"}
"""Where a problem bears words of one language, and why nobody else is told them."""


def test_no_problem_that_people_are_told_bears_words_of_one_language():
    worded = {
        place.partition(":")[0]
        for place, call in calls(SOURCE, PROBLEMS).items()
        if is_worded(call)
    }

    assert worded == set(UNSAID)
