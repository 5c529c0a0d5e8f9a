"""An OIDC issuer in memory: discovery, keys that rotate, and tokens of any claims."""

import time
from collections.abc import Mapping
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from common.identity import TokenVerifier
from common.issuer import Issuer
from common.moments import Clock, utc_now

URL = "https://id.example/realms/nhipcau"
AUDIENCE = "nhipcau"


class MemoryIssuer:
    """Signs with its newest key and answers over `http`; `away` makes it not answer."""

    def __init__(self, *, clock: Clock = utc_now, now: Any = time.monotonic) -> None:
        self.clock = clock
        self.keys: dict[str, ECKey] = {}
        self.asked: list[str] = []
        self.away = False
        self.http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        self.issuer = Issuer(URL, self.http, now)
        self.rotate()

    def rotate(self) -> str:
        """Sign with a new key from now on; the old ones stay published."""
        key_id = f"key-{len(self.keys) + 1}"
        self.keys[key_id] = ECKey.generate_key("P-256", {"kid": key_id, "use": "sig"})
        return key_id

    def verifier(self, **changes: Any) -> TokenVerifier:
        """A verifier that trusts this issuer."""
        settings: dict[str, Any] = {"audience": AUDIENCE, "clock": self.clock} | changes
        return TokenVerifier(self.issuer, **settings)

    def token(self, subject: str = "an", *, lasts: float = 300, **claims: Any) -> str:
        """An access token; claims given as None are left out."""
        now = int(self.clock().timestamp())
        usual = {"iss": URL, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + lasts}
        wanted = {key: value for key, value in (usual | claims).items() if value is not None}
        return self.sign(wanted)

    def sign(self, claims: Mapping[str, Any], **header: Any) -> str:
        """Sign claims as they are with the newest key."""
        key_id, key = list(self.keys.items())[-1]
        return jwt.encode({"alg": "ES256", "kid": key_id} | header, dict(claims), key)

    def bearer(self, subject: str = "an", **claims: Any) -> dict[str, str]:
        """The header of a signed-in request."""
        return {"Authorization": f"Bearer {self.token(subject, **claims)}"}

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.away:
            raise httpx.ConnectError("away", request=request)
        if request.url.path.endswith("/openid-configuration"):
            return httpx.Response(200, json={"issuer": URL, "jwks_uri": f"{URL}/keys"})
        keys = [key.as_dict(private=False) for key in self.keys.values()]
        return httpx.Response(200, json={"keys": keys})
