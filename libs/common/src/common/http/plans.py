"""What a route needs of a request, worked out once from what FastAPI knows of it.

FastAPI walks a route's dependencies anew for each request and asks of every parameter what it is;
that costs more than the route itself. A plan is the same walk written down: steps in order, each
with the values it takes. Errors are FastAPI's own, word for word, because its functions make them.

What a plan cannot say stays with FastAPI (`plan_of` answers None): forms and files, dependencies
that yield or run in threads, streams, security scopes, background tasks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from email.message import Message as Mail
from enum import Enum
from functools import lru_cache
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from fastapi import params
from fastapi._compat import ModelField, Undefined
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_body_to_args, request_params_to_args
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.routing import APIRoute, RouteContext
from starlette.requests import Request
from starlette.responses import Response

from common.http.bodies import json_of

SCALARS = (str, int, float, bool, date, datetime, time, UUID, Enum)
PLACES = ("path", "query", "header", "cookie")
NO_BODY = frozenset({204, 205, 304})
_FAILED = object()
"""Stands for a dependency whose parameters were wrong: what needs it is not called."""


@dataclass(frozen=True, slots=True)
class _Param:
    """One value out of path, query or headers."""

    name: str
    alias: str
    place: str
    loc: tuple[str, str]
    required: bool
    default: Any
    field: ModelField


@dataclass(frozen=True, slots=True)
class _Step:
    """One call: a dependency, or last of all the route's own function.

    needs  argument (None: only its going well counts) and which step's result
    odd    parameters by place that FastAPI reads itself: lists, models, cookies
    """

    call: Callable[..., Any]
    needs: tuple[tuple[str | None, int], ...]
    params: tuple[_Param, ...]
    odd: tuple[tuple[str, tuple[ModelField, ...]], ...]
    request: str | None
    response: str | None


@dataclass(slots=True)
class _Asked:
    """One request while a plan is followed."""

    request: Request
    response: Response | None
    errors: list[Any] = field(default_factory=list[Any])
    _headers: dict[bytes, str] | None = None

    def value(self, param: _Param) -> str | None:
        if param.place == "path":
            return self.request.path_params.get(param.alias)
        if param.place == "query":
            return self.request.query_params.get(param.alias)
        if self._headers is None:
            raw: Iterable[tuple[bytes, bytes]] = reversed(self.request.scope["headers"])
            self._headers = {name: value.decode("latin-1") for name, value in raw}
        return self._headers.get(param.alias.lower().encode())

    def source(self, place: str) -> Mapping[str, Any]:
        request = self.request
        match place:
            case "path":
                return request.path_params
            case "query":
                return request.query_params
            case "header":
                return request.headers
            case _:
                return request.cookies


@dataclass(frozen=True, slots=True)
class Plan:
    """How one route is answered."""

    route: APIRoute
    endpoint: Callable[..., Any]
    steps: tuple[_Step, ...]
    body: ModelField | None
    response_field: ModelField | None
    response_class: type[Response]
    status: int | None
    shaping: Mapping[str, Any]
    wants_response: bool

    async def answer(self, request: Request) -> Response:
        """Raises what the route and its dependencies raise, and RequestValidationError."""
        body = await _read(request) if self.body is not None else Undefined
        asked = _Asked(request, _noted() if self.wants_response else None)
        results: list[Any] = []
        for step in self.steps[:-1]:
            arguments = _arguments(step, results, asked)
            results.append(_FAILED if arguments is None else await step.call(**arguments))
        last = self.steps[-1]
        arguments = _arguments(last, results, asked)
        if self.body is not None:
            value = await self._body(body, asked)
            if arguments is not None:
                arguments[self.body.name] = value
        if asked.errors or arguments is None:
            given = None if body is Undefined else body
            raise RequestValidationError(asked.errors, body=given)
        return self._response(await last.call(**arguments), asked.response)

    async def _body(self, body: Any, asked: _Asked) -> Any:
        assert self.body is not None
        if body is not Undefined:
            value, errors = self.body.validate(body, {}, loc=("body",))
        else:
            values, errors = await request_body_to_args([self.body], body, embed_body_fields=False)
            value = values.get(self.body.name)
        asked.errors += errors
        return value

    def _response(self, result: Any, noted: Response | None) -> Response:
        """As FastAPI makes it: a response as it is, else the model's own JSON."""
        if isinstance(result, Response):
            return result
        status = (noted.status_code if noted else None) or self.status or 200
        if self.response_field is None:
            response = self.response_class(jsonable_encoder(result), status)
        else:
            content = self._content(self.response_field, result)
            response = Response(content, status, media_type="application/json")
        if status in NO_BODY:
            response.body = b""
        if noted is not None:
            response.raw_headers += noted.raw_headers
        return response

    def _content(self, field: ModelField, result: Any) -> bytes:
        value, errors = field.validate(result, {}, loc=("response",))
        if errors:
            raise ResponseValidationError(errors, body=result)
        return field.serialize_json(value, **self.shaping)


