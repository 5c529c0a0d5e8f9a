"""One service as a process of its own: `SERVICE=directory python -m common.serve`."""

import os
import signal
import socket
import sys
from importlib import import_module

import uvicorn
from fastapi import FastAPI

from common import logs
from common.service import parts_of
from common.settings import ServiceSettings, SettingsError, load

HOST_VARIABLE, PORT_VARIABLE = "NHIPCAU_HOST", "NHIPCAU_PORT"
NOTICE_SECONDS = 1.0


class Server(uvicorn.Server):
    """Turns unready before it closes its door, so that whoever balances the load looks away."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, drain_seconds: float) -> None:
        super().__init__(config)
        self._app = app
        self._drain_seconds = drain_seconds

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        notice = NOTICE_SECONDS if self._drain_seconds > NOTICE_SECONDS else 0.0
        await self._app.state.traffic.drain(notice=notice, limit=self._drain_seconds)
        await super().shutdown(sockets)


def main() -> int:
    """Serve until SIGTERM; exit 1 with one line per fault when the settings cannot start it."""
    try:
        settings = load(ServiceSettings)
        parts_of(settings.service)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except LookupError as error:
        sys.stderr.write(f"SERVICE: {error}\n")
        return 1
    logs.set_up(level=settings.log_level)
    app = import_module(f"{settings.service}.main").create_app(settings)
    config = uvicorn.Config(
        app,
        host=os.environ.get(HOST_VARIABLE, "127.0.0.1"),
        port=int(os.environ.get(PORT_VARIABLE, "8000")),
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=round(settings.drain_seconds),
    )
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    Server(config, app, settings.drain_seconds).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
