"""The reading client, in a process of its own: keep-alive GETs by hand, so that it costs little.

Reads an `Errand` as JSON on its input and prints a `Found` as JSON.

    python -m bench.reading < errand.json
"""

import asyncio
import sys
import time
from dataclasses import asdict, dataclass, field
from itertools import cycle

import orjson
import uvloop


@dataclass(frozen=True)
class Errand:
    """Which paths to ask in turn, by how many clients, for how long."""

    port: int
    paths: list[str]
    headers: dict[str, str]
    clients: int
    seconds: float


@dataclass
class Found:
    """Answers 200 and others, bytes of bodies, milliseconds of each answer."""

    answered: int = 0
    others: int = 0
    body_bytes: int = 0
    seconds: float = 0.0
    answered_ms: list[float] = field(default_factory=list)


async def read(errand: Errand) -> Found:
    """Every client asks again as soon as it was answered."""
    found, paths = Found(), cycle(errand.paths)
    began = time.perf_counter()
    end = began + errand.seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", errand.port)
        while (sent := time.perf_counter()) < end:
            writer.write(_request(next(paths), errand.headers))
            status, length = await _answer(reader)
            found.answered += status == 200
            found.others += status != 200
            found.body_bytes += length
            found.answered_ms.append((time.perf_counter() - sent) * 1000)
        writer.close()

    await asyncio.gather(*(client() for _ in range(errand.clients)))
    found.seconds = time.perf_counter() - began
    return found


def _request(path: str, headers: dict[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "\r\n"]).encode()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    _, _, rest = head.partition(b"content-length: ")
    length = int(rest.split(b"\r\n", 1)[0])
    await reader.readexactly(length)
    return int(head[9:12]), length


def main() -> None:
    errand = Errand(**orjson.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(orjson.dumps(asdict(uvloop.run(read(errand)))))


if __name__ == "__main__":
    main()
