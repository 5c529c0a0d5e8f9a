"""HTML that people write: only the listed elements are left, and cleaning twice changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.markup import clean, found_in, paragraphs

HTML = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(
            ["<p>", "</p>", "<script>", "</script>", "<a href='javascript:x'>", "</a>"]
        ),
    ),
    max_size=10,
).map("".join)


def test_what_would_act_or_is_not_listed_is_dropped_and_its_words_stay():
    html = '<p onclick="x()">Sở <b>Nội</b> <o:p>vụ</o:p></p><script>x()</script><img src=x>'

    assert clean(html) == "<p>Sở <b>Nội</b> vụ</p>"


def test_control_signs_leave_and_line_ends_stay():
    assert clean("<p>a\x00b\x1f\nc</p>") == "<p>ab\nc</p>"


@pytest.mark.parametrize(
    ("html", "active"),
    [
        ("<p>x</p><script>a()</script>", ("<script>",)),
        ("<p onclick='x()'>x</p>", ("onclick",)),
        ("<a href=' java\tscript:x()'>x</a>", ("href=javascript:",)),
        ("<p>Từ khoá onclick = gì? Xem javascript: là gì</p>", ()),
    ],
)
def test_what_would_run_is_named_and_words_about_it_are_words(html, active):
    assert found_in(html).active == active


def test_plain_text_becomes_paragraphs():
    assert paragraphs("Một\nhai\n\nba < bốn") == "<p>Một<br>hai</p><p>ba &lt; bốn</p>"


@given(HTML)
def test_cleaning_twice_changes_nothing(html: str):
    once = clean(html)

    assert clean(once) == once
    assert "<script" not in once
    assert "javascript:" not in once or "<a" not in once
