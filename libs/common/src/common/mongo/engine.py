"""The door over a real MongoDB, by PyMongo's async client or by motor (decision D9)."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from pymongo import AsyncMongoClient, DeleteOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from common.mongo.content import NOT_BSON
from common.mongo.door import (
    Batch,
    Database,
    Document,
    Drop,
    Filter,
    Index,
    Inserted,
    Lease,
    Patch,
    Put,
    ResumeLost,
    Session,
    Sort,
    Transient,
    Unwritable,
    Watch,
    Write,
)

T = TypeVar("T")
Driver = Literal["pymongo", "motor"]

DUPLICATE_KEY = 11000
RESUME_LOST = {
    136,
    222,
    260,
    280,
    286,
    234,
}  # CappedPositionLost … ChangeStreamHistoryLost, InvalidResumeToken
NOT_THE_TOKEN = {13, 18, 26, 50, 91, 262, 11600}  # rights, time limits, shutting down
CONTENT_REFUSED = {
    *(2, 9, 14, 15),  # BadValue, FailedToParse, TypeMismatch, Overflow: nested too deep
    *(28, 40, 52, 54, 56, 57),  # paths and field names
    *(10334, 17280, 17419, 17420),  # too large
}
MAJORITY = WriteConcern(w="majority", j=True, wtimeout=10_000)


def connect(url: str, driver: Driver = "pymongo", **options: Any) -> Any:
    """A client of the chosen driver, with the timeouts every service uses.

    Raises ValueError for a driver that is neither.
    """
    settings: dict[str, Any] = {
        "serverSelectionTimeoutMS": 3_000,
        "connectTimeoutMS": 3_000,
        "socketTimeoutMS": 15_000,
        "maxPoolSize": 64,
        "tz_aware": True,
        "retryWrites": True,
        "uuidRepresentation": "standard",
    } | options
    match driver:
        case "pymongo":
            return AsyncMongoClient(url, **settings)
        case "motor":
            from motor.motor_asyncio import AsyncIOMotorClient  # noqa: PLC0415 - only if chosen

            return AsyncIOMotorClient(url, **settings)


async def disconnect(client: Any) -> None:
    """Close a client of either driver."""
    await _settled(client.close())


async def _settled(value: Any) -> Any:
    """The drivers differ in what is a coroutine; the door does not."""
    return await value if inspect.isawaitable(value) else value


def _transient(error: PyMongoError) -> Transient:
    return Transient(f"{type(error).__name__}: {error}")


def _refused(error: PyMongoError) -> Transient | Unwritable:
    """Whether a write failed for what was in it, or for the state of the world."""
    codes = {error.code} if isinstance(error, OperationFailure) else set[int | None]()
    if isinstance(error, BulkWriteError):
        details: Mapping[str, Any] = error.details or {}
        codes = {fault["code"] for fault in details.get("writeErrors", ())}
    if codes & CONTENT_REFUSED or isinstance(error, NOT_BSON):
        return Unwritable(str(error)[:500])
    return _transient(error)


class MongoDatabase(Database):
    """One database of a connected client."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._database = client.get_database(
            name,
            write_concern=MAJORITY,
            read_concern=ReadConcern("majority"),
            read_preference=ReadPreference.PRIMARY,
        )

    async def insert(self, collection: str, documents: Sequence[Document]) -> Inserted:
        try:
            await self._database[collection].insert_many(documents, ordered=False)
        except BulkWriteError as error:
            return Inserted(_landed(error, len(documents)))
        except PyMongoError as error:
            raise _transient(error) from error
        return Inserted((True,) * len(documents))

    async def find(
        self,
        collection: str,
        where: Filter,
        *,
        sort: Sort = (),
        limit: int = 0,
        without: Sequence[str] = (),
    ) -> list[Document]:
        try:
            cursor = self._database[collection].find(dict(where), dict.fromkeys(without, 0) or None)
            return await _sorted(cursor, sort, limit)
        except PyMongoError as error:
            raise _transient(error) from error

    async def count(self, collection: str, where: Filter) -> int:
        try:
            return await self._database[collection].count_documents(dict(where))
        except PyMongoError as error:
            raise _transient(error) from error

    async def write(self, writes: Sequence[Write]) -> None:
        try:
            await _bulk(self._database, writes, None, ordered=True)
        except PyMongoError as error:
            raise _refused(error) from error

    async def delete(self, collection: str, where: Filter) -> int:
        try:
            answer = await self._database[collection].delete_many(dict(where))
        except PyMongoError as error:
            raise _transient(error) from error
        return answer.deleted_count

    async def transaction(self, work: Callable[[Session], Awaitable[T]]) -> T:
        async def run(session: Any) -> T:
            return await work(_MongoSession(self._database, session))

        try:
            async with await _settled(self._client.start_session()) as session:
                return await session.with_transaction(
                    run,
                    read_concern=ReadConcern("snapshot"),
                    write_concern=MAJORITY,
                    read_preference=ReadPreference.PRIMARY,
                    max_commit_time_ms=5_000,
                )
        except PyMongoError as error:
            raise _refused(error) from error

    async def watch(self, collection: str, token: Mapping[str, Any] | None) -> Watch:
        stage: dict[str, Any] = {"resumeAfter": dict(token)} if token else {}
        session = None
        try:
            session = await _settled(self._client.start_session(causal_consistency=False))
            answer = await self._database.command(
                {
                    "aggregate": collection,
                    "pipeline": [
                        {"$changeStream": stage},
                        {"$match": {"operationType": "insert"}},
                        {"$project": {"fullDocument": 1}},
                    ],
                    "cursor": {"batchSize": 0},
                    "readConcern": {"level": "majority"},
                },
                session=session,
            )
        except PyMongoError as error:
            if session is not None:
                await _settled(session.end_session())
            if token and _refuses_token(error):
                raise ResumeLost(str(error)) from error
            raise _watch_error(error) from error
        return _MongoWatch(self._database, collection, session, answer["cursor"]["id"])

    async def lease(self, name: str, holder: str, seconds: float) -> Lease | None:
        free = {
            "$or": [
                {"$eq": ["$holder", holder]},
                {"$lt": ["$until", "$$NOW"]},
                {"$eq": [{"$type": "$until"}, "missing"]},
            ]
        }
        until = {"$add": ["$$NOW", round(seconds * 1000)]}
        epoch = {"$ifNull": ["$epoch", 0]}
        taken = {"$cond": [{"$eq": ["$holder", holder]}, epoch, {"$add": [epoch, 1]}]}
        pipeline = [
            {"$set": {"free": free}},
            {"$set": {"epoch": {"$cond": ["$free", taken, epoch]}}},
            {
                "$set": {
                    "holder": {"$cond": ["$free", holder, "$holder"]},
                    "until": {"$cond": ["$free", until, "$until"]},
                }
            },
            {"$unset": "free"},
        ]
        try:
            document = await self._database["leases"].find_one_and_update(
                {"_id": name}, pipeline, upsert=True, return_document=True
            )
        except OperationFailure as error:
            if error.code == DUPLICATE_KEY:
                return None  # two first takers at once: the other one won
            raise _transient(error) from error
        except PyMongoError as error:
            raise _transient(error) from error
        if document["holder"] != holder:
            return None
        return Lease(name, holder, document["epoch"], document["until"])

    async def release(self, lease: Lease) -> None:
        where = {"_id": lease.name, "holder": lease.holder, "epoch": lease.epoch}
        try:
            await self._database["leases"].update_one(
                where, [{"$set": {"until": {"$subtract": ["$$NOW", 1]}, "holder": None}}]
            )
        except PyMongoError as error:
            raise _transient(error) from error

    async def leased(self, name: str) -> Lease | None:
        held = {"_id": name, "$expr": {"$gte": ["$until", "$$NOW"]}}
        try:
            document = await self._database["leases"].find_one(held)
        except PyMongoError as error:
            raise _transient(error) from error
        if document is None:
            return None
        return Lease(name, document["holder"], document["epoch"], document["until"])

    async def migrate(self, indexes: Sequence[Index]) -> None:
        try:
            for index in indexes:
                options: dict[str, Any] = {"name": index.name, "unique": index.unique}
                if index.partial:
                    options["partialFilterExpression"] = {index.partial: {"$exists": True}}
                await self._database[index.collection].create_index(list(index.keys), **options)
        except PyMongoError as error:
            raise _transient(error) from error

    async def missing(self, indexes: Sequence[Index]) -> list[str]:
        there: dict[str, set[str]] = {}
        try:
            for collection in {index.collection for index in indexes}:
                found = await self._database[collection].index_information()
                there[collection] = set(found)
        except PyMongoError as error:
            raise _transient(error) from error
        return [
            f"{index.collection}.{index.name}"
            for index in indexes
            if index.name not in there[index.collection]
        ]

    async def ping(self) -> None:
        try:
            await self._database.command("ping")
        except PyMongoError as error:
            raise _transient(error) from error


