"""Lists of a projection, folded: a state is read and folded once, and remembered while its sequence stays."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from common.consumer.views import Views
from common.gathered import Gathered
from common.mongo import Document

S = TypeVar("S")
Part = tuple[Sequence[S], str | None]
"""The states of a part of a list, and the id after which it goes on; None at its end."""
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


class _Look(Generic[S]):
    """A part of a list that is being read, and how many ask for it."""

    def __init__(self, part: Callable[[], Awaitable[Part[S]]]) -> None:
        async def answer(askers: Sequence[None]) -> Sequence[Part[S]]:
            found = await part()
            return [found] * len(askers)

        self.gathered: Gathered[None, Part[S]] = Gathered(answer)
        self.asking = 0


class Listing(Generic[S]):
    """A projected collection in the order of its ids, as states."""

    def __init__(
        self, views: Views, collection: str, fold: Callable[[Iterable[Mapping[str, Any]]], S]
    ) -> None:
        self._views = views
        self._collection = collection
        self._remembered = Remembered(fold)
        self._looks: dict[str, _Look[S]] = {}

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
            states, after = await self._together(where, after, fetch)
            found += [state for state in states if fits(state)]
            if after is None:
                break
        return found[:fetch]

    async def _together(self, where: Mapping[str, Any], after: str | None, fetch: int) -> Part[S]:
        """One look for all who ask the same at once; it begins after they asked, so nobody sees less."""
        key = repr((sorted(where.items()), after, fetch))
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = _Look(lambda: self._part(where, after, fetch))
        look.asking += 1
        try:
            return await look.gathered.ask(None)
        finally:
            look.asking -= 1
            if not look.asking:
                self._looks.pop(key, None)

    async def _part(self, where: Mapping[str, Any], after: str | None, fetch: int) -> Part[S]:
        heads = await self._views.find(
            self._collection,
            _behind(where, after),
            sort=(("_id", 1),),
            limit=fetch,
            without=(KEYS, FACTS),
        )
        behind = heads[-1]["_id"] if len(heads) == fetch else None
        return tuple(await self._states(heads)), behind

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
