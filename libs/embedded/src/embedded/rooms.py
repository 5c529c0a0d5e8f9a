"""The services as rooms of one house: each app with its lifespan in a task of its own."""

import asyncio
from collections.abc import MutableMapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from fastapi import FastAPI

from common.health import Health, Report
from common.settings import kind_of, load
from embedded.engines import Engines
from embedded.trouble import Trouble

SERVICES = ("directory", "editorial", "intake", "portal", "console")
PAGES = frozenset({"console"})
"""Rooms that people enter: they stand under their own name, not under /api."""

PUBLIC = "portal"
"""The room whose pages stand at the root, beside its JSON under /api."""


class Room:
    """One service, mounted under its name; `open` and `close` run its lifespan."""

    def __init__(self, name: str, app: FastAPI) -> None:
        self.name = name
        self.app = app
        self._state: dict[str, Any] = {}
        self._opened = asyncio.Event()
        self._leave = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    @property
    def path(self) -> str:
        """Where it stands behind the door."""
        return f"/{self.name}" if self.name in PAGES else f"/api/{self.name}"

    @property
    def health(self) -> Health:
        return self.app.state.health

    async def open(self) -> None:
        """Returns when the service has started; raises what its start raised."""
        self._life = asyncio.create_task(self._live(), name=f"{self.name} lifespan")
        opened = asyncio.create_task(self._opened.wait())
        await asyncio.wait({self._life, opened}, return_when=asyncio.FIRST_COMPLETED)
        opened.cancel()
        if self._life.done():
            await self._life

    async def close(self) -> None:
        self._leave.set()
        if self._life is not None:
            await self._life

    async def report(self) -> Report:
        return await self.health.report()

    async def _live(self) -> None:
        async with self.app.router.lifespan_context(self.app) as state:
            self._state = dict(state or {})
            self._opened.set()
            await self._leave.wait()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        await self.app({**scope, "state": self._state.copy()}, receive, send)


def make_rooms(engines: Engines, url: str) -> list[Room]:
    """Every service of the house on these engines, not yet opened."""
    return [Room(name, _create_app(name, engines, url)) for name in SERVICES if _is_there(name)]


def _is_there(name: str) -> bool:
    return find_spec(f"{name}.main") is not None


def _create_app(name: str, engines: Engines, url: str) -> FastAPI:
    settings = load(
        kind_of(name),
        service=name,
        public_url=url,
        mongo_url=engines.mongo_url,
        kafka_bootstrap=engines.kafka_bootstrap,
        oidc_issuer=f"{url}/dev-issuer",
    )
    return import_module(f"{name}.main").create_app(settings)


async def open_all(rooms: list[Room]) -> None:
    """Opens all rooms at once; when one cannot start, the others are closed and Trouble names it."""
    outcomes = await asyncio.gather(*(room.open() for room in rooms), return_exceptions=True)
    for room, outcome in zip(rooms, outcomes, strict=True):
        if isinstance(outcome, BaseException):
            others = [r for r, o in zip(rooms, outcomes, strict=True) if o is None]
            await close_all(others)
            if isinstance(outcome, Trouble) or not isinstance(outcome, Exception):
                raise outcome
            raise Trouble(
                f"The service {room.name} did not start ({type(outcome).__name__}: {outcome})",
                "services.log in the data folder may show more",
            ) from outcome


async def close_all(rooms: list[Room]) -> None:
    """Closes all rooms at once; a fault in one does not keep the others open."""
    outcomes = await asyncio.gather(*(room.close() for room in rooms), return_exceptions=True)
    for room, outcome in zip(rooms, outcomes, strict=True):
        if isinstance(outcome, BaseException):
            print(f"{room.name} did not end cleanly: {outcome!r}")
