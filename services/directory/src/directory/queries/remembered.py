"""Lists of a projection, folded: a state is read and folded once, and remembered while its sequence stays."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from common.consumer.views import Views
from common.mongo import Document

S = TypeVar("S")
MOST = 20_000
KEYS, FACTS = "keys", "facts"
"""Search keys are for the index alone; facts are only read for what is not remembered."""


class Remembered(Generic[S]):
    """The least recently used leave first. A document's facts are known by its generation and sequence."""

    def __init__(self, fold: Callable[[Iterable[Mapping[str, Any]]], S], most: int = MOST) -> None:
        self._fold = fold
        self._most = most
        self._states: OrderedDict[str, tuple[str, int, S]] = OrderedDict()

    def of(self, document: Document, generation: str) -> S:
        """The state that the document's facts tell of."""
        state = self.known(document, generation)
        if state is None:
            state = self._fold(document[FACTS])
            self._states[document["_id"]] = (generation, document["sequence"], state)
            self._states.move_to_end(document["_id"])
            if len(self._states) > self._most:
                self._states.popitem(last=False)
        return state

    def known(self, head: Document, generation: str) -> S | None:
        """The state of a document without its facts, if it is remembered at this sequence."""
        known = self._states.get(head["_id"])
        if known is None or known[:2] != (generation, head["sequence"]):
            return None
        self._states.move_to_end(head["_id"])
        return known[2]


class Listing(Generic[S]):
    """A projected collection in the order of its ids, as states."""

    def __init__(
        self, views: Views, collection: str, fold: Callable[[Iterable[Mapping[str, Any]]], S]
    ) -> None:
        self._views = views
        self._collection = collection
        self._remembered = Remembered(fold)

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
            heads = await self._views.find(
                self._collection,
                _behind(where, after),
                sort=(("_id", 1),),
                limit=fetch,
                without=(KEYS, FACTS),
            )
            found += [state for state in await self._states(heads) if fits(state)]
            if len(heads) < fetch:
                break
            after = heads[-1]["_id"]
        return found[:fetch]

    async def _states(self, heads: Sequence[Document]) -> list[S]:
        generation = (await self._views.generation()).name
        known = {head["_id"]: self._remembered.known(head, generation) for head in heads}
        missing = [id for id, state in known.items() if state is None]
        if missing:
            where = {"_id": {"$in": missing}}
            for document in await self._views.find(self._collection, where, without=(KEYS,)):
                known[document["_id"]] = self._remembered.of(document, generation)
        return [state for state in known.values() if state is not None]


def _behind(where: Mapping[str, Any], after: str | None) -> Mapping[str, Any]:
    return where if after is None else {**where, "_id": {"$gt": after}}
