"""My work: what waits for me, what my boards have, what is near its time or over it."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from common.consumer.views import Views
from common.errors import DomainError
from common.moments import from_wire, to_wire
from common.mongo import Document, Filter
from editorial.domain.asking import Question
from editorial.projections import ARTICLES
from editorial.usecases.doing import Authority
from rulebook.profiles.loader import Library
from rulebook.profiles.model import Process, StepOf

Which = Literal["mine", "unit", "near", "overdue"]
Sort = Literal["due", "changed"]
LISTS: tuple[Which, ...] = ("mine", "unit", "near", "overdue")
ACTIVE = ("in_process", "returned", "scheduled", "failed")
AT_THE_BOARD = ("in_process", "scheduled", "failed")
OPEN_ENDED = ("published",)
ENDED = ("published", "withdrawn", "refused", "dropped")
EVERY = (*ACTIVE, "correcting", *ENDED)
MOST_COUNTED = 1000
_ORDERS: Mapping[Sort, tuple[str, str, Literal[1, -1]]] = {
    "due": ("order", "$gt", 1),
    "changed": ("changed", "$lt", -1),
}
"""The member a list is sorted by, how what comes behind compares, and the direction."""
CORRECTING = "correcting"
"""Stored as in process, with a moment of publication beside it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose work, of which sites, in which phases; everything a person's sites have when empty.

    equal   other members of the documents and what they must be
    opened  from the first moment until before the second, as they go over the wire
    """

    which: Which
    sites: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    equal: Mapping[str, str] = field(default_factory=dict[str, str])
    opened: tuple[str | None, str | None] = (None, None)
    sort: Sort = "due"


@dataclass(frozen=True, slots=True)
class Item:
    """An article on somebody's list: the open steps, those for this person among them, the clocks."""

    document: Document
    steps: tuple[StepOf, ...]
    mine: tuple[str, ...]
    near: bool
    overdue: bool

    @property
    def id(self) -> str:
        return str(self.document["_id"])

    @property
    def phase(self) -> str:
        """A correction on its way is told apart by what the public reads already."""
        again = self.document["phase"] == "in_process" and self.document.get("published_at")
        return CORRECTING if again else str(self.document["phase"])

    def key(self, sort: Sort) -> str:
        """What lists are sorted by; the article's id at its end makes it unique."""
        return str(self.document["changed"]) if sort == "changed" else _urgency(self.document)


@dataclass(frozen=True, slots=True)
class Count:
    """How many are on a list; `more`: at least so many, the rest was not counted."""

    count: int
    more: bool


@dataclass(frozen=True, slots=True)
class Work:
    """Reads the lists; what a person may do is asked anew, never stored."""

    views: Views
    authority: Authority
    profiles: Library

    async def listed(
        self, person: str, wanted: Wanted, at: datetime, after: str | None, fetch: int
    ) -> list[Item]:
        """The next `fetch` items, by time or by what changed last.

        By time: what is over it and what is due soonest, then what has no time, and last what is
        published and waits for something that has none, such as its rating.
        """
        found: list[Item] = []
        async for item in self._items(person, wanted, at, after, fetch):
            if _fits(item, wanted, person):
                found.append(item)
                if len(found) == fetch:
                    break
        return found

    async def counted(
        self, person: str, sites: tuple[str, ...], at: datetime
    ) -> Mapping[Which, Count]:
        """How many are on each list."""
        counts: Counter[Which] = Counter()
        seen = 0
        wanted = {which: Wanted(which, sites) for which in LISTS}
        async for item in self._items(person, wanted["mine"], at, None, MOST_COUNTED):
            seen += 1
            counts.update(
                which
                for which in LISTS
                if item.document["phase"] in _phases(wanted[which])
                and _fits(item, wanted[which], person)
            )
            if seen == MOST_COUNTED:
                break
        return {which: Count(counts[which], seen == MOST_COUNTED) for which in LISTS}

    async def _items(
        self, person: str, wanted: Wanted, at: datetime, after: str | None, size: int
    ) -> AsyncIterator[Item]:
        """All that the filters let through, in their order.

        What somebody was given with a time of its own sorts by that time, so these few are merged
        into what the index sorts, where those of an earlier page would come once more.
        """
        sites = self._sites(person, wanted, at)
        if not sites:
            return
        wheres = _wheres(wanted, sites)
        every = await self._given(wheres) if wanted.sort == "due" else []
        ours = {each["_id"] for each in every}
        given = [each for each in every if after is None or _urgency(each) > after]
        async for document in self._sorted(wheres, wanted.sort, after, size):
            while given and _urgency(given[0]) < _urgency(document):
                yield self._item(given.pop(0), person, at)
            if document["_id"] not in ours:
                yield self._item(document, person, at)
        for document in given:
            yield self._item(document, person, at)

    async def _given(self, wheres: Sequence[Filter]) -> list[Document]:
        found: list[Document] = []
        for where in wheres:
            found += await self.views.find(ARTICLES, {**where, "step_due_at": {"$gt": ""}})
        return sorted(found, key=_urgency)

    async def _sorted(
        self, wheres: Sequence[Filter], by: Sort, after: str | None, size: int
    ) -> AsyncIterator[Document]:
        """What several questions find, in one order; each is answered from an index of its own."""
        name, _, direction = _ORDERS[by]
        nearest = min if direction == 1 else max
        sources = [self._paged(where, by, after, size) for where in wheres]
        heads: dict[int, Document] = {}
        for number, source in enumerate(sources):
            await _step(heads, number, source)
        while heads:
            first = nearest(heads, key=lambda number: str(heads[number][name]))
            yield heads.pop(first)
            await _step(heads, first, sources[first])

    async def _paged(
        self, where: Filter, by: Sort, after: str | None, size: int
    ) -> AsyncIterator[Document]:
        name, behind, direction = _ORDERS[by]
        page: list[Document] = []
        while not page or len(page) == size:
            asked = where if after is None else {**where, name: {behind: after}}
            page = await self.views.find(ARTICLES, asked, sort=((name, direction),), limit=size)
            if not page:
                break
            for document in page:
                yield document
            after = str(page[-1][name])

    def _sites(self, person: str, wanted: Wanted, at: datetime) -> tuple[str, ...]:
        """Only where this person may see something at all."""
        known = self.authority.sites_of(person, at)
        return tuple(each for each in known if not wanted.sites or each in wanted.sites)

    def _item(self, document: Document, person: str, at: datetime) -> Item:
        process = self._process(document)
        steps = tuple(process.steps[name] for name in document.get("opens", []))
        open_now = steps if document["phase"] in {*AT_THE_BOARD, *OPEN_ENDED} else ()
        mine = tuple(each.id for each in open_now if self._may(person, document, each, at))
        moments = list(_clocks(document))
        wire = to_wire(at)
        overdue = any(end <= wire for _, end in moments)
        near = not overdue and any(start <= wire for start, _ in moments)
        return Item(document, steps, mine, near, overdue)

    def _process(self, document: Document) -> Process:
        return self.profiles[document["profile"]].processes[document["process"]]

    def _may(self, person: str, document: Document, step: StepOf, at: datetime) -> bool:
        said = dict(each.split("=", 1) for each in document["circumstances"])
        question = Question(
            step.act,
            document["site"],
            document["profile"],
            document["category"],
            document["section"],
            frozenset(step.roles),
            {**said, "language": document["language"]},
        )
        try:
            return self.authority.answer(person, question, at).authority.allowed
        except DomainError:
            return False  # it cannot be said now; the act itself will say why


