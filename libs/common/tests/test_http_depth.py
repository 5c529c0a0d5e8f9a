"""JSON that nests too deep is refused before it is read, whatever it is written in; brackets in strings are text."""

import json
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.http.depth import DEEPEST, text_of
from common.http.faults import BadRequest
from common.http.idempotency import sorted_or_raw


def nested(deep: int) -> str:
    return "".join(chain("[" * deep, "]" * deep))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
def test_the_deepest_is_read_and_one_more_is_not(encoding):
    assert text_of(nested(DEEPEST).encode(encoding)) == nested(DEEPEST)
    with pytest.raises(BadRequest, match=str(DEEPEST)) as refusal:
        text_of(nested(DEEPEST + 1).encode(encoding))

    assert refusal.value.code == "body-too-deep"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(json.dumps("[" * 1_000), id="brackets in a string"),
        pytest.param(json.dumps('\\"' * 100 + "{" * 1_000), id="behind escaped quotes"),
        pytest.param(json.dumps([[]] * 1_000), id="many beside one another"),
        pytest.param('"' + "[" * 1_000, id="a string without an end"),
        pytest.param("]" * 1_000 + "[" * DEEPEST, id="closed before it is opened"),
    ],
)
def test_what_is_not_deep_passes(text):
    assert text_of(text.encode()) == text


def test_signs_that_look_like_quotes_in_other_encodings_hide_nothing():
    """U+2222 is two quotation marks, seen as bytes."""
    text = '["\u2222"' + ',["\u2222"' * 100

    with pytest.raises(BadRequest):
        text_of(text.encode("utf-16-le"))


@given(
    st.recursive(
        st.none() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_of_requests_is_left_as_it_is(value):
    assert json.loads(text_of(json.dumps(value).encode())) == value


@pytest.mark.parametrize("deep", [255, 1_000, 1_025, 9_000])
def test_the_digest_of_a_body_that_is_too_deep_is_that_of_its_bytes(deep):
    assert sorted_or_raw(nested(deep).encode()) == nested(deep).encode()
