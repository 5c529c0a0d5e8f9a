"""Keeps this process's search index up to date: a change stream over the projection's moves.

Whatever ends the stream (the engines away, another generation serves), the index is made anew from
the projection beside the one that answers, and takes its place when it is whole.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from common.consumer.views import Generation, Views
from common.ending import ended
from common.errors import DomainError, Unavailable
from common.logs import logger
from common.mongo import Database, Filter, Patch, ResumeLost, Transient, Watch
from portal.domain.article import Article
from portal.domain.telling import say
from portal.domain.words import text_of
from portal.projections.articles import ARTICLES, MOVES
from portal.queries.articles import Articles, article_of
from portal.queries.index import SearchIndex

TOPIC = "editorial.article"
STATE = "search_state"
CHUNK = 200
WAIT = 0.5
RETRY_SECONDS = 0.5
AHEAD = 1 << 62
T = TypeVar("T")


class Indexing:
    """Owns the index and its one thread; `ask` runs a question there."""

    def __init__(self, database: Database, views: Views, articles: Articles) -> None:
        self._database = database
        self._views = views
        self._articles = articles
        self._thread = ThreadPoolExecutor(1, "search")
        self._index: SearchIndex | None = None

    @asynccontextmanager
    async def following(self) -> AsyncGenerator[None]:
        """Follows inside this block."""
        task = asyncio.create_task(self._follow(), name="search index")
        try:
            yield
        finally:
            await ended(task)
            self._thread.shutdown()
            if self._index is not None:
                self._index.close()

    async def ask(self, question: Callable[[SearchIndex], T]) -> T:
        """What the index answers; raises Unavailable before it is filled for the first time."""
        index = self._index
        if index is None:
            raise Unavailable("search-not-ready", say("search-not-ready"))
        return await self._run(question, index)

    @property
    def edition(self) -> object:
        """What the index is now: the same as long as nothing was taken."""
        return None if self._index is None else self._index.edition

    @property
    def shelves(self) -> dict[tuple[str, str, str, str], int]:
        """How many articles stand where, as (site, category, section, language)."""
        return {} if self._index is None else dict(+self._index.shelves)

    async def check(self) -> str:
        """For readiness; raises Unavailable before the index is filled."""
        if self._index is None:
            raise Unavailable("search-not-ready", say("search-not-ready"))
        return f"{self._index.shelves.total()} articles"

    async def news(self, seconds: float) -> None:
        """The index says nothing: it is looked at again."""
        await asyncio.sleep(seconds)

    async def position(self, topic: str, stream: str, wanted: int = AHEAD) -> int | None:
        """For `After-Position`, beside the projection's: whether the index has what that has."""
        del wanted
        if topic != TOPIC or self._index is None:
            return None
        id = stream.rpartition("/")[2]
        document = await self._views.one(ARTICLES, id)
        if document is None:
            return None
        indexed = await self.ask(lambda index: index.version(id))
        return AHEAD if indexed >= document["version"] else 0

    async def _run(self, work: Callable[[SearchIndex], T], index: SearchIndex) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, index)

    async def _follow(self) -> None:
        while True:
            try:
                await self._follow_once()
            except (Transient, ResumeLost, Unavailable) as error:
                logger("portal").warning("search-reads-anew", reason=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow_once(self) -> None:
        """From a full load to the end of the stream, or of the generation that serves."""
        self._views.forget()
        generation = await self._views.generation()
        watch = await self._database.watch(MOVES + generation.suffix, None)
        try:
            await self._replace(await self._filled(generation))
            await self._tail(watch, generation)
        finally:
            await watch.close()

    async def _filled(self, generation: Generation) -> SearchIndex:
        index = SearchIndex()
        try:
            await self._load(index, generation)
        except BaseException:
            await self._run(SearchIndex.close, index)
            raise
        return index

    async def _replace(self, index: SearchIndex) -> None:
        old, self._index = self._index, index
        if old is not None:
            await self._run(SearchIndex.close, old)

    async def _load(self, index: SearchIndex, generation: Generation) -> None:
        """All there is, newest first. A write of our own first: what stands before the watch is seen."""
        await self._database.write([Patch(STATE, "barrier", add={"times": 1}, upsert=True)])
        before: str | None = None
        while True:
            where: Filter = {"order": {"$gt": ""} if before is None else {"$gt": "", "$lt": before}}
            found = await self._database.find(
                ARTICLES + generation.suffix, where, sort=(("order", -1),), limit=CHUNK
            )
            if not found:
                return
            await self._take(index, found)
            before = found[-1]["order"]

    async def _tail(self, watch: Watch, generation: Generation) -> None:
        while await self._views.generation() == generation:
            batch = await watch.next(WAIT)
            moved = list({document["article"] for document in batch.documents})
            for start in range(0, len(moved), CHUNK):
                some = {"_id": {"$in": moved[start : start + CHUNK]}}
                found = await self._database.find(ARTICLES + generation.suffix, some)
                assert self._index is not None
                await self._take(self._index, found)

    async def _take(self, index: SearchIndex, documents: Iterable[dict[str, Any]]) -> None:
        articles = [article_of(document) for document in documents]
        told = [(article, await self._html(article)) for article in articles]

        def work(index: SearchIndex) -> None:
            index.take([(article, text_of(html)) for article, html in told])

        await self._run(work, index)

    async def _html(self, article: Article) -> str:
        """The body; a file that is missing or damaged leaves an article to be found by the rest."""
        if article.withdrawn is not None:
            return ""
        try:
            return await self._articles.body(article)
        except DomainError as error:
            logger("portal").warning("body-unreadable", article=article.id, code=error.code)
            return ""