def plan_of(context: RouteContext) -> Plan | None:
    """The plan of a route as it stands in an app; None for one that FastAPI must answer itself."""
    route = context.original_route
    if not isinstance(route, APIRoute) or not _is_plain_route(context):
        return None
    dependant: Dependant = context.dependant
    steps: list[_Step] = []
    if _add(dependant, steps, {}) is None:
        return None
    shaping = {
        name: getattr(context, f"response_model_{name}")
        for name in ("include", "exclude", "by_alias", "exclude_unset", "exclude_defaults")
    } | {"exclude_none": context.response_model_exclude_none}
    return Plan(
        route=route,
        endpoint=context.endpoint or route.endpoint,
        steps=tuple(steps),
        body=dependant.body_params[0] if dependant.body_params else None,
        response_field=context.response_field,
        response_class=_written_as(context),
        status=context.status_code,
        shaping=shaping,
        wants_response=any(step.response for step in steps),
    )


def _written_as(context: RouteContext) -> type[Response]:
    chosen: Any = context.response_class
    return chosen.value if isinstance(chosen, DefaultPlaceholder) else chosen


def _is_plain_route(context: RouteContext) -> bool:
    dependant: Dependant = context.dependant
    written_by_fastapi = isinstance(context.response_class, DefaultPlaceholder)
    return (
        not (context.is_sse_stream or context.is_json_stream or context.stream_item_field)
        and context.max_body_size is None
        and (written_by_fastapi or context.response_field is None)
        and all(_is_whole_body(each, dependant) for each in dependant.body_params)
    )


def _is_whole_body(field: ModelField, dependant: Dependant) -> bool:
    """Neither a form, nor one of several fields, nor a field inside an object of its own."""
    info = field.field_info
    return type(info) is params.Body and not info.embed and len(dependant.body_params) == 1


def _add(dependant: Dependant, steps: list[_Step], known: dict[Any, int]) -> int | None:
    """Append the steps of a dependant, those it needs first; answers its place, None if it can't be."""
    needs: list[tuple[str | None, int]] = []
    for each in dependant.dependencies:
        place = known.get(each.call)
        if place is None:
            place = _add(each, steps, known)
        if place is None or not each.use_cache:
            return None
        known[each.call] = place
        needs.append((each.name, place))
    step = _step_of(dependant, tuple(needs))
    if step is None:
        return None
    steps.append(step)
    return len(steps) - 1


