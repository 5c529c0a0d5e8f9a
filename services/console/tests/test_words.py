"""What the console itself refuses is told in Vietnamese and English."""

import ast
from pathlib import Path

from common.testing.wording import PROBLEMS, TONES, calls

SOURCE = Path(__file__).parents[1] / "src" / "console"


def test_no_problem_is_worded_in_one_language_only():
    found = calls(SOURCE, PROBLEMS)
    worded = [
        place
        for place, call in found.items()
        for given in call.args[1:]
        if isinstance(given, ast.JoinedStr | ast.Constant)
    ]

    assert len(found) > 5, "the search finds what it looks for"
    assert worded == []


def test_each_sentence_is_vietnamese_first_and_says_what_to_do():
    said = [
        [str(each.value) for each in call.args if isinstance(each, ast.Constant)]
        for call in calls(SOURCE, {"Said"}).values()
    ]

    assert len(said) > 5
    for vietnamese, english in said:
        assert TONES.search(vietnamese)
        assert not TONES.search(english)
        assert vietnamese.endswith(".")
        assert english.endswith(".")
