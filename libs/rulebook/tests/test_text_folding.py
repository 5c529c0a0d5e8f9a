"""Folding makes what people mean by the same word one string, and only that."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.text import fold, fold_plain, initials, prefix_keys, query_keys, search_tokens

VIETNAMESE = st.text(
    alphabet=st.sampled_from(
        "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
        "AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬEÈÉẺẼẸÊỀẾỂỄỆIÌÍỈĨỊOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢUÙÚỦŨỤƯỪỨỬỮỰYỲÝỶỸỴĐ"
        "bcdghklmnpqrstvx \u00a0\u200b\u00d0\u00f0\u0300\u0301\u0323-,0123456789"
    )
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Khánh Hòa", "KHÁNH HOÀ", id="tone placement and case"),
        pytest.param("Ủy ban", "Uỷ ban", id="uy"),
        pytest.param("khỏe", "khoẻ", id="oe"),
        pytest.param("quý", "qúy", id="a wrongly placed tone after q"),
        pytest.param("ngoài", "ngòai", id="a tone before a closing letter"),
        pytest.param("Điều", unicodedata.normalize("NFD", "điều"), id="decomposed"),
        pytest.param("Ðiều", "điều", id="Eth for Đ"),
        pytest.param("Hà\u00a0Nam", "Hà  Nam ", id="kinds of space"),
        pytest.param("Lạng\u200b Sơn", "lạng sơn", id="zero width"),
    ],
)
def test_two_spellings_of_one_word_fold_to_one_string(one, other):
    assert fold(one) == fold(other)
    assert fold_plain(one) == fold_plain(other)


def test_words_that_differ_in_a_diacritic_stay_apart_only_with_diacritics():
    assert fold("hòa") != fold("hóa")
    assert fold("cửa") != fold("của")
    assert fold_plain("hòa") == fold_plain("hóa") == "hoa"
    assert fold_plain("Đường") == "duong"


@settings(deadline=None)
@given(st.one_of(st.text(), VIETNAMESE))
def test_folding_is_idempotent(text):
    assert fold(fold(text)) == fold(text)
    assert fold_plain(fold_plain(text)) == fold_plain(text)


@settings(deadline=None)
@given(st.one_of(st.text(), VIETNAMESE))
def test_folding_does_not_see_the_normal_form_or_the_order_of_the_two_folds(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)
    assert fold(unicodedata.normalize("NFC", text)) == fold(text)
    assert fold_plain(fold(text)) == fold_plain(text)


@settings(deadline=None)
@given(VIETNAMESE)
def test_plain_vietnamese_is_ascii(text):
    assert fold_plain(text).isascii()


@pytest.mark.parametrize("query", ["khanh hoa", "Khánh Hoà", "kha h", "hòa", "sở t"])
def test_an_agency_is_found_with_and_without_diacritics(query):
    keys = prefix_keys("Sở Tư pháp tỉnh Khánh Hòa")

    assert set(query_keys(query)) <= set(keys)


@pytest.mark.parametrize("query", ["hóa", "Hà Nam", "khánhhòa"])
def test_an_agency_is_not_found_by_another_word(query):
    keys = prefix_keys("Sở Tư pháp tỉnh Khánh Hòa")

    assert not set(query_keys(query)) <= set(keys)


@settings(deadline=None)
@given(VIETNAMESE, st.integers(1, 20))
def test_a_text_is_found_by_itself_and_by_itself_without_diacritics(text, longest):
    keys = set(prefix_keys(text, longest=longest))

    assert set(query_keys(text, longest=longest)) <= keys
    assert set(query_keys(fold_plain(text), longest=longest)) <= keys
    assert all(len(key) <= longest for key in keys)


def test_tokens_and_initials_leave_out_punctuation():
    assert search_tokens("Sở TT&TT - (Hà Nam)") == ("sở", "tt", "tt", "hà", "nam")
    assert initials("Sở Kế hoạch và Đầu tư") == "skhvdt"


def test_ten_megabytes_fold_in_seconds():
    text = "Ủy ban nhân dân tỉnh Khánh Hòa " * 340_000
    start = time.process_time()

    assert len(fold(text)) > 10_000_000

    assert time.process_time() - start < 20