def _step_of(dependant: Dependant, needs: tuple[tuple[str | None, int], ...]) -> _Step | None:
    call = dependant.call
    if call is None or not _is_plain_call(call) or not _is_plain_dependant(dependant):
        return None
    plain: list[_Param] = []
    odd: list[tuple[str, tuple[ModelField, ...]]] = []
    for place in PLACES:
        fields: Sequence[ModelField] = getattr(dependant, f"{place}_params")
        read = [_param_of(each, place) for each in fields]
        plain += [each for each in read if each is not None]
        strange = tuple(f for f, each in zip(fields, read, strict=True) if each is None)
        odd += [(place, strange)] if strange else []
    return _Step(
        call,
        needs,
        tuple(plain),
        tuple(odd),
        dependant.request_param_name,
        dependant.response_param_name,
    )


def _is_plain_call(call: Any) -> bool:
    looked = call if hasattr(call, "__code__") else type(call).__call__
    return (
        iscoroutinefunction(looked)
        and not isasyncgenfunction(looked)
        and not isgeneratorfunction(looked)
    )


def _is_plain_dependant(dependant: Dependant) -> bool:
    return not (
        dependant.websocket_param_name
        or dependant.http_connection_param_name
        or dependant.background_tasks_param_name
        or dependant.security_scopes_param_name
        or dependant.own_oauth_scopes
        or dependant.concurrency
    )


def _param_of(field: ModelField, place: str) -> _Param | None:
    """None for what is not one scalar under one name."""
    info = field.field_info
    alias = info.validation_alias or field.alias
    odd = info.default_factory is not None or info.validate_default
    if odd or place == "cookie" or not isinstance(alias, str) or not _is_scalar(info.annotation):
        return None
    required = info.is_required()
    default = None if required else field.default
    return _Param(field.name, alias, place, (place, alias), required, default, field)


def _is_scalar(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _is_scalar(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return all(each is NoneType or _is_scalar(each) for each in get_args(annotation))
    if origin is Literal:
        return True
    return isinstance(annotation, type) and issubclass(annotation, SCALARS)


def _arguments(step: _Step, results: Sequence[Any], asked: _Asked) -> dict[str, Any] | None:
    """What a step is called with; None when something it needs was wrong."""
    before = len(asked.errors)
    arguments = {name: results[place] for name, place in step.needs if name is not None}
    failed = any(results[place] is _FAILED for _, place in step.needs)
    _read_params(step, arguments, asked)
    if failed or len(asked.errors) > before:
        return None
    if step.request is not None:
        arguments[step.request] = asked.request
    if step.response is not None:
        arguments[step.response] = asked.response
    return arguments


def _read_params(step: _Step, arguments: dict[str, Any], asked: _Asked) -> None:
    for param in step.params:
        value = asked.value(param)
        if value is None and not param.required:
            arguments[param.name] = param.default
        else:
            _validate(param, value, arguments, asked)
    for place, fields in step.odd:
        values, errors = request_params_to_args(fields, asked.source(place))
        arguments.update(values)
        asked.errors += errors


def _validate(param: _Param, value: str | None, arguments: dict[str, Any], asked: _Asked) -> None:
    if value is None:
        _, errors = request_params_to_args([param.field], asked.source(param.place))
    else:
        arguments[param.name], errors = param.field.validate(value, {}, loc=param.loc)
    asked.errors += errors


def _noted() -> Response:
    """Where a route notes headers and a status; both are put on what is sent."""
    response = Response()
    del response.headers["content-length"]
    response.status_code = None  # pyright: ignore[reportAttributeAccessIssue] - as FastAPI does
    return response


async def _read(request: Request) -> Any:
    """The JSON of a body, the bytes of another kind of body, or Undefined for none.

    Raises what `json_of` raises.
    """
    body = await request.body()
    if not body:
        return Undefined
    if not _is_json(request.headers.get("content-type", "")[:200]):
        return body
    return json_of(body)


@lru_cache(maxsize=64)
def _is_json(content_type: str) -> bool:
    mail = Mail()
    mail["content-type"] = content_type
    subtype = mail.get_content_subtype()
    is_json = subtype == "json" or subtype.endswith("+json")
    return bool(content_type) and mail.get_content_maintype() == "application" and is_json
