"""Marks and snippets: the quick way through a text finds what the slow one finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.words import exact_words, marked, plain, snippet

SYLLABLES = ("hòa", "hoà", "Hoa", "HÒA", "số", "so", "sở", "đất", "dat", "uỷ", "ủy", "12", "x")
BETWEEN = (" ", " ", ", ", "-", "/", "\n", "_", "“", "1", "\u0301", "ß", "\u00a0")
texts = st.lists(st.sampled_from(SYLLABLES + BETWEEN), max_size=60).map("".join)
questions = st.sets(
    st.sampled_from([*SYLLABLES, *map(plain, SYLLABLES)]).map(exact_words), min_size=1, max_size=4
).map(frozenset)  # fmt: skip


def hits(pieces):
    return [piece.text for piece in pieces if piece.hit]


@given(texts, questions)
def test_words_are_found_by_their_letters_as_by_folding_every_word(text, wanted):
    """With a letter of another alphabet in it, a text is read word by word."""
    word_by_word = hits(marked(f"{text} ж", wanted))

    assert hits(marked(text, wanted)) == word_by_word
    assert bool(hits(snippet(text, wanted))) == bool(word_by_word)


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("Ủy ban nhân dân tỉnh Hoà Bình", "hòa", ["Hoà"]),
        ("Số 12, so với sở; số", "so", ["Số", "so", "sở", "số"]),
        ("Số 12, so với sở; số", "số", ["Số", "số"]),
        ("không hoang hoa_ hoahoa hoa1", "hoa", ["hoa"]),
        ("ĐẤT đai", "dat", ["ĐẤT"]),
        ("Straße và ho\u0300a", "hòa", ["ho\u0300a"]),
    ],
)
def test_a_hit_is_a_whole_word_under_any_marks_unless_they_were_typed(text, wanted, found):
    pieces = marked(text, frozenset({exact_words(wanted)}))

    assert hits(pieces) == found
