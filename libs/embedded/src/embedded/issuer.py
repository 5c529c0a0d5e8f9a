"""A development OIDC issuer with demo people, for code with PKCE and for systems. Never for production."""

import base64
import binascii
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import FastAPI, Form, Header
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from embedded.issuer_clients import CLIENTS, Client
from embedded.issuer_grants import Granted, Grants, TokenRefused
from embedded.issuer_keys import ALGORITHMS, Algorithm, Keys
from embedded.issuer_page import KnownPowers
from embedded.issuer_sign_in import SignIn
from embedded.people import PEOPLE, Person
from embedded.trouble import Trouble

__all__ = ["DEMO_GRANT", "TokenRefused", "create_issuer", "refuse_production"]

LIFETIME = 3600  # seconds
DEMO_GRANT = "urn:nhipcau:grant:demo-person"
PEOPLE_BY_ID = {person.id: person for person in PEOPLE}
DEMO_CLIENT = "nhipcau-demo"


class TokenForm(BaseModel):
    grant_type: str
    person: str = ""
    client_id: str = ""
    client_secret: str = ""
    code: str = ""
    redirect_uri: str = ""
    code_verifier: str = ""
    refresh_token: str = ""
    algorithm: Algorithm = "RS256"


def refuse_production(environment: str) -> None:
    """Raises Trouble in production: whoever knows a demo name could be anybody here."""
    if environment == "production":
        raise Trouble(
            "The development sign-in does not start in production",
            "set NHIPCAU_OIDC_ISSUER to your own identity provider",
        )


refuse_production(os.environ.get("NHIPCAU_ENVIRONMENT", "development"))


@dataclass
class Mint:
    """Makes the tokens of one issuer."""

    url: str
    audience: str
    keys: Keys
    grants: Grants
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def access(self, claims: Mapping[str, Any], algorithm: Algorithm = "RS256") -> dict[str, Any]:
        """A token answer (RFC 6749 §5.1) whose access token follows RFC 9068."""
        frame = self._frame(self.audience)
        return {
            "access_token": self.keys.sign({**claims, **frame}, algorithm, "at+jwt"),
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "scope": claims["scope"],
        }

    def person(self, person: Person, client: str, algorithm: Algorithm) -> dict[str, Any]:
        return self.access(_person_claims(person) | {"client_id": client, "azp": client}, algorithm)

    def signed_in(self, granted: Granted, algorithm: Algorithm) -> dict[str, Any]:
        """What a code or a refresh token is exchanged for: the id token speaks to the program alone."""
        person, asked = PEOPLE_BY_ID[granted.person], granted.asked
        identity = {"sub": person.id, "name": person.name, "azp": asked.client, "typ": "ID"}
        identity |= {"nonce": asked.nonce} if asked.nonce else {}
        return self.person(person, asked.client, algorithm) | {
            "id_token": self.keys.sign(identity | self._frame(asked.client), algorithm, "JWT"),
            "refresh_token": self.grants.refresh_token(granted),
        }

    def _frame(self, audience: str) -> dict[str, Any]:
        issued = int(self.now().timestamp())
        return {
            "iss": self.url,
            "aud": audience,
            "iat": issued,
            "nbf": issued,
            "exp": issued + LIFETIME,
            "jti": secrets.token_urlsafe(12),
        }


def create_issuer(  # noqa: PLR0913 - each has a default but the address and the environment
    url: str,
    *,
    environment: str,
    audience: str = "nhipcau",
    keys_file: Path | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    powers: KnownPowers = lambda _: None,
) -> FastAPI:
    """The issuer as an app, to be mounted where `url` leads; refuses `environment="production"`.

    powers  what each demo person may do by the running house, for the page of people
    """
    refuse_production(environment)
    keys, grants = Keys(keys_file), Grants(lambda: now().timestamp())
    mint = Mint(url, audience, keys, grants, now)
    app = FastAPI(title="Development sign-in", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(TokenRefused, _refusal)

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return _discovery(url)

    @app.get("/jwks")
    async def jwks() -> dict[str, Any]:
        return keys.public()

    @app.post("/token")
    async def token(
        form: Annotated[TokenForm, Form()], authorization: Annotated[str, Header()] = ""
    ) -> Response:
        answer = _token(mint, form, authorization)
        return JSONResponse(answer, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})

    @app.post("/rotation", status_code=201)
    async def rotate(algorithm: Algorithm = "RS256") -> dict[str, str]:
        return {"algorithm": algorithm, "kid": keys.rotate(algorithm)}

    def fresh_token(person: Person) -> str:
        return mint.person(person, DEMO_CLIENT, "RS256")["access_token"]

    app.include_router(SignIn(url, PEOPLE_BY_ID, grants, fresh_token, powers).routes())
    return app


