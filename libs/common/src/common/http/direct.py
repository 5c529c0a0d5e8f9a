"""The innermost layer: answers a route by its plan, without the machinery around FastAPI's own.

Routes are declared, documented and checked as ever; this only walks the shorter way. It matches as
FastAPI does, in order of declaration. Whatever has no plan, and every wrong address or method, goes
on to FastAPI. Measured in docs/performance.md.

Who asks is looked at before anything else of a request, and before its body is read: who is nobody
hears only that, on whichever way the route is answered.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from common.http.asgi import ASGIApp, Receive, Scope, Send
from common.http.plans import Plan, plan_of
from common.http.signed_in import Bearer

FIRST = re.compile(r"/([^/{}]+)(?:/|$)")
MOST_KEPT = 200
OF_ONE_APP = frozenset({"dependency_overrides_provider"})


@dataclass(frozen=True, slots=True)
class _Entry:
    """A route as it is matched: its plan, or None for FastAPI's, and who looks at its token, if any."""

    route: BaseRoute
    path: "re.Pattern[str]"
    convertors: Mapping[str, Any]
    plan: Plan | None
    bearer: Bearer | None


@dataclass(frozen=True, slots=True)
class _Declared:
    methods: tuple[str, ...]
    path: str
    entry: _Entry


_Declarations = Sequence[_Declared]
_KEPT: dict[int, tuple[APIRouter, list[Any], _Declarations | None]] = {}
"""By the router's identity, which is its own as long as it is held here."""


@dataclass(slots=True)
class _Routes:
    """The routes of one method, by the first word of their path; the order of declaration stays."""

    by_word: dict[str, list[_Entry]] = field(default_factory=dict[str, list[_Entry]])
    others: list[_Entry] = field(default_factory=list[_Entry])

    def add(self, entry: _Entry, path: str) -> None:
        if (first := FIRST.match(path)) is None:
            for entries in (*self.by_word.values(), self.others):
                entries.append(entry)
        else:
            self.by_word.setdefault(first[1], list(self.others)).append(entry)

    def candidates(self, path: str) -> Sequence[_Entry]:
        return self.by_word.get(path[1:].partition("/")[0], self.others)


class Direct:
    """Answers what it can; `app` is what stands inside: FastAPI's own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._routes: dict[str, _Routes] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        entry, path_params = found
        request = Request(scope, receive, send)
        try:
            scope["route"] = entry.route
            if entry.bearer is not None:
                await entry.bearer(request)
            if entry.plan is not None:
                response = await _answered(entry.plan, path_params, request)
            else:
                response = self._app
        except Exception as error:  # noqa: BLE001 - raised again where no handler knows it
            response = await _told(request, error)
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> tuple[_Entry, dict[str, Any]] | None:
        if self._routes is None:
            self._routes = _table(scope["app"])
        routes, path = self._routes.get(scope["method"]), _path_of(scope)
        if routes is None:
            return None
        for entry in routes.candidates(path):
            if (match := entry.path.match(path)) is not None:
                given = match.groupdict()
                return entry, {n: entry.convertors[n].convert(v) for n, v in given.items()}
        return None


async def _answered(plan: Plan, path_params: dict[str, Any], request: Request) -> Response:
    scope = request.scope
    scope["endpoint"] = plan.endpoint
    scope["path_params"], scope["router"] = path_params, scope["app"].router
    return await plan.answer(request)


def _path_of(scope: Scope) -> str:
    """The service's own path, wherever it is mounted."""
    path, root = scope["path"], scope.get("root_path", "")
    return path[len(root) :] if root and path.startswith(f"{root}/") else path


def _table(app: FastAPI) -> dict[str, _Routes]:
    """Method → routes; empty when something is declared whose way of matching is not known here."""
    table: dict[str, _Routes] = {}
    for route in app.routes:
        declared = _declared(route)
        if declared is None:
            return {}
        for each in declared:
            for method in each.methods:
                table.setdefault(method, _Routes()).add(each.entry, each.path)
    return table


def _declared(route: BaseRoute) -> "_Declarations | None":
    """What a route, or all of an included router, declares; what was made of a router is kept with it.

    A process that builds one app again and again, as tests do, makes each router's plans once.
    """
    router = getattr(route, "original_router", None)
    if router is None:
        return _made(route)
    way = _way_of(getattr(route, "include_context", None), router)
    _, known_way, declared = _KEPT.get(id(router), (None, None, None))
    if known_way != way:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        declared = _made(route)
        _KEPT[id(router)] = router, way, declared
    return declared


def _way_of(context: Any, router: APIRouter) -> list[Any]:
    """How a router is included, whichever app it is; and how many routes it had then."""
    named = [field.name for field in fields(context) if field.name not in OF_ONE_APP]
    return [len(router.routes), *(getattr(context, name) for name in named)]


def _made(route: BaseRoute) -> "_Declarations | None":
    made: list[_Declared] = []
    for context in iter_route_contexts([route]):
        pattern = getattr(context, "path_regex", None)
        if pattern is None or context.methods is None:
            return None
        bearer = _bearer_of(getattr(context, "dependant", None))
        entry = _Entry(
            context.original_route, pattern, context.param_convertors, plan_of(context), bearer
        )
        made.append(_Declared(tuple(context.methods), context.path_format or "", entry))
    return made


def _bearer_of(dependant: Dependant | None) -> Bearer | None:
    """What a route has its token looked at by, wherever among its dependencies."""
    if dependant is None:
        return None
    if isinstance(dependant.call, Bearer):
        return dependant.call
    return next(filter(None, map(_bearer_of, dependant.dependencies)), None)


async def _told(request: Request, error: Exception) -> Response:
    """What the app's handlers make of an error; one that nobody handles goes on."""
    handlers: Mapping[Any, Any] = request.app.exception_handlers
    handler = None
    if isinstance(error, HTTPException):
        handler = handlers.get(error.status_code)
    for kind in type(error).__mro__ if handler is None else ():
        if kind is not Exception and kind in handlers:
            handler = handlers[kind]
            break
    if handler is None:
        raise error
    return await handler(request, error)
