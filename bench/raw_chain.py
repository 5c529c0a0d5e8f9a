"""The raw chain: the least that could carry a command to another service's documents, as a fixed program.

HTTP (FastAPI, no sign-in, no rules) → group commit (`insert_many`) → change stream → relay →
Kafka (aiokafka, idempotent, acks=all) → consumers, one transaction of positions and effect per
batch, paced 10 ms. Two services in one process and one uvloop, as in the house: the first takes
commands and projects its own facts, the second projects them too; so a command makes one commit,
one record and two effects on either side of the comparison.

This is the baseline of docs/performance.md. Its parameters are the constants below; it is never
made faster along with the house, or the ratio would say nothing. It has no lease, no hash chain,
no schemas, no resume token, no parking, no gaps: it would lose facts when something dies.

    python -m bench.raw_chain PORT MONGO_URL KAFKA_BOOTSTRAP PREFIX
"""

import asyncio
import contextlib
import sys
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import uvicorn
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from fastapi import FastAPI
from pydantic import BaseModel
from pymongo import AsyncMongoClient, ReplaceOne
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

SERVICES = ("first", "second")
EFFECTS = "agencies"
PARTITIONS = 4
GROUP = 200
LINGER_FROM, LINGER = 4, 0.002
PACE = 0.010
CHUNK = BATCH = 500
WAIT = 1.0
MAJORITY = WriteConcern(w="majority", j=True)


class Agency(BaseModel):
    """The same body as the directory's."""

    agency_id: str
    site: str
    jurisdiction: str
    name_vi: str
    kind: str
    valid_from: str


