"""A service or the issuer as one process whose clock somebody else sets: `dated_process.py NAME PORT HAND`.

HAND is a file with the seconds that lie between the real clock and this house's; written anew, it
moves the time of all its processes at once, and time goes on from there.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import httpx
import uvicorn

from common.identity import verifier_of
from common.moments import Clock, cut
from common.service import assemble, parts_of
from common.settings import ServiceSettings, load
from common.world import real_world
from embedded.issuer import create_issuer


def clock_of(hand: Path) -> Clock:
    def now() -> datetime:
        return cut(datetime.now(UTC) + timedelta(seconds=float(hand.read_text())))

    return now


def main(name: str, port: int, hand: Path) -> None:
    now = clock_of(hand)
    if name == "issuer":
        url = f"http://127.0.0.1:{port}"
        app = create_issuer(url, environment="development", now=now)
    else:
        settings = load(ServiceSettings)
        world = replace(real_world(), now=now)
        service = assemble(settings, parts_of(name), world=world)
        verifier = verifier_of(settings, httpx.AsyncClient(timeout=5))
        verifier.clock = now
        app = import_module(f"{name}.main").create_app(settings, service, verifier)
    uvicorn.run(app, port=port, log_level="warning")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