class _MongoSession(Session):
    def __init__(self, database: Any, session: Any) -> None:
        self._database = database
        self._session = session

    async def find(
        self, collection: str, where: Filter, *, sort: Sort = (), limit: int = 0
    ) -> list[Document]:
        cursor = self._database[collection].find(dict(where), session=self._session)
        return await _sorted(cursor, sort, limit)

    async def write(self, writes: Sequence[Write]) -> None:
        await _bulk(self._database, writes, self._session, ordered=True)


class _MongoWatch(Watch):
    """Raw getMore commands: a whole batch at once with the token behind it, alike in both drivers."""

    def __init__(self, database: Any, collection: str, session: Any, cursor: int) -> None:
        self._database = database
        self._collection = collection
        self._session = session
        self._cursor = cursor

    async def next(self, wait: float) -> Batch:
        try:
            answer = await self._database.command(
                {
                    "getMore": self._cursor,
                    "collection": self._collection,
                    "batchSize": 500,
                    "maxTimeMS": max(1, round(wait * 1000)),
                },
                session=self._session,
            )
        except PyMongoError as error:
            raise _watch_error(error) from error
        cursor = answer["cursor"]
        documents = tuple(change["fullDocument"] for change in cursor["nextBatch"])
        return Batch(documents, cursor["postBatchResumeToken"])

    async def close(self) -> None:
        try:
            await self._database.command(
                {"killCursors": self._collection, "cursors": [self._cursor]},
                session=self._session,
            )
        except PyMongoError:
            return  # the server drops an idle cursor itself
        finally:
            await _settled(self._session.end_session())


