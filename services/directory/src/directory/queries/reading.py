"""How every aggregate is read: one and its history from the log itself, lists from the projection."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from common.consumer.views import Views
from common.errors import NotFound
from common.log.log import CommitLog
from common.log.streams import Loaded, StreamKind
from directory.queries.history import history
from directory.queries.remembered import WITHOUT, Remembered

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
    _remembered: Remembered[S] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_remembered", Remembered(self.fold))

    async def get(self, id: str) -> Loaded[S]:
        """Raises NotFound."""
        loaded = await self.log.load(self.kind, id)
        if not loaded.version:
            raise NotFound(f"{self.what}-unknown", f"No {self.what} has this id.")
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
        found: list[S] = []
        while len(found) < fetch:
            page = await self.views.find(
                self.collection,
                _behind(where, after),
                sort=(("_id", 1),),
                limit=fetch,
                without=WITHOUT,
            )
            generation = (await self.views.generation()).name
            states = (self._remembered.of(document, generation) for document in page)
            found += [state for state in states if fits(state)]
            if len(page) < fetch:
                break
            after = page[-1]["_id"]
        return found[:fetch]


def _behind(where: Mapping[str, Any], after: str | None) -> Mapping[str, Any]:
    return where if after is None else {**where, "_id": {"$gt": after}}
