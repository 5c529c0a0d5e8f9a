"""Nothing of a request runs in FastAPI's thread pool: each hop costs as much as a layer."""

import asyncio
from importlib import import_module
from typing import Any

import pytest

from embedded.rooms import SERVICES


def calls_of(dependant: Any) -> list[Any]:
    below = [call for each in dependant.dependencies for call in calls_of(each)]
    return [*below, *([dependant.call] if dependant.call is not None else [])]


def is_async(call: Any) -> bool:
    return asyncio.iscoroutinefunction(call) or asyncio.iscoroutinefunction(
        getattr(call, "__call__", None)  # noqa: B004 - dependencies may be objects
    )


@pytest.mark.parametrize("service", SERVICES)
def test_endpoints_and_dependencies_are_coroutines(service: str):
    routes = import_module(f"{service}.routes")
    routers = routes.ROUTERS if hasattr(routes, "ROUTERS") else (routes.router,)

    found = {
        call for router in routers for route in router.routes for call in calls_of(route.dependant)
    }

    assert found
    assert not [call for call in found if not is_async(call)]
