"""The JSON of a request's body as values, or the findings that say why there are none."""

import json
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from common import finite
from common.http.depth import text_of


def json_of(body: bytes) -> Any:
    """The value of a body.

    Raises BadRequest for one that nests too deep; RequestValidationError for what is no JSON, and with the
    place of each number that has no end.
    """
    try:
        return finite.loads(text_of(body))
    except finite.NotFinite as error:
        raise RequestValidationError([_without_end(each) for each in error.places]) from error
    except json.JSONDecodeError as error:
        raise RequestValidationError([_broken(error)], body=error.doc) from error
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error


def _without_end(place: finite.Place) -> dict[str, Any]:
    return {"type": "finite_number", "loc": ("body", *place), "msg": "not finite", "input": None}


def _broken(error: json.JSONDecodeError) -> dict[str, Any]:
    return {
        "type": "json_invalid",
        "loc": ("body", error.pos),
        "msg": "JSON decode error",
        "input": {},
        "ctx": {"error": error.msg},
    }
