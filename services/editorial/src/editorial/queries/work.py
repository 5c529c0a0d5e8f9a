"""My work: what waits for me, what my boards have, what is near its time or over it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from common.consumer.views import Views
from common.errors import DomainError
from common.moments import from_wire, to_wire
from common.mongo import Document
from editorial.domain.asking import Question
from editorial.projections import ARTICLES
from editorial.usecases.doing import Authority
from rulebook.profiles.loader import Library
from rulebook.profiles.model import Process, StepOf

Which = Literal["mine", "unit", "near", "overdue"]
ACTIVE = ("in_process", "returned", "scheduled", "failed")
AT_THE_BOARD = ("in_process", "scheduled", "failed")
OPEN_ENDED = ("published",)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose work, of which sites, in which phases; everything a person's sites have when empty."""

    which: Which
    sites: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()


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
    def order(self) -> str:
        return str(self.document["order"])


@dataclass(frozen=True, slots=True)
class Work:
    """Reads the lists; what a person may do is asked anew, never stored."""

    views: Views
    authority: Authority
    profiles: Library
    phases: tuple[str, ...] = field(default=ACTIVE)

    async def listed(
        self, person: str, wanted: Wanted, at: datetime, after: str | None, fetch: int
    ) -> list[Item]:
        """The next `fetch` items, what is due first in front."""
        sites = self._sites(person, wanted, at)
        phases = wanted.phases or (*self.phases, *(OPEN_ENDED if wanted.which == "mine" else ()))
        found: list[Item] = []
        while len(found) < fetch and sites:
            where: dict[str, Any] = {"site": {"$in": list(sites)}, "phase": {"$in": list(phases)}}
            if after is not None:
                where["order"] = {"$gt": after}
            page = await self.views.find(ARTICLES, where, sort=(("order", 1),), limit=fetch)
            items = [self._item(each, person, at) for each in page]
            found += [each for each in items if _fits(each, wanted, person)]
            if len(page) < fetch:
                break
            after = str(page[-1]["order"])
        return found[:fetch]

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


def _fits(item: Item, wanted: Wanted, person: str) -> bool:
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
