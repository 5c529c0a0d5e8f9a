"""HTML that people write: only the listed elements are left, and cleaning twice changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Unprocessable
from common.markup import check_at_rest, clean, found_in, paragraphs

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


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Địa chỉ javascript:void(0) là gì?", True),
        ("on = 5; onclick = trong câu; data:text/html cũng vậy", True),
        ("<p>Nói về &lt;script&gt;</p>", True),
        ("<script>a()</script>", False),
        ("<scr\x00ipt>a()</script>", False),
        ("<a href='&#106;ava\tscript:a()'>x</a>", False),
        ("<svg/onload=a()>", False),
        ("<a href='data:text/html,x'>x</a>", False),
        ("<form action=javascript:a()>", False),
    ],
)
def test_the_house_has_one_answer_to_what_would_run(text, taken):
    """At the door and on the desk; a word in a sentence is no handler."""
    if taken:
        check_at_rest(text, "/body")
        return
    with pytest.raises(Unprocessable) as refusal:
        check_at_rest(text, "/html")
    (error,) = refusal.value.errors
    assert (refusal.value.code, error.pointer) == ("active-content", "/html")
    assert "mã" in error.detail.vi


@pytest.mark.parametrize(
    ("html", "taken"),
    [
        ("<div>" * 257, False),
        ("<b><div>" * 200, False),
        ("<div>" * 256, True),
        ("<p>x" * 5_000, True),
        ("<ul>" + "<li>x" * 5_000 + "</ul>", True),
        ("<table>" + "<tr><td>x" * 5_000 + "</table>", True),
        ("<div><b>x</b></div><br>" * 5_000, True),
    ],
)
def test_what_nests_without_end_is_refused_before_it_is_cleaned(html, taken):
    """Cleaning takes the square of the depth: half a megabyte of open elements would stop a service for a minute."""
    if taken:
        check_at_rest(html, "/body")
        return
    with pytest.raises(Unprocessable) as refused:
        check_at_rest(html, "/body")
    assert refused.value.code == "markup-too-deep"
