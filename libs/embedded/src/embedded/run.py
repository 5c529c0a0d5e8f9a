"""`make run`: engines, all services and demo data in one process behind one door, until Ctrl-C."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
import uvloop
from starlette.types import ASGIApp

from common import logs
from common.ending import ended
from common.serve import KEEP_ALIVE
from common.settings import SettingsError
from common.settling import settle
from common.world import real_world
from embedded import place
from embedded.demo_loading import Loading
from embedded.demo_powers import known_powers
from embedded.demo_start import DemoStart, wanted
from embedded.door import create_door
from embedded.engines import Engines, engines
from embedded.issuer import create_issuer
from embedded.rooms import PAGES, PUBLIC, Room, close_all, make_rooms, open_all
from embedded.tether import die_with_parent
from embedded.trouble import Trouble

TO_TRY = (
    "  Sign in to the console as one of these three; no password is asked.",
    "  - Vũ Thị Ngân, an officer at Hà Nam: hand in a document with its file, see its receipt and",
    "    its deadline, and correct the article that was returned.",
    "  - Lương Đình Khải, deputy head at Lạng Sơn: moderate what waits, and see why a sensitive",
    "    article first needs the opinion of the head of the agency.",
    "  - Huỳnh Ngọc Sơn, head of the board at Bình Dương: approve and publish, try again what failed",
    "    to publish, correct or withdraw what is public; then read it on the portal.",
    "",
)
"""Three people of the demo and what each finds on the desk."""
ENTRANCES = {PUBLIC: "/", "console": "/console/"}
"""Where people who read and people who work enter, in this order."""
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOG = "services.log"
GRACE = 10  # seconds for requests in flight
PATIENCE = 20  # seconds for the demo's articles, before they go on in the background


def main() -> int:
    began = time.monotonic()
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM)  # whoever kills make wants us to stop
    try:
        with place.listen(place.wanted_port()) as door:
            run(door, place.data_folder(), began=began)
    except (Trouble, SettingsError) as trouble:
        print(f"run: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("run: stopped before it was ready")
        return 130
    return 0


def run(
    door: socket.socket,
    data: Path,
    *,
    began: float,
    make: Callable[[Engines, str], list[Room]] = make_rooms,
) -> None:
    """Serves on `door` with the data in `data`; returns after Ctrl-C, when everything has ended."""
    say("starting MongoDB and Kafka …")
    with engines(data, kinds=("given", "embedded"), say=say) as running:
        say(f"engines ({running.kind}) answer after {time.monotonic() - began:.1f} s")
        with logs_in(data), asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
            house = House("http://{}:{}".format(*door.getsockname()), data, running, began)
            loop.run(house.serve(door, make))
        say("stopping MongoDB and Kafka …")
    say(f"stopped; the data is kept in {data}")


@dataclass(frozen=True)
class House:
    """One run: its address, its data, its engines, and when it began (monotonic seconds)."""

    url: str
    data: Path
    engines: Engines
    began: float

    async def serve(self, door: socket.socket, make: Callable[[Engines, str], list[Room]]) -> None:
        rooms = make(self.engines, self.url)
        server = Server(create_door(rooms, self.engines, self._issuer(rooms)))
        with server.stopped_by_signals():
            await open_all(rooms)
            settle()
            try:
                async with (
                    server.serving(door),
                    _watched(self.engines),
                    _stopped_when_given_up(rooms, server),
                    self._demo(rooms, server) as rest,
                ):
                    print(self.welcome(rooms, rest), flush=True)
                    await server.asked_to_stop.wait()
                    say("finishing requests …")
            finally:
                await close_all(rooms)

    @contextlib.asynccontextmanager
    async def _demo(self, rooms: list[Room], server: "Server") -> AsyncGenerator[Loading | None]:
        """People are there inside; articles too, or they go on coming: then it gives their loading."""
        here = {room.name for room in rooms}
        asked = wanted()
        start = DemoStart(self.url, self.data, real_world().now, say)
        if asked == "off" or "directory" not in here:
            yield None
            return
        await start.people()
        if asked == "people" or not here >= {"intake", "editorial"}:
            yield None
            return
        coming = asyncio.create_task(_told(start), name="demo articles")
        stopping = asyncio.create_task(server.asked_to_stop.wait())
        await asyncio.wait({coming, stopping}, timeout=PATIENCE, return_when="FIRST_COMPLETED")
        try:
            yield None if coming.done() else start.loading
        finally:
            await ended(stopping, coming)

    def _issuer(self, rooms: list[Room]) -> ASGIApp:
        """The page of people says what each may do by what a service of this house knows."""
        knowing = [a for room in rooms if (a := getattr(room.app.state, "authority", None))]
        now = real_world().now
        return create_issuer(
            f"{self.url}/dev-issuer",
            environment="development",
            keys_file=self.data / "issuer-keys.json",
            powers=known_powers(knowing[0], now) if knowing else lambda _: None,
        )

    def welcome(self, rooms: list[Room], rest: Loading | None = None) -> str:
        """What a person reads when everything is up: where to look first, as whom, and what to try."""
        here = {room.name for room in rooms}
        others = [f"{self.url}{room.path}" for room in rooms if room.name not in PAGES]
        first = [f"  {name:9}{self.url}{path}" for name, path in ENTRANCES.items() if name in here]
        people = TO_TRY if here >= {"console", "intake", "editorial"} and wanted() != "off" else ()
        coming = (
            [f"  The demo's articles are still coming: {rest.done} of {len(rest.articles)}.", ""]
            if rest is not None
            else []
        )
        lines = [
            "",
            f"Nhịp Cầu is ready after {time.monotonic() - self.began:.1f} s.",
            "",
            *first,
            "",
            *coming,
            *people,
            f"  {'people':9}{self.url}/dev-issuer/people (or: make people), who may do what, with tokens",
            f"  {'API':9}{self.url}/api/docs · health: {self.url}/health/ready",
            f"  {'services':9}{' '.join(others)}",
            f"  {'engines':9}{self.engines.mongo_url} · Kafka {self.engines.kafka_bootstrap}",
            f"  {'data':9}{self.data} (log: {LOG})",
            "",
            "Ctrl-C stops it; the data stays. make reset deletes it.",
        ]
        return "\n".join(lines)


class Server(uvicorn.Server):
    """Uvicorn on our socket and loop, whose signals are ours."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=GRACE,
                timeout_keep_alive=KEEP_ALIVE,
                server_header=False,
                proxy_headers=False,
            )
        )
        self.asked_to_stop = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    @contextlib.contextmanager
    def stopped_by_signals(self) -> Generator[None]:
        loop = asyncio.get_running_loop()
        for number in STOPPING:
            loop.add_signal_handler(number, self.asked_to_stop.set)
        yield
        for number in STOPPING:
            loop.remove_signal_handler(number)

    @contextlib.asynccontextmanager
    async def serving(self, door: socket.socket) -> AsyncGenerator[None]:
        """Serves on `door` inside, and ends gracefully after."""
        task = asyncio.create_task(self.serve(sockets=[door]), name="door")
        try:
            yield
        finally:
            self.should_exit = True
            await task


