"""What MongoDB can store at all: for the engine's door, its fake, and tests."""

from collections.abc import Mapping
from typing import Any

import bson
from bson.errors import BSONError

from common.mongo.door import Unwritable

NOT_BSON = (BSONError, OverflowError, RecursionError, UnicodeEncodeError)


def stored_size(document: Mapping[str, Any]) -> int:
    """Bytes that a document takes; raises Unwritable for one that cannot be stored."""
    try:
        return len(bson.encode(document))
    except NOT_BSON as error:
        raise Unwritable(str(error)[:500]) from error
