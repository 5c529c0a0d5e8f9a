"""The load client, in a process of its own: keep-alive HTTP/1.1 by hand, so that it costs little.

Reads an `Order` as JSON on its input and prints an `Outcome` as JSON.

    python -m bench.load < order.json
"""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
import uvloop
from pymongo import AsyncMongoClient

QUIET = 0.005  # seconds between looks at the size of the projection
PATIENCE = 60.0


@dataclass(frozen=True)
class Order:
    """What to do: `clients` at once for `seconds`.

    rate     requests per second in all; None: each client sends again as soon as it was answered
    seen_in  [database, collection] of the projection: the end of the chain
    watch    also tell when each command became visible there, by a change stream
    """

    port: int
    path: str
    headers: dict[str, str]
    name: str
    clients: int
    seconds: float
    mongo_url: str
    seen_in: tuple[str, str]
    rate: float | None = None
    watch: bool = False


@dataclass
class Outcome:
    """What came of it; times in milliseconds, `refused` answers other than 201.

    seconds      from the first command until the last answer
    all_visible  from the first command until the projection held every acknowledged one
    """

    acknowledged: int = 0
    refused: int = 0
    seconds: float = 0.0
    all_visible: float = 0.0
    answered_ms: list[float] = field(default_factory=list)
    visible_ms: list[float] = field(default_factory=list)


class Load:
    """Sends commands that each register a new agency."""

    def __init__(self, order: Order, projection: Any) -> None:
        self._order = order
        self._projection = projection
        self._sent: dict[str, float] = {}
        self._numbers = iter(range(10**9))
        self.outcome = Outcome()

    async def run(self) -> Outcome:
        order, outcome = self._order, self.outcome
        already = await self._projection.estimated_document_count()
        async with self._watching():
            began = time.perf_counter()
            due = self._times(began)
            await asyncio.gather(*(self._client(due) for _ in range(order.clients)))
            outcome.seconds = time.perf_counter() - began
            await self._until_visible(already + outcome.acknowledged)
            outcome.all_visible = time.perf_counter() - began
        return outcome

    def _times(self, began: float) -> Iterator[float]:
        """When each command is due; late ones are sent at once and keep their due time."""
        end = began + self._order.seconds
        if self._order.rate is None:
            while (now := time.perf_counter()) < end:
                yield now
            return
        number = 0
        while (due := began + number / self._order.rate) < end:
            yield due
            number += 1

    async def _client(self, times: Iterator[float]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._order.port)
        for due in times:
            if (pause := due - time.perf_counter()) > 0:
                await asyncio.sleep(pause)
            id = f"{self._order.name}.n{next(self._numbers)}"
            self._sent[id] = due
            writer.write(self._request(id))
            status = await _answer(reader)
            if status == 201:
                self.outcome.acknowledged += 1
                self.outcome.answered_ms.append((time.perf_counter() - due) * 1000)
            else:
                self.outcome.refused += 1
        writer.close()

    def _request(self, id: str) -> bytes:
        body = orjson.dumps(
            {
                "agency_id": id,
                "site": "hanam",
                "jurisdiction": "hanam",
                "name_vi": f"Sở thử nghiệm {id}",
                "kind": "department",
                "valid_from": "2019-08-15",
            }
        )
        lines = [
            f"POST {self._order.path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            f"Idempotency-Key: bench-{id}",
            *(f"{name}: {value}" for name, value in self._order.headers.items()),
            "\r\n",
        ]
        return "\r\n".join(lines).encode() + body

    async def _until_visible(self, wanted: int) -> None:
        """The collection's size is kept by the server: looking costs nothing."""
        deadline = time.perf_counter() + PATIENCE
        while await self._projection.estimated_document_count() < wanted:
            if time.perf_counter() > deadline:
                raise TimeoutError("the projection does not get there")
            await asyncio.sleep(QUIET)

    @asynccontextmanager
    async def _watching(self) -> AsyncGenerator[None]:
        if not self._order.watch:
            yield
            return
        async with await self._projection.watch([], max_await_time_ms=1000) as stream:
            task = asyncio.create_task(self._note(stream))
            yield
            async with asyncio.timeout(PATIENCE):
                while len(self.outcome.visible_ms) < self.outcome.acknowledged:
                    await asyncio.sleep(QUIET)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _note(self, stream: Any) -> None:
        async for change in stream:
            sent = self._sent.get(change["documentKey"]["_id"])
            if sent is not None:
                self.outcome.visible_ms.append((time.perf_counter() - sent) * 1000)


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    _, _, rest = head.partition(b"content-length: ")
    await reader.readexactly(int(rest.split(b"\r\n", 1)[0]))
    return int(head[9:12])


async def main() -> None:
    order = Order(**orjson.loads(sys.stdin.buffer.read()))
    async with AsyncMongoClient[dict[str, Any]](order.mongo_url) as client:
        database, collection = order.seen_in
        outcome = await Load(order, client[database][collection]).run()
    sys.stdout.buffer.write(orjson.dumps(asdict(outcome)))


if __name__ == "__main__":
    uvloop.run(main())
