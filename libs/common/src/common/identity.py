"""Who is asking: OIDC access tokens checked against the issuer's keys (D7).

A token says who somebody is; what they may do follows from the directory's facts. Keys come from
the issuer's discovery document and are kept; an unknown key id makes one new look, at most every
ten seconds. Verified tokens are cached until they expire. An issuer that does not answer is
Unavailable (503), never Unauthenticated: the caller did nothing wrong.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from common.errors import Unauthenticated, filled
from common.issuer import Issuer
from common.moments import Clock, utc_now
from common.settings import ServiceSettings
from common.words import WHY, say

ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "Ed25519",
    "EdDSA",
)
"""Asymmetric ones only: `none` and HS* let whoever holds the public key sign."""

TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
OTHER_TOKENS = frozenset({"ID", "Refresh", "Offline", "Logout"})
LONGEST = 8192
LONGEST_SUBJECT = 255
MOST_CACHED = 10_000

Kind = Literal["person", "system"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody signed in. `subject` is the issuer's stable id, never a name or an address.

    issuer   whose subject it is: only the pair names somebody (OIDC Core §2)
    client   the program that the token was given to (azp, RFC 9068 client_id)
    """

    subject: str
    name: str
    kind: Kind
    scopes: frozenset[str] = frozenset()
    site: str | None = None
    issuer: str = ""
    client: str = ""


@dataclass(frozen=True, slots=True)
class _Verified:
    principal: Principal
    key_id: str
    expires: float


@dataclass(slots=True)
class TokenVerifier:
    """Checks the tokens of one issuer for one audience.

    leeway   seconds by which the issuer's clock may differ from ours
    most     how many verified tokens are remembered; the least used go first
    clients  the programs whose tokens count (azp, client_id); empty: any of the issuer's
    """

    issuer: Issuer
    audience: str
    leeway: float = 30.0
    clock: Clock = utc_now
    most: int = MOST_CACHED
    clients: frozenset[str] = frozenset()
    _cache: OrderedDict[bytes, _Verified] = field(default_factory=OrderedDict[bytes, _Verified])

    async def verify(self, token: str) -> Principal:
        """Who holds this token; raises Unauthenticated, or Unavailable when the issuer is away."""
        if (known := self.known(token)) is not None:
            return known
        key_id, algorithm = _header(token)
        key = await self.issuer.key(key_id)
        if key is None:
            raise _invalid("another-key")
        claims = _checked_signature(token, key, algorithm)
        verified = self._accepted(claims, key_id)
        self._cache[_name(token)] = verified
        if len(self._cache) > self.most:
            self._cache.popitem(last=False)
        return verified.principal

    def known(self, token: str) -> Principal | None:
        """Who holds a token that was verified before and still holds good; None for any other."""
        if len(token) > LONGEST:
            return None
        name = _name(token)
        verified = self._cache.get(name)
        if verified is None:
            return None
        if self._now() >= verified.expires or not self.issuer.holds(verified.key_id):
            del self._cache[name]
            return None
        self._cache.move_to_end(name)
        return verified.principal

    def _now(self) -> float:
        return self.clock().timestamp()

    def _accepted(self, claims: Mapping[str, Any], key_id: str) -> _Verified:
        if claims.get("iss") != self.issuer.url:
            raise _invalid("another-issuer")
        if self.audience not in _texts(claims.get("aud")):
            raise _invalid("another-audience")
        if claims.get("typ") in OTHER_TOKENS:
            raise _invalid("not-for-access")
        if self.clients and not _clients_in(claims) <= self.clients:
            raise _invalid("program-may-not")
        expires = self._check_times(claims)
        return _Verified(principal_of(claims), key_id, expires)

    def _check_times(self, claims: Mapping[str, Any]) -> float:
        expires, now = claims.get("exp"), self._now()
        if not _is_number(expires):
            raise _invalid("no-expiry")
        assert expires is not None
        if now >= expires + self.leeway:
            raise Unauthenticated("token-expired", say("token-expired"))
        for name in ("nbf", "iat"):
            begins = claims.get(name)
            if begins is None:
                continue
            if not _is_number(begins) or begins > now + self.leeway:
                raise _invalid("not-yet")
        return expires + self.leeway


def verifier_of(settings: ServiceSettings, http: httpx.AsyncClient) -> TokenVerifier:
    """The verifier a service's settings ask for."""
    return TokenVerifier(
        Issuer(settings.oidc_issuer, http),
        settings.oidc_audience,
        leeway=settings.oidc_leeway,
        clients=settings.oidc_clients,
    )


def principal_of(claims: Mapping[str, Any]) -> Principal:
    """The person or system that checked claims speak of; raises Unauthenticated without one."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise _invalid("no-subject")
    if not subject.isprintable():
        raise _invalid("subject-unreadable")
    site = claims.get("nhipcau_site")
    scope = claims.get("scope")
    return Principal(
        subject=subject,
        name=_name_in(claims),
        kind=_kind_in(claims),
        scopes=frozenset(scope.split()) if isinstance(scope, str) else frozenset(_texts(scope)),
        site=site if isinstance(site, str) else None,
        issuer=_text(claims.get("iss")),
        client=_text(claims.get("azp")) or _text(claims.get("client_id")),
    )


def _clients_in(claims: Mapping[str, Any]) -> frozenset[str]:
    """Every program that the claims name; "" when they name none, which no list holds."""
    named = {_text(claims.get("azp")), _text(claims.get("client_id"))} - {""}
    return frozenset(named or {""})


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _name_in(claims: Mapping[str, Any]) -> str:
    for claim in ("name", "preferred_username", "client_id"):
        if isinstance(text := claims.get(claim), str) and text:
            return text[:LONGEST_SUBJECT]
    return ""


def _kind_in(claims: Mapping[str, Any]) -> Kind:
    """A service account: Keycloak names it so, RFC 9068 gives it its client's id as subject."""
    said = claims.get("nhipcau_kind")
    if said in ("person", "system"):
        return said
    username, client = claims.get("preferred_username"), claims.get("client_id")
    if isinstance(username, str) and username.startswith("service-account-"):
        return "system"
    return "system" if client is not None and client == claims.get("sub") else "person"


def _header(token: str) -> tuple[str, str]:
    """(key id, algorithm) of a token nobody has checked yet."""
    if len(token) > LONGEST:
        raise _invalid("too-long")
    try:
        header: Mapping[str, Any] = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise _invalid("no-token") from error
    algorithm, key_id, type_ = header.get("alg"), header.get("kid"), header.get("typ", "JWT")
    if algorithm not in ALGORITHMS:
        raise _invalid("another-algorithm")
    if not isinstance(key_id, str) or not 0 < len(key_id) <= LONGEST_SUBJECT:
        raise _invalid("no-key-id")
    if not isinstance(type_, str) or type_.lower() not in TYPES or "crit" in header:
        raise _invalid("another-type")
    return key_id, algorithm


def _checked_signature(token: str, key: Key, algorithm: str) -> Mapping[str, Any]:
    try:
        return jwt.decode(token, key, algorithms=[algorithm]).claims
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise _invalid("not-signed") from error


def _invalid(why: str) -> Unauthenticated:
    return Unauthenticated("token-invalid", say("token-invalid", why=filled(WHY, why)))


def _name(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12  # noqa: PLR2004 - keeps NaN and infinity out


def _texts(value: Any) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
