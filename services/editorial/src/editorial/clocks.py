"""What falls due: a scheduled or failed publication, a step whose time is near its end or over."""

from collections.abc import Sequence
from datetime import datetime

from common.cause import Cause
from common.clocks import Clock, Due
from common.consumer.views import Views
from common.moments import from_wire, to_wire
from common.mongo import Document
from editorial.projections import ARTICLES
from editorial.usecases import publishing
from editorial.usecases.doing import Deps
from editorial.usecases.publishing import FallDue, Remind

STREAM = "/editorial/article/"


class PublicationClock:
    """Publishes what is due; the cause names the moment, so that it happens once."""

    def __init__(self, deps: Deps, views: Views) -> None:
        self._deps = deps
        self._views = views

    @property
    def clock(self) -> Clock:
        return Clock("publication", self.look, self.announce)

    async def look(self, now: datetime, most: int) -> Sequence[Due]:
        where = {"pending_at": {"$lte": to_wire(now)}}
        found = await self._views.find(ARTICLES, where, sort=(("pending_at", 1),), limit=most)
        return [Due(STREAM + d["_id"], "publish", from_wire(d["pending_at"])) for d in found]

    async def announce(self, due: Due, cause: Cause) -> object:
        return await publishing.publish_due(
            self._deps, FallDue(due.stream.removeprefix(STREAM), due.at), cause
        )


class ReminderClock:
    """Says when a step's time is near its end, and when it is over."""

    def __init__(self, deps: Deps, views: Views) -> None:
        self._deps = deps
        self._views = views

    @property
    def clock(self) -> Clock:
        return Clock("reminder", self.look, self.announce)

    async def look(self, now: datetime, most: int) -> Sequence[Due]:
        where = {"remind_at": {"$lte": to_wire(now)}}
        found = await self._views.find(ARTICLES, where, sort=(("remind_at", 1),), limit=most)
        return [
            Due(STREAM + d["_id"], f"{_kind(d)}:{d['to_step']}", from_wire(d["remind_at"]))
            for d in found
        ]

    async def announce(self, due: Due, cause: Cause) -> object:
        kind, _, step = due.name.partition(":")
        article = due.stream.removeprefix(STREAM)
        return await publishing.remind(
            self._deps, Remind(article, step, kind, to_wire(due.at)), cause
        )


def _kind(document: Document) -> str:
    return "overdue" if document["remind_at"] == document["step_due_at"] else "near"
