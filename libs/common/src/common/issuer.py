"""The issuer's public keys: found by OIDC discovery, kept, and looked up anew when they rotate."""

import asyncio
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import JWKRegistry, Key, RSAKey

from common.errors import Unavailable
from common.words import say

FRESH_FOR = 600.0
"""Seconds after which the keys are read again, so that a withdrawn key stops to count."""
USABLE_FOR = 3600.0
"""Seconds for which known keys still serve while the issuer does not answer."""
BETWEEN_LOOKS = 10.0
"""Seconds between two looks for an unknown key: made-up key ids must not flood the issuer."""
KEY_TYPES = frozenset({"RSA", "EC", "OKP"})
MOST_KEYS = 64
LEAST_RSA_BITS = 2048


class BadIssuer(Exception):
    """What the issuer answered is not what OpenID Connect Discovery says."""


@dataclass(slots=True)
class Issuer:
    """One OIDC issuer. `url` is compared with tokens as it stands; `now` is a monotonic clock."""

    url: str
    http: httpx.AsyncClient
    now: Callable[[], float] = time.monotonic
    _keys: dict[str, Key] = field(default_factory=dict[str, Key])
    _read_at: float = float("-inf")
    _tried_at: float = float("-inf")
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    def holds(self, key_id: str) -> bool:
        """Whether this key is among the issuer's as far as we know, and that is not too long ago."""
        return key_id in self._keys and self._age() < USABLE_FOR

    async def key(self, key_id: str) -> Key | None:
        """The key of that id, None when the issuer has none; raises Unavailable when it is away."""
        if key_id in self._keys and self._age() < FRESH_FOR:
            return self._keys[key_id]
        async with self._reading:
            if self._needs_look(key_id):
                await self._look(key_id)
        if self._age() >= USABLE_FOR:
            raise _away()
        return self._keys.get(key_id)

    async def check(self) -> str:
        """For readiness: how many keys are known; raises Unavailable when they are too old."""
        await self.key("")
        return say("keys-known", keys=len(self._keys))

    def _age(self) -> float:
        return self.now() - self._read_at

    def _needs_look(self, key_id: str) -> bool:
        if self.now() - self._tried_at < BETWEEN_LOOKS:
            return False
        unknown = key_id != "" and key_id not in self._keys
        return unknown or self._age() >= FRESH_FOR

    async def _look(self, key_id: str) -> None:
        self._tried_at = self.now()
        try:
            keys = await self._read()
        except (httpx.HTTPError, httpx.InvalidURL, BadIssuer, ValueError) as error:
            if key_id not in self._keys:
                self._tried_at = self.now() - BETWEEN_LOOKS + 1.0  # an outage: look again soon
                raise _away() from error
            return
        self._keys, self._read_at = keys, self.now()

    async def _read(self) -> dict[str, Key]:
        discovery = await self._get(self.url.rstrip("/") + "/.well-known/openid-configuration")
        if discovery.get("issuer") != self.url:
            raise BadIssuer("the discovery document is another issuer's")
        found = await self._get(self._keys_address(discovery.get("jwks_uri")))
        entries = found.get("keys")
        if not isinstance(entries, list):
            raise BadIssuer("no keys in the key set")
        keys = [entry for entry in entries[:MOST_KEYS] if isinstance(entry, dict)]
        return {entry["kid"]: key for entry in keys if (key := _key_of(entry)) is not None}

    def _keys_address(self, address: Any) -> str:
        """Keys read over an open line would undo what https says of the issuer."""
        if not isinstance(address, str):
            raise BadIssuer("the discovery document names no address of keys")
        if self.url.startswith("https://") and not address.startswith("https://"):
            raise BadIssuer("the address of the keys is not https")
        return address

    async def _get(self, url: str) -> Mapping[str, Any]:
        answer = await self.http.get(url)
        answer.raise_for_status()
        document = answer.json()
        if not isinstance(document, dict):
            raise BadIssuer("not a JSON object")
        return document


def _key_of(entry: Mapping[str, Any]) -> Key | None:
    """A public key for signatures, or None for what is none (a secret, one for encryption)."""
    usable = (
        entry.get("kty") in KEY_TYPES
        and entry.get("use", "sig") == "sig"
        and isinstance(entry.get("kid"), str)
    )
    if not usable:
        return None
    try:
        with warnings.catch_warnings(action="ignore", category=SecurityWarning):
            key = JWKRegistry.import_key(dict(entry))
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    weak = isinstance(key, RSAKey) and key.public_key.key_size < LEAST_RSA_BITS
    return None if weak else key


def _away() -> Unavailable:
    return Unavailable("issuer-unreachable", say("issuer-unreachable"), retry_after=2)
