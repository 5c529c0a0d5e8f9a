"""Who may change the directory, and how a command is answered."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response

from common.errors import Forbidden
from common.http import positions
from common.http.preconditions import etag
from common.http.signed_in import FromToken
from common.http.wiring import deps_of
from common.log.streams import Loaded
from directory.usecases.doing import By, Deps

SCOPE = "directory:write"


async def _deps(request: Request) -> Deps:
    return deps_of(request).deps


FromApp = Annotated[Deps, Depends(_deps)]


async def _writer(principal: FromToken) -> By:
    """Who may change the directory, until authority facts decide it."""
    if SCOPE not in principal.scopes:
        raise Forbidden(
            "scope-missing",
            f"This act asks for a token with the scope {SCOPE}; an administrator gives it.",
        )
    return By(principal.subject, principal.scopes)


Writer = Annotated[By, Depends(_writer)]


def say_where(loaded: Loaded[Any], response: Response) -> None:
    """The version and the place of what was decided, in the answer's headers."""
    response.headers["ETag"] = etag(loaded.version)
    positions.answer_with(
        response, [positions.Position(p.topic, p.stream, p.sequence) for p in loaded.positions]
    )
