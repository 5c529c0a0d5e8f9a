"""The OpenAPI document: every operation declares the problems it can answer with.

FastAPI's own 422 shape is taken out, because nothing here answers with it.
"""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from common.http.problems import MEDIA_TYPE
from common.http.words import TITLES

Document = dict[str, Any]
WRITES = frozenset({"post", "put", "patch", "delete"})
METHODS = WRITES | {"get", "head", "options"}

PROBLEM: Document = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem document. `code` is stable; `detail` says what to do.",
    "required": ["type", "code", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/not-found"]},
        "code": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "urn:trace:<trace id>, to quote to us"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "rule", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "JSON pointer into the body, or query:…, path:…, header:…",
                    },
                    "rule": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def describe(app: FastAPI) -> Callable[[], Document]:
    """A replacement for `app.openapi` that is made once and kept."""

    def openapi() -> Document:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
                servers=app.servers,
            )
            app.openapi_schema = with_problems(document)
        return app.openapi_schema

    return openapi


def with_problems(document: Document) -> Document:
    """The document with the problems of each operation declared; it is changed in place."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path, operations in document.get("paths", {}).items():
        for method, operation in operations.items():
            if method in METHODS:
                _declare(path, method, operation)
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    return document


def _declare(path: str, method: str, operation: Document) -> None:
    responses: Document = operation.setdefault("responses", {})
    if _is_validation_error(responses.get("422")):
        del responses["422"]
    for status in _statuses(path, method, operation):
        title = TITLES[status].en
        responses.setdefault(str(status), _problem(title))
    responses.setdefault("default", _problem("Any other problem"))


def _statuses(path: str, method: str, operation: Document) -> list[int]:
    """The problems that follow from what an operation reads."""
    statuses = {400, 429, 503}
    if operation.get("security"):
        statuses |= {401, 403}
    if "{" in path:
        statuses |= {404}
    if method in WRITES:
        statuses |= {409, 412}
    if "requestBody" in operation:
        statuses |= {413, 415}
    if "requestBody" in operation or operation.get("parameters"):
        statuses |= {422}
    return sorted(statuses)


def _problem(description: str) -> Document:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


def _is_validation_error(response: Document | None) -> bool:
    return response is not None and "HTTPValidationError" in str(response)
