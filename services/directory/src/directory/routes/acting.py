"""Who may change the directory, and how a command is answered."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from common.errors import Forbidden
from common.http import positions
from common.http.preconditions import etag
from common.http.signed_in import FromToken
from common.http.wiring import around_of, deps_of
from common.identity import Principal
from common.log.streams import Loaded
from directory.domain.words import say
from directory.usecases.doing import Authority, By, Deps, Wish
from rulebook.house import INSTALLATION


async def _deps(request: Request) -> Deps:
    return deps_of(request).deps


FromApp = Annotated[Deps, Depends(_deps)]


@dataclass(frozen=True, slots=True)
class Asked:
    """How an act is asked for, beside its name and site; see `Wish`."""

    decided_by: str | None = None
    law: dict[str, str] = field(default_factory=dict[str, str])
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever sent the request, and the one way to ask what they may do."""

    who: Principal
    authority: Authority
    request: Request

    async def may(self, *acts: str, site: str, asked: Asked = Asked()) -> By:
        """The proof for the commit; raises Forbidden."""
        return await self.authority.may(self.who, self._wish(acts, site, asked))

    async def speaks_for(self, person: str, *acts: str, site: str) -> By:
        """The proof for an act that is somebody's own; raises Forbidden."""
        return await self.authority.speaks_for(self.who, person, self._wish(acts, site, Asked()))

    def _wish(self, acts: tuple[str, ...], site: str, asked: Asked) -> Wish:
        now = around_of(self.request).world.now()
        return Wish(acts, site, now, asked.decided_by, asked.law, asked.about)


async def _actor(request: Request, who: FromToken) -> Actor:
    return Actor(who, deps_of(request).authority, request)


FromActor = Annotated[Actor, Depends(_actor)]
"""Who acts; the route asks for the act it needs."""


async def _writer(actor: FromActor) -> By:
    return await actor.may("import", site=INSTALLATION)


Writer = Annotated[By, Depends(_writer)]
"""For what only an administrator of the installation does."""


def check_reader(who: Principal, site: str) -> None:
    """A token that is for one site reads the staff of that site only; raises Forbidden."""
    if who.site is not None and who.site != site:
        raise Forbidden("other-site", say("other-site", site=who.site))


def say_where(loaded: Loaded[Any], response: Response) -> None:
    """The version and the place of what was decided, in the answer's headers."""
    response.headers["ETag"] = etag(loaded.version)
    positions.answer_with(
        response, [positions.Position(p.topic, p.stream, p.sequence) for p in loaded.positions]
    )
