"""Who sends a request: the bearer token of a route that asks for a person or a system."""

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from common.errors import Unauthenticated, Unavailable
from common.http.asgi import Scope, header
from common.http.wiring import around_of
from common.identity import Principal, TokenVerifier

_bearer = HTTPBearer(
    auto_error=False, bearerFormat="JWT", description="Access token of the OIDC issuer"
)
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def caller_of(scope: Scope, verifier: TokenVerifier | None) -> str | None:
    """The subject of a token that is verified already, for counting requests; else None."""
    scheme, _, token = header(scope, b"authorization").partition(" ")
    if verifier is None or scheme.lower() != "bearer" or not token:
        return None
    known = verifier.known(token.strip())
    return None if known is None else f"subject:{known.subject}"


async def _principal(request: Request, credentials: _Credentials) -> Principal:
    if credentials is None:
        raise Unauthenticated(
            "token-missing", "Sign in, and send the token as Authorization: Bearer …"
        )
    return await _verified(request, credentials)


async def _principal_or_nobody(request: Request, credentials: _Credentials) -> Principal | None:
    return None if credentials is None else await _verified(request, credentials)


async def _verified(request: Request, credentials: HTTPAuthorizationCredentials) -> Principal:
    verifier = around_of(request).verifier
    if verifier is None:
        raise Unavailable("no-issuer", "This service knows no issuer to check a sign-in with.")
    return await verifier.verify(credentials.credentials)


FromToken = Annotated[Principal, Depends(_principal)]
"""Who is signed in; 401 when nobody is."""

FromTokenOrNobody = Annotated[Principal | None, Depends(_principal_or_nobody)]
"""Who is signed in, None for a request without a token; a wrong token is still 401."""
