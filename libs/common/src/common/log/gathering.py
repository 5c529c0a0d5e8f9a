"""Natural group reads: the streams asked for while a read is under way are read together after it."""

import asyncio
from collections.abc import Mapping

from common.log.committer import COLLECTION
from common.mongo import Database, Document

GROUP = 100
_Asked = dict[str, asyncio.Future[list[Document]]]


class GatheredReads:
    """Commits by stream; a read begins after it was asked for, so it shows all that landed before.

    One question for many streams costs the database little more than one for one stream. Of a
    stream no more than its first `most` commits are read: what is longer is read from its closing.
    """

    def __init__(self, database: Database, most: int) -> None:
        self._database = database
        self._most = most
        self._asked: _Asked = {}
        self._running: asyncio.Task[None] | None = None

    async def of_stream(self, stream: str) -> list[Document]:
        """The first commits that have a part of this stream, in any order; raises Transient."""
        answer = self._asked.get(stream)
        if answer is None:
            answer = asyncio.get_running_loop().create_future()
            self._asked[stream] = answer
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await asyncio.shield(answer)

    async def _run(self) -> None:
        group: _Asked = {}
        try:
            while self._asked:
                streams = list(self._asked)[:GROUP]
                group = {stream: self._asked.pop(stream) for stream in streams}
                await self._answer(group)
        except asyncio.CancelledError:
            for answer in (*group.values(), *self._asked.values()):
                answer.cancel()
            raise
        finally:
            self._running = None

    async def _answer(self, group: Mapping[str, asyncio.Future[list[Document]]]) -> None:
        try:
            found = await self._read(list(group))
        except Exception as error:  # noqa: BLE001 - told to those who wait
            for answer in group.values():
                answer.set_exception(error)
                answer.exception()  # nobody may be left to hear it
            return
        for stream, answer in group.items():
            answer.set_result(found[stream])

    async def _read(self, streams: list[str]) -> Mapping[str, list[Document]]:
        where = streams[0] if len(streams) == 1 else {"$in": streams}
        first = {"$elemMatch": {"stream": where, "version": {"$lte": self._most}}}
        found: dict[str, list[Document]] = {stream: [] for stream in streams}
        for document in await self._database.find(COLLECTION, {"parts": first}):
            for part in document["parts"]:
                if part["stream"] in found and part["version"] <= self._most:
                    found[part["stream"]].append(document)
        return found