@dataclass
class Chain:
    """What both services work with."""

    client: AsyncMongoClient[dict[str, Any]]
    bootstrap: str
    prefix: str
    waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = field(default_factory=list)
    inserting: asyncio.Task[None] | None = None

    @property
    def topic(self) -> str:
        return f"{self.prefix}.agency"

    def database(self, service: str) -> Any:
        return self.client.get_database(
            f"{self.prefix}_{service}",
            write_concern=MAJORITY,
            read_concern=ReadConcern("majority"),
        )

    async def prepare(self) -> None:
        """The log's index and the topic."""
        log = self.database("first")["commits"]
        await log.create_index([("stream", 1), ("version", 1)], unique=True)
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(self.topic, PARTITIONS, 1)])
            while not await _led(admin, self.topic):
                await asyncio.sleep(0.05)
        finally:
            await admin.close()

    # -- a command ------------------------------------------------------------------------------

    async def commit(self, agency: Agency) -> None:
        """Returns when the commit is in the log, held by a majority and journalled."""
        document = {
            "_id": uuid.uuid4().hex,
            "stream": f"/first/agency/{agency.agency_id}",
            "version": 1,
            "data": orjson.dumps(agency.model_dump()).decode(),
        }
        landed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append((document, landed))
        if self.inserting is None:
            self.inserting = asyncio.create_task(self._insert())
        await landed

    async def _insert(self) -> None:
        log = self.database("first")["commits"]
        while self.waiting:
            if len(self.waiting) > LINGER_FROM:
                await asyncio.sleep(LINGER)
            group, self.waiting = self.waiting[:GROUP], self.waiting[GROUP:]
            await log.insert_many([document for document, _ in group], ordered=False)
            for _, landed in group:
                landed.set_result(None)
        self.inserting = None

    # -- the relay ------------------------------------------------------------------------------

    async def relay(self) -> None:
        """Publishes what comes after this moment; the next chunk only after all acknowledgements."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.bootstrap, acks="all", enable_idempotence=True, linger_ms=0
        )
        await producer.start()
        database = self.database("first")
        try:
            async with self.client.start_session(causal_consistency=False) as session:
                stream = {"aggregate": "commits", "pipeline": [{"$changeStream": {}}]}
                answer = await database.command(
                    stream | {"cursor": {"batchSize": 0}}, session=session
                )
                more = {
                    "getMore": answer["cursor"]["id"],
                    "collection": "commits",
                    "batchSize": CHUNK,
                    "maxTimeMS": round(WAIT * 1000),
                }
                while True:
                    answer = await database.command(more, session=session)
                    changes = answer["cursor"]["nextBatch"]
                    if changes:
                        await self._publish(producer, [each["fullDocument"] for each in changes])
                        await asyncio.sleep(PACE)
        finally:
            await producer.stop()

    async def _publish(self, producer: AIOKafkaProducer, commits: Sequence[dict[str, Any]]) -> None:
        futures = [
            await producer.send(
                self.topic,
                key=commit["stream"].encode(),
                value=commit["data"].encode(),
                headers=[("sequence", b"%010d" % commit["version"])],
            )
            for commit in commits
        ]
        await asyncio.gather(*futures)

    # -- a consumer -----------------------------------------------------------------------------

    async def consume(self, service: str, ready: asyncio.Event) -> None:
        consumer = AIOKafkaConsumer(
            self.topic,
            bootstrap_servers=self.bootstrap,
            group_id=f"{self.prefix}.{service}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        ready.set()
        try:
            while True:
                found = await consumer.getmany(timeout_ms=round(WAIT * 1000), max_records=BATCH)
                if found:
                    await self._apply(service, found)
                    await asyncio.sleep(PACE)
        finally:
            await consumer.stop()

    async def _apply(self, service: str, found: dict[TopicPartition, list[Any]]) -> None:
        """Positions read and written with the effect and the next offsets, in one transaction."""
        database = self.database(service)
        records = [record for batch in found.values() for record in batch]
        keys = [record.key.decode() for record in records]

        async def work(session: Any) -> None:
            cursor = database["positions"].find({"_id": {"$in": keys}}, session=session)
            known = {each["_id"]: each["sequence"] for each in await cursor.to_list(None)}
            effects, positions = _writes(records, known)
            if effects:
                await database[EFFECTS].bulk_write(effects, ordered=False, session=session)
                await database["positions"].bulk_write(positions, ordered=False, session=session)
            await database["offsets"].bulk_write(_offsets(found), ordered=False, session=session)

        async with self.client.start_session() as session:
            await session.with_transaction(
                work, read_concern=ReadConcern("snapshot"), write_concern=MAJORITY
            )


def _writes(
    records: Sequence[Any], known: dict[str, int]
) -> tuple[list[ReplaceOne[dict[str, Any]]], list[ReplaceOne[dict[str, Any]]]]:
    effects: list[ReplaceOne[dict[str, Any]]] = []
    for record in records:
        key, sequence = record.key.decode(), int(dict(record.headers)["sequence"])
        if sequence == known.get(key, 0) + 1:
            known[key] = sequence
            agency = orjson.loads(record.value)
            effects.append(ReplaceOne({"_id": agency["agency_id"]}, agency, upsert=True))
    positions = [
        ReplaceOne({"_id": key}, {"_id": key, "sequence": sequence}, upsert=True)
        for key, sequence in known.items()
    ]
    return effects, positions


def _offsets(found: dict[TopicPartition, list[Any]]) -> list[ReplaceOne[dict[str, Any]]]:
    return [
        ReplaceOne(
            {"_id": partition.partition},
            {"_id": partition.partition, "next": batch[-1].offset + 1},
            upsert=True,
        )
        for partition, batch in found.items()
    ]


async def _led(admin: AIOKafkaAdminClient, topic: str) -> bool:
    described = await admin.describe_topics([topic])
    return all(
        not each["error_code"] and all(p["leader"] >= 0 for p in each["partitions"])
        for each in described
    )


def _app(chain: Chain) -> FastAPI:
    app = FastAPI()

    @app.post("/agencies", status_code=201)
    async def register(agency: Agency) -> Agency:
        await chain.commit(agency)
        return agency

    return app


def create(chain: Chain) -> Starlette:
    """The door in front of both services, and everything behind it."""
    ready = {service: asyncio.Event() for service in SERVICES}

    async def readiness(_: Request) -> Response:
        fit = all(event.is_set() for event in ready.values())
        return JSONResponse({"ready": fit}, 200 if fit else 503)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        await chain.prepare()
        tasks = [asyncio.create_task(chain.relay())]
        tasks += [asyncio.create_task(chain.consume(name, ready[name])) for name in SERVICES]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    routes = [
        Route("/health/ready", readiness),
        Mount("/api/first", _app(chain)),
        Mount("/api/second", FastAPI()),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


async def main() -> None:
    port, mongo_url, bootstrap, prefix = sys.argv[1:]
    async with AsyncMongoClient[dict[str, Any]](mongo_url, maxPoolSize=64) as client:
        app = create(Chain(client, bootstrap, prefix))
        config = uvicorn.Config(app, port=int(port), log_level="warning", access_log=False)
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(main())
