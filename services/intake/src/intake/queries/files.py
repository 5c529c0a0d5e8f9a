"""Which files facts name, intake's own and editorial's: what a sweep asks before it removes any."""

from collections.abc import Awaitable, Callable, Sequence

from common.consumer.views import Views
from common.errors import Unavailable
from intake.domain.words import say
from intake.projections import NAMED


class NamedFiles:
    """`behind` tells how many facts have not been heard of yet: a sweep waits for them."""

    def __init__(self, views: Views, behind: Callable[[], Awaitable[int]]) -> None:
        self._views = views
        self._behind = behind

    async def __call__(self, digests: Sequence[str]) -> set[str]:
        if await self._behind():
            raise Unavailable("files-not-known", say("files-not-known"))
        found = await self._views.find(NAMED, {"_id": {"$in": list(digests)}})
        return {document["_id"] for document in found}
