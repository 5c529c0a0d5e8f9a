"""What the machinery says to people exists in Vietnamese and English, and is used."""

import ast
from pathlib import Path

import pytest

from common.errors import filled
from common.testing.wording import TONES, calls, places
from common.words import SENTENCES, WHY, say

SOURCE = Path(__file__).parents[1] / "src" / "common"


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_each_sentence_stands_in_both_languages_and_fills_the_same_places(name):
    vietnamese, english = SENTENCES[name]

    said = say(name, **dict.fromkeys(places(english), "§"))

    assert TONES.search(vietnamese)
    assert not TONES.search(english)
    assert places(english) == places(vietnamese)
    assert "{" not in said.vi + str(said)
    assert vietnamese.endswith(".")
    assert english.endswith(".")


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
