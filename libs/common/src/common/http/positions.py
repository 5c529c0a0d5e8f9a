"""Read your own writes: a token says how far a projection must be before it answers (D4).

A command answers with the header `Position`. A caller that sends it back as `After-Position`,
with a query or with the next command, here or at another service, is answered only when the
facts behind it are seen there: at most two seconds later, then 503 with Retry-After. A query may
say `stale=ok` to be answered at once; the answer then says `Position-Stale: ?1`.

The token is opaque: base64url of canonical JSON `[[topic, stream, sequence], …]`. It is not signed,
because forging one can only make the forger wait. Several tokens may be joined with commas.
"""

import asyncio
import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, Protocol

import orjson
from fastapi import Depends, Header, Query
from starlette.requests import Request
from starlette.responses import Response

from common.canonical import canonical
from common.errors import Said, Unavailable
from common.http.faults import BadRequest
from common.http.wiring import around_of
from common.words import say

HEADER, AFTER, STALE = "Position", "After-Position", "Position-Stale"
MOST, LONGEST, NAME_LENGTH = 32, 4096, 200
HIGHEST = 2**53 - 1
PATIENCE = 2.0
LONGEST_STALL = 3
"""Times the patience, then even a process that stands still gives up: a read may hang."""
FIRST_LOOK, LONGEST_LOOK = 0.01, 0.05


class Position(NamedTuple):
    """A fact's place: the `sequence`-th of its stream in its topic (dense, from 1)."""

    topic: str
    stream: str
    sequence: int


class PositionReader(Protocol):
    """How far this service has projected other streams."""

    async def position(self, topic: str, stream: str, wanted: int = HIGHEST) -> int | None:
        """The last sequence projected, 0 before the first; None for a topic nobody hears here.

        Any number from `wanted` on may stand for it: who knows that much need not look further.
        """
        ...

    async def news(self, seconds: float) -> None:
        """Returns when something may have been projected, at the latest after so many seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Together:
    """Several readers as one: a fact is seen here when all that hear its topic have seen it."""

    readers: Sequence[PositionReader]

    async def position(self, topic: str, stream: str, wanted: int = HIGHEST) -> int | None:
        seen = [await reader.position(topic, stream, wanted) for reader in self.readers]
        return min((sequence for sequence in seen if sequence is not None), default=None)

    async def news(self, seconds: float) -> None:
        """The first reader tells; the others are looked at when the time is over."""
        await self.readers[0].news(seconds)


def encode(positions: Iterable[Position]) -> str:
    """The token for a command's facts: the furthest sequence of each (topic, stream)."""
    furthest = merged(positions)
    return (
        base64.urlsafe_b64encode(canonical([list(place) for place in furthest]))
        .decode()
        .rstrip("=")
    )


def decode(token: str) -> list[Position]:
    """Read tokens, several joined with commas; raises BadRequest for what is none of ours."""
    if len(token) > LONGEST:
        raise _malformed()
    places = [place for part in token.split(",") for place in _decode_one(part.strip())]
    if len(places) > MOST:
        raise _malformed()
    return merged(places)


def merged(positions: Iterable[Position]) -> list[Position]:
    """One position per (topic, stream), the furthest, in a fixed order."""
    furthest: dict[tuple[str, str], int] = {}
    for topic, stream, sequence in positions:
        furthest[topic, stream] = max(sequence, furthest.get((topic, stream), 0))
    return [Position(*place, sequence) for place, sequence in sorted(furthest.items())]


def _decode_one(text: str) -> list[Position]:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        parts = orjson.loads(raw)
    except (binascii.Error, ValueError) as error:
        raise _malformed() from error
    if not isinstance(parts, list):
        raise _malformed()
    return [_place(part) for part in parts]


def _place(part: Any) -> Position:
    if not isinstance(part, list) or len(part) != len(Position._fields):
        raise _malformed()
    topic, stream, sequence = part
    if not _is_name(topic) or not _is_name(stream) or type(sequence) is not int:
        raise _malformed()
    if not 0 < sequence <= HIGHEST:
        raise _malformed()
    return Position(topic, stream, sequence)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= NAME_LENGTH


def _malformed() -> BadRequest:
    return BadRequest("position-malformed", say("position-malformed", after=AFTER, header=HEADER))


async def passed(positions: Sequence[Position], reader: PositionReader) -> bool:
    """Whether every fact is projected here; topics that nobody hears here do not count."""
    for topic, stream, sequence in positions:
        reached = await reader.position(topic, stream, sequence)
        if reached is not None and reached < sequence:
            return False
    return True


async def wait_for(
    positions: Sequence[Position], reader: PositionReader, *, patience: float = PATIENCE
) -> None:
    """Return once every fact is projected here; raises Unavailable after `patience` seconds.

    While the process itself stands still (a full collection of garbage takes some tenths of a second)
    nothing can be projected, so a look counts for little more than the pause it should have taken.
    """
    try:
        async with asyncio.timeout(patience * LONGEST_STALL):
            is_there = await _passed_within(patience, positions, reader)
    except TimeoutError:
        is_there = False
    if not is_there:
        raise Unavailable(
            "projection-behind",
            Said(
                "Việc bạn vừa làm đã được lưu nhưng chưa hiển thị ở đây. Thử lại, hoặc hỏi với stale=ok.",
                "What you did is kept, but not visible here yet. Try again, or ask with stale=ok.",
            ),
        )


async def _passed_within(
    patience: float, positions: Sequence[Position], reader: PositionReader
) -> bool:
    now = asyncio.get_running_loop().time
    pause, waited = FIRST_LOOK, 0.0
    while not await passed(positions, reader):
        if waited >= patience:
            return False
        began = now()
        await reader.news(pause)
        waited += min(now() - began, 2 * pause)
        pause = min(pause * 2, LONGEST_LOOK)
    return True


def answer_with(response: Response, positions: Iterable[Position]) -> None:
    """Put a command's token on its answer; nothing for a decision without facts."""
    if places := list(positions):
        response.headers[HEADER] = encode(places)


_After = Annotated[
    str | None,
    Header(alias=AFTER, max_length=LONGEST, description=f"The `{HEADER}` of an earlier answer"),
]


async def _fresh(request: Request, after: _After = None) -> None:
    reader = around_of(request).positions
    if after is not None and reader is not None:
        await wait_for(decode(after), reader)


async def _fresh_or_stale(
    request: Request,
    response: Response,
    after: _After = None,
    stale: Annotated[
        str | None, Query(pattern="^ok$", description="`ok`: answer at once, even if behind")
    ] = None,
) -> None:
    reader = around_of(request).positions
    if after is None or reader is None:
        return
    places = decode(after)
    if stale is None:
        await wait_for(places, reader)
    elif not await passed(places, reader):
        response.headers[STALE] = "?1"


AfterPosition = Annotated[None, Depends(_fresh)]
"""For commands: waits until this service has seen what the caller has seen."""

AfterPositionOrStale = Annotated[None, Depends(_fresh_or_stale)]
"""For queries: the same, unless the caller says `stale=ok`."""
