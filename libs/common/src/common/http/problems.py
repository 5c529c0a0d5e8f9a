"""RFC 9457 problem documents: the one place where an error becomes a status and a sentence.

    {"type": "/problems/agency-ended", "code": "agency-ended", "title": "Không được chấp nhận",
     "status": 409, "detail": "…", "instance": "urn:trace:0af7…",
     "errors": [{"pointer": "/name", "rule": "string_too_short", "detail": "…"}], …}

`type` is relative to the service's address and ends in the stable `code`; `instance` names the
trace, which an operator can look up. Nothing a caller sent is ever repeated in a problem.
`pointer` is a JSON pointer into the body, or `query:limit`, `path:id`, `header:If-Match`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.responses import Response

from common.errors import (
    Conflict,
    DomainError,
    FieldProblem,
    Forbidden,
    Gone,
    NotFound,
    PreconditionFailed,
    Refused,
    Said,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unprocessable,
    spoken,
)
from common.http.faults import BadRequest, PreconditionRequired, UnsupportedMedia
from common.http.words import DETAILS, TITLES, Language
from common.redaction import masked_text
from common.telemetry import current_trace_id

MEDIA_TYPE = "application/problem+json"
RESERVED = frozenset({"type", "code", "title", "status", "detail", "instance", "errors"})

STATUS: Mapping[type[DomainError], int] = {
    BadRequest: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Gone: 410,
    Refused: 409,
    Conflict: 409,
    PreconditionFailed: 412,
    TooLarge: 413,
    UnsupportedMedia: 415,
    Unprocessable: 422,
    PreconditionRequired: 428,
    TooMany: 429,
    Unavailable: 503,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem before it is written in a language."""

    status: int
    code: str
    detail: str
    errors: tuple[FieldProblem, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def document(self, language: Language) -> dict[str, Any]:
        """The members of RFC 9457 and ours; `extra` cannot replace one of them."""
        title = TITLES.get(self.status, TITLES[400 if self.status < 500 else 500])  # noqa: PLR2004 - the first server error
        body: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "code": self.code,
            "title": title.to(language),
            "status": self.status,
            "detail": spoken(self.detail, language),
        }
        if (trace := current_trace_id()) is not None:
            body["instance"] = f"urn:trace:{trace}"
        if self.errors:
            body["errors"] = [
                {
                    "pointer": error.pointer,
                    "rule": error.rule,
                    "detail": spoken(error.detail, language),
                }
                for error in self.errors
            ]
        return body | {key: value for key, value in self.extra.items() if key not in RESERVED}

    def response(self, language: Language) -> Response:
        """The answer to send, never stored by a cache."""
        headers = {
            "Cache-Control": "no-store",
            "Content-Language": language,
            "Vary": "Accept-Language",
            **self.headers,
        }
        content = orjson.dumps(self.document(language), default=str)
        return Response(content, self.status, headers, MEDIA_TYPE)


def status_of(error: DomainError) -> int:
    """The status of an error's class or of the nearest class above it."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def of(error: DomainError) -> Problem:
    """The problem of an expected error, with the headers that belong to its kind.

    What looks like personal data is masked: some findings quote the value they are about.
    """
    headers: dict[str, str] = {}
    if isinstance(error, TooMany | Unavailable):
        headers["Retry-After"] = str(max(1, error.retry_after))
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = challenge(error.code)
    errors = tuple(FieldProblem(one.pointer, one.rule, _masked(one.detail)) for one in error.errors)
    return Problem(
        status_of(error), error.code, _masked(error.detail), errors, error.extra, headers
    )


def _masked(detail: str) -> str:
    if isinstance(detail, Said):
        return Said(masked_text(detail.vi), masked_text(str(detail)))
    return masked_text(detail)


def challenge(code: str) -> str:
    """RFC 6750: bare when no token came, with the error when it was not accepted."""
    bare = 'Bearer realm="nhipcau"'
    return bare if code == "token-missing" else f'{bare}, error="invalid_token"'


def known(status: int, code: str, language: Language, **values: Any) -> Problem:
    """A problem of the plumbing itself, in the language asked for."""
    return Problem(status, code, DETAILS[code].to(language, **values))
