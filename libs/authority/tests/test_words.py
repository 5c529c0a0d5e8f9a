"""Whoever is refused for want of authority reads why in Vietnamese and in English."""

from pathlib import Path

import pytest

from authority import Asked, refusing
from authority.testing import NOON, an_authority, signed_in
from authority.words import SENTENCES
from common.errors import Forbidden, Said
from common.http.problems import of
from common.testing.wording import PROBLEMS, calls, faults_of, first_words, is_worded

SOURCE = Path(__file__).parents[1] / "src" / "authority"


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_each_sentence_stands_in_both_languages_and_fills_the_same_places(name):
    assert faults_of(SENTENCES, name) == []


def test_no_problem_is_worded_where_it_is_raised():
    """A sentence between quotation marks would be told to everybody in one language."""
    found = calls(SOURCE, {"FieldProblem", *PROBLEMS})

    assert len(found) > 5, "the search finds what it looks for"
    assert [place for place, call in found.items() if is_worded(call)] == []


def test_every_sentence_is_used():
    assert first_words(SOURCE, {"say"}) == set(SENTENCES)


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
