"""Authorization codes and refresh tokens of the development issuer: each is good once.

A code that comes twice was stolen or replayed: what the first use gave is taken back, as RFC 9700
§2.1.1 asks. The same holds for a refresh token that was used before (§4.14). Memory only: a restart
of the issuer asks everybody to sign in again.
"""

import base64
import binascii
import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

CODE_SECONDS = 60.0
REFRESH_SECONDS = 8 * 3600.0
MOST = 10_000
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
CHALLENGE_BYTES = 32

V = TypeVar("V")


class TokenRefused(Exception):
    """An OAuth error answer (RFC 6749 §5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


@dataclass(frozen=True, slots=True)
class Asked:
    """A sign-in under way: what the program asked for (RFC 6749 §4.1.1, RFC 7636 §4.3)."""

    client: str
    redirect: str
    challenge: str
    scope: str = ""
    state: str = ""
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """Who signed in to which program, in which family of tokens."""

    person: str
    asked: Asked
    family: str


@dataclass(frozen=True, slots=True)
class _Kept:
    granted: Granted
    expires: float
    used: bool = False


class Grants:
    """`now` gives seconds; a code or token that is not known here is refused like a wrong one."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._codes: OrderedDict[str, _Kept] = OrderedDict()
        self._refreshes: OrderedDict[str, _Kept] = OrderedDict()
        self._revoked: OrderedDict[str, None] = OrderedDict()

    def code(self, person: str, asked: Asked) -> str:
        """A code for what was asked, good once within a minute."""
        code, family = secrets.token_urlsafe(24), secrets.token_urlsafe(12)
        kept = _Kept(Granted(person, asked, family), self._now() + CODE_SECONDS)
        _keep(self._codes, code, kept)
        return code

    def redeem(self, code: str, client: str, redirect: str, verifier: str) -> Granted:
        """Who a code stands for; raises TokenRefused for anything but its first, right use."""
        kept = self._take(self._codes, code, "code")
        asked = kept.granted.asked
        if client != asked.client:
            raise _refused("the code was given to another program")
        if redirect != asked.redirect:
            raise _refused("redirect_uri differs from the one the sign-in began with")
        if not proves(verifier, asked.challenge):
            raise _refused("code_verifier does not belong to this sign-in")
        return kept.granted

    def refresh_token(self, granted: Granted) -> str:
        """A token to be exchanged once for new ones."""
        token = secrets.token_urlsafe(32)
        _keep(self._refreshes, token, _Kept(granted, self._now() + REFRESH_SECONDS))
        return token

    def refresh(self, token: str, client: str) -> Granted:
        """Who a refresh token stands for; raises TokenRefused, and for a used one ends its family."""
        kept = self._take(self._refreshes, token, "refresh_token")
        if client != kept.granted.asked.client:
            raise _refused("the refresh_token was given to another program")
        if kept.granted.family in self._revoked:
            raise _refused("the sign-in was ended")
        return kept.granted

    def _take(self, store: "OrderedDict[str, _Kept]", key: str, what: str) -> _Kept:
        """Marks it used before anything else is looked at, so that no second try can succeed."""
        kept = store.get(key)
        if kept is None:
            raise _refused(f"unknown {what}")
        if kept.used:
            _keep(self._revoked, kept.granted.family, None)
            raise _refused(f"the {what} was used before; what it gave is taken back")
        store[key] = replace(kept, used=True)
        if self._now() >= kept.expires:
            raise _refused(f"the {what} has expired")
        return kept


def is_challenge(text: str) -> bool:
    """Whether it can be the SHA-256 of a verifier (RFC 7636 §4.2)."""
    try:
        raw = base64.b64decode(text + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(raw) == CHALLENGE_BYTES


def proves(verifier: str, challenge: str) -> bool:
    """Whether the challenge was made from this verifier by S256; `plain` is not taken."""
    if VERIFIER.fullmatch(verifier) is None:
        return False
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    made = base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")
    return secrets.compare_digest(made, challenge)


def _keep(store: "OrderedDict[str, V]", key: str, value: V) -> None:
    store[key] = value
    if len(store) > MOST:
        store.popitem(last=False)


def _refused(description: str) -> TokenRefused:
    return TokenRefused("invalid_grant", description)
