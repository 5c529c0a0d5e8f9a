"""ETag, If-Match and If-None-Match: a stream's version as a strong entity tag.

Version 7 is `"7"`. A command that changes something names the version it saw; a query that names
the version the caller has already is answered 304. (RFC 9110 §13)
"""

import re
from typing import Annotated

from fastapi import Depends, Header
from starlette.requests import Request
from starlette.responses import Response

from common.errors import PreconditionFailed, Said
from common.http.faults import BadRequest, PreconditionRequired
from common.words import say

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_VERSION = re.compile(r"0|[1-9]\d{0,15}")
MOST_TAGS = 20


def etag(version: int | str) -> str:
    """The strong entity tag of a stream's version, or of several in one word."""
    return f'"{version}"'


def parse_tags(header: str) -> list[tuple[bool, str]] | None:
    """(weak, opaque tag) of each entity tag, None for `*`; BadRequest for anything else."""
    if header.strip() == "*":
        return None
    tags: list[tuple[bool, str]] = []
    for part in header.split(","):
        match = _TAG.fullmatch(part.strip())
        if match is None or len(tags) == MOST_TAGS:
            raise BadRequest("entity-tag-malformed", say("entity-tag-malformed"))
        tags.append((match[1] is not None, match[2]))
    return tags


def expected_version(if_match: str | None) -> int | None:
    """The version that If-Match demands; None when it demands none (absent or `*`).

    Raises BadRequest for a malformed header or more than one version, PreconditionFailed for a
    tag that can't be one of ours (If-Match compares strongly, so a weak one never matches).
    """
    tags = parse_tags(if_match) if if_match is not None else None
    if tags is None:
        return None
    if len(tags) > 1:
        raise BadRequest("one-version", say("one-version"))
    weak, tag = tags[0]
    if weak or _VERSION.fullmatch(tag) is None:
        raise PreconditionFailed("version-unknown", say("version-unknown"))
    return int(tag)


def check_version(expected: int | None, present: int) -> None:
    """Raises PreconditionFailed when a caller expects another version than the present one."""
    if expected is not None and expected != present:
        raise PreconditionFailed(
            "version-changed",
            Said(
                "Có người vừa thay đổi. Tải lại, xem thay đổi rồi làm lại.",
                "Somebody changed it meanwhile. Load it again, look at the change, and repeat.",
            ),
            extra={"expected": expected, "present": present},
        )


def not_modified(if_none_match: str | None, version: int | str) -> bool:
    """Whether the caller has this version already (weak comparison); a malformed header is ignored."""
    if if_none_match is None:
        return False
    try:
        tags = parse_tags(if_none_match)
    except BadRequest:
        return False
    return tags is None or any(tag == str(version) for _, tag in tags)


def unchanged(request: Request, version: int | str) -> Response | None:
    """304 for a caller that has this version, None for one that must be sent it."""
    if not_modified(request.headers.get("if-none-match"), version):
        return Response(status_code=304, headers={"ETag": etag(version)})
    return None


_IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description='The version the caller saw, as ETag gave it: `"7"`'),
]


async def _expected(if_match: _IfMatch = None) -> int | None:
    return expected_version(if_match)


async def _demanded(if_match: _IfMatch = None) -> int | None:
    if if_match is None:
        raise PreconditionRequired(
            "if-match-missing",
            say("if-match-missing"),
        )
    return expected_version(if_match)


ExpectedVersion = Annotated[int | None, Depends(_expected)]
"""For a command that may name a version; None accepts any."""

DemandedVersion = Annotated[int | None, Depends(_demanded)]
"""For a command that must name one: 428 without If-Match; None only for `If-Match: *`."""
