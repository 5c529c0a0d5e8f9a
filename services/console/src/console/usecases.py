"""Signing in: code with PKCE at the issuer, the ID token checked, tokens renewed before they end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jws, jwt
from joserfc.errors import JoseError

from common.errors import Said, Unauthenticated, Unavailable
from common.identity import ALGORITHMS
from common.ids import Entropy
from common.issuer import Issuer
from common.moments import Clock
from console import domain
from console.domain import Attempt, Session

SCOPE = "openid profile directory:write operations"
LEEWAY = 30.0


@dataclass(slots=True)
class Provider:
    """The issuer as the console's program sees it; its document is read once and kept."""

    url: str
    client: str
    secret: str
    callback: str
    http: httpx.AsyncClient
    keys: Issuer
    _document: Mapping[str, Any] = field(default_factory=dict[str, Any])

    async def endpoint(self, name: str) -> str:
        """An address of the issuer, "" when it has none; raises Unavailable when it is away."""
        if not self._document:
            self._document = await self._read()
        return str(self._document.get(name) or "")

    async def tokens(self, **form: str) -> Mapping[str, Any]:
        """The token endpoint's answer; raises Unauthenticated when it refuses."""
        credentials = (self.client, self.secret) if self.secret else None
        body = form | ({} if credentials else {"client_id": self.client})
        address = await self.endpoint("token_endpoint")
        try:
            answer = await self.http.post(address, data=body, auth=credentials)  # pyright: ignore[reportArgumentType] - None means no authentication
        except httpx.HTTPError as error:
            raise _away() from error
        if not answer.is_success:
            raise Unauthenticated(
                "sign-in-refused",
                Said(
                    "Đăng nhập bị từ chối. Hãy đăng nhập lại.",
                    "The sign-in was refused. Sign in again.",
                ),
            )
        return answer.json()

    async def _read(self) -> Mapping[str, Any]:
        address = self.url.rstrip("/") + "/.well-known/openid-configuration"
        try:
            answer = await self.http.get(address)
            document: Mapping[str, Any] = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise _away() from error
        if document.get("issuer") != self.url:
            raise _away()
        return document


@dataclass(frozen=True, slots=True)
class Deps:
    """What signing in works with."""

    provider: Provider
    clock: Clock
    entropy: Entropy

    @property
    def now(self) -> float:
        return self.clock().timestamp()


async def begin(deps: Deps, then: str, language: str) -> tuple[Attempt, str]:
    """An attempt, and where the browser goes with it."""
    tried = domain.attempt(deps.entropy, then, deps.now)
    values = {
        "response_type": "code",
        "client_id": deps.provider.client,
        "redirect_uri": deps.provider.callback,
        "scope": SCOPE,
        "state": tried.state,
        "nonce": tried.nonce,
        "code_challenge": tried.challenge,
        "code_challenge_method": "S256",
        "ui_locales": language,
    }
    address = await deps.provider.endpoint("authorization_endpoint")
    return tried, f"{address}?{urlencode(values)}"


async def finish(deps: Deps, tried: Attempt | None, state: str, code: str, issuer: str) -> Session:
    """The session of a code that came back; raises Unauthenticated unless it belongs to the attempt."""
    provider = deps.provider
    fits = tried is not None and domain.same(state, tried.state) and deps.now < tried.expires
    if tried is None or not fits or not code or (issuer and issuer != provider.url):
        raise Unauthenticated(
            "sign-in-lost",
            Said(
                "Lần đăng nhập này không bắt đầu từ đây. Hãy đăng nhập lại.",
                "This sign-in was not begun here. Sign in again.",
            ),
        )
    tokens = await provider.tokens(
        grant_type="authorization_code",
        code=code,
        redirect_uri=provider.callback,
        code_verifier=tried.verifier,
    )
    who = await _identity(deps, str(tokens.get("id_token") or ""), tried.nonce)
    return domain.session(deps.entropy, who, tokens, deps.now)


async def renew(deps: Deps, known: Session) -> Session:
    """The session with fresh tokens; raises Unauthenticated when the issuer ends it."""
    if not known.refresh:
        raise Unauthenticated(
            "sign-in-ended",
            Said(
                "Phiên đăng nhập đã kết thúc. Hãy đăng nhập lại.",
                "The sign-in has ended. Sign in again.",
            ),
        )
    tokens = await deps.provider.tokens(grant_type="refresh_token", refresh_token=known.refresh)
    return known.renewed(
        str(tokens["access_token"]),
        str(tokens.get("refresh_token") or ""),
        deps.now + float(tokens.get("expires_in") or 0),
    )


async def _identity(deps: Deps, token: str, nonce: str) -> Mapping[str, Any]:
    """The claims of an ID token for us, now, for this attempt (OIDC Core §3.1.3.7)."""
    try:
        header: Mapping[str, Any] = jws.extract_compact(token.encode()).headers()
        algorithm = header.get("alg")
        key = await deps.provider.keys.key(str(header.get("kid")))
        if key is None or algorithm not in ALGORITHMS:
            raise _not_ours()
        claims = jwt.decode(token, key, algorithms=[algorithm]).claims
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise _not_ours() from error
    if not _is_for_us(deps, claims, nonce):
        raise _not_ours()
    return claims


def _is_for_us(deps: Deps, claims: Mapping[str, Any], nonce: str) -> bool:
    audience = claims.get("aud")
    expires = claims.get("exp")
    return (
        claims.get("iss") == deps.provider.url
        and deps.provider.client in (audience if isinstance(audience, list) else [audience])
        and claims.get("azp", deps.provider.client) == deps.provider.client
        and isinstance(expires, int | float)
        and deps.now < expires + LEEWAY
        and domain.same(str(claims.get("nonce")), nonce)
        and bool(claims.get("sub"))
    )


def _not_ours() -> Unauthenticated:
    return Unauthenticated(
        "identity-invalid",
        Said(
            "Kết quả xác thực không thuộc lần đăng nhập này. Hãy đăng nhập lại.",
            "The issuer's answer is not for this sign-in. Sign in again.",
        ),
    )


def _away() -> Unavailable:
    return Unavailable(
        "issuer-unreachable",
        Said(
            "Dịch vụ đăng nhập hiện không trả lời. Thử lại sau giây lát.",
            "The sign-in service does not answer. Try again.",
        ),
    )
