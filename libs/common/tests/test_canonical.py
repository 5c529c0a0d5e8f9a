"""Canonical JSON is RFC 8785 to the byte, whichever writer writes it."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from common.canonical import EXACT, canonical

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-EXACT, EXACT)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_every_value_has_the_bytes_of_the_standard(value):
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value", [2**53, -(2**53), float("nan"), {"a": "\ud800"}, {1: 2}, {"\ud800": 1}, object()]
)
def test_what_json_cannot_say_exactly_is_refused(value):
    with pytest.raises(ValueError, match="not canonical JSON"):
        canonical(value)


def test_keys_sort_by_utf_16_as_the_standard_says():
    assert canonical({"\U0001f600": 1, "\ufffd": 2}) == '{"\U0001f600":1,"\ufffd":2}'.encode()
