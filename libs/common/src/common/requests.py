"""What operators ask a running service to do: it stands until it was done as it was last asked.

Somebody may ask again while the request is being served, and want more than is being done. Each
asking therefore has an id, and only the request that was served is taken away: one that was asked
again meanwhile stays, also when whoever served the earlier one was slow to say so. What cannot be
done is taken away too, and kept with the reason: nobody tries it for ever.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common.errors import DomainError
from common.moments import to_wire
from common.mongo import Database, Document, Patch, Put

REFUSED = "refused_requests"


def request(
    collection: str,
    key: str,
    asked: str,
    values: Mapping[str, Any],
    minimum: Mapping[str, int] | None = None,
) -> Patch:
    """One request for each key; `asked` is the id of this asking, `minimum` keeps the furthest wish."""
    values = {**values, "asked": asked}
    return Patch(collection, key, values=values, minimum=minimum or {}, upsert=True)


async def served(database: Database, collection: str, request: Document) -> None:
    """Take a request away as it was read before it was served."""
    where = {"_id": request["_id"], "asked": request.get("asked")}
    await database.delete(collection, where)


async def refused(
    database: Database, collection: str, request: Document, why: DomainError, at: datetime
) -> None:
    """Keep a request that cannot be done, with the reason, and take it away as it was read."""
    asked = request.get("asked") or to_wire(at)
    kept = {
        "request": collection,
        "of": str(request["_id"]),
        "code": why.code,
        "detail": str(why.detail),
        "at": to_wire(at),
    }
    await database.write([Put(REFUSED, f"{collection}|{request['_id']}|{asked}", kept)])
    await served(database, collection, request)
