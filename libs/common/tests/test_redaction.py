"""Personal data and secrets never pass, ordinary ids and numbers do."""

import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.redaction import MASK, masked_text, redacted


@pytest.mark.parametrize(
    "secret",
    [
        "nguyen.van.a+tin@gmail.com",
        "an@sub.hanam.gov.vn",
        "0912345678",
        "0912 345 678",
        "+84 912.345.678",
        "84912345678",
        "02263 852 627",
        "012345678",
        "123 456 789",
        "035301001234",
        "035 301 001 234",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "Bearer abc.def",
    ],
)
def test_what_looks_personal_is_masked_inside_a_sentence(secret):
    masked = masked_text(f"Người hỏi: {secret}, xin trả lời.")

    assert secret not in masked
    assert masked.startswith("Người hỏi: ***")


def test_the_password_in_an_address_is_masked():
    assert masked_text("mongodb://app:hunter2@db:27017/x") == "mongodb://***db:27017/x"


@pytest.mark.parametrize(
    "ordinary",
    [
        "42/2022/NĐ-CP",
        "2026-03-02T05:00:00.000Z",
        "agency/H42.12",
        "127.0.0.1:8000",
        "GET /agencies/{agency_id}",
        "12345678",
        "01/2026/QĐ-UBND ngày 15/01/2026",
    ],
)
def test_ordinary_texts_stay(ordinary):
    assert masked_text(ordinary) == ordinary


@given(st.uuids())
def test_ids_stay(value: uuid.UUID):
    assert masked_text(f"question {value} moved") == f"question {value} moved"


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_moments_stay(at: datetime):
    text = at.replace(tzinfo=UTC).isoformat(timespec="milliseconds")
    assert masked_text(text) == text


def test_keys_that_name_personal_data_are_masked_at_any_depth():
    line = {"question": {"asker": {"name": "A"}, "Email": "x", "size": 3}, "Authorization": "k"}

    assert redacted(line) == {
        "question": {"asker": MASK, "Email": MASK, "size": 3},
        "Authorization": MASK,
    }


def test_numbers_that_are_identity_numbers_are_masked():
    assert redacted([35301001234, 123456789, 42]) == [35301001234, MASK, 42]
    assert redacted({"n": 135301001234}) == {"n": MASK}


def test_bytes_are_only_counted():
    assert redacted({"payload": b"secret"}) == {"payload": "6 bytes"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)


@given(json_values, st.emails().filter(lambda text: text.isascii() and '"' not in text))
def test_no_shape_of_data_fails_or_lets_an_address_through(value, email):
    address = "an.nguyen@example.vn"

    assert address not in str(redacted([value, {"note": f"{address} {email}"}]))
