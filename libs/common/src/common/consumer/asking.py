"""What operators ask of a consumer: refused in words where it does not fit, else a request that stands."""

from collections.abc import Collection, Sequence

from common.consumer.hears import Hears
from common.errors import NotFound, Refused, Sentences, filled
from common.mongo import Database
from common.requests import request

REBUILDS = "rebuilds"
REPLAYS = "replays"
SENTENCES: Sentences = {
    "consumer-unknown": (
        "Ở đây không có bộ đọc tên này. Có: {known}.",
        "There is no consumer of this name here. There are: {known}.",
    ),
    "reactions-are-not-rebuilt": (
        "“{name}” là bộ phản ứng: kết quả của nó là các quyết định đã có hiệu lực, không dựng lại được. Một luồng bị để riêng thì thử lại bằng `nhipcau replay`.",
        "“{name}” is a reaction: what it did are decisions, and they stand. A parked stream is tried again with `nhipcau replay`.",
    ),
    "topic-not-heard": (
        "“{name}” không đọc chủ đề này. Nó đọc: {known}.",
        "“{name}” does not hear this topic. It hears: {known}.",
    ),
}


def named(consumers: Sequence[Hears], name: str) -> Hears:
    """The consumer of this name; raises NotFound, which tells the names there are."""
    for hears in consumers:
        if hears.name == name:
            return hears
    known = _listed([hears.name for hears in consumers])
    raise NotFound("consumer-unknown", filled(SENTENCES, "consumer-unknown", known=known))


def must_be_rebuildable(hears: Hears) -> None:
    """Raises Refused for a reaction."""
    if hears.kind != "projection":
        code = "reactions-are-not-rebuilt"
        raise Refused(code, filled(SENTENCES, code, name=hears.name))


def must_hear(hears: Hears, topic: str) -> None:
    """Raises Refused for a topic that this consumer does not read."""
    if topic not in hears.topics:
        known = _listed(hears.topics)
        raise Refused(
            "topic-not-heard", filled(SENTENCES, "topic-not-heard", name=hears.name, known=known)
        )


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
