"""Idempotency-Key: one request, one cause, however often it is sent.

`FromRequest` makes the cause of a command. A POST must carry a key (a lost answer can then be asked
for again); other methods are idempotent by themselves and get a fresh cause when they carry none.
The same key with another body is refused by the commit log, which compares the digest (422).
(draft-ietf-httpapi-idempotency-key-header)
"""

import hashlib
import re
from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import Depends, Header
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from common.cause import Cause
from common.errors import FieldProblem, Said
from common.http.asgi import route_of
from common.http.faults import BadRequest
from common.http.signed_in import principal_of
from common.http.wiring import around_of
from common.identity import Principal
from common.telemetry import current_traceparent
from common.words import say

HEADER = "Idempotency-Key"
KEY = re.compile(r'"?([A-Za-z0-9_.:~+/=-]{8,128})"?')
NOBODY = "anonymous"
CHUNK = 65_536

_SYNTAX = "8 to 128 of A-Z a-z 0-9 _ . : ~ + / = -, such as a new UUID for each act"


def parse_key(text: str) -> str:
    """The key, with or without the quotes of a structured field; raises BadRequest."""
    match = KEY.fullmatch(text.strip())
    if match is None:
        raise _refused("idempotency-key-malformed", say("key-malformed"))
    return match[1]


def _refused(code: str, advice: Said) -> BadRequest:
    return BadRequest(code, advice, errors=[FieldProblem(f"header:{HEADER}", "key", advice)])


def cause_id(subject: str, method: str, route: str, key: str) -> str:
    """`http:<principal>:<method route>:<key>`; the principal is quoted, so parts can't be confused."""
    return f"http:{quote(subject, safe='')}:{method} {route}:{key}"


async def request_digest(request: Request) -> str:
    """Hex SHA-256 over method, path, query, body and If-Match.

    Blanks and the order of keys in JSON make no difference.
    """
    parts = [
        request.method,
        request.scope["path"],
        request.scope["query_string"].decode("latin-1"),
        await _body(request),
        request.headers.get("if-match", ""),
    ]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


async def _body(request: Request) -> str:
    content_type = request.headers.get("content-type", "").lower()
    if content_type.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        return await _form_digest(await request.form())
    body = await request.body()
    return hashlib.sha256(sorted_or_raw(body)).hexdigest()


def sorted_or_raw(body: bytes) -> bytes:
    """JSON without blanks and with its keys in order; anything else, and what is too deep, as it came."""
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    except (ValueError, orjson.JSONEncodeError):
        return body


async def _form_digest(form: FormData) -> str:
    """Fields and files in the order sent; the files' bytes are read and left at their beginning."""
    fields: list[Any] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            fields.append([name, value.filename, value.content_type, await _file_digest(value)])
        else:
            fields.append([name, value])
    return hashlib.sha256(orjson.dumps(fields)).hexdigest()


async def _file_digest(file: UploadFile) -> str:
    digest = hashlib.sha256()
    while chunk := await file.read(CHUNK):
        digest.update(chunk)
    await file.seek(0)
    return digest.hexdigest()


_Key = Annotated[
    str | None,
    Header(
        alias=HEADER,
        description=f"Names this act, so that it happens once however often it is sent: {_SYNTAX}. "
        "Required for POST.",
        json_schema_extra={"pattern": KEY.pattern},
    ),
]


async def _cause(request: Request, idempotency_key: _Key = None) -> Cause:
    if idempotency_key is None and request.method == "POST":
        raise _refused("idempotency-key-missing", say("key-missing"))
    world = around_of(request).world
    key = world.new_id() if idempotency_key is None else parse_key(idempotency_key)
    subject = _subject(await principal_of(request))
    return Cause(
        id=cause_id(subject, request.method, route_of(request.scope), key),
        at=world.now(),
        actor=subject,
        digest=await request_digest(request),
        traceparent=current_traceparent(),
    )


def _subject(principal: Principal | None) -> str:
    return NOBODY if principal is None else principal.subject


FromRequest = Annotated[Cause, Depends(_cause)]
"""The cause of a command: who, when, by which key. Give it to the use case."""
