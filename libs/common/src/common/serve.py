"""`SERVICE=directory python -m common.serve`: one service as one process, the way a cluster runs it.

The embedded runner puts all services into one process instead (D10); both use `create_app`.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import uvicorn
import uvloop

from common import logs
from common.settings import ServiceSettings, SettingsError, kind_of, load
from common.settling import settle

HOST, PORT = "127.0.0.1", 8080  # NHIPCAU_HOST, NHIPCAU_PORT; a container sets 0.0.0.0
NOTICE = 3.0
"""Seconds between turning unready and refusing connections: the load balancer looks away."""


KEEP_ALIVE = 75
"""Seconds an idle connection stays open: longer than clients and gateways keep theirs (usually 60), so
that nobody sends into a connection that is just being closed."""


class Server(uvicorn.Server):
    """Stops on SIGTERM in the order of D10: unready, requests in flight, then the backbone."""

    def __init__(self, app: Any, settings: ServiceSettings, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=os.environ.get("NHIPCAU_HOST", HOST),
                port=port,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=int(settings.drain_seconds) + 1,
                timeout_keep_alive=KEEP_ALIVE,
            )
        )
        self._app, self._drain_seconds = app, settings.drain_seconds
        self._stopping: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def gave_up(self) -> bool:
        """Whether it ended because it could not go on, not because somebody asked."""
        return self._app.state.health.given_up.is_set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._watching = asyncio.create_task(self._stop_when_given_up())
        settle()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._begin_to_stop)
        yield

    def _begin_to_stop(self) -> None:
        if self._stopping is None:
            self._stopping = asyncio.create_task(self._stop())

    async def _stop_when_given_up(self) -> None:
        await self._app.state.health.given_up.wait()
        self._begin_to_stop()

    async def _stop(self) -> None:
        notice = min(NOTICE, self._drain_seconds)
        await self._app.state.traffic.drain(notice=notice, limit=self._drain_seconds)
        self.should_exit = True


def main() -> int:
    try:
        settings = _settings()
    except SettingsError as error:
        for line in error.lines:
            sys.stderr.write(f"serve: {line}\n")
        return 1
    logs.set_up(level=settings.log_level)
    app = import_module(f"{settings.service}.main").create_app(settings)
    server = Server(app, settings, int(os.environ.get("NHIPCAU_PORT", PORT)))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        loop.run(server.serve())
    return int(server.gave_up)


def _settings() -> ServiceSettings:
    """The settings of the service that SERVICE names; raises SettingsError."""
    service = load(ServiceSettings).service
    if find_spec(service) is None or find_spec(f"{service}.main") is None:
        raise SettingsError([f"there is no service {service}: set SERVICE"])
    return load(kind_of(service))


if __name__ == "__main__":
    sys.exit(main())
