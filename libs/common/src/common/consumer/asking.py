"""What operators ask of a consumer: refused in words where it does not fit, else a request that stands."""

from collections.abc import Collection, Sequence

from common.consumer.hears import Hears
from common.errors import NotFound, Refused
from common.mongo import Database
from common.requests import request
from common.words import say

REBUILDS = "rebuilds"
REPLAYS = "replays"


def named(consumers: Sequence[Hears], name: str) -> Hears:
    """The consumer of this name; raises NotFound, which tells the names there are."""
    for hears in consumers:
        if hears.name == name:
            return hears
    known = _listed([hears.name for hears in consumers])
    raise NotFound("consumer-unknown", say("consumer-unknown", known=known))


def must_be_rebuildable(hears: Hears) -> None:
    """Raises Refused for a reaction."""
    if hears.kind != "projection":
        raise Refused(
            "reactions-are-not-rebuilt", say("reactions-are-not-rebuilt", name=hears.name)
        )


def must_hear(hears: Hears, topic: str) -> None:
    """Raises Refused for a topic that this consumer does not read."""
    if topic not in hears.topics:
        known = _listed(hears.topics)
        raise Refused("topic-not-heard", say("topic-not-heard", name=hears.name, known=known))


async def ask_rebuild(database: Database, asked: str, consumer: str) -> None:
    """Let one of the processes that run this projection make it anew; `asked`: id of this asking."""
    await database.write([request(REBUILDS, consumer, asked, {})])


async def ask_replay(
    database: Database, asked: str, consumer: str, topic: str, stream: str
) -> None:
    """Let one of the processes that run this consumer try a parked stream again.

    `asked` is the id of this asking.
    """
    values = {"consumer": consumer, "topic": topic, "stream": stream}
    key = f"{consumer}|{topic}|{stream}"
    await database.write([request(REPLAYS, key, asked, values)])


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "–"
