"""How every aggregate is read: one and its history from the log itself, lists from the projection."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from common.consumer.views import Views
from common.errors import NotFound
from common.log.log import CommitLog
from common.log.streams import Loaded, StreamKind
from directory.domain.words import say
from directory.queries.history import history
from directory.queries.remembered import Listing

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Reading(Generic[S]):
    """Reads one kind of aggregate; `what` is its name in refusals."""

    log: CommitLog
    views: Views
    kind: StreamKind[S]
    collection: str
    fold: Callable[[Iterable[Mapping[str, Any]]], S]
    what: str
    _listing: Listing[S] = field(init=False)

    def __post_init__(self) -> None:
        listing = Listing(self.views, self.collection, self.fold)
        object.__setattr__(self, "_listing", listing)

    async def get(self, id: str) -> Loaded[S]:
        """Raises NotFound."""
        loaded = await self.log.load(self.kind, id)
        if not loaded.version:
            raise NotFound(f"{self.what}-unknown", say(f"{self.what}-unknown"))
        return loaded

    async def history(self, id: str) -> list[dict[str, Any]]:
        """Every decision about it: what, when, by whom, by what right. Raises NotFound."""
        loaded = await self.get(id)
        return await history(self.log, loaded.stream)

    async def listed(
        self,
        where: Mapping[str, Any],
        fits: Callable[[S], bool],
        after: str | None,
        fetch: int,
    ) -> list[S]:
        """The next `fetch` by id: `where` is what an index knows, `fits` what depends on a day."""
        return await self._listing.listed(where, fits, after, fetch)