def _discovery(url: str) -> dict[str, Any]:
    return {
        "issuer": url,
        "jwks_uri": f"{url}/jwks",
        "authorization_endpoint": f"{url}/authorize",
        "token_endpoint": f"{url}/token",
        "grant_types_supported": [
            "authorization_code",
            "refresh_token",
            "client_credentials",
            DEMO_GRANT,
        ],
        "token_endpoint_auth_methods_supported": [
            "none",
            "client_secret_basic",
            "client_secret_post",
        ],
        "code_challenge_methods_supported": ["S256"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(ALGORITHMS),
        "scopes_supported": sorted({"openid"} | {s for person in PEOPLE for s in person.scopes}),
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "name", "nonce", "azp"],
        "ui_locales_supported": ["vi", "en"],
        "authorization_response_iss_parameter_supported": True,
    }


def _token(mint: Mint, form: TokenForm, authorization: str) -> dict[str, Any]:
    if form.grant_type == DEMO_GRANT:
        return mint.person(_demo_person(form.person), DEMO_CLIENT, form.algorithm)
    if form.grant_type == "client_credentials":
        client = _authenticated(*_credentials(form, authorization))
        if client.secret is None:
            raise TokenRefused("unauthorized_client", "a public client has no account of its own")
        return mint.access(_client_claims(client), form.algorithm)
    if form.grant_type == "authorization_code":
        client = _authenticated(*_credentials(form, authorization))
        granted = mint.grants.redeem(form.code, client.id, form.redirect_uri, form.code_verifier)
        return mint.signed_in(granted, form.algorithm)
    if form.grant_type == "refresh_token":
        client = _authenticated(*_credentials(form, authorization))
        return mint.signed_in(mint.grants.refresh(form.refresh_token, client.id), form.algorithm)
    known = "authorization_code, refresh_token, client_credentials"
    raise TokenRefused("unsupported_grant_type", f"use {known} or {DEMO_GRANT}")


def _demo_person(person_id: str) -> Person:
    person = PEOPLE_BY_ID.get(person_id)
    if person is None:
        raise TokenRefused("invalid_grant", f"person must be one of {', '.join(PEOPLE_BY_ID)}")
    return person


def _person_claims(person: Person) -> dict[str, Any]:
    return {
        "sub": person.id,
        "name": person.name,
        "preferred_username": person.id,
        "email": person.email,
        "scope": " ".join(person.scopes),
    }


def _client_claims(client: Client) -> dict[str, Any]:
    claims = {"sub": client.id, "client_id": client.id, "azp": client.id}
    return claims | {"scope": " ".join(client.scopes)}


def _authenticated(client_id: str, client_secret: str) -> Client:
    """The client, which proved itself with its secret; a public one has none to give."""
    client = CLIENTS.get(client_id)
    known = (client.secret or "") if client else ""
    same = secrets.compare_digest(known.encode(), client_secret.encode())
    if client is None or not same:
        raise TokenRefused("invalid_client", "unknown client or wrong secret", 401)
    return client


def _credentials(form: TokenForm, authorization: str) -> tuple[str, str]:
    """From the header, where both are form-encoded (RFC 6749 §2.3.1), else from the form."""
    kind, _, encoded = authorization.partition(" ")
    if kind.lower() != "basic":
        return form.client_id, form.client_secret
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise TokenRefused("invalid_client", "unreadable Authorization header", 401) from error
    return unquote(name), unquote(secret)


async def _refusal(_: Any, refused: Exception) -> JSONResponse:
    assert isinstance(refused, TokenRefused)
    body = {"error": refused.error, "error_description": refused.description}
    headers = {"Cache-Control": "no-store"}
    if refused.status == 401:  # noqa: PLR2004 - the status that RFC 6749 §5.2 ties to the header
        headers["WWW-Authenticate"] = 'Basic realm="dev-issuer"'
    return JSONResponse(body, refused.status, headers=headers)
