"""What routes reach, and how a command is answered."""

from typing import Annotated, Any, Protocol

from fastapi import Depends, Header, Request, Response

from common.http import positions
from common.http.preconditions import etag
from common.http.wiring import around_of, deps_of
from common.log.streams import Loaded
from intake.queries.answering import Successors
from intake.queries.duties import Duties
from intake.queries.senders import DirectorySenders
from intake.queries.submissions import Submissions
from intake.usecases.doing import Deps


class App(Protocol):
    """What `main.py` builds for the routes."""

    @property
    def deps(self) -> Deps: ...

    @property
    def submissions(self) -> Submissions: ...

    @property
    def duties(self) -> Duties: ...

    @property
    def senders(self) -> DirectorySenders: ...

    @property
    def successors(self) -> Successors: ...


async def _app(request: Request) -> App:
    return deps_of(request)


FromApp = Annotated[App, Depends(_app)]


async def _strict(
    prefer: Annotated[
        str | None,
        Header(
            max_length=200,
            description="`handling=strict` (RFC 7240): refuse a draft in which the regulation finds "
            "errors, with all of them, instead of registering it with its findings",
        ),
    ] = None,
) -> bool:
    return prefer is not None and "handling=strict" in prefer.replace(" ", "").lower()


Strict = Annotated[bool, Depends(_strict)]


def now_of(request: Request) -> Any:
    """This service's present moment."""
    return around_of(request).world.now()


def say_where(loaded: Loaded[Any], response: Response) -> None:
    """The version and the place of what was decided, in the answer's headers."""
    response.headers["ETag"] = etag(loaded.version)
    positions.answer_with(
        response, [positions.Position(p.topic, p.stream, p.sequence) for p in loaded.positions]
    )
