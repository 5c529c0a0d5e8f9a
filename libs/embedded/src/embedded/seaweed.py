"""A real S3 server for tests: SeaweedFS out of its wheel, one process with one bucket's worth of space."""

import json
import shutil
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import httpx

from embedded.ports import free_port
from embedded.process import EngineProcess, Recipe

KEY, SECRET = "test-key", "test-secret"


@dataclass(frozen=True)
class SeaweedFS:
    """The running server and where it answers."""

    process: EngineProcess
    endpoint: str
    key: str = KEY
    secret: str = SECRET


def program() -> str | None:
    """The wheel's program, else the one on PATH; None where there is none."""
    return shutil.which("weed", path=sysconfig.get_path("scripts")) or shutil.which("weed")


def seaweed(home: Path, weed: str) -> SeaweedFS:
    """A server that keeps its data in `home`, not yet started."""
    data = home / "data"
    data.mkdir(parents=True, exist_ok=True)
    rights = home / "identities.json"
    rights.write_text(json.dumps({"identities": [_identity()]}), encoding="utf-8")
    ports = [free_port() for _ in range(8)]
    endpoint = f"http://127.0.0.1:{ports[0]}"
    recipe = Recipe(
        name="SeaweedFS",
        argv=[weed, *_arguments(data, rights, ports)],
        home=home,
        log=home / "output.log",
        ready=lambda: _answers(endpoint),
    )
    return SeaweedFS(EngineProcess(recipe), endpoint)


def _identity() -> dict[str, object]:
    credentials = [{"accessKey": KEY, "secretKey": SECRET}]
    return {"name": "test", "credentials": credentials, "actions": ["Admin", "Read", "Write"]}


def _arguments(data: Path, rights: Path, ports: list[int]) -> list[str]:
    """Each part gets a port of its own; what speaks other languages than S3 is off."""
    parts = ("s3", "master", "volume", "filer")
    doors = {
        **{f"{part}.port": str(port) for part, port in zip(parts, ports[:4], strict=True)},
        **{f"{part}.port.grpc": str(port) for part, port in zip(parts, ports[4:], strict=True)},
        "s3.port.iceberg": "0",
        "s3.port.lance": "0",
        "s3.config": str(rights),
        "dir": str(data),
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": "64",
        "volume.max": "10",
    }
    return ["server", "-filer", "-s3", *(f"-{name}={value}" for name, value in doors.items())]


def _answers(endpoint: str) -> bool:
    try:
        return httpx.get(endpoint, timeout=2).status_code < httpx.codes.INTERNAL_SERVER_ERROR
    except httpx.TransportError:
        return False
