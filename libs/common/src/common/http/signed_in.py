"""Who sends a request: the bearer token of a route that asks for a person or a system.

One dependency each, and the token is looked up once per request: every level of FastAPI's
dependencies costs as much as a layer of middleware.
"""

from typing import Annotated

from fastapi import Depends
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from common.errors import Unauthenticated, Unavailable
from common.http.asgi import Scope, header
from common.http.wiring import around_of
from common.identity import Principal, TokenVerifier
from common.words import say

KNOWN = "nhipcau.principal"
"""Where a request's scope keeps the principal once its token is verified."""


def caller_of(scope: Scope, verifier: TokenVerifier | None) -> str | None:
    """The subject of a token that is verified already, for counting requests; else None."""
    token = _token(scope)
    known = verifier.known(token) if verifier is not None and token else None
    if known is None:
        return None
    scope[KNOWN] = known
    return f"subject:{known.subject}"


async def principal_of(request: Request) -> Principal | None:
    """Who is signed in, None without a token; raises what the verifier raises."""
    known: Principal | None = request.scope.get(KNOWN)
    if known is not None:
        return known
    token = _token(request.scope)
    if not token:
        return None
    verifier = around_of(request).verifier
    if verifier is None:
        raise Unavailable("no-issuer", say("no-issuer"))
    principal = await verifier.verify(token)
    request.scope[KNOWN] = principal
    return principal


def _token(scope: Scope) -> str:
    scheme, _, token = header(scope, b"authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class Bearer(SecurityBase):
    """Looks at the token of a request, and puts the scheme into the OpenAPI document."""

    def __init__(self) -> None:
        self.model = HTTPBearer(bearerFormat="JWT", description="Access token of the OIDC issuer")
        self.scheme_name = "bearer"

    async def __call__(self, request: Request) -> Principal | None:
        """Raises Unauthenticated for a token that is none, and where one is needed."""
        return await principal_of(request)


class _SignedIn(Bearer):
    async def __call__(self, request: Request) -> Principal:
        principal = await principal_of(request)
        if principal is None:
            raise Unauthenticated("token-missing", say("token-missing"))
        return principal


FromToken = Annotated[Principal, Depends(_SignedIn())]
"""Who is signed in; 401 when nobody is."""

FromTokenOrNobody = Annotated[Principal | None, Depends(Bearer())]
"""Who is signed in, None for a request without a token; a wrong token is still 401."""