async def _step(heads: dict[int, Document], number: int, source: AsyncIterator[Document]) -> None:
    """The next of a source becomes its head; a source that has ended has none."""
    async for document in source:
        heads[number] = document
        return


def _phases(wanted: Wanted) -> tuple[str, ...]:
    """Those that the documents may have."""
    if wanted.phases:
        return tuple("in_process" if each == CORRECTING else each for each in wanted.phases)
    return (*ACTIVE, *(OPEN_ENDED if wanted.which == "mine" else ()))


def _wheres(wanted: Wanted, sites: Sequence[str]) -> list[Filter]:
    """Most of what is published has no step left: what has one is asked for by itself."""
    first, last = wanted.opened
    opened = ({"$gte": first} if first else {}) | ({"$lt": last} if last else {})
    where: dict[str, Any] = {"site": {"$in": list(sites)}, **wanted.equal}
    where |= {"opened_at": opened} if opened else {}
    ended = OPEN_ENDED if wanted.which == "mine" else ()
    active = [each for each in _phases(wanted) if each not in ended]
    with_a_step = [each for each in _phases(wanted) if each in ended]
    asked: list[Filter] = []
    if active:
        asked.append({**where, "phase": {"$in": active}})
    if with_a_step:
        asked.append({**where, "open": True, "phase": {"$in": with_a_step}})
    return asked


def _urgency(document: Document) -> str:
    """The earlier of its clocks, the article's id behind it."""
    order, step = str(document["order"]), document.get("step_due_at")
    return min(order, f"{step}|{document['_id']}") if step else order


def _fits(item: Item, wanted: Wanted, person: str) -> bool:
    if wanted.phases and item.phase not in wanted.phases:
        return False
    if wanted.which == "mine":
        return _is_mine(item, person)
    if wanted.which == "near":
        return item.near
    return item.overdue if wanted.which == "overdue" else True


def _is_mine(item: Item, person: str) -> bool:
    document = item.document
    if document.get("to") is not None and document["phase"] == "in_process":
        given = document["to"] == person
        return given or any(step != document["to_step"] for step in item.mine)
    if document["phase"] == "returned":
        return document["sender"] == person
    return bool(item.mine)


def _clocks(document: Document) -> Iterable[tuple[str, str]]:
    """(when the first reminder falls due, when it is over) of every clock that runs."""
    if document.get("due_at") and not document.get("published_at"):
        yield _first(document.get("near", []), document["due_at"]), document["due_at"]
    if document.get("step_due_at"):
        yield _first(document["step_near"], document["step_due_at"]), document["step_due_at"]


def _first(near: Sequence[str], end: str) -> str:
    return min([*near, end], key=from_wire)
