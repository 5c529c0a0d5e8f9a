"""Lives of logs: what a consumer still has waiting from a former life is settled.

A log that was restored to an earlier point begins a new life, in which everything it holds is
published again. A reaction is told all of it once more, so what waits from the life before is
either coming again or was lost with the log: a fact held behind a gap that nobody can fill, a
parked stream that is no more. Such records leave the queues for `settled`, with what they were
waiting for, and their places begin the new life at zero. Nothing is thrown away.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from common.consumer.positions import HELD, PARKED, POSITIONS, At, at_of
from common.moments import to_wire
from common.mongo import Database, Document, Drop, Index, Patch, Put, Session, Write

LIVES = "lives"
SETTLED = "settled"
INDEXES = (Index(SETTLED, (("consumer", 1), ("settled", 1))),)
AT_ONCE = 200


def log_of(topic: str) -> str:
    """A log has several topics, named after its service."""
    return topic.partition(".")[0]


def begun(topic: str, incarnation: int) -> Write:
    """The note that the log of this topic lives this life, whoever hears of it first."""
    return Patch(LIVES, log_of(topic), maximum={"incarnation": incarnation}, upsert=True)


async def floors_of(database: Database, topics: Iterable[str]) -> dict[str, int]:
    """The lowest life that counts of each topic whose log was restored.

    Not every topic need ever carry a fact of the new life: what is void is void in all of them.
    """
    wanted = tuple(topics)
    logs = sorted({log_of(topic) for topic in wanted})
    found = await database.find(LIVES, {"_id": {"$in": logs}})
    lives = {document["_id"]: document["incarnation"] for document in found}
    return {topic: lives[log_of(topic)] for topic in wanted if log_of(topic) in lives}


def raised(floors: Mapping[str, int], above: Mapping[str, int]) -> dict[str, int]:
    """The floors that are higher than those known before."""
    return {topic: life for topic, life in floors.items() if life > above.get(topic, 1)}


async def settle(
    database: Database, consumer: str, floors: Mapping[str, int], prefix: str, now: datetime
) -> int:
    """Settle what waits from lives below the floors; answers how many records.

    Looked for again and again: another process may just be putting the last one there.
    """
    settled = 0
    for topic, life in sorted(floors.items()):
        for place in await _places(database, consumer, prefix + topic, life):
            settled += await database.transaction(
                partial(_settle_place, place=place, life=life, now=now)
            )
    return settled


async def _places(database: Database, consumer: str, topic: str, life: int) -> Sequence[str]:
    where = {"consumer": consumer, "topic": topic, "incarnation": {"$lt": life}}
    found = [
        document
        for queue in (HELD, PARKED)
        for document in await database.find(queue, where, limit=AT_ONCE)
    ]
    return sorted({document["place"] for document in found})


async def _settle_place(session: Session, place: str, life: int, now: datetime) -> int:
    writes: list[Write] = []
    positions = await session.find(POSITIONS, {"_id": place})
    before = at_of(positions[0]) if positions else None
    for queue in (HELD, PARKED):
        where = {"place": place, "incarnation": {"$lt": life}}
        for record in await session.find(queue, where):
            writes += [
                Put(SETTLED, record["_id"], _settled(queue, record, before, life, now)),
                Drop(queue, record["_id"]),
            ]
    settled = len(writes) // 2
    if before is not None and before.incarnation < life:
        writes.append(At(before.place, incarnation=life).write())
    await session.write(writes)
    return settled


def _settled(queue: str, record: Document, at: At | None, life: int, now: datetime) -> Document:
    """The record with the queue it stood in, how far its place was, and the life that ended it."""
    former = at is not None and at.incarnation == record["incarnation"]
    return {name: value for name, value in record.items() if name != "_id"} | {
        "queue": queue,
        "reached": at.sequence if at is not None and former else 0,
        "life": life,
        "settled": to_wire(now),
    }
