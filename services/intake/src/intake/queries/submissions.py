"""Submissions as their senders and the site's staff see them, with what the board did joined in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from common.clocks import Due
from common.consumer.views import Views
from common.errors import NotFound
from common.moments import from_wire, to_wire
from common.mongo import Document, Filter
from intake.domain.submission import Outcome
from intake.domain.words import say
from intake.projections import ACTS, ALARMS, CLOCKS, CONTENTS, SUBMISSIONS

OPEN = frozenset({"received", "in_progress", "returned", "resubmitted"})
PAGE = 200
WHERE_STATE: Mapping[str, tuple[Filter, ...]] = {
    "received": ({"outcome.state": None},),
    "in_progress": ({"outcome.state": "opened"},),
    "returned": ({"outcome.state": "returned"},),
    "resubmitted": ({"outcome.state": {"$in": [None, "returned"]}},),
    "refused": ({"outcome.state": "refused"},),
    "published": ({"outcome.state": "published"},),
    "taken_down": ({"outcome.state": "taken_down"},),
    "withdrawn": ({"outcome.state": "dropped"}, {"withdrawn_at": {"$gt": ""}}),
}
"""What an index finds for a state: all that are in it, and few others."""
Order = Literal["newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose, where, in which state; what is given together narrows."""

    site: str | None = None
    person: str | None = None
    category: str | None = None
    state: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A submission with what the board did last."""

    id: str
    document: Document

    @property
    def outcome(self) -> Document | None:
        return self.document.get("outcome")

    @property
    def state(self) -> str:
        return state_of(self.document, self.outcome)


@dataclass(frozen=True, slots=True)
class Whole:
    """A submission with the content of one revision and the moments of all of them."""

    row: Row
    content: Document
    revisions: tuple[Document, ...]
    acts: tuple[Document, ...] = ()


def state_of(document: Document, outcome: Document | None) -> str:
    """received · in_progress · returned · resubmitted · refused · published · taken_down · withdrawn."""
    if "withdrawn_at" in document:
        return "withdrawn"
    if outcome is None:
        return "received" if document["revision"] == 1 else "resubmitted"
    if outcome["state"] == "returned" and outcome["fact"] == document.get("answers"):
        return "resubmitted"
    return {"opened": "in_progress", "dropped": "withdrawn"}.get(outcome["state"], outcome["state"])


class Submissions:
    """Reads the projection of the generation that serves."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def row(self, id: str) -> Row:
        """Raises NotFound."""
        document = await self._views.one(SUBMISSIONS, id)
        if document is None or not _heard_of(document):
            raise NotFound("submission-unknown", say("submission-unknown"))
        return Row(id, document)

    async def whole(self, id: str, revision: int | None = None) -> Whole:
        """The newest revision, or the one asked for; raises NotFound."""
        row = await self.row(id)
        found = await self._views.find(CONTENTS, {"submission": id}, sort=(("revision", 1),))
        wanted = revision or row.document["revision"]
        content = next((each for each in found if each["revision"] == wanted), None)
        if content is None:
            raise NotFound("revision-unknown", say("revision-unknown"))
        acts = await self._views.find(ACTS, {"submission": id}, sort=(("at", 1), ("_id", 1)))
        return Whole(row, content, tuple(found), tuple(acts))

    async def by_receipt(self, receipt: str) -> Row:
        """Raises NotFound."""
        found = await self._views.find(SUBMISSIONS, {"receipt": receipt}, limit=1)
        if not found:
            raise NotFound("receipt-unknown", say("receipt-unknown"))
        return Row(found[0]["_id"], found[0])

    async def listed(
        self, wanted: Wanted, after: str | None, fetch: int, order: Order = "newest"
    ) -> list[Row]:
        """The next `fetch` that fit, behind the id `after`."""
        found: list[Row] = []
        down: Literal[1, -1] = -1 if order == "newest" else 1
        most = min(PAGE, fetch * 2)
        while len(found) < fetch:
            page = await self._page(wanted, _behind(after, order), down, most)
            if not page:
                return found
            found += [row for row in _rows(page) if wanted.state in {None, row.state}]
            after = page[-1]["_id"]
        return found[:fetch]

    async def _page(
        self, wanted: Wanted, behind: Filter, down: Literal[1, -1], most: int
    ) -> list[Document]:
        """The next documents in the order of their ids, each question from an index of its own."""
        by_id: dict[str, Document] = {}
        for of_state in WHERE_STATE.get(wanted.state or "", ({},)):
            where = {**_where(wanted), **of_state, **behind}
            found = await self._views.find(SUBMISSIONS, where, sort=(("_id", down),), limit=most)
            by_id |= {document["_id"]: document for document in found}
        return [by_id[id] for id in sorted(by_id, reverse=down < 0)][:most]

    async def newest(self, where: Mapping[str, Any], most: int) -> list[Row]:
        """Those that fit, the newest first."""
        return _rows(
            await self._views.find(SUBMISSIONS, dict(where), sort=(("_id", -1),), limit=most)
        )

    # -- ports of the use cases -------------------------------------------------------------------

    async def outcome(self, id: str) -> Outcome | None:
        """What the board did last, as decisions need it."""
        document = await self._views.one(SUBMISSIONS, id)
        found = document.get("outcome") if document else None
        if found is None:
            return None
        return Outcome(
            state=found["state"],
            fact=found["fact"],
            at=from_wire(found["at"]),
            reasons=tuple(found.get("reasons", ())),
            explanation=found.get("explanation"),
        )

    async def twin(self, site: str, digest: str) -> Mapping[str, Any]:
        """The submission that holds this content, as far as it is listed already."""
        found = await self._views.find(SUBMISSIONS, {"site": site, "digest": digest}, limit=1)
        if not found:
            return {}
        return {"submission_id": found[0]["_id"], "receipt": found[0]["receipt"]}

    # -- clocks -----------------------------------------------------------------------------------

    async def deadlines(
        self, site: str, until: datetime, after: tuple[str, str] | None, fetch: int
    ) -> list[tuple[Document, Row]]:
        """Open publication clocks of a site that end before a moment, the soonest first."""
        found: list[tuple[Document, Row]] = []
        while len(found) < fetch:
            where: dict[str, Any] = {"site": site, "at": {"$lt": to_wire(until)}}
            if after is not None:
                where["at"]["$gte"] = after[0]
            page = await self._views.find(CLOCKS, where, sort=(("at", 1), ("_id", 1)), limit=PAGE)
            new = [c for c in page if after is None or (c["at"], c["_id"]) > after]
            if not new:
                return found
            rows = {row.id: row for row in await self._with_ids([clock["_id"] for clock in new])}
            found += [
                (clock, rows[clock["_id"]])
                for clock in new
                if clock["_id"] in rows and rows[clock["_id"]].state in OPEN
            ]
            after = (new[-1]["at"], new[-1]["_id"])
        return found[:fetch]

    async def _with_ids(self, ids: Sequence[str]) -> list[Row]:
        return _rows(await self._views.find(SUBMISSIONS, {"_id": {"$in": list(ids)}}))

    async def alarms(self, now: datetime, most: int) -> list[Document]:
        """Reminders that fell due and were not announced, of what is still open, oldest first."""
        due = await self._views.find(
            ALARMS, {"at": {"$lte": to_wire(now)}}, sort=(("at", 1),), limit=most
        )
        rows = {row.id: row for row in await self._with_ids([each["submission"] for each in due])}
        return [
            each
            for each in due
            if each["submission"] in rows and rows[each["submission"]].state in OPEN
        ]


def due_of(alarm: Document, stream: str) -> Due:
    """An alarm as the ticker announces it."""
    return Due(stream, alarm["stage"], from_wire(alarm["at"]))


def horizon(now: datetime, days: int) -> datetime:
    """Until when a list of clocks looks."""
    return now + timedelta(days=days)


def _rows(documents: Sequence[Document]) -> list[Row]:
    return [Row(each["_id"], each) for each in documents if _heard_of(each)]


def _heard_of(document: Document) -> bool:
    """What the board did may be known before what was handed in."""
    return "receipt" in document


def _where(wanted: Wanted) -> dict[str, Any]:
    return {
        name: value
        for name, value in (
            ("site", wanted.site),
            ("person", wanted.person),
            ("agency", wanted.agency),
            ("category", wanted.category),
        )
        if value is not None
    }


def _behind(after: str | None, order: Order) -> dict[str, Any]:
    return {} if after is None else {"_id": {"$lt" if order == "newest" else "$gt": after}}
