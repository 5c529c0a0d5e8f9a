"""How a route reaches what `main.py` built: plain values in `app.state`, no locator.

async def _deps(request: Request) -> Deps:         # in a service's routes.py
    return deps_of(request)

FromApp = Annotated[Deps, Depends(_deps)]

Dependencies are `async def` even when they wait for nothing: FastAPI calls others in a thread.
"""

from typing import TYPE_CHECKING, Any

from starlette.requests import Request

if TYPE_CHECKING:
    from common.http.app import Around


def deps_of(request: Request) -> Any:
    """The service's own `Deps`, as given to `create`."""
    return request.app.state.deps


def around_of(request: Request) -> "Around":
    """What stands around the routes: world, telemetry, verifier, positions."""
    return request.app.state.around
