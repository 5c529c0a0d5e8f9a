"""Everything the portal says to readers exists in Vietnamese and English, with what to do."""

from pathlib import Path

import pytest

from common.testing.wording import PROBLEMS, TONES, calls, faults_of, first_words, is_worded
from portal.domain.telling import SENTENCES

SOURCE = Path(__file__).parents[1] / "src" / "portal"
SHAPERS = {"FieldProblem", "_refused", "_wrong"}
"""What takes a sentence besides the problems themselves."""


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_each_sentence_stands_in_both_languages_and_fills_the_same_places(name):
    assert faults_of(SENTENCES, name) == []


def test_no_problem_is_worded_where_it_is_raised():
    """A sentence between quotation marks would be told to everybody in one language."""
    found = calls(SOURCE, PROBLEMS | SHAPERS)

    assert len(found) > 10, "the search finds what it looks for"
    assert [place for place, call in found.items() if is_worded(call)] == []


def test_every_sentence_is_used():
    assert first_words(SOURCE, {"say"}) == set(SENTENCES)


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
