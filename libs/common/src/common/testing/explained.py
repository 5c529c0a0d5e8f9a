"""A real database that remembers how it was asked, and tells what the server did to answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.mongo import Document, Filter
from common.mongo.door import Sort
from common.mongo.engine import MongoDatabase


@dataclass(frozen=True, slots=True)
class Effort:
    """What one question cost: documents and entries of indexes that were looked at, and the plan's stages."""

    where: Filter
    stages: frozenset[str]
    documents: int
    entries: int


class ExplainedDatabase(MongoDatabase):
    """Every `find` is remembered; `efforts` has the server explain them, the whole plan included."""

    def __init__(self, client: Any, name: str) -> None:
        super().__init__(client, name)
        self._asked: list[tuple[str, Filter, Sort, int]] = []

    async def find(
        self,
        collection: str,
        where: Filter,
        *,
        sort: Sort = (),
        limit: int = 0,
        without: Sequence[str] = (),
    ) -> list[Document]:
        self._asked.append((collection, where, sort, limit))
        return await super().find(collection, where, sort=sort, limit=limit, without=without)

    async def efforts(self, collection: str) -> list[Effort]:
        """Of every question to a collection since the last time."""
        asked, self._asked = self._asked, []
        return [await self._explained(*each) for each in asked if each[0] == collection]

    async def _explained(self, collection: str, where: Filter, sort: Sort, limit: int) -> Effort:
        find: dict[str, Any] = {"find": collection, "filter": dict(where)}
        find |= {"sort": dict(sort)} if sort else {}
        find |= {"limit": limit} if limit else {}
        told = await self._database.command({"explain": find, "verbosity": "executionStats"})
        did = told["executionStats"]
        stages = frozenset(_stages(told["queryPlanner"]["winningPlan"]))
        return Effort(where, stages, did["totalDocsExamined"], did["totalKeysExamined"])


def _stages(plan: Mapping[str, Any]) -> Iterator[str]:
    yield plan["stage"]
    for inner in (plan.get("inputStage"), *plan.get("inputStages", ())):
        if inner is not None:
            yield from _stages(inner)
