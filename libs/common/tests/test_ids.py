"""Ids sort by time; tracking codes can't be guessed and survive a telephone call."""

import os
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from common.ids import ALPHABET, read_tracking_code, tracking_code, uuid7

NOON = datetime(2026, 3, 2, 5, 0, 0, 123_000, tzinfo=UTC)


def zeros(count):
    return bytes(count)


HANOI = timezone(timedelta(hours=7))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
moments = st.integers(0, 7_000_000_000_000).map(
    lambda ms: (EPOCH + timedelta(milliseconds=ms, microseconds=999)).astimezone(HANOI)
)
randomness = st.binary(min_size=10, max_size=10)


@given(moments, randomness)
def test_an_id_is_a_uuid_of_version_7_that_tells_its_moment(at, random):
    value = uuid.UUID(uuid7(at, lambda _: random))

    assert (value.version, value.variant) == (7, uuid.RFC_4122)
    assert value.int >> 80 == (at - EPOCH) // timedelta(milliseconds=1)


@given(moments, moments, randomness, randomness)
def test_ids_sort_by_time(one, other, random, also_random):
    assume(one + timedelta(milliseconds=1) <= other)

    assert uuid7(one, lambda _: random) < uuid7(other, lambda _: also_random)


def test_all_74_random_bits_are_used():
    at_zero, at_one = uuid7(NOON, zeros), uuid7(NOON, lambda n: b"\xff" * n)

    assert at_zero == "019cacea-e0fb-7000-8000-000000000000"
    assert at_one == "019cacea-e0fb-7fff-bfff-ffffffffffff"


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="naive"):
        uuid7(datetime(2026, 1, 1), zeros)  # noqa: DTZ001 - that is the point


codes = st.builds(lambda random: tracking_code(lambda _: random), randomness)


@given(codes)
def test_a_code_is_read_however_it_is_written(code):
    assert len(code) == 19
    assert read_tracking_code(code) == code
    assert read_tracking_code(code.lower().replace("-", " ")) == code
    assert read_tracking_code(code.replace("1", "l").replace("0", "O").replace("-", "")) == code


@given(codes, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_noticed(code, place, letter):
    letters = list(code.replace("-", ""))
    assume(letters[place] != letter)
    letters[place] = letter

    assert read_tracking_code("".join(letters)) is None


@given(codes, st.integers(0, 14))
def test_a_swap_of_neighbours_is_noticed_but_for_0_and_z(code, place):
    letters = list(code.replace("-", ""))
    pair = letters[place : place + 2]
    assume(pair[0] != pair[1])
    assume(set(pair) != {"0", "Z"})
    letters[place : place + 2] = reversed(pair)

    assert read_tracking_code("".join(letters)) is None


@given(st.text())
def test_no_text_breaks_the_reader(text):
    read = read_tracking_code(text)
    assert read is None or len(read) == 19


def test_codes_do_not_repeat():
    assert len({tracking_code(os.urandom) for _ in range(5000)}) == 5000
