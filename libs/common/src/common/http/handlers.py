"""Turns what a route raises into a problem: expected errors, FastAPI's findings, wrong addresses."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from common.errors import DomainError
from common.http import problems, validation
from common.http.asgi import language
from common.http.problems import Problem, known
from common.mongo import Transient

NO_BODY = frozenset({204, 304})


def install(app: FastAPI) -> None:
    """Give an app these answers for everything but our own bugs (see `common.http.observing`)."""
    app.add_exception_handler(DomainError, domain)
    app.add_exception_handler(RequestValidationError, findings)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Transient, _transient)


async def domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return problems.of(error).response(language(request.scope))


async def findings(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wanted = language(request.scope)
    content_type = request.headers.get("content-type", "")
    return validation.problem_of(error.errors(), content_type, wanted).response(wanted)


async def _transient(request: Request, error: Exception) -> Response:
    """The database gave no answer: whether it happened is unknown, so repeat with the same key."""
    del error
    wanted = language(request.scope)
    problem = known(503, "database-away", wanted)
    headers = {"Retry-After": "1"}
    return Problem(503, problem.code, problem.detail, headers=headers).response(wanted)


async def http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code in NO_BODY:
        return Response(status_code=error.status_code, headers=error.headers)
    wanted = language(request.scope)
    headers = dict(error.headers or {})
    codes: dict[int, tuple[str, dict[str, Any]]] = {
        400: ("body-unreadable", {}),
        404: ("no-such-route", {}),
        405: ("method-not-allowed", {"allow": headers.get("Allow", headers.get("allow", ""))}),
    }
    code, values = codes.get(error.status_code, ("http-error", {}))
    problem = known(error.status_code, code, wanted, **values)
    return Problem(problem.status, code, problem.detail, headers=headers).response(wanted)
