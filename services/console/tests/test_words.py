"""What the console itself refuses is told in Vietnamese and English."""

import ast
import re
from pathlib import Path

from common import errors
from common.errors import DomainError

SOURCE = Path(__file__).parents[1] / "src" / "console"
PROBLEMS = {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, DomainError)}  # fmt: skip
TONES = re.compile(
    r"[àáảãạăắằẳẵặâấầẩẫậđèéẻẽẹêếềểễệìíỉĩịòóỏõọôốồổỗộơớờởỡợùúủũụưứừửữựỳýỷỹỵ]", re.IGNORECASE
)


def _calls(kinds: set[str]) -> dict[str, ast.Call]:
    return {
        f"{file.name}:{node.lineno}": node
        for file in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in kinds
    }


def test_no_problem_is_worded_in_one_language_only():
    found = _calls(PROBLEMS)
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
        for call in _calls({"Said"}).values()
    ]

    assert len(said) > 5
    for vietnamese, english in said:
        assert TONES.search(vietnamese)
        assert not TONES.search(english)
        assert vietnamese.endswith(".")
        assert english.endswith(".")
