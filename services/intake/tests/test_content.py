"""Bodies: whatever is sent, what is kept does nothing in a browser and says the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.markup import INLINE_BYTES, found_in, paragraphs
from intake.domain.content import cleaned, plain

MARKUP = st.lists(
    st.sampled_from(
        [
            "<script>", "</script>", "<p>", "</p>", "<img src=x onerror=a()>", "<svg/onload=a()>", "<b>", "</b>",
            '<a href="javascript:a()">', "</a>", "<scr<script>ipt>", "<!--", "-->", "<style>*{}</style>", "&lt;",
            "<iframe srcdoc='x'>", "<math><mi xlink:href='data:text/html,x'>", "Xin chào", "\x00", "<", ">", '"', "'",
            "<table><tr><td colspan=2>", "</td></tr></table>", "<o:p>", "&#106;avascript:", "<a href='http://x'>",
        ]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(MARKUP)
def test_what_is_kept_never_acts(text):
    assert found_in(cleaned(text).html).active == ()


@given(MARKUP)
def test_cleaning_twice_changes_nothing(text):
    once = cleaned(text)
    again = cleaned(once.html)

    assert again.html == once.html or "<" not in once.html


@given(st.text())
def test_plain_text_keeps_its_words(text):
    if "<" not in text and "&" not in text:
        assert plain(text) == text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Dòng một\nDòng hai\n\nĐoạn hai", "<p>Dòng một<br>Dòng hai</p><p>Đoạn hai</p>"),
        ("5 < 7 & 8", "<p>5 &lt; 7 &amp; 8</p>"),
        ("<h2 class=x style='color:red'>Mục</h2>", "<h2>Mục</h2>"),
        ("<p>a<o:p></o:p></p><style>p{}</style>", "<p>a</p>"),
        (
            "<a href='https://hanam.gov.vn' target=_blank>Trang</a>",
            '<a href="https://hanam.gov.vn" rel="noopener noreferrer">Trang</a>',
        ),
        ("<p lang=en>Hello</p>", '<p lang="en">Hello</p>'),
    ],
)
def test_a_body_is_kept_as_text_tables_and_links(sent, kept):
    assert cleaned(sent).html == kept


def test_what_was_dropped_is_named():
    assert cleaned("<p>x</p><o:p></o:p><font>y</font>").removed == ("font", "o:p")


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>Một</p><p>Hai &amp; ba</p>", "Một\nHai & ba"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
        ("Không có thẻ", "Không có thẻ"),
    ],
)
def test_the_rules_read_the_words(html, words):
    assert plain(html) == words


def test_a_long_body_stands_outside_of_the_fact():
    short, long = cleaned("x" * 1000), cleaned("<p>" + "đ" * INLINE_BYTES + "</p>")

    assert (short.inline, "html" in short.data()) == (True, True)
    assert (long.inline, "html" in long.data()) == (False, False)
    assert long.data()["size"] > INLINE_BYTES
    assert paragraphs("") == ""
