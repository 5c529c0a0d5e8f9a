"""A development OIDC issuer with demo people: discovery, JWKS, tokens, key rotation. Never for production."""

import base64
import binascii
import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Form, Header
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from embedded.issuer_keys import ALGORITHMS, Algorithm, Keys
from embedded.people import CLIENT_SCOPES, CLIENTS, PEOPLE, Person
from embedded.trouble import Trouble

LIFETIME = 3600  # seconds
DEMO_GRANT = "urn:nhipcau:grant:demo-person"
PEOPLE_BY_ID = {person.id: person for person in PEOPLE}


class TokenForm(BaseModel):
    grant_type: str
    person: str = ""
    client_id: str = ""
    client_secret: str = ""
    algorithm: Algorithm = "RS256"


class TokenRefused(Exception):
    """An OAuth error answer (RFC 6749 §5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


def refuse_production(environment: str) -> None:
    """Raises Trouble in production: whoever knows a demo name could be anybody here."""
    if environment == "production":
        raise Trouble(
            "The development sign-in does not start in production",
            "set NHIPCAU_OIDC_ISSUER to your own identity provider",
        )


refuse_production(os.environ.get("NHIPCAU_ENVIRONMENT", "development"))


def create_issuer(
    url: str,
    *,
    environment: str,
    audience: str = "nhipcau",
    keys_file: Path | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> FastAPI:
    """The issuer as an app, to be mounted where `url` leads; refuses `environment="production"`."""
    refuse_production(environment)
    keys = Keys(keys_file)
    app = FastAPI(title="Development sign-in", docs_url=None, redoc_url=None)
    app.add_exception_handler(TokenRefused, _refusal)

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return _discovery(url)

    @app.get("/jwks")
    async def jwks() -> dict[str, Any]:
        return keys.public()

    @app.get("/people")
    async def people() -> list[dict[str, Any]]:
        return [{"id": p.id, "name": p.name, "scopes": p.scopes} for p in PEOPLE]

    @app.post("/token")
    async def token(
        form: Annotated[TokenForm, Form()], authorization: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        claims = _claims(form, authorization)
        return _answer(keys, claims | _frame(url, audience, now()), form.algorithm)

    @app.post("/rotation", status_code=201)
    async def rotate(algorithm: Algorithm = "RS256") -> dict[str, str]:
        return {"algorithm": algorithm, "kid": keys.rotate(algorithm)}

    return app


def _discovery(url: str) -> dict[str, Any]:
    return {
        "issuer": url,
        "jwks_uri": f"{url}/jwks",
        "token_endpoint": f"{url}/token",
        "grant_types_supported": ["client_credentials", DEMO_GRANT],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "response_types_supported": ["none"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(ALGORITHMS),
        "scopes_supported": sorted({scope for person in PEOPLE for scope in person.scopes}),
    }


def _claims(form: TokenForm, authorization: str) -> dict[str, Any]:
    if form.grant_type == DEMO_GRANT:
        return _of_person(form.person)
    if form.grant_type == "client_credentials":
        return _of_client(*_credentials(form.client_id, form.client_secret, authorization))
    raise TokenRefused("unsupported_grant_type", f"use client_credentials or {DEMO_GRANT}")


def _of_person(person_id: str) -> dict[str, Any]:
    person = PEOPLE_BY_ID.get(person_id)
    if person is None:
        raise TokenRefused("invalid_grant", f"person must be one of {', '.join(PEOPLE_BY_ID)}")
    return _person_claims(person)


def _person_claims(person: Person) -> dict[str, Any]:
    return {
        "sub": person.id,
        "name": person.name,
        "preferred_username": person.id,
        "email": person.email,
        "scope": " ".join(person.scopes),
        "client_id": "nhipcau-demo",
    }


def _of_client(client_id: str, client_secret: str) -> dict[str, Any]:
    known = CLIENTS.get(client_id, "")
    if not known or not secrets.compare_digest(known.encode(), client_secret.encode()):
        raise TokenRefused("invalid_client", "unknown client or wrong secret", 401)
    return {"sub": client_id, "client_id": client_id, "scope": " ".join(CLIENT_SCOPES)}


def _credentials(client_id: str, client_secret: str, authorization: str) -> tuple[str, str]:
    kind, _, encoded = authorization.partition(" ")
    if kind.lower() != "basic":
        return client_id, client_secret
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise TokenRefused("invalid_client", "unreadable Authorization header", 401) from error
    return name, secret


def _frame(url: str, audience: str, at: datetime) -> dict[str, Any]:
    issued = int(at.timestamp())
    return {
        "iss": url,
        "aud": audience,
        "iat": issued,
        "nbf": issued,
        "exp": issued + LIFETIME,
        "jti": secrets.token_urlsafe(12),
    }


def _answer(keys: Keys, claims: dict[str, Any], algorithm: Algorithm) -> dict[str, Any]:
    return {
        "access_token": keys.sign(claims, algorithm),
        "token_type": "Bearer",
        "expires_in": LIFETIME,
        "scope": claims["scope"],
    }


async def _refusal(_: Any, refused: Exception) -> JSONResponse:
    assert isinstance(refused, TokenRefused)
    body = {"error": refused.error, "error_description": refused.description}
    return JSONResponse(body, refused.status, headers={"Cache-Control": "no-store"})
