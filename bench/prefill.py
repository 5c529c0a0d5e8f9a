"""Fills a service's databases as if so many agencies had been registered, sent and projected.

The commits are true ones (chained and hashed), every head is acknowledged, every position and
document of both projections is there. Only Kafka does not hold their records: nobody reads them
again.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from common.canonical import canonical
from common.consumer.hears import Hears, Seen
from common.consumer.positions import INDEXES as CONSUMER_INDEXES
from common.consumer.positions import At, Place
from common.consumer.views import Generation
from common.log.log import INDEXES as LOG_INDEXES
from common.log.model import (
    GENESIS,
    Commit,
    Part,
    StoredFact,
    envelope_digest,
    part_hash,
    to_document,
)
from common.moments import utc_now
from common.mongo import Document, Index, Put
from common.mongo.engine import MongoDatabase, connect, disconnect
from common.relay.heads import INDEXES as HEAD_INDEXES
from contracts.events.directory import AgencyRegisteredV1
from directory.projections import HEARS as IN_DIRECTORY
from portal.projections import HEARS as IN_PORTAL

TOPIC, KIND = AgencyRegisteredV1.TOPIC, "directory/agency"
CHUNK = 2_000
PATIENCE_MS = 300_000
Filled = dict[tuple[str, str], list[Document]]  # (service, collection) → documents


@dataclass(frozen=True)
class Registered:
    """One agency that stands in the log."""

    fact: AgencyRegisteredV1
    commit: Commit

    @property
    def part(self) -> Part:
        return self.commit.parts[0]


async def fill(url: str, prefix: str, size: int) -> None:
    """Write `size` streams into empty databases; the indexes are built after, which is quicker."""
    client = connect(url, socketTimeoutMS=PATIENCE_MS)
    try:
        numbers = iter(range(size))
        while chunk := list(islice(numbers, CHUNK)):
            for (service, collection), documents in _documents(chunk).items():
                database = client[f"{prefix}_{service}"]
                await database[collection].insert_many(documents, ordered=False)
        for service, indexes in _indexes().items():
            await MongoDatabase(client, f"{prefix}_{service}").migrate(indexes)
    finally:
        await disconnect(client)


def _indexes() -> dict[str, list[Index]]:
    directory = [*LOG_INDEXES, *HEAD_INDEXES, *CONSUMER_INDEXES, *_projected(IN_DIRECTORY)]
    return {"directory": directory, "portal": [*CONSUMER_INDEXES, *_projected(IN_PORTAL)]}


def _projected(hears: Hears) -> Iterator[Index]:
    suffix = Generation(hears.name, 1).suffix
    for index in hears.indexes:
        yield Index(index.collection + suffix, index.keys, index.unique, index.partial)


def _documents(numbers: list[int]) -> Filled:
    filled: Filled = {}
    for number in numbers:
        entry = _registered(number)
        _add(filled, ("directory", "commits"), to_document(entry.commit))
        _add(filled, ("directory", "heads"), _head(entry.part))
        for service, hears in (("directory", IN_DIRECTORY), ("portal", IN_PORTAL)):
            position, shown = _consumed(entry, hears)
            _add(filled, (service, "positions"), position)
            _add(filled, (service, f"agencies{Generation(hears.name, 1).suffix}"), shown)
    return filled


def _add(filled: Filled, place: tuple[str, str], document: Document) -> None:
    filled.setdefault(place, []).append(document)


def _registered(number: int) -> Registered:
    id = f"filled.n{number}"
    fact = AgencyRegisteredV1.of(
        {
            "agency_id": id,
            "site": "langson",
            "jurisdiction": "langson",
            "name_vi": f"Sở có sẵn số {number}",
            "kind": "department",
            "valid_from": "2019-08-15",
        }
    )
    stored = StoredFact(str(fact.name()), TOPIC, 1, canonical(fact.data()).decode())
    cause, proof, at = f"http:bench:POST /agencies:{id}", {"by": "token"}, utc_now()
    envelope = envelope_digest(cause, "bench", proof, at)
    stream = f"/{KIND}/{id}"
    link = part_hash(GENESIS, stream, 1, envelope, [stored.digest])
    part = Part(stream, 1, GENESIS, link, (stored,), {TOPIC: 1})
    commit = Commit(
        id=str(uuid.uuid4()), cause=cause, request="", parts=(part,), actor="bench",
        site="langson", at=at, proof=proof,
    )  # fmt: skip
    return Registered(fact, commit)


def _head(part: Part) -> Document:
    upto = orjson.dumps(sorted(part.upto.items())).decode()
    return {"_id": part.stream, "mark": f"{part.version:010d} {part.hash} {upto}", "sealed": 1}


def _consumed(entry: Registered, hears: Hears) -> tuple[Document, Document]:
    """The position of the consumer, and what its handler shows."""
    stream = entry.part.stream
    seen = Seen(
        id=f"directory{stream}/1.0", type=entry.part.facts[0].type, stream=stream, topic=TOPIC,
        sequence=1, at=entry.commit.at, site=entry.commit.site, traceparent=None,
    )  # fmt: skip
    place = Place(Generation(hears.name, 1).name, TOPIC, stream)
    writes: Any = hears.handlers[AgencyRegisteredV1](entry.fact, seen)
    position, (shown,) = At(place, sequence=1).write(), tuple(writes)
    return _document(position), _document(shown)


def _document(write: Any) -> Document:
    assert isinstance(write, Put)
    return {**write.document, "_id": write.key}