@contextlib.asynccontextmanager
async def _watched(running: Engines) -> AsyncGenerator[None]:
    """Starts an engine again on its data when it ended by itself."""
    watch = asyncio.create_task(_keep_alive(running), name="engine watch")
    try:
        yield
    finally:
        await ended(watch)


async def _keep_alive(running: Engines) -> None:
    while True:
        await asyncio.sleep(0.5)
        for engine in running.processes.values():
            if not engine.alive:
                say(f"{engine.name} ended; starting it again on its data …")
                try:
                    await asyncio.to_thread(engine.start)
                except Trouble as trouble:
                    say(str(trouble))
                else:
                    say(f"{engine.name} answers again")


@contextlib.asynccontextmanager
async def _stopped_when_given_up(rooms: list[Room], server: Server) -> AsyncGenerator[None]:
    """A service whose log was restored under it cannot go on: the house stops and says so."""

    async def stop_after(room: Room) -> None:
        await room.health.given_up.wait()
        say(f"the log of {room.name} was restored to an earlier point: start again")
        server.asked_to_stop.set()

    watching = [asyncio.create_task(stop_after(room)) for room in rooms]
    try:
        yield
    finally:
        await ended(*watching)


@contextlib.contextmanager
def logs_in(data: Path) -> Generator[None]:
    """What the services log goes to a file, so that the terminal stays readable; one run back is kept."""
    file = data / LOG
    if file.exists():
        file.replace(file.with_suffix(".log.1"))
    with file.open("w", encoding="utf-8", buffering=1) as stream:
        logs.set_up(level=os.environ.get("NHIPCAU_LOG_LEVEL", "info"), stream=stream)
        yield


async def _told(start: DemoStart) -> None:
    """Loads the articles; what goes wrong is said and keeps nobody from the house."""
    try:
        await start.articles()
    except (Trouble, httpx.HTTPError, TimeoutError) as trouble:
        say(f"demo articles: {trouble}")
    else:
        if start.loading is not None:
            say(f"all {start.loading.done} demo articles are there")


def say(what: str) -> None:
    print(f"run: {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