def _refuses_token(error: PyMongoError) -> bool:
    """A server names a token it cannot read in many ways; what is left is the world's fault."""
    return isinstance(error, OperationFailure) and error.code not in NOT_THE_TOKEN


def _watch_error(error: PyMongoError) -> Exception:
    if isinstance(error, OperationFailure) and error.code in RESUME_LOST:
        return ResumeLost(str(error))
    return _transient(error)


def _landed(error: BulkWriteError, size: int) -> tuple[bool, ...]:
    """Which documents are in; anything but a duplicate key leaves the outcome unknown."""
    details: Mapping[str, Any] = error.details or {}
    faults = details.get("writeErrors", [])
    if details.get("writeConcernErrors") or any(f["code"] != DUPLICATE_KEY for f in faults):
        raise _transient(error) from error
    duplicates = {fault["index"] for fault in faults}
    return tuple(position not in duplicates for position in range(size))


async def _sorted(cursor: Any, sort: Sort, limit: int) -> list[Document]:
    if sort:
        cursor = cursor.sort(list(sort))
    if limit:
        cursor = cursor.limit(limit)
    return await cursor.to_list(None)


async def _bulk(database: Any, writes: Sequence[Write], session: Any, *, ordered: bool) -> None:
    grouped: dict[str, list[Any]] = {}
    for write in writes:
        grouped.setdefault(write.collection, []).append(_operation(write))
    for collection, operations in grouped.items():
        try:
            await database[collection].bulk_write(operations, ordered=ordered, session=session)
        except NOT_BSON as error:
            raise Unwritable(str(error)[:500]) from error


def _operation(write: Write) -> Any:
    match write:
        case Put():
            return ReplaceOne({"_id": write.key}, {**write.document, "_id": write.key}, upsert=True)
        case Drop():
            return DeleteOne({"_id": write.key})
        case Patch():
            return UpdateOne({"_id": write.key}, _update(write), upsert=write.upsert)


def _update(patch: Patch) -> dict[str, Any]:
    update = {
        "$set": dict(patch.values),
        "$unset": dict.fromkeys(patch.unset, ""),
        "$inc": dict(patch.add),
        "$max": dict(patch.maximum),
        "$min": dict(patch.minimum),
        "$push": dict(patch.push)
        | {name: {"$each": list(values)} for name, values in patch.extend.items()},
    }
    return {operator: fields for operator, fields in update.items() if fields}
