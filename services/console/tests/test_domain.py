"""Sessions, attempts and form tokens as values."""

import hashlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import domain
from console.domain import Attempt, Session

KEY, OTHER = b"k" * 32, b"o" * 32
NOW = 1_800_000_000.0


def entropy(count: int) -> bytes:
    return bytes(range(count))


def a_session(**changes) -> Session:
    values = {
        "id": "s1", "subject": "an", "name": "Trần Văn An", "access": "a", "refresh": "r",
        "expires": NOW + 3600, "scopes": ("operations",),
    } | changes  # fmt: skip
    return Session(**values)


def test_a_sealed_session_opens_only_with_its_key_and_as_what_it_is():
    sealed = domain.closed(a_session(), KEY, entropy)

    assert domain.opened(Session, sealed, KEY) == a_session()
    assert domain.opened(Session, sealed, OTHER) is None
    assert domain.opened(Attempt, sealed, KEY) is None
    assert "Trần" not in sealed


@given(st.integers(0, 200), st.integers(1, 255))
def test_one_changed_byte_never_makes_another_session(place, change):
    raw = bytearray(domain.closed(a_session(), KEY, entropy).encode())
    raw[place % len(raw)] ^= change

    text = raw.decode("latin-1")

    assert domain.opened(Session, text, KEY) in {None, a_session()}


@given(st.text(max_size=300))
def test_whatever_a_cookie_holds_is_read_without_harm(text):
    assert domain.opened(Session, text, KEY) is None


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/", True),
        ("/agencies?q=sở", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://evil.example", False),
        ("javascript:alert(1)", False),
        ("/a\r\nSet-Cookie: x", False),
        ("/" + "x" * 600, False),
        ("", False),
    ],
)
def test_only_pages_of_ours_are_gone_to_after_signing_in(path, ours):
    assert domain.is_ours(path) is ours
    assert domain.attempt(entropy, path, NOW).next == (path if ours else "/")


def test_the_challenge_is_the_verifiers_digest():
    tried = domain.attempt(entropy, "/", NOW)

    digest = hashlib.sha256(tried.verifier.encode()).digest()
    assert tried.challenge == urlsafe_b64encode(digest).decode().rstrip("=")


def test_a_session_is_renewed_a_minute_before_its_token_ends():
    session = a_session(expires=NOW + 61)

    assert not session.stale(NOW)
    assert session.stale(NOW + 1)


def test_an_issuer_that_gives_no_new_refresh_token_keeps_the_old_one():
    renewed = a_session().renewed("b", "", NOW + 7200)

    assert (renewed.access, renewed.refresh, renewed.id) == ("b", "r", "s1")


def test_a_form_token_belongs_to_one_session_and_one_console():
    tokens = {domain.form_token(key, id) for key in (KEY, OTHER) for id in ("s1", "s2")}

    assert len(tokens) == 4
