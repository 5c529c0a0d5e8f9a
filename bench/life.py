"""The client of whole lives, in a process of its own: an officer hands in, a board takes it to the portal.

A life is four commands by four people who may (submit, enter, edit, approve: the process of Bình
Dương, whose last step publishes) and one look at the article, which gives the digest that a step
must name. Reads an `Order` as JSON on its input and prints an `Outcome` as JSON.

    python -m bench.life < order.json
"""

import asyncio
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
import uvloop
from pymongo import AsyncMongoClient

STEPS = ("enter", "edit", "approve")
COMMANDS = ("submit", *STEPS)
PATIENCE = 60.0
TURNED_AWAY = 503
TRIES, PAUSE = 20, 0.1
TEXT = (
    "<p>Sáng nay, Ủy ban nhân dân tỉnh tổ chức hội nghị triển khai nhiệm vụ chuyển đổi số, đẩy mạnh "
    "cung cấp dịch vụ công trực tuyến toàn trình và số hóa hồ sơ, kết quả giải quyết thủ tục.</p>"
) * 6


@dataclass(frozen=True)
class Order:
    """What to do: `clients` at once for `seconds`; `tokens` by command; `doors` by service.

    seen_in  database and collection of the portal's articles: the end of a life
    """

    doors: dict[str, tuple[int, str]]
    tokens: dict[str, str]
    name: str
    clients: int
    seconds: float
    mongo_url: str
    seen_in: tuple[str, str]


@dataclass
class Outcome:
    """What came of it, times in milliseconds; `visible` counts from the moment of handing in.

    again  how often a service said "not yet" (503 with Retry-After) and was asked once more; the
           waiting counts
    """

    lives: int = 0
    again: int = 0
    refused: int = 0
    why: str = ""
    seconds: float = 0.0
    all_visible: float = 0.0
    command_ms: dict[str, list[float]] = field(default_factory=dict)
    visible_ms: list[float] = field(default_factory=list)


class Refused(Exception):
    """A command or a look was answered otherwise than in a life that goes well."""


@dataclass
class Client:
    """One officer's desk: a connection to each door, kept open."""

    order: Order
    outcome: Outcome
    connections: dict[str, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(
        default_factory=dict
    )

    async def life(self, title: str) -> str:
        """From handing in to published; answers the article's id."""
        draft = {
            "site": "binhduong",
            "category": "news",
            "title": title,
            "body": f"{TEXT}<p>{title}.</p>",
            "author": "Ban Biên tập",
            "source": {"type": "own", "name": "Văn phòng UBND tỉnh"},
        }
        made = await self._command("submit", "intake", "/submissions", draft, title)
        id, headers = made[0]["submission_id"], {"After-Position": made[1]["position"]}
        digest = (await self._ask("enter", "editorial", f"/articles/{id}", headers))["digest"]
        for step in STEPS:
            body = {"step": step, "digest": digest}
            path = f"/articles/{id}/steps"
            done = await self._command(step, "editorial", path, body, f"{title}-{step}")
            digest = done[0]["digest"]
        return id

    async def _command(
        self, name: str, service: str, path: str, body: Any, key: str
    ) -> tuple[Any, dict[str, str]]:
        began = time.perf_counter()
        more = {"Idempotency-Key": key.replace(" ", "-"), "Content-Type": "application/json"}
        answer = await self._send("POST", name, service, path, more, orjson.dumps(body))
        self.outcome.command_ms.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        return answer

    async def _ask(self, name: str, service: str, path: str, headers: dict[str, str]) -> Any:
        return (await self._send("GET", name, service, path, headers, b""))[0]

    async def _send(  # noqa: PLR0913, PLR0917 - the parts of a request
        self, method: str, name: str, service: str, path: str, more: dict[str, str], body: bytes
    ) -> tuple[Any, dict[str, str]]:
        port, base = self.order.doors[service]
        if service not in self.connections:
            self.connections[service] = await asyncio.open_connection("127.0.0.1", port)
        reader, writer = self.connections[service]
        lines = [
            f"{method} {base}{path} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Content-Length: {len(body)}",
            f"Authorization: Bearer {self.order.tokens[name]}",
            *(f"{key}: {value}" for key, value in more.items()),
            "\r\n",
        ]
        request = "\r\n".join(lines).encode() + body
        status, headers, content = TURNED_AWAY, dict[str, str](), b""
        for turn in range(TRIES):
            if turn:
                self.outcome.again += 1
                await asyncio.sleep(PAUSE)
            writer.write(request)
            status, headers, content = await _answer(reader)
            if status != TURNED_AWAY:
                break
        if status not in (200, 201):
            raise Refused(f"{name}: {status} {content[:300].decode(errors='replace')}")
        return orjson.loads(content), headers

    async def close(self) -> None:
        for _, writer in self.connections.values():
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip().split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    headers = {name.lower(): value for name, _, value in pairs}
    return (
        int(first.split(" ")[1]),
        headers,
        await reader.readexactly(int(headers["content-length"])),
    )


async def run(order: Order, articles: Any) -> Outcome:
    """Every client begins a life as soon as the one before is published."""
    outcome, handed_in, seen = Outcome(), dict[str, float](), dict[str, float]()
    async with await articles.watch(
        [{"$match": {"operationType": {"$in": ["insert", "replace", "update"]}}}],
        max_await_time_ms=200,
    ) as stream:
        watching = asyncio.create_task(_note(stream, seen))
        began = time.perf_counter()
        clients = (
            _live(order, outcome, number, handed_in, began + order.seconds)
            for number in range(order.clients)
        )
        await asyncio.gather(*clients)
        outcome.seconds = time.perf_counter() - began
        async with asyncio.timeout(PATIENCE):
            while not handed_in.keys() <= seen.keys():
                await asyncio.sleep(0.005)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    outcome.visible_ms = [(seen[id] - at) * 1000 for id, at in handed_in.items()]
    outcome.all_visible = max((seen[id] for id in handed_in), default=began) - began
    return outcome


async def _live(
    order: Order, outcome: Outcome, number: int, handed_in: dict[str, float], end: float
) -> None:
    client, turn = Client(order, outcome), 0
    try:
        while (at := time.perf_counter()) < end:
            turn += 1
            id = await client.life(f"Tin {order.name} so {number} lan {turn}")
            handed_in[id] = at
            outcome.lives += 1
    except Refused as refusal:
        outcome.refused += 1
        outcome.why = str(refusal)
    finally:
        await client.close()


async def _note(stream: Any, seen: dict[str, float]) -> None:
    async for change in stream:
        seen.setdefault(change["documentKey"]["_id"], time.perf_counter())


async def main() -> None:
    order = Order(**orjson.loads(sys.stdin.buffer.read()))
    async with AsyncMongoClient[dict[str, Any]](order.mongo_url) as client:
        database, collection = order.seen_in
        outcome = await run(order, client[database][collection])
    sys.stdout.buffer.write(orjson.dumps(asdict(outcome)))


if __name__ == "__main__":
    uvloop.run(main())
