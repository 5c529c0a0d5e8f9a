"""Everything editorial says to people exists in Vietnamese and English, with what to do."""

import ast
from pathlib import Path
from typing import get_args

import pytest

from common.testing.wording import PROBLEMS, TONES, calls, first_words, is_worded, name_of, places
from editorial.domain.article import Phase
from editorial.domain.words import NEXT, SENTENCES, say, say_next

SOURCE = Path(__file__).parents[1] / "src" / "editorial"
SHAPERS = {"FieldProblem", "not_open", "_needs"}
"""What takes a sentence besides the problems themselves."""
ALL = {**SENTENCES, **NEXT}


def _ends(sentence: str) -> bool:
    return sentence.endswith(".") and "  " not in sentence


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_sentence_stands_in_both_languages_and_fills_the_same_places(name):
    vietnamese, english = ALL[name]

    said = say_next(name) if name in NEXT else say(name, **dict.fromkeys(places(english), "§"))

    assert TONES.search(vietnamese)
    assert not TONES.search(english)
    assert places(vietnamese) == places(english)
    assert "{" not in said.vi + str(said)
    assert (_ends(vietnamese), _ends(english)) == (True, True)


def test_each_phase_says_what_may_be_done_in_it():
    assert set(NEXT) == set(get_args(Phase))


def test_no_problem_is_worded_where_it_is_raised():
    """A sentence between quotation marks would be told to everybody in one language."""
    found = calls(SOURCE, PROBLEMS | SHAPERS)

    assert len(found) > 20, "the search finds what it looks for"
    assert [place for place, call in found.items() if is_worded(call)] == []


def test_no_detail_is_worded_before_it_is_raised():
    named = [
        f"{file.name}:{node.lineno}"
        for file in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Assign)
        and any(name_of(target) == "detail" for target in node.targets)
        and isinstance(node.value, ast.JoinedStr | ast.Constant)
    ]

    assert named == []


def test_every_sentence_is_used():
    assert first_words(SOURCE, {"say"}) == set(SENTENCES)


async def _both(house, path: str, body: dict, who: str):
    """The same command told in Vietnamese and in English."""
    return [
        await house.post(path, body, who, **{"Accept-Language": language})
        for language in ("vi", "en")
    ]


def _told_in_both(answers, status: int, code: str) -> None:
    vi, en = (each.json() for each in answers)
    assert [each.status_code for each in answers] == [status, status]
    assert (vi["code"], en["code"]) == (code, code)
    assert [each.headers["Content-Language"] for each in answers] == ["vi", "en"]
    assert TONES.search(vi["detail"]), vi
    assert vi["detail"] != en["detail"]
    for one, other in zip(vi.get("errors", ()), en.get("errors", ()), strict=True):
        assert (one["pointer"], one["rule"]) == (other["pointer"], other["rule"])
        assert TONES.search(one["detail"]), one
        assert one["detail"] != other["detail"], one


@pytest.mark.parametrize(
    ("path", "body", "who", "problem"),
    [
        ("steps", {"step": "receive", "digest": "0" * 64}, "hanam.board-member", (409, "another-revision")),
        ("steps", {"step": "dream", "digest": "0" * 64}, "hanam.board-member", (404, "step-unknown")),
        ("steps", {"step": "receive", "digest": "0" * 64}, "langson.board-head", (403, "not-authorised")),
        ("steps", {"step": "receive", "digest": "0" * 64}, "who-is-this", (403, "person-unknown")),
        ("assignments", {"step": "publish", "to": "hanam.board-head"}, "hanam.board-head", (409, "step-not-open")),
        ("reopenings", {"outcome": "dreamt", "reasons": ["Sửa."]}, "hanam.board-member", (409, "no-such-outcome")),
        ("schedule/cancellation", {"reason": "Thôi."}, "hanam.board-head", (409, "nothing-scheduled")),
    ],
)  # fmt: skip
async def test_a_refusal_is_told_in_the_language_asked_for(house, path, body, who, problem):
    id = await house.submitted("hanam")

    _told_in_both(await _both(house, f"/articles/{id}/{path}", body, who), *problem)


async def test_what_the_phase_does_not_allow_is_told_in_both_languages(house):
    id = await house.submitted("binhduong")
    await house.through(id, "binhduong")
    body = {"reasons": ["Sửa."]}

    answers = await _both(house, f"/articles/{id}/returns", body, "binhduong.board-head")

    _told_in_both(answers, 409, "cannot-do-this-now")


async def test_a_ground_that_is_not_named_is_told_in_both_languages(house):
    id = await house.submitted("hanam")
    await house.through(id, "hanam", until="moderate")
    body = {"ground": "vi_ly_do", "explanation": "Không."}

    answers = await _both(house, f"/articles/{id}/refusal", body, "hanam.board-head")

    _told_in_both(answers, 422, "ground-unknown")


async def test_why_an_act_is_not_open_is_told_in_the_language_asked_for(house):
    id = await house.submitted("hanam")
    told = [
        await house.http.get(
            f"/articles/{id}/acts",
            headers=house.headers("hanam.board-member", **{"Accept-Language": language}),
        )
        for language in ("vi", "en")
    ]

    pairs = list(zip(*(each.json() for each in told), strict=True))
    refused = [(vi, en) for vi, en in pairs if not vi["allowed"]]
    assert refused
    for vi, en in refused:
        assert (vi["act"], vi["code"]) == (en["act"], en["code"])
        assert TONES.search(vi["detail"]), vi
        assert vi["detail"] != en["detail"]
    assert [each.headers["Content-Language"] for each in told] == ["vi", "en"]
