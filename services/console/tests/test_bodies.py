"""Bodies laid out for a text field, and back: only blanks that nobody sees come and go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.markup import clean
from console.routes.bodies import flat, kept, laid_out

WRITTEN = (
    "<p>Một <strong>hai</strong> <em>ba</em></p><h2>Tổ chức</h2><ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>"
    '<table><thead><tr><th scope="col">Ngày</th></tr></thead><tbody><tr><td>1<br>2</td></tr></tbody></table>'
)
SHOWN = """<p>Một <strong>hai</strong> <em>ba</em></p>
<h2>Tổ chức</h2>
<ul>
  <li>a</li>
  <li>b
    <ol>
      <li>c</li>
    </ol></li>
</ul>
<table>
  <thead>
    <tr><th scope="col">Ngày</th></tr>
  </thead>
  <tbody>
    <tr><td>1<br>2</td></tr>
  </tbody>
</table>"""
TAGS = (
    "p",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "pre",
    "blockquote",
    "h2",
    "strong",
    "hr",
    "br",
    "div",
)
PIECES = st.sampled_from(
    [f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS] + ["x", " ", "\n", "y &lt;p&gt; ", '<abbr title="a>b">']
)  # fmt: skip
BODIES = st.lists(PIECES, max_size=14).map(lambda pieces: clean("".join(pieces)))


def test_a_line_holds_a_block_and_what_lists_and_tables_hold_is_set_in():
    assert laid_out(WRITTEN) == SHOWN
    assert flat(SHOWN) == WRITTEN


@given(BODIES)
def test_what_nobody_touched_is_kept_to_the_letter(body: str):
    shown = laid_out(body)

    assert kept(shown.replace("\n", "\r\n"), body) == body
    assert laid_out(shown) == shown


@given(BODIES, BODIES)
def test_what_was_typed_is_never_lost_to_what_stood_there_before(one: str, other: str):
    assert _marks(kept(laid_out(one), other)) == _marks(one)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        pytest.param("Một\r\n\r\nHai", "Một\n\nHai", id="plain text keeps its empty lines"),
        pytest.param("a <b>b</b>\n\nc", "a <b>b</b>\n\nc", id="no blocks: lines as typed"),
        pytest.param("<ul>\n  <li>a</li>\n  <li>mới</li>\n</ul>", "<ul><li>a</li><li>mới</li></ul>", id="set in as shown"),
        pytest.param("<pre>a\n  b</pre>\n<p>c</p>", "<pre>a\n  b</pre><p>c</p>", id="pre keeps its blanks"),
    ],
)  # fmt: skip
def test_what_was_changed_is_sent_without_the_blanks_of_the_field(typed: str, sent: str):
    assert kept(typed, WRITTEN) == sent


def _marks(body: str) -> str:
    """Elements and letters, without any blanks."""
    return "".join(body.split())
