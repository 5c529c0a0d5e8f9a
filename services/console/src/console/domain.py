"""Sessions and sign-in attempts as values: what cookies hold, sealed, and what forms must carry."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

import orjson

from common.ids import Entropy
from common.sealing import Broken, seal, unseal

SOON = 60.0
"""Seconds before its end from which on a token is renewed."""
ATTEMPT_SECONDS = 600.0
LONGEST_NEXT = 500
V = TypeVar("V", "Session", "Attempt")


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, with the tokens that act for them; `expires` in seconds since 1970."""

    id: str
    subject: str
    name: str
    access: str
    refresh: str
    expires: float
    scopes: tuple[str, ...] = ()

    def stale(self, now: float) -> bool:
        return now >= self.expires - SOON

    def renewed(self, access: str, refresh: str, expires: float) -> "Session":
        """The same session with new tokens; an issuer that sends no new refresh token keeps the old."""
        return replace(self, access=access, refresh=refresh or self.refresh, expires=expires)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in under way (RFC 6749 §4.1, RFC 7636, OIDC Core §3.1.2.1)."""

    state: str
    nonce: str
    verifier: str
    next: str
    expires: float

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def attempt(entropy: Entropy, then: str, now: float) -> Attempt:
    """A new one; afterwards the person goes to `then`, if that is a page of ours."""
    return Attempt(
        state=_random(entropy),
        nonce=_random(entropy),
        verifier=_random(entropy),
        next=then if is_ours(then) else "/",
        expires=now + ATTEMPT_SECONDS,
    )


def session(entropy: Entropy, who: Mapping[str, Any], tokens: Mapping[str, Any], now: float) -> Session:  # fmt: skip
    """The session of checked ID claims and a token answer."""
    return Session(
        id=_random(entropy),
        subject=str(who["sub"]),
        name=str(who.get("name") or who.get("preferred_username") or who["sub"])[:200],
        access=str(tokens["access_token"]),
        refresh=str(tokens.get("refresh_token") or ""),
        expires=now + float(tokens.get("expires_in") or 0),
        scopes=tuple(str(tokens.get("scope") or "").split()),
    )


def is_ours(path: str) -> bool:
    """Whether a path stays within the console: never another host, whatever browsers make of it."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\"))
    return plain and len(path) <= LONGEST_NEXT and path.isprintable() and "\\" not in path


def closed(value: Session | Attempt, key: bytes, entropy: Entropy) -> str:
    """A value as a cookie holds it: nobody else reads or changes it."""
    packed = orjson.dumps(asdict(value))
    sealed = seal(key, packed, ("console", type(value).__name__), entropy)
    return base64.urlsafe_b64encode(sealed).decode()


def opened(kind: type[V], text: str, key: bytes) -> V | None:
    """What a cookie of ours holds; None for anything else."""
    try:
        sealed = base64.urlsafe_b64decode(text.encode("ascii"))
        values = orjson.loads(unseal(key, sealed, ("console", kind.__name__)))
    except (Broken, ValueError):
        return None
    if "scopes" in values:
        values["scopes"] = tuple(values["scopes"])
    return kind(**values)


def form_token(key: bytes, session_id: str) -> str:
    """What every form of a session must carry: another site cannot know it."""
    return hmac.new(key, b"console form " + session_id.encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compared in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def _random(entropy: Entropy) -> str:
    return base64.urlsafe_b64encode(entropy(32)).decode().rstrip("=")
