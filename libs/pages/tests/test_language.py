"""Which language and scheme a page takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.language import LANGUAGES, SCHEMES, language_of, scheme_of


@pytest.mark.parametrize(
    ("query", "cookies", "accepted", "language"),
    [
        pytest.param({}, {}, "", "vi", id="nothing said"),
        pytest.param({}, {}, "en-GB,en;q=0.9", "en", id="the browser prefers English"),
        pytest.param({}, {}, "fr,en;q=0.3,vi;q=0.8", "vi", id="the better of two we speak"),
        pytest.param({}, {}, "fr-FR", "vi", id="a language we do not speak"),
        pytest.param({}, {"lang": "en"}, "vi", "en", id="chosen before"),
        pytest.param({"lang": "vi"}, {"lang": "en"}, "en", "vi", id="asked for now"),
        pytest.param({"lang": "xx"}, {"lang": "yy"}, "en;q=0", "vi", id="nonsense"),
    ],
)
def test_the_nearest_wish_wins(query, cookies, accepted, language):
    assert language_of(query, cookies, accepted) == language


@given(st.text(max_size=400))
def test_whatever_a_browser_sends_is_read(accepted):
    assert language_of({}, {}, accepted) in LANGUAGES


def test_a_scheme_is_auto_until_chosen():
    assert scheme_of({}, {}) == "auto"
    assert scheme_of({}, {"scheme": "dark"}) == "dark"
    assert scheme_of({"scheme": "light"}, {"scheme": "dark"}) == "light"
    assert scheme_of({"scheme": "pink"}, {}) in SCHEMES
